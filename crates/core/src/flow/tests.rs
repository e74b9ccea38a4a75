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
    assert_eq!(check_roles(&flow, |name| name.as_str() == "privacy_officer"), Vec::new());
    let said = check_roles(&flow, |_| false);
    let said: Vec<String> = said.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["task review.data: there is no role privacy_officer"]);
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
    let fields: Vec<_> = flow.form_fields().into_iter().map(|f| (f.label.as_str(), f.kind)).collect();
    assert_eq!(fields, [("Your e-mail", Kind::Email)]);
}

#[test]
fn two_types_under_one_label_are_a_problem() {
    let to = "operation: verify_identity, inputs: { address: { input: Same, type: phone } } }\n      - { key: again, title: A, operation: acknowledge, inputs: { address: { input: Same, type: email } } }";
    check("operation: verify_identity }", to, &["Same"]);
}

/// A flow that uses every property a task can have.
const EVERYTHING: &str = r#"
flow: everything
title: "Everything: at once"
stages:
  - key: opening
    title: Opening
    tasks:
      - { key: receipt, title: Receipt, operation: acknowledge, deadline: 1 hour, inputs: { address: { input: "What is your e-mail address?", type: email } } }
      - { key: duplicates, title: Duplicates, operation: check_duplicates, deadline: 2 hours }
      - { key: identity, title: Identity, operation: verify_identity, inputs: { address: { input: "What is your e-mail address?", type: email } }, order: 2, deadline: 1 hour }
  - key: work
    title: Work
    tasks:
      - { key: collect, title: Collect, operation: collect, start: { next: "0 9 * * 1-5" } }
      - key: look
        title: Look
        description: "With care: twice"
        role: case_owner
        order: 2
        deadline: 48 hours
        condition: 'request.country == "GB" && outputs["opening.duplicates"].count > 0.0'
        on_reject: continue
        reminders:
          - { after: 24 hours, to: role steward }
          - { after: 36 hours, to: case_owner }
          - { after: 40 working_hours, to: user ada@example.org }
          - { after: 1 working_day, to: holder }
        shows:
          Reason: { input: Why do you ask?, type: choice, list: reasons, required: false }
          "The file: all of it": { link: work.collect.records, as: table, mandatory: true }
          A hint: { value: "yes", to_subject: true }
        asks:
          - { name: period, label: Which time?, type: date_range, on_complete: true }
          - { name: told, label: What is told, type: choice, list: reasons, on_reject: true, shown_to_subject: Told }
      - { key: remind, title: Ask the supervisor, role: supervisor, order: 2, late: { task: work.look, after: 3 hours }, mandatory: false, deadline: 24 hours }
  - key: reply
    title: Reply
    tasks:
      - { key: package, title: Package, operation: build_package, inputs: { records: { link: work.collect.records } } }
      - { key: deliver, title: Deliver, operation: deliver, order: 2, inputs: { package: { link: reply.package.package } } }
"#;

fn everything() -> Flow {
    Flow::parse("everything.yml", EVERYTHING).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn what_is_written_reads_back_as_the_same_flow() {
    for text in [ACCESS, SECOND_REVIEW, EVERYTHING] {
        let flow = Flow::parse("flow.yml", text).expect("a flow");
        let written = flow.to_yaml();
        let again = Flow::parse("written.yml", &written);
        assert_eq!(again.unwrap_or_else(|problems| panic!("{problems:?} in:\n{written}")), flow);
    }
}

#[test]
fn words_that_yaml_reads_otherwise_are_quoted() {
    for odd in [
        "yes", "null", "1", "- a", "a: b", "#", "'", "\"", "a\nb", "{", "*", "!x", "  ", "é", "=", "~",
        "a #b",
    ] {
        let mut flow = everything();
        flow.description = odd.to_owned();
        flow.stages[0].title = odd.to_owned();
        flow.stages[1].tasks[1].title = odd.to_owned();
        let written = flow.to_yaml();
        let again = Flow::parse_draft("written.yml", &written);
        assert_eq!(again.unwrap_or_else(|problems| panic!("{problems:?} in:\n{written}")), flow, "{odd:?}");
    }
}

#[test]
fn work_adds_up_over_orders_and_counts_the_longest_of_what_runs_at_once() {
    let flow = everything();
    let stages: Vec<u32> = flow.stages.iter().map(super::Stage::work_hours).collect();
    assert_eq!(stages, [3, 48, 0]);
    assert_eq!((flow.work_hours(), flow.work_days()), (51, 7));
}

#[test]
fn equal_labels_of_several_tasks_are_asked_once_and_lists_are_known() {
    let flow = everything();
    let fields: Vec<_> = flow.form_fields().into_iter().map(|f| (f.label.as_str(), f.is_required)).collect();
    assert_eq!(fields, [("What is your e-mail address?", true), ("Why do you ask?", false)]);
    assert_eq!(flow.lists().into_iter().collect::<Vec<_>>(), ["reasons"]);
}

fn everything_but(from: &str, to: &str, said: &[&str]) {
    assert!(EVERYTHING.contains(from), "the flow holds {from:?}");
    let problems = Flow::parse("everything.yml", &EVERYTHING.replacen(from, to, 1)).expect_err("a problem");
    let text = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    for part in said {
        assert!(text.contains(part), "expected {part:?} in:\n{text}");
    }
}

#[test]
fn conditions_and_rules_are_checked_where_they_stand() {
    everything_but(
        "request.country ==",
        "country ==",
        &["everything.yml:21", "request, form and outputs, not country"],
    );
    everything_but("request.country == \"GB\"", "request.country ==", &["the condition can't be read"]);
    everything_but(
        "outputs[\"opening.duplicates\"]",
        "outputs[\"reply.package\"]",
        &["task work.look", "reply.package, which does not come before"],
    );
    everything_but("0 9 * * 1-5", "0 25 * * 1-5", &["five parts"]);
    everything_but("0 9 * * 1-5", "0 0 9 * * 1-5", &["five parts"]);
    everything_but("after: 24 hours, to: role steward", "after: soon, to: role steward", &["48 hours"]);
    everything_but("to: case_owner", "to: everybody", &["'case_owner'"]);
    everything_but(
        "type: choice, list: reasons, required",
        "type: choice, required",
        &["name the custom list"],
    );
    everything_but(
        "late: { task: work.look",
        "late: { task: work.collect",
        &["task work.remind", "could never start"],
    );
    everything_but("late: { task: work.look", "late: { task: reply.package", &["not a task of this stage"]);
}

#[test]
fn what_may_be_left_out_is_nothing_others_stand_on() {
    everything_but(
        "operation: collect, start",
        "operation: collect, condition: 'request.country == \"GB\"', start",
        &["task reply.package", "links to work.collect, which may be skipped"],
    );
    everything_but(
        "operation: deliver, order: 2",
        "operation: deliver, order: 2, condition: 'request.country == \"GB\"'",
        &["every reply to the person may be left out"],
    );
    everything_but(
        "operation: verify_identity,",
        "operation: verify_identity, condition: 'true',",
        &["task opening.identity", "can't be waived"],
    );
}

#[test]
fn conditions_hold_or_not_or_say_that_they_cannot_tell() {
    let holds = |text: &str| {
        let facts = serde_json::json!({
            "request": {"right": "access", "country": "GB"},
            "form": {"Orders?": "yes"},
            "outputs": {"opening.duplicates": {"count": 2.0}},
        });
        super::Condition::parse(text).expect("a condition").holds(&facts)
    };
    assert_eq!(holds("request.country in ['GB', 'IE']"), Ok(true));
    assert_eq!(holds("form['Orders?'] == 'no'"), Ok(false));
    assert_eq!(holds("outputs['opening.duplicates'].count >= 2.0"), Ok(true));
    assert_eq!(holds("has(request.state) && request.state == 'CA'"), Ok(false));
    assert!(holds("request.state == 'CA'").is_err());
    assert!(holds("request.country").is_err());
}

#[test]
fn a_rule_gives_the_next_instant_in_the_zone() {
    let rule = super::Schedule::parse("30 9 * * 1-5").expect("a rule");
    let next = |now: &str| rule.next(&now.parse().expect("an instant")).expect("a next one").to_string();
    assert_eq!(next("2026-11-27T09:30:00+00:00[Europe/London]"), "2026-11-30T09:30:00+00:00[Europe/London]");
    assert_eq!(next("2026-03-28T12:00:00+00:00[Europe/London]"), "2026-03-30T09:30:00+01:00[Europe/London]");
}

const RECTIFICATION: &str = include_str!("../../../../flows/rectification.yml");

/// Changes the built-in flow of corrections and returns what is said of it.
fn correction_but(from: &str, to: &str, said: &str) {
    assert!(RECTIFICATION.contains(from), "the flow holds {from:?}");
    let text = RECTIFICATION.replacen(from, to, 1);
    let problems = Flow::parse("rectification.yml", &text).expect_err("a problem");
    let text = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(text.contains(said), "expected {said:?} in:\n{text}");
}

#[test]
fn nothing_is_corrected_that_nobody_has_approved() {
    Flow::parse("rectification.yml", RECTIFICATION).unwrap_or_else(|problems| panic!("{problems:?}"));
    let approval = "a person must approve the plan before it";
    correction_but("on_reject: rework work.look", "on_reject: continue", approval);
    correction_but(
        "deadline: 3 working_days\n        on_reject",
        "mandatory: false\n        on_reject",
        approval,
    );
    correction_but("order: 3\n        role: case_owner", "order: 4\n        role: case_owner", approval);
    let no_proof = "operation: check_duplicates }\n  - key: work";
    let proof = "operation: verify_identity }\n  - key: work";
    correction_but(proof, no_proof, "verify_identity must come before it");
}
