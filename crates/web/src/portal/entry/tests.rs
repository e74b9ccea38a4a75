//! What the form takes and what it refuses, field by field.

use super::*;

const FLOW: &str = "
flow: extra
title: With questions
stages:
  - key: opening
    title: Case opening
    tasks:
      - { key: identity, title: Prove identity, operation: verify_identity }
  - key: collection
    title: Data collection
    tasks:
      - { key: collect, title: Gather the data, operation: collect }
  - key: review
    title: Review and approval
    tasks:
      - key: data
        title: Legal review
        work: data_review
        role: steward
        shows:
          Shop: { input: Which shop, type: text }
          Since: { input: Customer since, type: date }
          Again: { input: Which shop, type: text }
          Branch: { input: Which branch, type: choice, list: shops, required: false }
  - key: delivery
    title: Customer notification
    tasks:
      - key: package
        title: Make the archive
        operation: build_package
        inputs:
          records: { link: collection.collect.records }
          decisions: { link: review.data.decisions }
      - key: deliver
        title: Tell the person
        operation: deliver
        order: 2
        inputs:
          package: { link: delivery.package.package }
";

const LIST: &str = "list: shops\ntitle: Shops\nentries:
  - { key: bath, value: Bath }
  - { key: york, value: York, active: false }
";

fn catalog() -> &'static Catalog {
    static CATALOG: std::sync::LazyLock<Catalog> = std::sync::LazyLock::new(|| {
        let text = habeas_core::definition::Text {
            kind: habeas_core::definition::Kind::List,
            name: "shops".to_owned(),
            version: 1,
            text: LIST.to_owned(),
            hash: String::new(),
            is_retired: false,
        };
        Catalog::new(vec![text]).unwrap()
    });
    &CATALOG
}

fn asked(flow: &Flow) -> Asked<'_> {
    Asked { flow, catalog: catalog(), fields: &FormField::USUAL }
}

fn right() -> Answers {
    [
        ("given_name", "Ada"),
        ("family_name", "Lovelace"),
        ("email", "Ada.Lovelace@Example.ORG"),
        ("country", "GB"),
        ("relation", "customer"),
        ("language", "en"),
        ("answer_0", "Bristol"),
        ("answer_1", "2020-02-29"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// Changes one field of a right form; `expected` is part of what is said about that field, or nothing.
fn check(name: &str, value: &str, expected: Option<&str>) {
    let flow = Flow::parse("flow.yml", FLOW).unwrap();
    let mut answers = right();
    answers.insert(name.to_owned(), value.to_owned());
    let wrong = read(asked(&flow), &answers).err().unwrap_or_default();
    match expected {
        None => assert!(wrong.is_empty(), "{name}={value:?}: {wrong:?}"),
        Some(words) => {
            assert_eq!(wrong.len(), 1, "{name}={value:?}: {wrong:?}");
            assert!(wrong[name].contains(words), "{name}={value:?}: {wrong:?}");
        }
    }
}

#[test]
fn a_right_form_becomes_a_subject() {
    let flow = Flow::parse("flow.yml", FLOW).unwrap();
    let entry = read(asked(&flow), &right()).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    assert_eq!(entry.subject.name(), "Ada Lovelace");
    assert_eq!(entry.subject.email, "ada.lovelace@example.org");
    assert_eq!(entry.subject.phone, None);
    assert_eq!(entry.subject.answers["Which shop"], "Bristol");
    assert_eq!(entry.subject.answers["Customer since"], "2020-02-29");
}

#[test]
fn equal_labels_are_one_field() {
    let flow = Flow::parse("flow.yml", FLOW).unwrap();
    let groups = groups(asked(&flow), &right(), &BTreeMap::new());
    let own = &groups[1].fields;
    assert_eq!(
        own.iter().map(|field| field.label.as_str()).collect::<Vec<_>>(),
        ["Which shop", "Customer since", "Which branch"]
    );
}

#[test]
fn names_are_one_plain_line() {
    check("given_name", "", Some("Enter your given name"));
    check("given_name", "Žofie-Anna O’Neil", None);
    check("family_name", "", None);
    check("given_name", &"x".repeat(100), None);
    check("given_name", &"x".repeat(101), Some("at most 100"));
    check("given_name", "<script>alert(1)</script>", Some("without < and >"));
    check("given_name", "Ada\nBcc: everyone@example.org", Some("one line"));
    check("given_name", "Ada\u{202e}live", Some("unseen"));
    check("given_name", "Ada\0", Some("unseen"));
}

/// ASVS 1.3.11.
#[test]
fn addresses_break_no_header() {
    for fine in ["a@b.example", "ada+shop@mail.example.org", "o'neil@example.org", "ä@bücher.example"] {
        check("email", fine, None);
    }
    let long = format!("{}@example.org", "x".repeat(65));
    for wrong in [
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@@example.org",
        "a b@example.org",
        "ada@exa mple.org",
        "ada@example.org\nBcc: x@example.org",
        "Ada <ada@example.org>",
        "ada@example.org,eve@example.org",
        "\"ada\"@example.org",
        "ada@-example.org",
        "ada@example..org",
        ".ada@example.org",
        "a..b@example.org",
        "ada@[127.0.0.1]",
        "=?utf-8?q?ada?=@example.org:25",
        &long,
    ] {
        check("email", wrong, Some("like name@example.org"));
    }
    check("email", "", Some("Enter your e-mail address"));
}

#[test]
fn choices_are_those_offered() {
    check("country", "", Some("Choose the country"));
    check("country", "XX", Some("from the list"));
    check("relation", "admin", Some("from the list"));
    check("language", "tlh", Some("from the list"));
}

#[test]
fn other_fields_have_their_types() {
    check("phone", "+44 (0)117 496-0000", None);
    check("phone", "call me", Some("phone number"));
    check("phone", "12", Some("phone number"));
    check("description", "Orders of 2025.\n<b>All</b> of them.", None);
    check("description", &"x".repeat(5_001), Some("at most 5000"));
    check("description", "bell\u{7}", Some("plain text"));
    check("answer_1", "2021-02-29", Some("as a date"));
    check("answer_0", "", Some("Which shop"));
}

#[test]
fn a_choice_offers_what_its_list_offers_now() {
    let flow = Flow::parse("flow.yml", FLOW).unwrap();
    let groups = groups(asked(&flow), &right(), &BTreeMap::new());
    let options = &groups[1].fields[2].options;
    assert_eq!(options.iter().map(|option| option.label.as_str()).collect::<Vec<_>>(), ["Bath"]);
    check("answer_2", "bath", None);
    check("answer_2", "york", Some("from the list"));
    check("answer_2", "", None);
}
