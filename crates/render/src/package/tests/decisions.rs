//! Decisions of people are carried out to the letter, and a missing one stops the package.

use habeas_core::request::{MarkGround, Verdict};
use habeas_core::value::Value;

use super::{Making, record, row, text};

const SECRET: &str = "Courtney Crane";

fn with_other_person() -> Making {
    let mut other = record(1, ("odoo", "res_partner"), &[("name", text(SECRET)), ("city", text("Leeds"))]);
    other.third_party = true;
    let own = record(0, ("odoo", "res_partner"), &[("name", text("Ada Example")), ("city", text("York"))]);
    Making::of(vec![own, other])
}

fn redact(fields: &[&str]) -> Verdict {
    let fields = fields.iter().map(|field| (*field).to_owned()).collect();
    Verdict::Redact { fields, ground: MarkGround::OtherPerson }
}

fn everything(making: &Making) -> String {
    making.unpacked().into_values().collect()
}

#[test]
fn a_record_about_others_waits_for_a_decision() {
    let making = with_other_person();
    assert_eq!(
        making.refusal(),
        "record 1 was reached over a link to other people and nobody has decided on it"
    );
}

#[test]
fn what_is_given_is_given() {
    let mut making = with_other_person();
    making.input.marks.insert(1, Verdict::Give);
    assert!(everything(&making).contains(SECRET));
}

#[test]
fn an_excluded_record_appears_nowhere_but_is_counted() {
    let mut making = with_other_person();
    making.input.marks.insert(1, Verdict::Exclude { ground: MarkGround::OtherPerson, is_told: true });
    let files = making.unpacked();
    for (path, content) in &files {
        assert!(!content.contains(SECRET) && !content.contains("Leeds"), "{path}");
    }
    assert!(files["index.html"].contains("1 record left out: about another person"));
    let coverage: serde_json::Value = serde_json::from_str(&files["coverage.json"]).unwrap();
    assert_eq!(coverage["systems"][0]["collections"][0]["rows_found"], 2);
    assert_eq!(coverage["systems"][0]["collections"][0]["withheld"][0]["records"], 1);
}

#[test]
fn an_untold_exclusion_is_not_even_counted() {
    let mut making = with_other_person();
    making.input.marks.insert(1, Verdict::Exclude { ground: MarkGround::Investigation, is_told: false });
    let files = making.unpacked();
    let all: String = files.values().cloned().collect();
    assert!(!all.contains(SECRET) && !all.contains("nvestigation") && !all.contains("left out: "));
    let coverage: serde_json::Value = serde_json::from_str(&files["coverage.json"]).unwrap();
    assert_eq!(coverage["systems"][0]["collections"][0]["rows_found"], 1);
    let (_, built) = making.build().unwrap();
    assert_eq!(built.counts[0].withheld, 1, "those who built it still know");
}

#[test]
fn a_redacted_field_says_why() {
    let mut making = with_other_person();
    making.input.marks.insert(1, redact(&["name"]));
    let files = making.unpacked();
    let all: String = files.values().cloned().collect();
    assert!(!all.contains(SECRET));
    assert!(all.contains("Leeds"));
    for path in ["index.html", "data/odoo/res_partner.json", "data/odoo/res_partner.csv"] {
        assert!(files[path].contains("[removed: about another person]"), "{path}");
    }
}

#[test]
fn a_part_of_a_nested_field_can_be_redacted() {
    let inner = |value: Value| Value::Object(vec![("name".into(), text(SECRET)), ("age".into(), value)]);
    let fields = [
        ("contact", inner(Value::Int(41))),
        ("friends", Value::Array(vec![inner(Value::Int(42)), inner(Value::Int(43))])),
        ("raw", Value::Json(format!("{{\"name\":\"{SECRET}\",\"age\":44}}"))),
    ];
    let mut making = Making::of(vec![record(0, ("shop", "people"), &fields)]);
    making.input.marks.insert(0, redact(&["contact.name", "friends.name", "raw.name"]));
    let files = making.unpacked();
    let all: String = files.values().cloned().collect();
    assert!(!all.contains(SECRET));
    let json = &files["data/shop/people.json"];
    assert!(json.contains("41") && json.contains("42") && json.contains("43"));
    assert!(!json.contains("44"), "a document kept as text can't be taken apart, so all of it goes");
}

#[test]
fn decisions_that_fit_nothing_stop_the_package() {
    let mut making = with_other_person();
    making.input.marks.insert(1, redact(&["nmae"]));
    assert_eq!(making.refusal(), "the redaction of record 1 names a field it doesn't have");

    let mut making = with_other_person();
    making.input.marks.insert(1, Verdict::Give);
    making.input.marks.insert(99, Verdict::Give);
    assert_eq!(making.refusal(), "there are decisions on 1 record that are not there");
}

#[test]
fn credentials_never_leave_whatever_the_policy_says() {
    let mut making = Making::of(vec![record(
        0,
        ("billing", "users"),
        &[("email", text("a@b")), ("encrypted_password", text("$2a$secret")), ("token", text("tok-secret"))],
    )]);
    for field in &mut making.input.collections[0].fields {
        match &*field.name {
            "encrypted_password" => field.categories = vec!["user.authorization.password".to_owned()],
            "token" => field.is_credential = true,
            _ => {}
        }
    }
    let all = everything(&making);
    assert!(!all.contains("secret"), "{all}");
    assert!(all.contains("[removed: password or key]"));
}

#[test]
fn records_of_others_in_the_same_run_are_no_part_of_it() {
    let mut making = with_other_person();
    making.records[1].third_party = false;
    making.records[1].subject = 1;
    let all = everything(&making);
    assert!(!all.contains(SECRET));
}

#[test]
fn records_of_another_run_than_the_coverage_stop_the_package() {
    let mut making = with_other_person();
    making.input.marks.insert(1, Verdict::Give);
    making.input.coverage[0].rows = 1;
    assert_eq!(making.refusal(), "odoo.res_partner has more records than the search counted");
}

#[test]
fn records_that_change_between_readings_stop_the_package() {
    use std::cell::Cell;

    use super::super::{Key, Keys, Records, build};
    use super::{Counted, PASSWORD, signer};

    let making = Making::of(vec![record(0, ("a", "b"), &[("x", text("1"))])]);
    let (password, signer) = (habeas_core::pii::Pii::new(PASSWORD.to_owned()), signer());
    let keys = Keys { password: &password, signer: &signer, chance: &Counted::default() };
    let readings = Cell::new(0);
    let open = |_: Option<&Key>| {
        readings.set(readings.get() + 1);
        let mut records = making.records.clone();
        if readings.get() > 1 {
            records[0].row = row(&[("x", text("2"))]);
            records.clear();
        }
        Ok(Box::new(records.into_iter().map(Ok)) as Records<'_>)
    };
    let refused = build(&making.input, &open, &mut Vec::new(), &keys).unwrap_err();
    assert_eq!(refused.to_string(), "the records changed while the package was built");
}
