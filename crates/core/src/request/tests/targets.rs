//! Targets stand beside the legal date and are never later.

use super::{Case, Outcome};
use crate::access::Builtin;
use crate::request::Command;
use crate::target::{self, Target, milestones, ready_by};

const SMALL: &str = include_str!("../../../../../flows/small-saas-uk.yml");

/// Returns each milestone as a line.
fn lines(case: &Case) -> Vec<String> {
    let ctx = case.context();
    let line = |milestone: target::Milestone| {
        let reached = milestone.reached_on.map_or_else(|| "open".to_owned(), |on| on.to_string());
        let late = if milestone.is_late { " late" } else { "" };
        format!("{} {} {reached}{late}", milestone.title, milestone.on)
    };
    milestones(&case.request, &ctx).into_iter().map(line).collect()
}

#[test]
fn stages_have_days_from_receipt_and_none_lies_beyond_the_law() {
    let mut case = Case::new(SMALL);
    case.settings.targets = target::small_saas_uk();
    case.finish("receipt.acknowledge", Outcome::Acknowledged);
    case.finish("receipt.duplicates", Outcome::DuplicatesFound(Vec::new()));
    case.now = "2027-02-06T10:00:00Z".parse().unwrap();
    assert_eq!(
        lines(&case),
        [
            "Receipt 2027-02-01 2027-01-31",
            "Identity 2027-02-05 open late",
            "Clarification 2027-02-10 open",
            "Compilation 2027-02-20 open",
            "Quality review 2027-02-25 open",
            // Day 30 would be 2 March; the law says 1 March.
            "Delivery 2027-03-01 open",
        ]
    );
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("proof");
    assert_eq!(lines(&case)[1], "Identity 2027-02-05 2027-02-06 late");
    case.settings.targets = vec![Target { right: None, stage: "delivery".to_owned(), days: 365 }];
    assert_eq!(lines(&case), ["Delivery 2027-03-01 open"]);
}

#[test]
fn an_answer_should_be_ready_some_days_before_the_legal_date() {
    let mut case = Case::new(SMALL);
    for (days, expected) in [(2, "2027-02-27"), (0, "2027-03-01"), (60, "2027-01-31")] {
        case.request.terms.targets.target_days = days;
        let ctx = case.context();
        assert_eq!(ready_by(&case.request, &ctx), Some(expected.parse().unwrap()), "{days}");
    }
}

#[test]
fn a_second_person_checks_the_quality() {
    let mut case = Case::new(SMALL);
    case.finish("receipt.acknowledge", Outcome::Acknowledged);
    case.finish("receipt.duplicates", Outcome::DuplicatesFound(Vec::new()));
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("proof");
    assert!(case.state("clarification.scope").is_some() && case.state("compilation.collect").is_none());
    let take = |task: &str| Command::Take(crate::flow::TaskKey::from_text(task));
    let done = |task: &str| super::complete(crate::flow::TaskKey::from_text(task));
    case.staff(super::ANA, Builtin::CaseOwner, take("clarification.scope")).expect("taken");
    case.staff(super::ANA, Builtin::CaseOwner, done("clarification.scope")).expect("clear");
    let found = case.found();
    case.finish("compilation.collect", Outcome::Collected(found));
    case.finish("compilation.owners", Outcome::OwnersAsked(Vec::new()));
    case.staff(super::ANA, Builtin::Admin, take("compilation.data")).expect("taken");
    case.staff(super::ANA, Builtin::Admin, done("compilation.data")).expect("looked through");
    assert!(case.staff(super::ANA, Builtin::Admin, take("quality.check")).is_err(), "not the same person");
    case.staff(super::BEN, Builtin::PrivacyOfficer, take("quality.check")).expect("taken");
}
