//! Splitting what must be sealed off an event, and putting it back.

use serde_json::json;

use super::{join, split};

#[test]
fn sealed_values_leave_the_body_and_come_back() {
    let whole =
        json!({"a": {"$sealed": "Anabelle"}, "b": [1, {"$sealed": {"x/y": "z"}}], "c/d": {"$sealed": null}});
    let (body, sealed) = split(whole.clone());
    assert!(!body.to_string().contains("Anabelle"));
    assert_eq!(body, json!({"a": null, "b": [1, null], "c/d": null}));
    assert_eq!(join(body, sealed), whole);
}

#[test]
fn a_body_without_marks_has_nothing_to_seal() {
    assert_eq!(split(json!({"a": 1})), (json!({"a": 1}), None));
}
