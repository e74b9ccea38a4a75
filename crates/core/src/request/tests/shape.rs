//! Opened again, taken as another kind, parted, answered together, set aside as spam, time worked.

use jiff::civil::date;

use super::{ACCESS, ANA, BEN, Case, SECOND_REVIEW, complete, data, package, reason};
use crate::access::Builtin;
use crate::flow::{Flow, TaskKey};
use crate::id::{Reference, RequestId, UserId};
use crate::law::Right;
use crate::pii::Pii;
use crate::request::Readers;
use crate::request::{
    Command, Denied, Event, Main, MainEnd, Money, Outcome, Reshape, SpamCause, Status, TaskState,
};

fn answered() -> Case {
    let mut case = Case::to_review(ACCESS);
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("taken");
    case.staff(ANA, Builtin::PrivacyOfficer, complete(data())).expect("completed");
    let built = package(&case);
    case.finish("delivery.package", Outcome::Built(built));
    case.finish("delivery.deliver", Outcome::Delivered);
    assert_eq!(case.request.status, Status::Completed);
    case
}

fn act(case: &mut Case, reshape: Reshape) -> Result<Vec<Event>, Denied> {
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Reshape(reshape))
}

fn reopen(from: Option<&str>, why: &str) -> Reshape {
    Reshape::Reopen { from: from.map(TaskKey::from_text), reason: reason(why) }
}

#[test]
fn an_answered_request_goes_on_from_the_task_named_and_keeps_its_date() {
    let mut case = answered();
    let due = case.request.due.clone();
    assert_eq!(act(&mut case, reopen(Some("collection.collect"), " ")), Err(Denied::ReasonMissing));
    let nowhere = Denied::AnswerMissing("where the work goes on".to_owned());
    assert_eq!(act(&mut case, reopen(None, "an account was forgotten")), Err(nowhere));
    let proven = reopen(Some("opening.identity"), "an account was forgotten");
    assert_eq!(act(&mut case, proven), Err(Denied::NotWaiting));
    let auditor = case.staff(BEN, Builtin::Auditor, Command::Reshape(reopen(None, "why")));
    assert_eq!(auditor, Err(Denied::NotAllowed));
    act(&mut case, reopen(Some("collection.collect"), "an account was forgotten")).expect("opened");
    assert_eq!(case.request.status, Status::InProgress);
    assert_eq!((case.request.closed_at, case.request.due.clone()), (None, due));
    let collect = case.request.tasks.get(&TaskKey::from_text("collection.collect")).expect("a run");
    assert_eq!((collect.state, collect.attempt), (TaskState::InProgress, 2));
    assert_eq!(case.state("delivery.deliver"), Some(TaskState::Again));
    assert_eq!(case.state("opening.identity"), Some(TaskState::Done), "nobody proves it twice");
    assert_eq!(act(&mut case, reopen(None, "again")), Err(Denied::NotClosed));
    let found = case.found();
    case.finish("collection.collect", Outcome::Collected(found));
    assert_eq!(case.state("review.data"), Some(TaskState::InProgress));
}

#[test]
fn a_refused_request_goes_on_where_it_was_cut_off() {
    let mut case = Case::to_review(ACCESS);
    let ground = case.law.refusal_grounds()[0].id.clone();
    let refuse = Command::Refuse { grounds: vec![ground], explanation: reason("Because") };
    case.staff(ANA, Builtin::PrivacyOfficer, refuse).expect("refused");
    act(&mut case, reopen(None, "The refusal was a mistake")).expect("opened");
    assert!(case.request.refusal.is_none());
    let review = case.request.tasks.get(&data()).expect("a run");
    assert_eq!((review.state, review.attempt, review.taken_by), (TaskState::InProgress, 2, None));
}

#[test]
fn another_kind_counts_from_the_same_day_and_begins_its_own_flow() {
    let mut case = Case::to_review(ACCESS);
    case.now = "2027-02-10T10:00:00Z".parse().unwrap();
    let mut terms = case.request.terms.clone();
    let same = Reshape::Reclassify { terms: Box::new(terms.clone()), reason: reason("x") };
    assert_eq!(act(&mut case, same), Err(Denied::NothingChanges));
    terms.activity = "copy".to_owned();
    terms.right = Right::Portability;
    terms.flow = "access-second-review".to_owned();
    // The context of the decision is that of the new terms.
    case.flow = Flow::parse("flow.yml", SECOND_REVIEW).expect("a flow");
    let foreign = crate::request::Terms { entity: "other".to_owned(), ..terms.clone() };
    let foreign = Reshape::Reclassify { terms: Box::new(foreign), reason: reason("x") };
    assert_eq!(act(&mut case, foreign), Err(Denied::NotAllowed));
    let to = Reshape::Reclassify { terms: Box::new(terms), reason: reason("She wants to take it along") };
    let events = act(&mut case, to).expect("taken as another kind");
    assert!(events.iter().any(|event| matches!(event, Event::DueComputed(_))), "its date is computed anew");
    assert_eq!(case.request.due.as_ref().and_then(|due| due.on), Some("2027-03-01".parse().unwrap()));
    assert_eq!(case.request.terms.right, Right::Portability);
    assert_eq!(case.state("opening.identity"), Some(TaskState::Done));
    let collect = case.request.tasks.get(&TaskKey::from_text("collection.collect")).expect("a run");
    assert_eq!((collect.state, collect.attempt), (TaskState::InProgress, 2), "no try has a number twice");
    let late = Command::Finish {
        task: TaskKey::from_text("collection.collect"),
        attempt: 1,
        outcome: Outcome::Collected(case.found()),
    };
    assert_eq!(case.system(late), Err(Denied::NotWaiting), "what the old flow still brings is late");
}

#[test]
fn a_wish_taken_out_leaves_the_request_with_both_tied() {
    let mut case = Case::to_review(ACCESS);
    let (other, reference) = (RequestId::new(case.now, &case.chance), Reference::new(&case.chance));
    let split =
        |why: &str| Reshape::SplitOff { request: other, reference: reference.clone(), reason: reason(why) };
    assert_eq!(act(&mut case, split("")), Err(Denied::ReasonMissing));
    act(&mut case, split("She also wants a correction")).expect("parted");
    assert_eq!(case.request.shape.split_into, [(other, reference.clone())]);
    let mut child = Case::new(ACCESS);
    child.request.id = RequestId::new("2027-02-11T10:00:00Z".parse().unwrap(), &child.chance);
    let parent = case.request.id;
    let readers = Readers::Only([UserId::new(child.now, &child.chance)].into());
    act(&mut child, Reshape::ComeFrom { from: parent, readers: readers.clone() }).expect("tied");
    assert_eq!(child.request.shape.split_from, Some(parent));
    assert_eq!(child.request.readers, readers, "hidden from whom the other is hidden from");
    child.system(Command::Verify { rung: "carried_over".to_owned() }).expect("proof");
    assert_eq!(child.state("opening.identity"), Some(TaskState::Done));
}

/// Two requests of the same person for the same, both proven; the clock of the second is a day later.
fn twins() -> (Case, Case) {
    let main = Case::to_review(ACCESS);
    let mut other = Case::to_review(ACCESS);
    other.request.id = RequestId::new("2027-02-01T10:00:00Z".parse().unwrap(), &other.chance);
    (main, other)
}

fn merge(main: &Case) -> Reshape {
    Reshape::Merge { into: Box::new(Main::of(&main.request)), reason: reason("The same question twice") }
}

#[test]
fn requests_are_merged_only_once_both_are_proven_to_be_of_the_same_person() {
    let (main, mut other) = twins();
    let mut unproven = Case::new(ACCESS);
    assert_eq!(act(&mut unproven, merge(&main)), Err(Denied::Unverified));
    let mut stranger = Main::of(&main.request);
    stranger.email = Pii::new("somebody@example.org".to_owned());
    let stranger = Reshape::Merge { into: Box::new(stranger), reason: reason("x") };
    assert_eq!(act(&mut other, stranger), Err(Denied::NotSame));
    let mut kind = Main::of(&main.request);
    kind.activity = "erasure".to_owned();
    let kind = Reshape::Merge { into: Box::new(kind), reason: reason("x") };
    assert_eq!(act(&mut other, kind), Err(Denied::NotSame));
    let itself = Reshape::Merge { into: Box::new(Main::of(&other.request)), reason: reason("x") };
    assert_eq!(act(&mut other, itself), Err(Denied::NotSame));
    act(&mut other, merge(&main)).expect("merged");
    assert_eq!(other.request.due.as_ref().and_then(|due| due.on), Some("2027-03-01".parse().unwrap()));
    assert_eq!(other.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())), Err(Denied::Merged));
    assert!(!other.request.status.is_closed(), "it is not lost");
}

#[test]
fn what_is_merged_ends_with_the_main_request_and_what_is_taken_out_goes_on() {
    let (mut main, mut other) = twins();
    let (main_id, other_id) = (main.request.id, other.request.id);
    act(&mut other, merge(&main)).expect("merged");
    act(&mut main, Reshape::TakeIn(other_id)).expect("noted");
    let follow = |end| Command::Reshape(Reshape::FollowMain { main: main_id, end });
    assert!(MainEnd::of(&main.request).is_none());
    let by_hand = other.staff(ANA, Builtin::Admin, follow(MainEnd::Answered { is_partial: false }));
    assert_eq!(by_hand, Err(Denied::NotAllowed));
    let (_, mut refused) = twins();
    refused.request.id = other_id;
    act(&mut refused, merge(&main)).expect("merged");
    // Taken out by the end of a request that was taken back.
    other.system(follow(MainEnd::Withdrawn)).expect("taken out");
    assert!(!other.request.is_merged());
    other.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("its own review goes on");
    act(&mut other, merge(&main)).expect("merged once more");
    other.system(follow(MainEnd::Answered { is_partial: true })).expect("answered");
    assert_eq!(other.request.status, Status::PartlyFulfilled);
    assert!(other.system(follow(MainEnd::Withdrawn)).expect("nothing").is_empty(), "late comes to nothing");
    let ground = main.law.refusal_grounds()[0].id.clone();
    let refuse = Command::Refuse { grounds: vec![ground], explanation: reason("Because") };
    main.staff(ANA, Builtin::PrivacyOfficer, refuse).expect("refused");
    let end = MainEnd::of(&main.request).expect("an end");
    refused.system(follow(end)).expect("refused with it");
    assert_eq!(refused.request.refusal, main.request.refusal, "on the same grounds, by the same person");
}

#[test]
fn spam_is_marked_with_a_reason_and_taken_back() {
    let mut case = Case::new(ACCESS);
    let mark = |why: &str| Reshape::MarkSpam { cause: SpamCause::Person, reason: reason(why) };
    assert_eq!(act(&mut case, mark("")), Err(Denied::ReasonMissing));
    act(&mut case, mark("An advertisement")).expect("marked");
    assert!(case.request.project().is_spam);
    assert!(!case.request.status.is_closed() && case.request.due.is_some(), "it keeps its way and its date");
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("proof");
    assert!(case.request.is_spam(), "a person's word stays until a person changes it");
    act(&mut case, Reshape::ClearSpam { reason: reason("It was a request after all") }).expect("cleared");
    assert!(!case.request.project().is_spam);
}

#[test]
fn proof_of_who_asks_takes_back_what_was_only_supposed() {
    let mut case = Case::new(ACCESS);
    let flood = Reshape::MarkSpam { cause: SpamCause::Flood, reason: Pii::default() };
    case.system(Command::Reshape(flood)).expect("marked");
    assert!(case.request.is_spam());
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("proof");
    assert!(!case.request.is_spam());
    let late = Reshape::MarkSpam { cause: SpamCause::Template, reason: Pii::default() };
    assert!(case.system(Command::Reshape(late)).expect("nothing").is_empty());
}

#[test]
fn time_worked_is_summed_at_the_rate_of_its_day_and_mistakes_are_struck_out() {
    let mut case = Case::to_review(ACCESS);
    let log = |minutes: u32, on: &str| Command::LogTime {
        on: on.parse().unwrap(),
        minutes,
        note: reason("Looked through the archive"),
    };
    case.staff(ANA, Builtin::CaseOwner, log(90, "2027-01-31")).expect("entered without a rate");
    case.settings.hour_rate = Some(Money { minor: 8_550, currency: "GBP".to_owned() });
    case.staff(BEN, Builtin::Steward, log(20, "2027-01-31")).expect("entered");
    case.staff(BEN, Builtin::Steward, log(600, "2027-01-30")).expect("entered");
    for (minutes, on) in [(0, "2027-01-31"), (1_441, "2027-01-31"), (5, "2027-02-01")] {
        assert!(matches!(case.staff(ANA, Builtin::CaseOwner, log(minutes, on)), Err(Denied::AnswerWrong(_))));
    }
    assert_eq!(case.staff(ANA, Builtin::Auditor, log(5, "2027-01-31")), Err(Denied::NotAllowed));
    assert_eq!(case.staff(ANA, Builtin::CaseOwner, Command::StrikeTime(3)), Err(Denied::NotAllowed));
    case.staff(BEN, Builtin::Steward, Command::StrikeTime(3)).expect("struck out");
    assert_eq!(case.request.minutes_worked(), 110);
    let cost: Vec<String> = case.request.cost_of_work().iter().map(ToString::to_string).collect();
    assert_eq!(cost, ["28.50 GBP"]);
    assert_eq!(case.request.hours[0].logged.on, date(2027, 1, 31));
}
