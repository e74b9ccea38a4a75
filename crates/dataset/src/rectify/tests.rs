//! Facts and what is derived from them.

use std::sync::Arc;

use habeas_core::value::{Row, Value};

use super::{Wanted, correct, fact_rules, unknown_facts};
use crate::testing::datasets;

const DATASET: &str = "
fides_key: crm
collections:
- name: partner
  fields:
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, habeas: {fact: email}}
  - {name: email_normalized, data_categories: [user.contact.email], habeas: {derived_from: [email]}}
  - {name: name, data_categories: [user.name], habeas: {fact: name}}
  - {name: company, data_categories: [user.name]}
  - {name: display, data_categories: [user.name], habeas: {derived_from: [company, name]}}
  - {name: phone, data_categories: [user.contact.phone_number], habeas: {fact: phone}}
  - {name: phone_e164, data_categories: [user.contact.phone_number], habeas: {derived_from: [phone]}}
  - {name: city, data_categories: [user.contact.address.city], habeas: {fact: city}}
";

fn check(values: &[(&str, &str)], wanted: &[(&str, &str)], expected: &[&str]) {
    let datasets = datasets(DATASET);
    let rules = fact_rules(&datasets[0].collections[0]);
    let value = |text: &str| if text == "-" { Value::Null } else { Value::Text(text.to_owned()) };
    let row = Row::new(values.iter().map(|(name, text)| (Arc::from(*name), value(text))).collect());
    let wanted: Vec<Wanted> = wanted
        .iter()
        .map(|(fact, value)| {
            let (fact, was) =
                fact.split_once('=').map_or((*fact, None), |(fact, was)| (fact, Some(was.to_owned())));
            Wanted { fact: Arc::from(fact), value: (*value != "-").then(|| (*value).to_owned()), was }
        })
        .collect();
    let mut obstacles = Vec::new();
    let mut lines: Vec<String> = correct(&rules, &row, &wanted, &mut obstacles)
        .iter()
        .map(|change| format!("{}: {} -> {}", change.path, change.before.to_json(), change.after.to_json()))
        .collect();
    lines.extend(obstacles.iter().map(|obstacle| format!("{}!", obstacle.field)));
    assert_eq!(lines, expected, "{values:?} {wanted:?}");
}

#[test]
fn facts_change_and_all_that_is_made_from_them() {
    check(&[("city", "Rome")], &[("city", "Paris")], &["city: \"Rome\" -> \"Paris\""]);
    check(&[("city", "Paris")], &[("city", "Paris")], &[]);
    check(&[("city", "Rome")], &[("city", "-")], &["city: \"Rome\" -> null"]);
    check(
        &[("email", "Ada@X.org"), ("email_normalized", "ada@x.org")],
        &[("email", "Ada@Y.org")],
        &["email: \"Ada@X.org\" -> \"Ada@Y.org\"", "email_normalized: \"ada@x.org\" -> \"ada@y.org\""],
    );
    check(
        &[("phone", "+33 1 23"), ("phone_e164", "+33123")],
        &[("phone", "+44 20 1")],
        &["phone: \"+33 1 23\" -> \"+44 20 1\"", "phone_e164: \"+33123\" -> \"+44201\""],
    );
    check(
        &[("name", "Ada L"), ("company", "Acme"), ("display", "Acme, Ada L")],
        &[("name", "Ada King")],
        &["name: \"Ada L\" -> \"Ada King\"", "display: \"Acme, Ada L\" -> \"Acme, Ada King\""],
    );
    check(
        &[("name", "Ada L"), ("display", "Ada L (vip)")],
        &[("first_name", "Ada"), ("last_name", "King")],
        &["name: \"Ada L\" -> \"Ada King\"", "display: \"Ada L (vip)\" -> \"Ada King (vip)\""],
    );
    check(&[("phone", "1"), ("phone_e164", "-")], &[("phone", "2")], &["phone: \"1\" -> \"2\""]);
}

#[test]
fn what_can_not_be_derived_is_told() {
    let expected = ["phone: \"1\" -> \"2\"", "phone_e164!"];
    check(&[("phone", "1"), ("phone_e164", "something")], &[("phone", "2")], &expected);
}

#[test]
fn of_several_only_the_one_that_is_meant_changes() {
    check(&[("city", "Rome")], &[("city=Oslo", "Paris")], &[]);
    check(&[("city", "Oslo")], &[("city=oslo", "Paris")], &["city: \"Oslo\" -> \"Paris\""]);
    let wanted = [Wanted { fact: "shoe_size".into(), value: None, was: None }];
    assert_eq!(unknown_facts(&wanted, &datasets(DATASET)), ["shoe_size".into()]);
}
