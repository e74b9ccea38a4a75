//! `habeas dataset`: what a person and a program are told about dataset files.

use serde_json::{Value, json};

use crate::support::command::{Ran, Shell};

const SHOP: &str = "
dataset:
- fides_key: shop
  collections:
  - name: customer
    fields:
    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: password_hash, data_categories: [user.authorization.password], habeas: {credential: true}}
    - {name: created, data_categories: [system.operations]}
  - name: orders
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - name: customer_id
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
";

const CALLS: &str = "
dataset:
- fides_key: calls
  collections:
  - name: call
    fields: [{name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}}]
";

fn shop() -> Shell {
    let shell = Shell::new();
    shell.write("datasets/shop.yml", SHOP);
    shell
}

fn json_of(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"))
}

#[test]
fn sound_datasets_pass_the_check() {
    let ran = shop().run(&["dataset", "check", "datasets"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "1 dataset with 2 collections: nothing wrong\n"),
        "{ran:?}"
    );
}

#[test]
fn every_mistake_is_told_with_file_line_and_what_was_meant() {
    let shell = shop();
    let broken = SHOP
        .replace("primary_key: true}}\n    - {name: email", "primary_kay: true}}\n    - {name: email")
        .replace("field: customer.id", "field: custmer.id");
    shell.write("datasets/shop.yml", &broken);
    let ran = shell.run(&["dataset", "check", "datasets"]);
    assert_eq!(ran.code, 1);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "error: datasets/shop.yml:7: dataset[0].collections[0].fields[0].fides_meta.primary_kay: unknown key 'primary_kay' (did you mean 'primary_key'?)",
            "error: datasets/shop.yml:16: dataset[0].collections[1].fields[1].fides_meta.references[0]: dataset 'shop' has no collection 'custmer' (did you mean 'customer'?)",
            "1 dataset with 2 collections: 2 errors",
        ]
    );

    let told = json_of(&shell.run(&["dataset", "check", "datasets", "--json"]));
    assert_eq!((told["errors"].as_u64(), told["problems"][1]["line"].as_u64()), (Some(2), Some(16)));

    // What can't be used is not planned with, and the command that tells more is named.
    let ran = shell.run(&["dataset", "plan", "--datasets", "datasets", "--identity", "email"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(
        ran.stderr.contains("primary_kay") && ran.stderr.contains("habeas dataset check"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_collection_nothing_leads_to_ends_with_three() {
    let shell = shop();
    shell.write(
        "datasets/lost.yml",
        "fides_key: lost\ncollections: [{name: t, fields: [{name: a, data_categories: [user]}]}]",
    );
    let ran = shell.run(&["dataset", "check", "datasets"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.stdout.contains("warning: datasets/lost.yml:2: collections[0]: nothing leads to 't'"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_plan_tells_order_links_columns_and_gaps() {
    let shell = shop();
    shell.write("datasets/calls.yml", CALLS);
    let ran = shell.run(&["dataset", "plan", "--datasets", "datasets", "--identity", "email"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(
        ran.stdout,
        "Reached from email: 2 collections

1. shop.customer
   found by  identity email = email
   reads     id, email
   gives     id, email
   credentials, never given: password_hash

2. shop.orders
   found by  shop.customer.id = customer_id
   reads     id, customer_id
   gives     customer_id

Not reached: 1 collection
  calls.call: no identity given leads to it; phone_number would
"
    );

    let both = [
        "dataset",
        "plan",
        "--datasets",
        "datasets",
        "--identity",
        "email",
        "--identity",
        "phone_number",
        "--json",
    ];
    let ran = shell.run(&both);
    assert_eq!(ran.code, 0, "{ran:?}");
    let plan = json_of(&ran);
    let order: Vec<&str> =
        plan["order"].as_array().unwrap().iter().map(|node| node["collection"].as_str().unwrap()).collect();
    assert_eq!(order, ["call", "customer", "orders"]);
    assert_eq!(
        plan["order"][2]["found_by"],
        json!([{
            "from": {"dataset": "shop", "collection": "customer"},
            "fields": [{"from": "id", "to": "customer_id"}],
            "is_conditional": false,
            "third_party": false,
        }])
    );
    assert_eq!((&plan["unreached"], &plan["order"][2]["waits_for"]), (&json!([]), &json!([2])));
}

#[test]
fn a_policy_narrows_what_is_given() {
    let shell = shop();
    shell.write(
        "policy.json",
        r#"{"policy": {"rules": [{"action_type": "access", "targets": ["user.contact"]}]}}"#,
    );
    let ran = shell.run(&[
        "dataset",
        "plan",
        "--datasets",
        "datasets",
        "--identity",
        "email",
        "--policy",
        "policy.json",
        "--json",
    ]);
    let given: Vec<Value> =
        json_of(&ran)["order"].as_array().unwrap().iter().map(|node| node["gives"].clone()).collect();
    assert_eq!(given, [json!(["email"]), json!([])]);
}

#[test]
fn an_unknown_kind_of_identity_is_told_and_a_value_is_refused() {
    let shell = shop();
    let plan =
        |identity: &str| shell.run(&["dataset", "plan", "--datasets", "datasets", "--identity", identity]);
    let ran = plan("customer_no");
    assert_eq!(ran.code, 3);
    assert!(
        ran.stdout.contains("No dataset knows the identity 'customer_no'; they know email"),
        "{}",
        ran.stdout
    );
    // Values are personal data and don't belong on a command line where none is needed.
    assert_eq!(plan("email=ann@example.com").code, 2);
}

#[test]
fn other_files_of_the_folder_are_passed_over_aloud() {
    let shell = shop();
    shell.write("datasets/policy.yml", "access: {include: [user]}");
    let ran = shell.run(&["dataset", "check", "datasets"]);
    assert_eq!(ran.code, 0);
    assert_eq!(ran.stderr, "datasets/policy.yml: holds no dataset and is passed over\n");
    shell.write("datasets/crm.yml", "datset: []");
    let ran = shell.run(&["dataset", "check", "datasets"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("unknown key 'datset' (did you mean 'dataset'?)"), "{}", ran.stdout);
}

#[test]
fn what_can_not_be_read_is_said() {
    let shell = Shell::new();
    let ran = shell.run(&["dataset", "check", "nowhere"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("failed to read nowhere"), "{}", ran.stderr);
    shell.write("empty/note.txt", "");
    assert_eq!(shell.run(&["dataset", "check", "empty"]).code, 2);
}

#[test]
fn a_difference_lists_what_changed() {
    let shell = shop();
    shell.write(
        "new/shop.yml",
        &SHOP.replace("user.contact.email", "user.contact").replace("name: created", "name: updated"),
    );
    let ran = shell.run(&["dataset", "diff", "datasets", "new"]);
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.stdout,
        "shop.customer.created: field removed
shop.customer.email: category user.contact added
shop.customer.email: category user.contact.email removed
shop.customer.updated: field added
"
    );
    let same = shell.run(&["dataset", "diff", "datasets", "datasets", "--json"]);
    assert_eq!(json_of(&same), json!({"changes": []}));
}
