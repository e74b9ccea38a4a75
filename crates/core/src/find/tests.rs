//! What is looked for, and which rows are of one person.

use super::{FoundRow, identities, people};

const KNOWN: [&str; 3] = ["customer_number", "email", "phone"];

fn check(query: &str, expected: &[&str]) {
    let kinds: Vec<&str> = identities(query, &KNOWN).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, expected, "{query}");
}

#[test]
fn a_text_is_looked_for_as_what_it_can_be() {
    check("ann@example.org", &["email"]);
    check(" +44 (0)20 7946-0000 ", &["customer_number", "phone"]);
    check("C-1042", &["customer_number"]);
    check("42", &["customer_number"]);
    assert!(identities("C-1042", &["email", "phone"]).is_empty());
}

fn row(source: &str, name: &str, email: Option<&str>) -> FoundRow {
    FoundRow {
        source: source.to_owned(),
        name: name.to_owned(),
        emails: email.map(str::to_owned).into_iter().collect(),
        phones: vec!["555 0100".to_owned()],
        ..FoundRow::default()
    }
}

#[test]
fn rows_with_the_same_address_are_one_person_and_a_shared_number_makes_nobody_one() {
    let found = people(&[
        row("shop", "Ann Lee", Some("Ann@Example.org")),
        row("desk", "Ann Lee", Some("ann@example.org ")),
        row("news", "A. Lee", Some("ann@example.org")),
        row("desk", "Ben Lee", Some("ben@example.org")),
        row("shop", "Ann Lee", None),
    ]);
    let shown: Vec<_> = found
        .iter()
        .map(|person| (person.name.as_str(), person.email.as_deref(), person.rows.len()))
        .collect();
    assert_eq!(
        shown,
        [
            ("Ann Lee", Some("ann@example.org"), 3),
            ("Ben Lee", Some("ben@example.org"), 1),
            ("Ann Lee", None, 1)
        ]
    );
}
