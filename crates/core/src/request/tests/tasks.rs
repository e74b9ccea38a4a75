//! Tasks that start later, beside a late one, or not at all; reminders; who may act on them.

use std::collections::BTreeMap;

use super::{
    ACCESS, ANA, Builtin, Case, Command, Denied, Event, Outcome, Pii, TaskKey, TaskState, Timer, complete,
    no_answers, reason,
};
use crate::request::{Answers, Skip, react};

impl Case {
    /// A request whose identity is proven, in a stage with these tasks.
    fn in_stage(tasks: &str) -> Self {
        let stage = format!("  - key: extra\n    title: Extra\n    tasks:\n{tasks}\n  - key: collection\n");
        let mut case = Self::new(&ACCESS.replace("  - key: collection\n", &stage));
        case.finish("opening.acknowledge", Outcome::Acknowledged);
        case.finish("opening.duplicates", Outcome::DuplicatesFound(Vec::new()));
        case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("proof");
        case
    }

    fn until(&mut self, now: &str) {
        self.now = now.parse().expect("an instant");
    }

    fn wake(&mut self, timer: Timer) -> Vec<Event> {
        self.system(Command::Wake(timer)).expect("a wake")
    }

    /// Has everybody's favourite steward take and complete a task.
    fn do_task(&mut self, task: &str) {
        self.staff(ANA, Builtin::PrivacyOfficer, Command::Take(key(task))).expect("taken");
        self.staff(ANA, Builtin::PrivacyOfficer, complete(key(task))).expect("completed");
    }
}

fn key(task: &str) -> TaskKey {
    TaskKey::from_text(task)
}

fn manual(key: &str, more: &str) -> String {
    format!("      - {{ key: {key}, title: {key}, role: privacy_officer{more} }}\n")
}

#[test]
fn a_condition_decides_whether_a_task_is_done() {
    let check = |condition: &str, expected: TaskState| {
        let case = Case::in_stage(&manual("one", &format!(", condition: '{condition}'")));
        assert_eq!(case.state("extra.one"), Some(expected), "{condition}");
        case
    };
    check("request.right == \"access\" && request.channel == \"portal\"", TaskState::InProgress);
    check("outputs[\"opening.duplicates\"].count > 0", TaskState::Skipped);
    check("outputs[\"opening.duplicates\"].count == 0.0", TaskState::InProgress);
    check("outputs[\"opening.identity\"].state == \"done\"", TaskState::InProgress);
    check("has(request.country) && request.country == \"GB\"", TaskState::Skipped);
    let skipped = check("request.law != \"uk-gdpr\"", TaskState::Skipped);
    assert_eq!(skipped.state("collection.collect"), Some(TaskState::InProgress), "the flow goes on");
}

#[test]
fn a_condition_nobody_can_tell_waits_for_a_person_and_is_never_guessed() {
    let undecided = || {
        let case = Case::in_stage(&manual("one", ", condition: 'request.country == \"GB\"'"));
        assert_eq!(case.state("extra.one"), Some(TaskState::Failed));
        assert_eq!(case.state("collection.collect"), None);
        assert!(case.request.needs_attention());
        case
    };
    let mut done = undecided();
    done.staff(ANA, Builtin::PrivacyOfficer, Command::Retry(key("extra.one"))).expect("a start");
    assert_eq!(done.state("extra.one"), Some(TaskState::InProgress));

    let mut left = undecided();
    let skip = |why: &str| Command::Skip { task: key("extra.one"), reason: reason(why) };
    assert_eq!(left.staff(ANA, Builtin::PrivacyOfficer, skip(" ")), Err(Denied::ReasonMissing));
    assert_eq!(left.staff(ANA, Builtin::Auditor, skip("no")), Err(Denied::NotAllowed));
    left.staff(ANA, Builtin::PrivacyOfficer, skip("she lives in Spain")).expect("left out");
    assert_eq!(left.state("extra.one"), Some(TaskState::Skipped));
    assert_eq!(left.state("collection.collect"), Some(TaskState::InProgress));
    let again = left.staff(ANA, Builtin::PrivacyOfficer, skip("again"));
    assert_eq!(again, Err(Denied::NotWaiting), "only what could not be told is left out");
}

#[test]
fn a_task_with_a_rule_starts_at_the_next_instant_that_fits() {
    // The request came in on a Sunday.
    let mut case = Case::in_stage(&manual("one", ", start: { next: \"0 9 * * 1-5\" }"));
    assert_eq!(case.state("extra.one"), Some(TaskState::Planned));
    let start = || Timer::TaskStart { task: key("extra.one"), attempt: 1 };
    case.until("2027-02-01T08:59:59Z");
    assert!(case.wake(start()).is_empty());
    let take = case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(key("extra.one")));
    assert_eq!(take, Err(Denied::NotWaiting));
    case.until("2027-02-01T09:00:00Z");
    case.wake(start());
    assert_eq!(case.state("extra.one"), Some(TaskState::InProgress));
    assert!(case.wake(start()).is_empty(), "a timer that fires twice starts nothing twice");
}

#[test]
fn a_task_starts_beside_a_late_one_only_if_it_is_late() {
    let tasks = manual("first", "") + &manual("help", ", late: { task: extra.first, after: 24 hours }");
    let start = || Timer::TaskStart { task: key("extra.help"), attempt: 1 };

    let mut in_time = Case::in_stage(&tasks);
    assert_eq!(in_time.state("extra.help"), Some(TaskState::Planned));
    in_time.do_task("extra.first");
    assert_eq!(in_time.state("extra.help"), Some(TaskState::Skipped));
    assert_eq!(in_time.state("collection.collect"), Some(TaskState::InProgress));
    in_time.until("2027-02-01T10:00:00Z");
    assert!(in_time.wake(start()).is_empty());

    let mut late = Case::in_stage(&tasks);
    late.until("2027-02-01T09:59:59Z");
    assert!(late.wake(start()).is_empty());
    late.until("2027-02-01T10:00:00Z");
    late.wake(start());
    assert_eq!(late.state("extra.help"), Some(TaskState::InProgress));
    late.do_task("extra.first");
    assert_eq!(late.state("collection.collect"), None, "what has started is waited for");
    late.do_task("extra.help");
    assert_eq!(late.state("collection.collect"), Some(TaskState::InProgress));
}

#[test]
fn a_task_that_is_not_mandatory_is_waived_at_its_deadline() {
    let mut case = Case::in_stage(&manual("one", ", mandatory: false, deadline: 2 days"));
    case.until("2027-02-02T10:00:00Z");
    case.wake(Timer::TaskDue { task: key("extra.one"), attempt: 1 });
    assert_eq!(case.state("extra.one"), Some(TaskState::Waived));
    assert_eq!(case.state("collection.collect"), Some(TaskState::InProgress));
}

#[test]
fn reminders_come_at_their_time_each_once_and_none_after_the_end() {
    let reminders = ", reminders: [{ after: 24 hours, to: holder }, { after: 36 hours, to: case_owner }]";
    let mut case = Case::in_stage(&manual("one", reminders));
    let remind = |number| Timer::TaskReminder { task: key("extra.one"), attempt: 1, number };
    let run = case.request.running(&key("extra.one")).expect("a run");
    assert_eq!(run.attempt, 1);
    let started = case.entries.iter().filter_map(|entry| Event::from_record(&entry.record).ok());
    let jobs: Vec<_> = started
        .filter(|event| matches!(event, Event::TaskStarted(it) if it.task == key("extra.one")))
        .flat_map(|event| react(&case.request, &event, 9, case.now, 10))
        .map(|job| job.run_at.to_string())
        .collect();
    assert_eq!(jobs, ["2027-01-31T10:00:00Z", "2027-02-01T10:00:00Z", "2027-02-01T22:00:00Z"]);
    case.until("2027-02-01T10:00:00Z");
    let events = case.wake(remind(1));
    assert!(matches!(events.as_slice(), [Event::TaskReminded(it)] if it.number == 1), "{events:?}");
    assert!(case.wake(remind(1)).is_empty());
    case.do_task("extra.one");
    case.until("2027-02-01T22:00:00Z");
    assert!(case.wake(remind(2)).is_empty());
}

#[test]
fn what_must_be_there_is_there_before_a_task_is_completed() {
    let asks = ", on_reject: continue, asks: [{ name: note, label: Note, type: text }]";
    let shows = ", order: 2, shows: { Note: { link: extra.one.note, mandatory: true } }";
    let tasks = manual("one", asks) + &manual("two", shows);

    let mut without = Case::in_stage(&tasks);
    without.do_task("extra.one");
    without.staff(ANA, Builtin::PrivacyOfficer, Command::Take(key("extra.two"))).expect("taken");
    let refused = without.staff(ANA, Builtin::PrivacyOfficer, complete(key("extra.two")));
    assert_eq!(refused, Err(Denied::ShowMissing("Note".to_owned())));

    let mut with = Case::in_stage(&tasks);
    let answers: Answers = Pii::new(BTreeMap::from([("note".to_owned(), "two systems".to_owned())]));
    with.staff(ANA, Builtin::PrivacyOfficer, Command::Take(key("extra.one"))).expect("taken");
    let done = Command::Complete { task: key("extra.one"), answers, undecided: 0 };
    with.staff(ANA, Builtin::PrivacyOfficer, done).expect("completed");
    with.do_task("extra.two");
    assert_eq!(with.state("extra.two"), Some(TaskState::Done));
}

#[test]
fn a_rejection_that_goes_on_is_linked_to_by_whoever_comes_next() {
    let shows = ", order: 2, shows: { Legal said: { link: extra.one.rejection } }";
    let tasks = manual("one", ", on_reject: continue") + &manual("two", shows);
    let mut case = Case::in_stage(&tasks);
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(key("extra.one"))).expect("taken");
    let reject = Command::Reject {
        task: key("extra.one"),
        answers: no_answers(),
        reason: reason("the invoices are missing"),
    };
    case.staff(ANA, Builtin::PrivacyOfficer, reject).expect("rejected");
    let task = case.flow.task(&key("extra.two")).and_then(|task| task.manual()).expect("a task");
    let said = case.request.text_of(&case.flow, &task.shows[0].source);
    assert_eq!(said.as_deref(), Some("the invoices are missing"));
}

#[test]
fn rework_asks_conditions_anew_and_starts_planned_tasks_again() {
    let tasks = manual("one", ", condition: 'request.law == \"uk-gdpr\"'")
        + &manual("two", ", order: 2, condition: 'request.law != \"uk-gdpr\"'")
        + &manual("three", ", order: 3, on_reject: rework extra.one");
    let mut case = Case::in_stage(&tasks);
    case.do_task("extra.one");
    assert_eq!(case.state("extra.two"), Some(TaskState::Skipped));
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(key("extra.three"))).expect("taken");
    let reject = Command::Reject { task: key("extra.three"), answers: no_answers(), reason: reason("again") };
    let events = case.staff(ANA, Builtin::PrivacyOfficer, reject).expect("rejected");
    assert_eq!(case.state("extra.one"), Some(TaskState::InProgress));
    assert!(
        events.iter().all(|event| !matches!(event, Event::TaskSkipped(it) if it.cause != Skip::Condition))
    );
    case.do_task("extra.one");
    assert_eq!(case.state("extra.two"), Some(TaskState::Skipped));
    assert_eq!(case.state("extra.three"), Some(TaskState::InProgress));
}
