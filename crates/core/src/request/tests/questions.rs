//! Questions to the person and what they do to the legal date; what the clock wakes a request for.

use jiff::civil::date;

use super::super::{About, duties, governing};
use super::*;
use crate::law::Obligation;

fn ask(about: About, basis: &str) -> Command {
    Command::Ask { about, text: reason("Which years do you mean?"), basis: reason(basis) }
}

fn answer(number: u32) -> Command {
    Command::Answer { number, text: reason("From 2024 on"), answered_on: None }
}

impl Case {
    fn at(&mut self, instant: &str) {
        self.now = instant.parse().unwrap();
    }

    fn due(&self) -> (Option<jiff::civil::Date>, &str) {
        let due = self.request.due.as_ref().unwrap();
        (due.on, due.state.as_str())
    }
}

/// Received on 31 January 2027, a Sunday, and verified on the day.
fn verified() -> Case {
    let mut case = Case::new(ACCESS);
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).unwrap();
    case
}

#[test]
fn a_clarification_stops_the_clock_until_the_person_answers() {
    let mut case = verified();
    assert_eq!(case.due(), (Some(date(2027, 3, 1)), "running"));
    case.at("2027-02-10T10:00:00Z");
    case.staff(ANA, Builtin::PrivacyOfficer, ask(About::Clarification, "forty systems hold data")).unwrap();
    assert_eq!(case.due(), (None, "paused"));
    assert_eq!((case.request.status, case.request.waits_on()), (Status::AwaitingSubject, "subject"));
    case.at("2027-02-17T10:00:00Z");
    case.subject(answer(1)).unwrap();
    // Seven days of asking don't count, read strictly: 28 February and seven days, a Sunday, so Monday.
    assert_eq!(case.due(), (Some(date(2027, 3, 8)), "running"));
    assert_eq!(case.request.status, Status::InProgress);
}

#[test]
fn a_question_without_its_reason_goes_out_but_is_void() {
    let mut case = verified();
    case.at("2027-02-10T10:00:00Z");
    case.staff(ANA, Builtin::PrivacyOfficer, ask(About::Clarification, " ")).unwrap();
    assert_eq!(case.due(), (Some(date(2027, 3, 1)), "running"));
    assert_eq!(case.request.status, Status::AwaitingSubject);
    let ctx = case.context();
    let governing = governing(&case.request, &ctx).unwrap();
    let void = governing.ruling().unwrap().steps.iter().find(|step| step.rule == "void").unwrap();
    assert!(void.words.contains("wasn't asked as the law demands"), "{}", void.words);
}

#[test]
fn a_question_about_the_format_moves_nothing() {
    let mut case = verified();
    case.staff(ANA, Builtin::PrivacyOfficer, ask(About::Format, "")).unwrap();
    assert_eq!(case.due(), (Some(date(2027, 3, 1)), "running"));
    case.subject(answer(1)).unwrap();
    assert_eq!(case.due(), (Some(date(2027, 3, 1)), "running"));
}

#[test]
fn a_fee_starts_the_clock_when_staff_see_it_paid() {
    let mut case = verified();
    case.at("2027-02-02T10:00:00Z");
    case.staff(ANA, Builtin::PrivacyOfficer, ask(About::Fee, "the third request in a month")).unwrap();
    assert_eq!(case.due(), (None, "not_started"));
    case.at("2027-02-09T10:00:00Z");
    assert_eq!(case.subject(answer(1)).unwrap_err(), Denied::NotAllowed);
    let paid = |on| Command::Answer { number: 1, text: reason("Paid"), answered_on: Some(on) };
    let before = case.staff(ANA, Builtin::PrivacyOfficer, paid(date(2027, 2, 1))).unwrap_err();
    assert_eq!(before, Denied::AnswerWrong("the day of the answer".to_owned()));
    case.staff(ANA, Builtin::PrivacyOfficer, paid(date(2027, 2, 8))).unwrap();
    assert_eq!(case.due(), (Some(date(2027, 3, 8)), "running"));
}

#[test]
fn who_asks_what_is_bounded() {
    let mut case = Case::new(ACCESS);
    let nothing = Command::Ask { about: About::Format, text: reason(" "), basis: reason("") };
    for (role, command, expected) in [
        (Builtin::Auditor, ask(About::Identity, "doubts"), Denied::NotAllowed),
        (Builtin::PrivacyOfficer, nothing, Denied::AnswerMissing("the question".to_owned())),
        (Builtin::PrivacyOfficer, answer(1), Denied::NotWaiting),
    ] {
        assert_eq!(case.staff(ANA, role, command).unwrap_err(), expected);
    }
    case.staff(ANA, Builtin::PrivacyOfficer, ask(About::Identity, "two people of that name")).unwrap();
    let again = case.staff(BEN, Builtin::PrivacyOfficer, ask(About::Identity, "still in doubt"));
    assert_eq!(again.unwrap_err(), Denied::AlreadyAsked);
    // Who asks may be told before it is proven; what about is told only by who has proven it.
    case.staff(ANA, Builtin::PrivacyOfficer, ask(About::Clarification, "much data")).unwrap();
    assert_eq!(case.subject(answer(2)).unwrap_err(), Denied::Unverified);
    case.subject(answer(1)).unwrap();
}

#[test]
fn an_unanswered_question_is_put_before_a_person_and_closes_nothing() {
    let mut case = verified();
    case.at("2027-02-10T10:00:00Z");
    case.staff(ANA, Builtin::PrivacyOfficer, ask(About::Clarification, "much data")).unwrap();
    let wake = || Command::Wake(Timer::QuestionDue { number: 1 });
    case.at("2027-02-20T10:00:00Z");
    assert!(case.system(wake()).unwrap().is_empty(), "on the last day it is not too late");
    case.at("2027-02-21T06:00:00Z");
    assert_eq!(case.system(wake()).unwrap().len(), 1);
    assert!(case.system(wake()).unwrap().is_empty(), "once");
    assert!(case.request.needs_attention() && !case.request.status.is_closed());
    case.subject(answer(1)).unwrap();
    assert!(!case.request.needs_attention());
}

/// Where no law wants a reason and the organisation has set so, nobody is asked; the person is told either way.
#[test]
fn more_time_is_taken_without_a_person_only_where_the_law_wants_no_reason() {
    let free = UK.replace("[periods.extension]\n", "[periods.extension]\nneeds_reason = false\n");
    for (law, is_set, expected) in [
        (free.as_str(), true, (Some(date(2027, 4, 30)), false)),
        (free.as_str(), false, (Some(date(2027, 3, 1)), true)),
        (UK, true, (Some(date(2027, 3, 1)), true)),
    ] {
        let mut case = Case::under(ACCESS, law);
        case.request.terms.targets.extends_itself = is_set;
        case.now = "2027-02-23T10:00:00Z".parse().unwrap();
        let decision = case.request.decide(Command::Wake(Timer::ExtensionDue), &case.context()).unwrap();
        let after = &decision.request;
        let due = after.due.as_ref().and_then(|due| due.on);
        assert_eq!((due, after.extension_proposed_at.is_some()), expected, "{is_set}");
        let is_told = decision.events.iter().any(|event| matches!(event, Event::Extended(_)));
        assert_eq!(is_told, due != Some(date(2027, 3, 1)));
    }
}

#[test]
fn more_time_is_proposed_a_week_before_the_date() {
    let mut case = verified();
    let wake = || Command::Wake(Timer::ExtensionDue);
    case.at("2027-02-21T06:00:00Z");
    assert!(case.system(wake()).unwrap().is_empty());
    case.at("2027-02-22T06:00:00Z");
    assert_eq!(case.system(wake()).unwrap().len(), 1);
    assert!(case.request.extension_proposed_at.is_some());
    let extend = Command::Extend { reason: reason("Forty systems"), until: None };
    case.staff(ANA, Builtin::PrivacyOfficer, extend).unwrap();
    assert_eq!((case.request.extension_proposed_at, case.due().0), (None, Some(date(2027, 4, 30))));
}

#[test]
fn a_date_that_passed_is_missed_and_under_some_laws_a_refusal() {
    for (law, expected) in [(UK, "missed"), (QUEBEC, "deemed_refused")] {
        let mut case = Case::under(ACCESS, law);
        let due_on = case.due().0.unwrap();
        case.at(&format!("{due_on}T23:00:00Z"));
        assert!(case.system(Command::Wake(Timer::DuePassed)).unwrap().is_empty(), "{law}");
        let after = due_on.tomorrow().unwrap();
        case.at(&format!("{after}T06:00:00Z"));
        assert_eq!(case.system(Command::Wake(Timer::DuePassed)).unwrap().len(), 1, "{law}");
        assert_eq!(case.due(), (Some(due_on), expected));
    }
}

#[test]
fn of_several_laws_the_earliest_date_rules() {
    let case = Case::under(ACCESS, CALIFORNIA);
    assert_eq!(case.due().0, Some(date(2027, 3, 17)));
    let uk = Pack::parse(UK).unwrap();
    let ctx = Context { also: vec![&uk], ..case.context() };
    let governing = governing(&case.request, &ctx).unwrap();
    let dates: Vec<_> = governing.deadlines.iter().map(|d| (d.law.as_str(), d.due.unwrap())).collect();
    assert_eq!(dates, [("us-ca", date(2027, 3, 17)), ("uk-gdpr", date(2027, 3, 1))]);
    assert_eq!(governing.ruling().unwrap().law, "uk-gdpr");
}

#[test]
fn duties_beside_the_answer_have_their_dates() {
    let case = Case::under(ACCESS, CALIFORNIA);
    let duties = duties(&case.request, &case.context());
    let dates: Vec<_> = duties.iter().map(|duty| (duty.obligation, duty.due.unwrap())).collect();
    assert_eq!(
        dates,
        [
            (Obligation::Response, date(2027, 3, 17)),
            (Obligation::Acknowledgement, date(2027, 2, 11)),
            (Obligation::RefusalNotice, date(2027, 3, 17)),
            (Obligation::ExtensionNotice, date(2027, 3, 17)),
        ]
    );
}
