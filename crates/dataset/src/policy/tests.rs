//! Policies, ours and the peer's, and what they include.

use habeas_core::yaml::Problems;

use super::{Inclusion, Policy, Right, RuleAction, is_credential, read};
use crate::masking::Masking;
use crate::taxonomy::Category;
use crate::testing::datasets;

fn policy(text: &str) -> Policy {
    let problems = Problems::new();
    let policy = read("p.yml", text, &problems).unwrap();
    let problems = problems.into_vec();
    assert!(problems.is_empty(), "{problems:?}");
    policy
}

/// Tells which of some categories a reply includes.
fn check(included: &Inclusion, taken: &[&str], left_out: &[&str]) {
    for key in taken {
        assert!(included.takes(&[Category::new(*key)]), "{key} is included");
    }
    for key in left_out {
        assert!(!included.takes(&[Category::new(*key)]), "{key} is left out");
    }
}

#[test]
fn without_a_policy_everything_personal_is_included() {
    let access = Policy::default().access;
    check(
        &access,
        &["user", "user.name", "user.contact.email"],
        &["system", "system.operations", "username"],
    );
    assert!(!access.takes(&[]));
}

#[test]
fn the_most_specific_rule_wins() {
    let ours = policy(
        "access: {include: [user, user.behavior.search_history], exclude: [user.behavior], uncategorised: true}",
    );
    check(
        &ours.access,
        &["user.name", "user.behavior.search_history"],
        &["user.behavior", "user.behavior.browsing_history", "system"],
    );
    assert!(ours.access.takes(&[]));
    // A field that is two things is given for the one that is included.
    assert!(ours.access.takes(&[Category::new("user.behavior"), Category::new("user.name")]));
    // What the policy doesn't speak of is as without one.
    assert_eq!(ours.portability, Inclusion::default());
}

#[test]
fn the_peers_form_is_read_alone_or_within_a_case_in_json() {
    let rules = r#"{"rules": [
        {"action_type": "access", "targets": ["user.contact"]},
        {"action_type": "access", "targets": [{"data_category": "user.name"}]},
        {"action_type": "erasure", "targets": ["user.name"], "masking_strategy": {"strategy": "null_rewrite", "configuration": {}}}
    ]}"#;
    let case = format!("{{\"id\": \"x\", \"policy\": {rules}, \"identity\": {{\"email\": \"a@b\"}}}}");
    let read = policy(rules);
    assert_eq!(read, policy(&case));
    check(
        read.included(Right::Access),
        &["user.contact.email", "user.name.first"],
        &["user.unique_id", "user"],
    );
    assert_eq!(read.erasure.len(), 1);
    assert_eq!(read.erasure[0].action, RuleAction::Mask(Masking::NullRewrite));
}

#[test]
fn a_policy_that_only_erases_gives_nothing() {
    let read = policy("rules: [{action_type: erasure, targets: [user], masking_strategy: {strategy: hash}}]");
    check(&read.access, &[], &["user", "user.name"]);
}

#[test]
fn the_most_specific_erasure_rule_is_found() {
    let read = policy(
        "erasure:
         - {categories: [user], delete: true}
         - {categories: [user.contact], mask: {strategy: null_rewrite}}
         - {categories: [user.contact.email, user.name], mask: {strategy: hash}}",
    );
    let rule = |keys: &[&str]| {
        let categories: Vec<Category> = keys.iter().map(|key| Category::new(*key)).collect();
        read.erasure.iter().position(|rule| Some(rule) == read.erasure_rule(&categories))
    };
    assert_eq!(rule(&["user.contact.email"]), Some(2));
    assert_eq!(rule(&["user.contact.fax_number"]), Some(1));
    assert_eq!(rule(&["user.unique_id"]), Some(0));
    assert_eq!(rule(&["system.operations"]), None);
    assert_eq!(rule(&["user.unique_id", "user.name"]), Some(2));
    assert_eq!(rule(&[]), None);
}

#[test]
fn mistakes_in_policies_are_told() {
    let cases = [
        ("acces: {include: [user]}", "p.yml:1: acces: unknown key 'acces' (did you mean 'access'?)"),
        ("access: {exclude: [user]}", "p.yml:1: access: the key 'include' is missing"),
        (
            "access: {include: [user.emial]}",
            "p.yml:1: access.include[0]: the taxonomy has no category 'user.emial'",
        ),
        (
            "rules: [{action_type: erase, targets: [user]}]",
            "p.yml:1: rules[0].action_type: expected one of access, erasure, consent, update, found 'erase'",
        ),
        (
            "rules: [{action_type: erasure, targets: [user]}]",
            "p.yml:1: rules[0]: an erasure rule needs a masking_strategy",
        ),
        (
            "erasure: [{categories: [user]}]",
            "p.yml:1: erasure[0]: expected either 'delete: true' or 'mask', found a mapping",
        ),
    ];
    for (text, expected) in cases {
        let problems = Problems::new();
        read("p.yml", text, &problems);
        let told: Vec<String> = problems.into_vec().iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|line| line.starts_with(expected)), "{text}: {told:?}");
    }
}

#[test]
fn credentials_are_recognised_by_category_name_or_word() {
    let cases = [
        ("{name: password}", true),
        ("{name: passwordHash}", true),
        ("{name: ENCRYPTED_PASSWORD}", true),
        ("{name: api_key}", true),
        ("{name: resetToken}", true),
        ("{name: salt}", true),
        ("{name: x, data_categories: [user.authorization.credentials]}", true),
        ("{name: x, habeas: {credential: true}}", true),
        ("{name: password, habeas: {credential: false}}", false),
        ("{name: passport_number}", false),
        ("{name: pin_code}", false),
        ("{name: secretary}", false),
        ("{name: access_time}", false),
    ];
    for (field, expected) in cases {
        let read =
            datasets(&format!("dataset: [{{fides_key: d, collections: [{{name: t, fields: [{field}]}}]}}]"));
        assert_eq!(is_credential(&read[0].collections[0].fields[0]), expected, "{field}");
    }
}
