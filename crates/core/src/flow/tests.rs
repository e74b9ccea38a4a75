//! Flow files: what may be published, and what is said of what may not.

use super::{Flow, Kind, Operation, check_roles};

const ACCESS: &str = include_str!("../../../../flows/access.yml");
const SECOND_REVIEW: &str = include_str!("../../../../flows/access-second-review.yml");

/// Changes the built-in access flow and returns what is said of it.
fn problems(from: &str, to: &str) -> String {
    assert!(ACCESS.contains(from), "the flow holds {from:?}");
    let problems = Flow::parse("access.yml", &ACCESS.replacen(from, to, 1)).expect_err("a problem");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn check(from: &str, to: &str, said: &[&str]) {
    let text = problems(from, to);
    for part in said {
        assert!(text.contains(part), "expected {part:?} in:\n{text}");
    }
}

#[test]
fn built_in_flows_may_be_published() {
    for (name, text) in [("access", ACCESS), ("access-second-review", SECOND_REVIEW)] {
        let flow = Flow::parse(name, text).unwrap_or_else(|problems| panic!("{problems:?}"));
        assert_eq!(flow.name, name);
        assert!(flow.tasks().any(|task| task.operation() == Some(Operation::Deliver)));
    }
}

#[test]
fn a_mistake_is_told_with_line_path_and_nearest_word() {
    check("operation: collect", "operation: colect", &["access.yml:17", "operation", "collect"]);
    check(
        "title: Opening",
        "titel: Opening",
        &["access.yml:7", "unknown key 'titel'", "did you mean 'title'"],
    );
    check("role: privacy_officer", "role: Privacy Officer", &["a role's name"]);
    check("deadline: 5 working_days", "deadline: soon", &["48 hours"]);
}

#[test]
fn a_role_that_does_not_exist_is_told_with_its_task() {
    let flow = Flow::parse("access.yml", ACCESS).expect("a flow");
    assert_eq!(check_roles(&flow, |name| name.as_str() == "privacy_officer"), Vec::<String>::new());
    let said = check_roles(&flow, |_| false);
    assert_eq!(said, ["flow access: task review.data: there is no role privacy_officer"]);
}

#[test]
fn links_point_to_earlier_tasks_and_outputs_of_a_fitting_type() {
    check(
        "link: collection.collect.records",
        "link: delivery.deliver.records",
        &["delivery.deliver does not come before"],
    );
    check("link: collection.collect.records", "link: collection.collect.files", &["has no output files"]);
    check(
        "link: collection.collect.records",
        "link: review.data.decisions",
        &["takes Records, not Decisions"],
    );
    check("link: collection.collect.records", "link: nowhere.at.all", &["there is no task nowhere.at"]);
    check("          records: { link: collection.collect.records }\n", "", &["needs the input records"]);
}

#[test]
fn nothing_is_gathered_before_identity_is_proven() {
    let line = "      - { key: identity, title: Prove identity, operation: verify_identity }\n";
    check(
        line,
        "",
        &["task collection.collect: verify_identity must come before it", "task delivery.deliver"],
    );
}

#[test]
fn every_flow_ends_in_a_reply_and_a_review_cannot_be_waived() {
    check("operation: deliver\n", "operation: check_duplicates\n", &["must end in a reply"]);
    check(
        "        work: data_review",
        "        mandatory: false\n        work: data_review",
        &["can't be waived"],
    );
    check(
        "on_reject: rework collection.collect",
        "on_reject: rework delivery.package",
        &["not an earlier task"],
    );
    // Going on past a rejected review would leave records of other people undecided for ever.
    check(
        "on_reject: rework collection.collect",
        "on_reject: continue",
        &["task review.data", "can't go on"],
    );
}

#[test]
fn equal_labels_are_one_field_on_the_form() {
    let with_fields = ACCESS.replace(
        "{ key: acknowledge, title: Send the receipt, operation: acknowledge }",
        "{ key: acknowledge, title: R, operation: acknowledge, inputs: { address: { input: Your e-mail, type: email } } }",
    );
    let with_fields = with_fields.replace(
        "operation: verify_identity }",
        "operation: verify_identity, inputs: { address: { input: Your e-mail, type: email } } }",
    );
    let flow = Flow::parse("access.yml", &with_fields).expect("a flow");
    assert_eq!(flow.form_fields(), [("Your e-mail", Kind::Email)]);
}

#[test]
fn two_types_under_one_label_are_a_problem() {
    let to = "operation: verify_identity, inputs: { address: { input: Same, type: phone } } }\n      - { key: again, title: A, operation: acknowledge, inputs: { address: { input: Same, type: email } } }";
    check("operation: verify_identity }", to, &["Same"]);
}
