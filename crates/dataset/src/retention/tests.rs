//! Retention rules and holds: what they keep, until when, and what is told where they can't decide.

use std::sync::Arc;

use habeas_core::value::{Row, Value};
use habeas_core::yaml::Problems;
use jiff::civil::date;

use super::{Retention, Subjected};
use crate::testing::datasets;

const DATASET: &str = "
fides_key: billing
collections:
- name: invoices
  fields: [{name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}]
- name: notes
  fields: [{name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}]
";

fn read(text: &str) -> (Retention, Vec<String>) {
    let problems = Problems::new();
    let retention = super::read("r.yml", text, &datasets(DATASET), &problems);
    (retention, problems.into_vec().iter().map(ToString::to_string).collect())
}

fn kept(retention: &Retention, collection: &str, day: &Value) -> Vec<String> {
    let row = Row::new(vec![(Arc::from("invoice_date"), day.clone()), (Arc::from("total"), Value::Int(5))]);
    let identities = [(Arc::from("email"), "Ada@x.org".to_owned())];
    let to = Subjected {
        dataset: "billing",
        collection,
        row: &row,
        identities: &identities,
        today: date(2026, 11, 25),
    };
    let line = |applied: super::Applied<'_>| {
        format!(
            "{}: {} until {}",
            applied.kept.rule,
            applied.kept.reason,
            applied.kept.until.unwrap_or_default()
        )
    };
    retention.applies(&to).into_iter().map(line).collect()
}

const TAX: &str = "
retention:
- name: tax
  match: {dataset: billing, collection: invoices}
  when: years_after(end_of_tax_year(row.invoice_date), 7) > today
  until: years_after(end_of_tax_year(row.invoice_date), 7)
  law: § 147 AO
  reason: tax records
";

#[test]
fn invoices_are_kept_to_the_end_of_their_tax_period_and_not_a_day_longer() {
    let (retention, problems) = read(TAX);
    assert_eq!(problems, Vec::<String>::new());
    let undecided = "tax: whether the rule applies can't be decided for this row: ";
    let cases = [
        ("invoices", Value::Date("2020-01-01".into()), "tax: tax records until 2027-12-31".to_owned()),
        (
            "invoices",
            Value::Timestamp("2019-12-31T23:00:00".into()),
            "tax: tax records until 2026-12-31".to_owned(),
        ),
        ("invoices", Value::Date("2018-12-31".into()), String::new()),
        ("notes", Value::Date("2026-01-01".into()), String::new()),
        (
            "invoices",
            Value::Null,
            format!("{undecided}it compares what can't be compared, such as a date with no value until "),
        ),
        (
            "invoices",
            Value::Text("soon".into()),
            format!("{undecided}years_after: the value is no date such as 2026-01-31 until "),
        ),
    ];
    for (collection, day, expected) in cases {
        let found = kept(&retention, collection, &day).join("; ");
        assert_eq!(found.replace("end_of_tax_year:", "years_after:"), expected, "{}", day.to_text());
    }
    let (april, _) = read(&format!("tax_year_ends: 04-05\n{TAX}"));
    assert_eq!(
        kept(&april, "invoices", &Value::Date("2019-04-06".into())),
        ["tax: tax records until 2027-04-05"]
    );
}

#[test]
fn a_hold_wins_over_every_rule() {
    let hold = "
holds:
- {name: case-17, subject: {email: ada@x.org}, ground: litigation, review_on: 2027-01-31}
";
    let (retention, problems) = read(&format!("{TAX}{hold}"));
    assert_eq!(problems, Vec::<String>::new());
    let expected = ["case-17: a legal hold freezes it until 2027-01-31 (review)"];
    assert_eq!(kept(&retention, "invoices", &Value::Date("2020-01-01".into())), expected);
    assert_eq!(kept(&retention, "notes", &Value::Null), expected);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let cases = [
        (
            "match: {dataset: bilingl}",
            "r.yml:4: retention[0].match.dataset: there is no dataset 'bilingl' (did you mean 'billing'?)",
        ),
        ("match: {collection: invoice}", "there is no collection 'invoice' (did you mean 'invoices'?)"),
        ("match: {categories: [user.emial]}", "unknown data category 'user.emial'"),
        ("when: row.a > ", "this is no CEL expression"),
        (
            "when: years_after(raw.a, 1) > today",
            "there is no 'raw' here: conditions know row, identity, today",
        ),
        ("when: year_after(row.a, 1) > today", "there is no function 'year_after'"),
    ];
    for (line, expected) in cases {
        let text = format!("retention:\n- name: a\n  law: l\n  {line}\n  reason: r\n");
        let (_, problems) = read(&text);
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{line}: {problems:?}");
    }
    let (_, problems) = read("holds:\n- {name: a, ground: b}\n");
    assert!(problems[0].contains("either a subject or a dataset"), "{problems:?}");
}
