//! Values that are equal in a column have one key; values that can't be have none.

use habeas_core::value::Value;

use super::{Class, Unfollowable};

fn keys(class: &Class, value: &Value) -> Vec<String> {
    let mut keys = Vec::new();
    class.keys(value, &mut keys).unwrap();
    keys.iter().map(ToString::to_string).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn equal_values_of_different_types_have_one_key() {
    let check = |class: Class, values: &[Value], key: &str| {
        for value in values {
            assert_eq!(keys(&class, value), [key], "{value:?} in {class:?}");
        }
    };
    let decimal = |digits: &str| Value::Decimal(digits.to_owned());
    check(
        Class::Integer,
        &[Value::Int(7), text(" 007"), decimal("7.00"), Value::Float(7.0), Value::UInt(7)],
        "7",
    );
    check(Class::Integer, &[text("-0")], "0");
    check(Class::Decimal, &[Value::Float(0.5), text("+.50"), decimal("00.5")], "0.5");
    check(Class::Float, &[Value::Float(-0.0), Value::Int(0), text("0.000")], "0");
    check(
        Class::Text,
        &[Value::Int(1), text("1"), Value::Json("1".into()), Value::Json("\"1\"".into())],
        "1",
    );
    check(Class::Padded, &[text("ab  "), text("ab")], "ab");
    check(Class::Folded, &[text("ÀB"), text("àb")], "àb");
    let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
    check(
        Class::Uuid,
        &[text("{0F8FAD5B-D9CB-469F-A165-70867728950E}"), text("0f8fad5bd9cb469fa16570867728950e")],
        uuid,
    );
    check(Class::Bool, &[Value::Bool(true), Value::Int(1), text("T")], "true");
    check(Class::Date, &[Value::Date("2021-01-31".into()), text("2021-01-31")], "2021-01-31");
    check(
        Class::Timestamp,
        &[Value::Timestamp("2021-01-31T01:00:00".into()), text("2021-01-31 01:00:00")],
        "2021-01-31T01:00:00",
    );
    check(Class::Timestamp, &[Value::Timestamp("infinity".into())], "infinity");
    check(
        Class::Instant,
        &[text("2021-01-31T02:00:00+01:00"), text("2021-01-31T01:00:00Z")],
        "2021-01-31T01:00:00Z",
    );
    check(Class::Numeric, &[Value::Int(5), text("05"), Value::Float(5.0)], "5");
    check(Class::Bytes, &[Value::Bytes(vec![0xab, 1])], "ab01");
}

#[test]
fn lists_have_a_key_for_each_element() {
    let list = Value::Array(vec![Value::Int(1), Value::Null, Value::Array(vec![text("2")])]);
    assert_eq!(keys(&Class::List(Box::new(Class::Integer)), &list), ["1", "2"]);
    assert_eq!(keys(&Class::Text, &Value::Json("[\"a\", 2, null]".into())), ["a", "2"]);
}

#[test]
fn what_cannot_be_equal_has_no_key() {
    for (class, value) in [
        (Class::Integer, text("seven")),
        (Class::Integer, Value::Float(7.5)),
        (Class::Integer, text("99999999999999999999")),
        (Class::Integer, Value::Bytes(vec![7])),
        (Class::Uuid, text("0f8fad5b")),
        (Class::Date, text("yesterday")),
        (Class::Float, Value::Float(f64::NAN)),
        (Class::Text, Value::Null),
        (Class::Text, Value::Object(Vec::new())),
    ] {
        assert_eq!(keys(&class, &value), Vec::<String>::new(), "{class:?}");
    }
}

#[test]
fn text_of_unknown_encoding_is_refused_not_dropped() {
    let unknown = Value::TextBytes(vec![0xff]);
    assert_eq!(Class::Text.keys(&unknown, &mut Vec::new()), Err(Unfollowable));
    assert_eq!(Class::Integer.keys(&unknown, &mut Vec::new()), Ok(()));
}
