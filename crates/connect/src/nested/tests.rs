//! Documents are read without loss, and paths find what they name.

use std::sync::Arc;

use habeas_core::value::Value;

use super::{parse, visit};

fn found(document: &str, path: &[&str]) -> Vec<String> {
    let value = parse(document).unwrap();
    let path: Vec<Arc<str>> = path.iter().map(|name| Arc::from(*name)).collect();
    let mut all = Vec::new();
    visit(&value, &path, &mut |value| all.push(value.to_json()));
    all
}

#[test]
fn paths_pass_through_lists() {
    let document = r#"{"orders": [{"lines": [{"sku": 1}, {"sku": 2}]}, {"lines": {"sku": "x"}}], "a": null}"#;
    assert_eq!(found(document, &["orders", "lines", "sku"]), ["1", "2", "\"x\""]);
    assert_eq!(found(document, &["a"]), ["null"]);
    assert_eq!(found(document, &["a", "b"]), Vec::<String>::new());
    assert_eq!(found("[[{\"a\": 1}], {\"a\": 2}]", &["a"]), ["1", "2"]);
}

#[test]
fn documents_keep_digits_order_and_repeated_names() {
    let check = |document: &str, json: &str| assert_eq!(parse(document).unwrap().to_json(), json);
    check(r#" {"b":1.50,"a":[true,null],"b":2} "#, r#"{"b":1.50,"a":[true,null],"b":2}"#);
    check("12345678901234567890123", "{\"$decimal\":\"12345678901234567890123\"}");
    check(r#""\u00e9""#, "\"é\"");
    for broken in ["", "{", "nul", "1 2", "tru", "{\"a\":}"] {
        assert!(parse(broken).is_none(), "{broken}");
    }
    assert!(parse(&format!("{}{}", "[".repeat(101), "]".repeat(101))).is_none());
    assert!(matches!(parse("true"), Some(Value::Bool(true))));
}
