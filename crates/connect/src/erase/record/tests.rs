//! A record that was changed anywhere, or signed by somebody else, is told apart.

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

use super::{Checked, Record, SourceRecord, Unreadable, check};
use crate::erase::account::CollectionAccount;

fn key(byte: u8) -> SigningKey {
    SigningKey::from_bytes(&[byte; 32])
}

fn record() -> Value {
    let at = "2026-11-25T12:00:00Z".parse().unwrap();
    let mut record = Record::new("0011223344556677", at, at);
    record.sources.push(SourceRecord {
        source: "shop".to_owned(),
        outcome: Some("done".to_owned()),
        collections: vec![CollectionAccount {
            dataset: "shop".to_owned(),
            collection: "person".to_owned(),
            rows: [("deleted".to_owned(), 2)].into(),
            ..CollectionAccount::default()
        }],
    });
    record.signed(&key(1)).unwrap()
}

fn checked(value: &Value) -> Checked {
    check(&serde_json::to_string_pretty(value).unwrap(), Some(&key(1).verifying_key())).unwrap()
}

fn is_relied_on(value: &Value) -> bool {
    check(&value.to_string(), Some(&key(1).verifying_key())).is_ok_and(|checked| checked.is_intact())
}

#[test]
fn what_was_signed_is_intact_in_any_spacing() {
    for text in [record().to_string(), serde_json::to_string_pretty(&record()).unwrap()] {
        let checked = check(&text, Some(&key(1).verifying_key())).unwrap();
        assert!(checked.is_intact() && checked.record.is_complete());
    }
    let unknown = check(&record().to_string(), None).unwrap();
    assert!(unknown.is_intact() && unknown.is_expected_key.is_none());
    assert!(!check(&record().to_string(), Some(&key(2).verifying_key())).unwrap().is_intact());
}

#[test]
fn every_change_of_a_value_shows() {
    // Each place of the record is given another value in turn.
    fn places(value: &Value, at: &str, all: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(name, v)| places(v, &format!("{at}/{name}"), all));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(place, v)| places(v, &format!("{at}/{place}"), all));
            }
            _ => all.push(at.to_owned()),
        }
    }
    let mut all = Vec::new();
    places(&record(), "", &mut all);
    assert!(all.len() > 10, "{all:?}");
    for place in all.iter().filter(|place| *place != "/deletion_record") {
        let mut changed = record();
        let value = changed.pointer_mut(place).unwrap();
        *value = match &*value {
            Value::Number(number) => json!(number.as_u64().unwrap() + 1),
            Value::Null => json!("2027-01-01"),
            Value::String(text) if place.ends_with("_at") => json!(text.replace("12:00", "12:01")),
            Value::String(text) if text.len() >= 64 => {
                let flipped = if text.starts_with('0') { "1" } else { "0" };
                json!(format!("{flipped}{}", &text[1..]))
            }
            other => json!(format!("{}x", other.as_str().unwrap())),
        };
        assert!(!is_relied_on(&changed), "{place}");
    }
}

#[test]
fn what_is_taken_away_added_or_signed_anew_shows() {
    let change = |work: &dyn Fn(&mut serde_json::Map<String, Value>)| {
        let mut changed = record();
        work(changed.as_object_mut().unwrap());
        checked(&changed)
    };
    assert!(!change(&|fields| drop(fields.shift_remove("signature"))).is_signed);
    assert!(!change(&|fields| drop(fields.insert("note".into(), json!("all gone")))).is_signed);
    assert!(!change(&|fields| fields["sources"][0]["collections"] = json!([])).is_signed);
    assert!(!change(&|fields| fields["sources"] = json!([])).is_signed);
    let forged = Record::new("0011223344556677", jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::UNIX_EPOCH);
    let forged = checked(&forged.signed(&key(2)).unwrap());
    assert!(forged.is_signed && !forged.is_intact(), "another key shows only beside the expected one");
}

#[test]
fn a_text_that_could_be_read_in_two_ways_is_refused() {
    let said = |text: &str| check(text, None).unwrap_err();
    let twice = record().to_string().replacen("\"id\":", "\"id\":\"other\",\"id\":", 1);
    assert!(matches!(said(&twice), Unreadable::NoJson(_)));
    let deep = record().to_string().replacen("\"deleted\":2", "\"deleted\":9,\"deleted\":2", 1);
    assert!(matches!(said(&deep), Unreadable::NoJson(_)));
    assert!(matches!(said(&format!("{}{{}}", record())), Unreadable::NoJson(_)));
    assert!(matches!(said("[1]"), Unreadable::NoRecord(_)));
    assert!(matches!(said("{\"a\": 1}"), Unreadable::NoRecord(_)));
    assert_eq!(said("{\"deletion_record\": 7}"), Unreadable::Newer(7));
    assert!(matches!(said(&"[".repeat(100_000)), Unreadable::NoJson(_)));
}
