//! Decisions on rows: what wins over what, and what is said of it.

use std::sync::Arc;

use habeas_core::value::{Row, Value};
use habeas_core::yaml::Problems;
use jiff::civil::date;

use super::{Decider, Decision, Found, Own, Spared, rules, unknown_categories, unused_rules};
use crate::masking::Secrets;
use crate::model::Dataset;
use crate::path::FieldPath;
use crate::policy::{self, Policy};
use crate::retention::{self, Retention};
use crate::testing::datasets;

const DATASET: &str = "
fides_key: shop
collections:
- name: person
  fields:
  - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: name, data_categories: [user.name], fides_meta: {length: 5}}
  - {name: city, data_categories: [user.contact.address.city], fides_meta: {masking_strategy_override: {strategy: string_rewrite, configuration: {rewrite_value: X}}}}
  - {name: code, data_categories: [user.contact], fides_meta: {read_only: true}}
  - {name: note, data_categories: [system.operations]}
  - name: profile
    fields:
    - {name: nick, data_categories: [user.name]}
    - name: mails
      fides_meta: {data_type: 'object[]'}
      fields: [{name: to, data_categories: [user.contact.email]}, {name: at, data_categories: [system]}]
- name: log
  fides_meta: {masking_strategy_override: {strategy: delete}}
  fields: [{name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}]
- name: ledger
  habeas: {erasure: keep}
  fields: [{name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}]
";

fn policy(text: &str) -> Policy {
    let problems = Problems::new();
    let policy = policy::read("p.yml", text, &problems).unwrap();
    assert!(!problems.has_errors(), "{:?}", problems.into_vec());
    policy
}

fn row() -> Row {
    let text = |text: &str| Value::Text(text.to_owned());
    let mail = |to: &str| Value::Object(vec![(Arc::from("to"), text(to)), (Arc::from("at"), Value::Int(1))]);
    let profile = Value::Object(vec![
        (Arc::from("nick"), text("Ada")),
        (Arc::from("mails"), Value::Array(vec![mail("ada@x.org"), mail("bob@x.org")])),
    ]);
    Row::new(
        [
            ("id", Value::Int(1)),
            ("email", text("ada@x.org")),
            ("name", text("Ada Lovelace")),
            ("city", text("London")),
            ("code", text("c")),
            ("note", text("n")),
            ("profile", profile),
        ]
        .into_iter()
        .map(|(name, value)| (Arc::from(name), value))
        .collect(),
    )
}

struct Case<'a> {
    collection: usize,
    policy: &'a str,
    retention: &'a str,
    others: Option<&'a str>,
    own: &'a [Own],
}

const PLAIN: Case<'static> = Case { collection: 0, policy: "", retention: "", others: None, own: &[] };

fn decide(case: &Case<'_>) -> (Decision, Vec<String>) {
    let datasets: Vec<Dataset> = datasets(DATASET);
    let problems = Problems::new();
    let retention = if case.retention.is_empty() {
        Retention::default()
    } else {
        retention::read("r.yml", case.retention, &datasets, &problems)
    };
    let (policy, spares_keys) =
        if case.policy.is_empty() { (super::everything(), true) } else { (policy(case.policy), false) };
    let rules = rules(&datasets[0], &datasets[0].collections[case.collection], &policy, spares_keys);
    let secrets = Secrets::derive(&[1; 32]);
    let decider = Decider { retention: &retention, secrets: &secrets, today: date(2026, 11, 25) };
    let row = row();
    let email = [FieldPath::of("email")];
    let identities = [(Arc::from("email"), "ada@x.org".to_owned())];
    let found = Found {
        row: &row,
        own: case.own,
        found_by: &email,
        others: case.others,
        place: "shop:person:1",
        identities: &identities,
    };
    let mut obstacles = Vec::new();
    let decision = decider.decide(&rules, &found, &mut |_| {}, &mut obstacles);
    (decision, obstacles.into_iter().map(|o| format!("{}: {}", o.field, o.message)).collect())
}

/// The decision in one line: changed columns with their values, then what is kept and why.
fn check(case: &Case<'_>, expected: &str) {
    let (decision, obstacles) = decide(case);
    assert_eq!(obstacles, Vec::<String>::new());
    let masks = |masks: &super::Masks| {
        let columns: Vec<String> =
            masks.columns.iter().map(|(name, value)| format!("{name}={}", value.to_json())).collect();
        let kept: Vec<String> =
            masks.kept.iter().map(|kept| format!("{} kept by {}", kept.field, kept.kept.rule)).collect();
        [columns, kept].concat().join(", ")
    };
    let line = match &decision {
        Decision::Delete { because } => format!("delete: {because}"),
        Decision::Mask(found) => format!("mask {}", masks(found)),
        Decision::Unlink(found, kept) => format!("unlink {}: {}", masks(found), kept.reason),
        Decision::Keep(kept) => format!("keep by {}: {}", kept.rule, kept.reason),
        Decision::Nothing => "nothing".to_owned(),
    };
    assert_eq!(line, expected, "{} {}", case.policy, case.retention);
}

const NULL_ALL: &str = "rules: [{action_type: erasure, targets: [user.name, user.contact], masking_strategy: {strategy: null_rewrite, configuration: {}}}]";

#[test]
fn the_most_specific_category_wins_and_a_fields_own_override_over_all() {
    let name = "erasure:\n- {categories: [user], mask: {strategy: preserve}}\n- {categories: [user.name], mask: {strategy: string_rewrite, configuration: {rewrite_value: longer}}}\n";
    check(
        &Case { policy: name, ..PLAIN },
        "mask name=\"longe\", city=\"X\", profile={\"nick\":\"longer\",\"mails\":[{\"to\":\"ada@x.org\",\"at\":1},{\"to\":\"bob@x.org\",\"at\":1}]}, code kept by read_only",
    );
}

#[test]
fn nested_fields_are_masked_where_they_stand_and_other_peoples_elements_stay() {
    let nulled = "mask email=null, name=null, city=\"X\", profile={\"nick\":null,\"mails\":[{\"to\":null,\"at\":1},{\"to\":null,\"at\":1}]}, code kept by read_only";
    check(&Case { policy: NULL_ALL, ..PLAIN }, nulled);
    let own = [Own { path: FieldPath::parse("profile.mails.to").unwrap(), places: vec![vec![0]] }];
    check(
        &Case { policy: NULL_ALL, own: &own, ..PLAIN },
        &nulled.replace("{\"to\":null,\"at\":1}]", "{\"to\":\"bob@x.org\",\"at\":1}]"),
    );
}

#[test]
fn without_a_policy_all_that_is_personal_goes_and_keys_stay() {
    let (decision, _) = decide(&PLAIN);
    let Decision::Mask(masks) = decision else { panic!("{decision:?}") };
    let changed: Vec<&str> = masks.columns.iter().map(|(name, _)| &**name).collect();
    assert_eq!(changed, ["email", "name", "city", "profile"]);
    let datasets = datasets(DATASET);
    let rules = rules(&datasets[0], &datasets[0].collections[0], &super::everything(), true);
    assert_eq!(rules.spared[0], (FieldPath::of("id"), Spared::Key));
}

#[test]
fn datasets_delete_and_keep_whatever_the_policy_says() {
    let expected = "delete: the dataset says masking_strategy_override: delete";
    check(&Case { collection: 1, policy: NULL_ALL, ..PLAIN }, expected);
    let expected = "keep by dataset: the dataset says habeas.erasure: keep";
    check(&Case { collection: 2, policy: NULL_ALL, ..PLAIN }, expected);
    let delete = "erasure: [{categories: [user.name], delete: true}]";
    check(&Case { policy: delete, ..PLAIN }, "delete: the policy's rule for user.name");
}

#[test]
fn what_others_share_is_kept_and_only_unlinked() {
    let case = Case { policy: NULL_ALL, others: Some("it is Bob's too"), ..PLAIN };
    check(&case, "unlink email=null, code kept by read_only: it is Bob's too");
    let name =
        "rules: [{action_type: erasure, targets: [user.name], masking_strategy: {strategy: null_rewrite}}]";
    check(&Case { policy: name, ..case }, "keep by shared: it is Bob's too");
    check(&Case { collection: 1, policy: NULL_ALL, others: Some("so"), ..PLAIN }, "unlink email=null: so");
}

#[test]
fn retention_keeps_rows_or_fields_and_holds_keep_everything() {
    let rule =
        |about: &str| format!("retention:\n- {{name: tax, match: {about}, law: l, reason: because}}\n");
    let whole = rule("{collection: person}");
    check(&Case { policy: NULL_ALL, retention: &whole, ..PLAIN }, "keep by tax: because");
    let names = rule("{categories: [user.name]}");
    check(
        &Case { policy: NULL_ALL, retention: &names, ..PLAIN },
        "mask email=null, city=\"X\", profile={\"nick\":\"Ada\",\"mails\":[{\"to\":null,\"at\":1},{\"to\":null,\"at\":1}]}, name kept by tax, profile.nick kept by tax, code kept by read_only",
    );
    // A row some of whose fields must stay can't be deleted.
    let emails = rule("{categories: [user.contact.email]}");
    check(&Case { collection: 1, policy: NULL_ALL, retention: &emails, ..PLAIN }, "mask email kept by tax");
    let hold = "holds: [{name: court, subject: {email: Ada@X.org}, ground: g}]";
    check(
        &Case { collection: 1, policy: NULL_ALL, retention: hold, ..PLAIN },
        "keep by court: a legal hold freezes it",
    );
}

#[test]
fn a_strategy_that_does_not_fit_the_value_is_an_obstacle() {
    let year =
        "rules: [{action_type: erasure, targets: [user.name], masking_strategy: {strategy: date_to_year}}]";
    let (_, obstacles) = decide(&Case { policy: year, ..PLAIN });
    assert_eq!(obstacles[0], "name: date_to_year works on dates, and the value is text");
}

#[test]
fn rules_about_nothing_and_unknown_categories_are_told() {
    let text = "erasure:\n- {categories: [user.name], delete: true}\n- {categories: [user.biometric], delete: true}\n- {categories: [user.nmae], delete: true}\n";
    let (policy, datasets) = (policy(text), datasets(DATASET));
    assert_eq!(unused_rules(&policy, &datasets), [1, 2]);
    let unknown = unknown_categories(&policy, &datasets);
    assert_eq!(unknown.iter().map(ToString::to_string).collect::<Vec<_>>(), ["user.nmae"]);
}
