//! What leaves as JSON says the same as what came in, and the inner codec loses nothing.

use std::sync::Arc;

use super::{Row, Value};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn check(value: &Value, json: &str) {
    assert_eq!(value.to_json(), json);
    serde_json::from_str::<serde_json::Value>(json).unwrap();
    let bytes = postcard::to_stdvec(value).unwrap();
    let back: Value = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(postcard::to_stdvec(&back).unwrap(), bytes);
    assert_eq!(back.to_json(), json);
}

#[test]
fn plain_values_are_plain_json() {
    check(&Value::Null, "null");
    check(&Value::Bool(true), "true");
    check(&Value::Int(i64::MIN), "-9223372036854775808");
    check(&Value::UInt(u64::MAX), "18446744073709551615");
    check(&Value::Float(0.1), "0.1");
    check(&Value::Float(-0.0), "-0.0");
    check(&Value::Float(1e300), "1e+300");
    check(&text("a\"b\\c\n\u{0}é\u{2028}"), "\"a\\\"b\\\\c\\n\\u0000é\u{2028}\"");
    check(&Value::Date("2021-01-31".into()), "\"2021-01-31\"");
    check(&Value::Timestamp("2021-01-01T01:00:00".into()), "\"2021-01-01T01:00:00\"");
    check(&Value::Other { type_name: "money".into(), text: "$10.00".into() }, "\"$10.00\"");
    check(&Value::Array(vec![Value::Int(1), Value::Null, text("x")]), "[1,null,\"x\"]");
}

#[test]
fn decimals_are_numbers_only_where_a_float_reader_sees_the_same() {
    let number = |digits: &str| check(&Value::Decimal(digits.into()), digits);
    let tagged =
        |digits: &str| check(&Value::Decimal(digits.into()), &format!("{{\"$decimal\":\"{digits}\"}}"));
    for digits in ["0", "10.00", "-0.10", "12345678901234.5", "100000000000000000000", "0.000", "1e5"] {
        number(digits);
    }
    for digits in
        ["0.1234567890123456789", "9007199254740993", "NaN", "Infinity", "-Infinity", "007", "1.", ".5"]
    {
        tagged(digits);
    }
    tagged(&format!("1{}", "0".repeat(400)));
}

#[test]
fn what_json_cannot_say_is_tagged() {
    check(&Value::Float(f64::NAN), "{\"$float\":\"NaN\"}");
    check(&Value::Float(f64::NEG_INFINITY), "{\"$float\":\"-Infinity\"}");
    check(&Value::Bytes(vec![0, 255]), "{\"$bytes\":\"AP8=\"}");
    check(&Value::TextBytes(vec![b'a', 0xff]), "{\"$text_bytes\":\"Yf8=\"}");
    check(&Value::Date("0044-03-15 BC".into()), "{\"$date\":\"0044-03-15 BC\"}");
    check(&Value::Timestamp("infinity".into()), "{\"$timestamp\":\"infinity\"}");
    check(&Value::Timestamp("0001-12-31T23:00:00 BC".into()), "{\"$timestamp\":\"0001-12-31T23:00:00 BC\"}");
    check(&Value::TimestampTz("-infinity".into()), "{\"$timestamptz\":\"-infinity\"}");
}

#[test]
fn data_cannot_pass_for_a_tag() {
    let forged = Value::Object(vec![(Arc::from("$float"), text("NaN"))]);
    check(&forged, "{\"$object\":{\"$float\":\"NaN\"}}");
    check(&Value::Json("{\"$bytes\":\"\"}".into()), "{\"$json\":\"{\\\"$bytes\\\":\\\"\\\"}\"}");
    check(&Value::Json(" {\"a\": [1, 2.50]} ".into()), "{\"a\": [1, 2.50]}");
    check(&Value::Json("{broken".into()), "{\"$json\":\"{broken\"}");
    let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
    check(&Value::Json(deep.clone()), &format!("{{\"$json\":\"{deep}\"}}"));
}

#[test]
fn debug_says_nothing_of_the_person() {
    let row = Row::new(vec![(Arc::from("email"), text("ada@example.com"))]);
    assert_eq!(format!("{row:?}"), "{\"email\": text}");
    assert_eq!(row.to_json(), "{\"email\":\"ada@example.com\"}");
    assert_eq!(row.lookup("email"), Some(&text("ada@example.com")));
    assert_eq!(row.lookup("name"), None);
}
