//! The register says what it knows and owns up to what it doesn't.

use super::{Gap, Held, Item, Register};
use crate::yaml::Problems;

const FULL: &str = "
register:
  - key: account
    name: Account
    categories: [user.contact, user.name]
    purposes: [To keep your account]
    legal_basis: Contract
    recipients: [{name: Hoster Ltd, purpose: runs our servers, country: Ireland}]
    retention: Until you close it
    origin: You gave it to us
    automated_decisions: {none: There are none}
    transfers: {none: It stays in the country}
";

fn check(text: &str) -> (Register, Vec<String>) {
    let problems = Problems::new();
    let register = Register::parse("register.yml", text, &problems).unwrap_or_default();
    (register, problems.into_vec().iter().map(ToString::to_string).collect())
}

fn held(category: &str) -> Held<'_> {
    Held { dataset: "billing", collection: "clients", category }
}

#[test]
fn a_filled_or_reasoned_item_leaves_no_gap() {
    let (register, problems) = check(FULL);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(register.gaps(&[held("user.contact.email"), held("system.operations")]), []);
    let [account] = register.processing.as_slice() else { panic!("one entry") };
    assert_eq!(account.transfers, Item::None("It stays in the country".to_owned()));
}

#[test]
fn data_nobody_covers_is_a_gap() {
    let (register, _) = check(FULL);
    // A category covers what stands below it, not what starts alike.
    let found = register.gaps(&[held("user.contacts"), held("user.device.ip_address")]);
    let uncovered = |category: &str| Gap::Uncovered {
        place: "billing.clients".to_owned(),
        category: category.to_owned(),
    };
    assert_eq!(found, [uncovered("user.contacts"), uncovered("user.device.ip_address")]);
}

#[test]
fn each_missing_item_is_a_gap_once() {
    let bare = "register: [{key: a, name: A, categories: [user], origin: You}]";
    let (register, problems) = check(bare);
    assert_eq!(problems, Vec::<String>::new());
    let found = register.gaps(&[held("user.name"), held("user.contact")]);
    let words: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "a: automated_decisions is neither filled nor reasoned (Art. 15(1)(h))",
            "a: purposes is neither filled nor reasoned (Art. 15(1)(a))",
            "a: recipients is neither filled nor reasoned (Art. 15(1)(c))",
            "a: retention is neither filled nor reasoned (Art. 15(1)(d))",
            "a: transfers is neither filled nor reasoned (Art. 15(2))",
        ]
    );
}

#[test]
fn a_collection_is_grouped_where_it_is_named_most_particularly() {
    let (register, _) = check(
        "register:
  - {key: any, name: Any, categories: [user]}
  - {key: billing, name: Billing, categories: [user], sources: billing}
  - {key: clients, name: Clients, categories: [user], sources: [billing.clients, odoo.res_partner]}
",
    );
    let group = |dataset: &str, collection: &str| {
        register.group(dataset, collection, &["user.name"]).map(|entry| entry.key.as_str())
    };
    assert_eq!(group("billing", "clients"), Some("clients"));
    assert_eq!(group("billing", "invoices"), Some("billing"));
    assert_eq!(group("odoo", "res_partner"), Some("clients"));
    assert_eq!(group("shop", "orders"), Some("any"));
    assert_eq!(register.group("shop", "orders", &["system.operations"]).map(|entry| &entry.key), None);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let (_, problems) = check(
        "register:
  - key: a
    name: A
    categories: [user]
    retension: for ever
    recipients: []
    transfers: [{to: Mars}]
  - {key: a, name: B, categories: [user]}
",
    );
    assert_eq!(
        problems,
        [
            "register.yml:5: register[0].retension: unknown key 'retension' (did you mean 'retention'?)",
            "register.yml:6: register[0].recipients: the list is empty; where there is nothing to state, give the reason as 'none'",
            "register.yml:7: register[0].transfers[0]: the key 'safeguard' is missing",
            "register.yml:8: register[1]: the key 'a' is used twice",
        ]
    );
}
