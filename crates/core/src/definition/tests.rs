//! Which laws a request is made under: by its day of receipt, and by where the person lives.

use jiff::civil::{Date, date};

use super::{Catalog, Kind, Text};
use crate::access::Builtin;
use crate::clock::Mode;
use crate::request::Terms;

const UK: &str = include_str!("../../../../laws/uk-gdpr.toml");
const CALIFORNIA: &str = include_str!("../../../../laws/us-ca.toml");
const VIRGINIA: &str = include_str!("../../../../laws/us-va.toml");
const FLOW: &str = include_str!("../../../../flows/access.yml");
const ACTIVITY: &str = "
activity: access
title: A copy
entity: acme
right: access
law: uk-gdpr
flow: access
";
const ENTITY: &str = "
entity: acme
title: Acme
contact_email: privacy@acme.example
zone: Europe/London
reading: usual
laws:
  - law: us-ca
    residence: [US-CA]
  - law: us-va
    residence: [US-VA]
";

fn text(kind: Kind, name: &str, version: u32, text: &str) -> Text {
    let hash = format!("{name}-{version}");
    Text { kind, name: name.to_owned(), version, text: text.to_owned(), hash, is_retired: false }
}

fn catalog(laws: Vec<Text>) -> Catalog {
    let mut texts = laws;
    texts.push(text(Kind::Law, "us-ca", 1, CALIFORNIA));
    texts.push(text(Kind::Law, "us-va", 1, VIRGINIA));
    texts.extend(Builtin::ALL.map(|role| text(Kind::Role, role.as_str(), 1, role.text())));
    texts.push(text(Kind::Flow, "access", 1, FLOW));
    texts.push(text(Kind::Entity, "acme", 1, ENTITY));
    texts.push(text(Kind::Activity, "access", 1, ACTIVITY));
    Catalog::new(texts).expect("a catalog")
}

fn terms(catalog: &Catalog, received_on: Date, residence: Option<&str>) -> Terms {
    catalog.terms_on("access", "en", received_on, residence).unwrap()
}

#[test]
fn a_request_follows_the_pack_of_its_day_of_receipt() {
    let from_2027 = UK.replace("dated = ", "requests_from = 2027-01-01\ndated = ");
    let corrected = format!("{UK}\n# A word was wrong.");
    let first = || text(Kind::Law, "uk-gdpr", 1, UK);
    let of = |laws: Vec<Text>, day: Date| terms(&catalog(laws), day, None).law_hash;
    for (second, before, after) in
        [(from_2027.as_str(), "uk-gdpr-1", "uk-gdpr-2"), (corrected.as_str(), "uk-gdpr-2", "uk-gdpr-2")]
    {
        let laws = || vec![first(), text(Kind::Law, "uk-gdpr", 2, second)];
        assert_eq!(of(laws(), date(2026, 12, 31)), before);
        assert_eq!(of(laws(), date(2027, 1, 1)), after);
    }
    let retired = |text: Text| Text { is_retired: true, ..text };
    let followed = || vec![retired(first()), text(Kind::Law, "uk-gdpr", 2, &from_2027)];
    assert_eq!(of(followed(), date(2026, 12, 31)), "uk-gdpr-1", "an older request stays with it");
    let taken_back = vec![first(), retired(text(Kind::Law, "uk-gdpr", 2, &from_2027))];
    assert_eq!(of(taken_back, date(2027, 1, 1)), "uk-gdpr-1");
    let only = vec![text(Kind::Law, "uk-gdpr", 2, &from_2027)];
    assert_eq!(of(only, date(2026, 12, 31)), "uk-gdpr-2", "the oldest there is");
}

#[test]
fn laws_bind_whom_they_protect() {
    let catalog = catalog(vec![text(Kind::Law, "uk-gdpr", 1, UK)]);
    let day = date(2026, 6, 1);
    for (residence, expected) in [
        (Some("GB"), ""),
        (Some("US-CA"), "us-ca"),
        (Some("us-va"), "us-va"),
        (Some("US"), "us-ca us-va"),
        (Some("US-C"), ""),
        (None, "us-ca us-va"),
    ] {
        let terms = terms(&catalog, day, residence);
        let laws: Vec<&str> = terms.also.iter().map(|also| also.law.as_str()).collect();
        assert_eq!(laws.join(" "), expected, "{residence:?}");
        assert_eq!((terms.law.as_str(), terms.reading), ("uk-gdpr", Mode::Usual));
    }
    // Virginia's law binds from 2023 on, California's from 2020.
    let early = terms(&catalog, date(2022, 6, 1), Some("US"));
    let laws: Vec<&str> = early.also.iter().map(|also| also.law.as_str()).collect();
    assert_eq!(laws, ["us-ca"]);
}

#[test]
fn a_law_that_isnt_there_is_told_by_name() {
    let entity = ENTITY.replace("us-va", "us-xx");
    let problems = Catalog::new(vec![text(Kind::Entity, "acme", 1, &entity)]).unwrap_err();
    assert!(problems.iter().any(|problem| problem.contains("no published law us-xx")), "{problems:?}");
}
