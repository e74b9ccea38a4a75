//! What is read of a collection, on which conditions, and what is given of it.

use habeas_core::value::Value;
use serde_json::json;

use super::plan;
use crate::plan::{Condition, Node, Side, Test};

fn node(fields: &str, rest: &str) -> Node {
    let text = format!(
        "dataset:\n- fides_key: d\n  collections:\n  - name: t\n    {rest}\n    fields:\n    - {{name: email, fides_meta: {{identity: email}}}}\n{fields}"
    );
    let problems = habeas_core::yaml::Problems::new();
    let datasets = crate::read::read("d.yml", &text, &problems);
    assert!(!problems.has_errors(), "{:#?}", problems.into_vec());
    let graph = crate::graph::Graph::new(datasets).unwrap();
    graph.plan(&["email"], &crate::policy::Policy::default()).unwrap().nodes.remove(0)
}

fn columns(node: &Node) -> Vec<&str> {
    node.columns.iter().map(|column| &*column.name).collect()
}

fn names(paths: &[crate::path::FieldPath]) -> Vec<String> {
    paths.iter().map(ToString::to_string).collect()
}

const FIELDS: &str = "
    - {name: id, fides_meta: {primary_key: true}, data_categories: [system.operations]}
    - {name: name, data_categories: [user.name]}
    - {name: internal, data_categories: [system.operations]}
    - {name: unsorted}
    - {name: password_hash, data_categories: [user.account]}
    - {name: token, data_categories: [user.device], habeas: {credential: false}}
    - {name: pass, data_categories: [user.authorization.password]}
";

#[test]
fn only_keys_and_what_is_given_is_read() {
    let node = node(FIELDS, "");
    assert_eq!(columns(&node), ["email", "id", "name", "token"]);
    assert_eq!(
        serde_json::to_value(&node.selection).unwrap(),
        json!({"fields": {"named": [["name", "all"], ["token", "all"]], "others": false}})
    );
    assert_eq!(names(&node.primary_key), ["id"]);
    assert_eq!(names(&node.uncategorised), ["email", "unsorted"]);
    assert_eq!(names(&node.credentials), ["password_hash", "pass"]);
}

#[test]
fn a_collection_categorised_as_a_whole_is_given_whole_but_for_credentials() {
    let node = node(FIELDS, "data_categories: [user.content]");
    assert!(node.reads_all);
    assert_eq!(
        serde_json::to_value(&node.selection).unwrap(),
        json!({"fields": {
            "named": [
                ["password_hash", {"fields": {"named": [], "others": false}}],
                ["pass", {"fields": {"named": [], "others": false}}],
            ],
            "others": true,
        }})
    );
    assert!(node.uncategorised.is_empty());
}

#[test]
fn a_filter_and_a_type_column_are_conditions() {
    let text = "
dataset:
- fides_key: d
  collections:
  - name: customer
    data_categories: [user]
    habeas: {filter: [{field: tenant, is: 7}, {field: deleted_at, is: null}]}
    fields: [{name: email, fides_meta: {identity: email}}, {name: id}, {name: tenant}, {name: deleted_at}]
  - name: file
    data_categories: [user]
    fields:
    - {name: owner_type}
    - name: owner_id
      fides_meta:
        references: [{dataset: d, field: customer.id, direction: from, habeas: {when: {field: owner_type, in: [Customer, Client]}}}]
";
    let plan = plan(text, &["email"]);
    let field = |name: &str| crate::path::FieldPath::of(name);
    assert_eq!(
        plan.nodes[0].filter,
        [
            Condition { field: field("tenant"), test: Test::In(vec![Value::Int(7)]) },
            Condition { field: field("deleted_at"), test: Test::IsNull },
        ]
    );
    let when = &plan.nodes[1].lookups[0].when;
    assert_eq!(when.len(), 1);
    assert_eq!(when[0].on, Side::Target);
    let kinds = ["Customer", "Client"].map(|kind| Value::Text(kind.to_owned())).to_vec();
    assert_eq!(when[0].condition, Condition { field: field("owner_type"), test: Test::In(kinds) });
    assert_eq!(columns(&plan.nodes[0]), ["email", "id", "tenant", "deleted_at"]);
    assert!(columns(&plan.nodes[1]).contains(&"owner_type"));
}

#[test]
fn lists_and_documents_are_looked_into() {
    let node = node(
        "
    - {name: watchers, fides_meta: {identity: email, data_type: 'string[]'}, data_categories: [user.contact.email]}
    - {name: team, fides_meta: {identity: email, data_type: 'string[]', return_all_elements: true}}
    - name: people
      fides_meta: {data_type: 'object[]'}
      fields: [{name: mail, data_categories: [user.contact.email], fides_meta: {identity: email}}, {name: rank, data_categories: [system]}]
    - {name: settings, habeas: {json: true}, fides_meta: {data_type: string}, fields: [{name: theme, data_categories: [user.account.settings]}]}
",
        "",
    );
    let narrowed: Vec<(String, bool)> = node
        .lookups
        .iter()
        .map(|lookup| (lookup.terms[0].to.to_string(), lookup.terms[0].only_matching_elements))
        .collect();
    let expected = [("email", false), ("watchers", true), ("team", false), ("people.mail", true)];
    assert_eq!(narrowed, expected.map(|(path, narrows)| (path.to_owned(), narrows)));
    let documents: Vec<(&str, bool)> = node.columns.iter().map(|c| (&*c.name, c.is_json)).collect();
    assert_eq!(
        documents,
        [("email", false), ("watchers", false), ("team", false), ("people", true), ("settings", true)]
    );
    assert_eq!(
        serde_json::to_value(&node.selection).unwrap(),
        json!({"fields": {"named": [
            ["watchers", "all"],
            ["people", {"fields": {"named": [["mail", "all"]], "others": false}}],
            ["settings", {"fields": {"named": [["theme", "all"]], "others": false}}],
        ], "others": false}})
    );
}
