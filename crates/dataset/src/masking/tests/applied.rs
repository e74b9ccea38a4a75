//! Recorded results of every strategy, and what invented values promise.

use habeas_core::value::Value;
use habeas_core::yaml::{Problems, parse};
use serde_json::Value as Json;

use crate::masking::{Masking, Pseudonym, Secrets, Unfit};

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Number(number) => Value::Int(number.as_i64().unwrap()),
        other => Value::Text(other.as_str().unwrap().to_owned()),
    }
}

fn secrets(given: &Json) -> Secrets {
    let mut secrets = Secrets::derive(&[7; 32]);
    let text = |name: &str| given[name].as_str().map(str::to_owned);
    let set = |to: &mut String, name: &str| *to = text(name).unwrap_or_else(|| to.clone());
    set(&mut secrets.hash_salt, "salt");
    set(&mut secrets.hmac_salt, "salt");
    set(&mut secrets.hmac_key, "key");
    set(&mut secrets.aes_hmac_key, "key_hmac");
    set(&mut secrets.aes_hmac_salt, "salt_hmac");
    if let Some(key) = text("key_hex") {
        secrets.aes_key = hex::decode(key).unwrap().try_into().unwrap();
    }
    secrets
}

fn masking(text: &str) -> Masking {
    let problems = Problems::new();
    let document = parse("p", text, &problems).unwrap();
    crate::masking::read(&document.root(&problems)).unwrap()
}

#[test]
fn recorded_results_come_out() {
    let cases = crate::testing::cases(include_str!("../../../../cli/tests/fixtures/masking_vectors.json"));
    assert!(cases.len() > 10);
    for case in cases {
        let masking = masking(
            &serde_json::json!({"strategy": case["strategy"], "configuration": case["configuration"]})
                .to_string(),
        );
        let secrets = secrets(&case["secrets"]);
        for (place, input) in case["input"].as_array().unwrap().iter().enumerate() {
            let masked = secrets.mask(&masking, None, &value(input), "here").unwrap();
            match &case["output"] {
                Json::Array(expected) => {
                    assert_eq!(masked.to_json(), value(&expected[place]).to_json(), "{case}");
                }
                _ => assert!(masked.to_text().len() == 6, "{}", masked.to_text()),
            }
        }
    }
}

fn fake(kind: Pseudonym, original: &str) -> String {
    let secrets = Secrets::derive(&[1; 32]);
    let masking = Masking::ConsistentFake { kind: Some(kind) };
    secrets.mask(&masking, None, &Value::Text(original.to_owned()), "").unwrap().to_text()
}

#[test]
fn invented_names_agree_between_systems_that_split_them_and_those_that_do_not() {
    let whole = fake(Pseudonym::FullName, "Ada  Lovelace");
    let parts = [fake(Pseudonym::FirstName, "ADA"), fake(Pseudonym::LastName, "lovelace")].join(" ");
    assert_eq!(whole, parts);
    let other = Secrets::derive(&[2; 32]);
    let masking = Masking::ConsistentFake { kind: Some(Pseudonym::Email) };
    let masked = |secrets: &Secrets| {
        secrets.mask(&masking, None, &Value::Text("Ada@x.org ".into()), "").unwrap().to_text()
    };
    assert_eq!(masked(&other), masked(&other));
    assert_ne!(masked(&other), fake(Pseudonym::Email, "ada@x.org"));
}

#[test]
fn shapes_stay() {
    let phone = fake(Pseudonym::Phone, "+49 (170) 123-45678");
    assert!(phone.starts_with("+49 (170) ") && phone.len() == 19, "{phone}");
    let tail = fake(Pseudonym::Phone, "012345678");
    assert_eq!(phone.replace('-', "")[10..], tail[1..]);
    let iban = fake(Pseudonym::Iban, "DE89 3704 0044 0532 0130 00");
    let digits: String = iban[5..].replace(' ', "") + "1314" + &iban[2..4];
    let rest = digits.bytes().fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97);
    assert!(iban.starts_with("DE") && iban.len() == 27 && rest == 1, "{iban}");
    let postcode = fake(Pseudonym::PostalCode, "SW1A 2AA");
    assert!(postcode.as_bytes()[4] == b' ' && postcode.as_bytes()[2].is_ascii_digit(), "{postcode}");
}

#[test]
fn dates_lose_day_and_month_and_nothing_else_passes_for_one() {
    let secrets = Secrets::derive(&[1; 32]);
    let year = |value: Value| secrets.mask(&Masking::DateToYear, None, &value, "");
    let cases = [
        (Value::Date("1984-05-17".into()), "1984-01-01"),
        (Value::Timestamp("1984-05-17T10:11:12".into()), "1984-01-01T00:00:00"),
        (Value::Text("1984-05-17 10:11:12".into()), "1984-01-01 00:00:00"),
        (Value::Text("1984-05-17".into()), "1984-01-01"),
    ];
    for (value, expected) in cases {
        assert_eq!(year(value).unwrap().to_text(), expected);
    }
    for value in [Value::Int(1984), Value::Text("May 1984".into()), Value::Date("infinity".into())] {
        assert!(matches!(year(value), Err(Unfit::Kind { .. })));
    }
}
