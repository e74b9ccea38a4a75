//! What a person is given of a row: recorded cases, and lists with other people's elements.

mod recorded;

use std::sync::Arc;

use habeas_core::value::{Row, Value};
use serde_json::json;

use super::{Match, Selection, keep_matching};
use crate::path::FieldPath;

/// Makes a value of JSON.
fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => Value::Int(number.as_i64().unwrap()),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(items) => Value::Array(items.iter().map(value).collect()),
        serde_json::Value::Object(_) => Value::Object(row(json).fields().to_vec()),
    }
}

fn row(json: &serde_json::Value) -> Row {
    let fields = json.as_object().unwrap().iter();
    Row::new(fields.map(|(name, inner)| (Arc::from(name.as_str()), value(inner))).collect())
}

fn json_of(row: &Row) -> serde_json::Value {
    serde_json::from_str(&row.to_json()).unwrap()
}

/// Narrows a row to what was found by some values and compares.
fn check_matching(from: &serde_json::Value, found_by: &[(&str, i64)], expected: &serde_json::Value) {
    let paths: Vec<FieldPath> = found_by.iter().map(|(path, _)| FieldPath::parse(path).unwrap()).collect();
    let tests: Vec<_> =
        found_by.iter().map(|(_, wanted)| move |found: &Value| *found == Value::Int(*wanted)).collect();
    let matches: Vec<Match<'_>> =
        paths.iter().zip(&tests).map(|(path, test)| (path, test as &dyn Fn(&Value) -> bool)).collect();
    assert_eq!(&json_of(&keep_matching(&row(from), &matches)), expected, "{found_by:?}");
}

#[test]
fn other_peoples_elements_of_a_list_are_dropped() {
    let flight =
        json!({"no": 7, "passengers": [1, 2, 3], "crew": [{"id": 4, "role": "a"}, {"id": 5, "role": "b"}]});
    check_matching(
        &flight,
        &[("passengers", 2)],
        &json!({"no": 7, "passengers": [2], "crew": [{"id": 4, "role": "a"}, {"id": 5, "role": "b"}]}),
    );
    check_matching(
        &flight,
        &[("passengers", 2), ("crew.id", 5)],
        &json!({"no": 7, "passengers": [2], "crew": [{"id": 5, "role": "b"}]}),
    );
    // Found through the passengers alone, the row says nothing of who of the crew is the subject: nobody.
    check_matching(
        &flight,
        &[("passengers", 2), ("crew.id", 9)],
        &json!({"no": 7, "passengers": [2], "crew": []}),
    );
}

#[test]
fn an_element_stays_when_any_of_its_fields_was_looked_up() {
    check_matching(
        &json!({"people": [{"id": 1, "alt": 9}, {"id": 8, "alt": 1}, {"id": 8, "alt": 9}]}),
        &[("people.id", 1), ("people.alt", 1)],
        &json!({"people": [{"id": 1, "alt": 9}, {"id": 8, "alt": 1}]}),
    );
}

#[test]
fn lists_within_lists_are_narrowed_at_every_level() {
    check_matching(
        &json!({"teams": [{"members": [1, 2]}, {"members": [3]}, {"members": [2, 4]}]}),
        &[("teams.members", 2)],
        &json!({"teams": [{"members": [2]}, {"members": [2]}]}),
    );
}

#[test]
fn a_whole_record_is_given_but_for_what_is_named() {
    let selection = Selection::Fields {
        named: vec![(
            Arc::from("login"),
            Selection::Fields { named: vec![(Arc::from("password"), Selection::nothing())], others: true },
        )],
        others: true,
    };
    let given = selection.select(&row(&json!({"login": {"name": "a", "password": "b"}, "unlisted": 1})));
    assert_eq!(json_of(&given), json!({"login": {"name": "a"}, "unlisted": 1}));
}

#[test]
fn no_value_is_a_value() {
    let given = Selection::of([&FieldPath::of("a")]).select(&row(&json!({"a": null, "b": null})));
    assert_eq!(json_of(&given), json!({"a": null}));
}
