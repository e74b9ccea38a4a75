//! What the owners of sources are asked: nothing goes on without their answer or a person's reason.

use jiff::civil::date;

use super::*;
use crate::access::Action;
use crate::record::{Coverage, Outcome as Searched};
use crate::request::{FILES_MAX, FileAdded, OwnerAct, ToAsk};

const FLOW: &str = "\
flow: asked
title: Asked
description: Owners are asked beside the search.
stages:
  - key: opening
    title: Opening
    tasks:
      - { key: identity, title: Prove identity, operation: verify_identity }
  - key: collection
    title: Collection
    tasks:
      - { key: collect, title: Gather, operation: collect }
      - { key: owners, title: Ask owners, operation: ask_owner, deadline: 14 days }
  - key: review
    title: Review
    tasks:
      - { key: data, title: Look, work: data_review, role: privacy_officer, on_reject: rework collection.collect }
  - key: delivery
    title: Delivery
    tasks:
      - key: package
        title: Make
        operation: build_package
        inputs: { records: { link: collection.collect.records } }
      - { key: deliver, title: Tell, operation: deliver, order: 2, inputs: { package: { link: delivery.package.package } } }
";

const OWNERS: &str = "collection.owners";
const CLARA: usize = 2;

fn to_ask(source: &str, owner: Option<usize>) -> ToAsk {
    let owner = owner.map(Case::user);
    let datasets = vec![source.to_owned()];
    ToAsk { source: source.to_owned(), owner, confirms: false, about: "Paper files".to_owned(), datasets }
}

fn act(source: &str, act: OwnerAct) -> Command {
    Command::Owner(source.to_owned(), act)
}

fn answer(holds: bool) -> OwnerAct {
    OwnerAct::Answer { holds, as_of: date(2027, 1, 31), note: reason("Cabinet 4") }
}

fn of(role: Builtin) -> Role {
    Role::parse(role.as_str(), role.text()).expect("a role")
}

fn excuse(source: &str) -> Command {
    Command::Excuse {
        source: source.to_owned(),
        reason: reason("The owner has left and the cabinet is sealed"),
    }
}

impl Case {
    fn owners(&mut self, wanted: Vec<ToAsk>) -> Vec<Event> {
        self.system(Command::Finish {
            task: TaskKey::from_text(OWNERS),
            attempt: self.request.running(&TaskKey::from_text(OWNERS)).map_or(1, |run| run.attempt),
            outcome: Outcome::OwnersAsked(wanted),
        })
        .expect("owners are asked")
    }

    fn file(&self, is_of_others: bool) -> OwnerAct {
        OwnerAct::Add(Box::new(FileAdded {
            source: String::new(),
            blob: BlobId::new(self.now, &self.chance),
            name: reason("file.pdf"),
            media_type: "application/pdf".to_owned(),
            byte_count: 10,
            is_of_others,
        }))
    }

    fn by_owner(&mut self, who: usize, source: &str, does: OwnerAct) -> Result<Vec<Event>, Denied> {
        self.staff(who, Builtin::SourceOwner, act(source, does))
    }

    fn owners_state(&self) -> TaskState {
        self.request.tasks[&TaskKey::from_text(OWNERS)].state
    }
}

/// Verified, searched, and asked of two owners.
fn asked() -> Case {
    let mut case = Case::new(FLOW);
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).unwrap();
    case.owners(vec![to_ask("hr", Some(CLARA)), to_ask("archive", None)]);
    case
}

#[test]
fn where_nobody_is_to_be_asked_the_task_is_over_at_once() {
    let mut case = Case::new(FLOW);
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).unwrap();
    case.owners(Vec::new());
    assert_eq!(case.owners_state(), TaskState::Done);
}

#[test]
fn the_flow_goes_on_once_each_source_has_its_answer_or_a_reason() {
    let mut case = asked();
    assert_eq!((case.owners_state(), case.request.waits_on()), (TaskState::InProgress, "staff"));
    let listed: Vec<_> =
        case.request.project().tasks.into_iter().filter(|task| task.key.asked().is_some()).collect();
    assert_eq!(listed.len(), 2, "each source is a task of its own");
    assert_eq!(listed[1].taken_by, Some(Case::user(CLARA)), "and its owner's from the beginning");
    let file = case.file(false);
    case.by_owner(CLARA, "hr", file).unwrap();
    case.by_owner(CLARA, "hr", answer(true)).unwrap();
    assert_eq!(case.owners_state(), TaskState::InProgress);
    let late = case.file(false);
    assert_eq!(case.by_owner(CLARA, "hr", late).unwrap_err(), Denied::NotWaiting);
    case.staff(ANA, Builtin::Supervisor, excuse("archive")).unwrap();
    assert_eq!(case.owners_state(), TaskState::Done);
    assert_eq!(case.request.tasks[&TaskKey::from_text(OWNERS)].answers.reveal()["holding"], "1");
}

#[test]
fn only_whoever_it_is_given_to_answers() {
    let mut case = asked();
    for (source, who, expected) in [
        ("hr", BEN, Denied::TakenByOther),
        ("archive", CLARA, Denied::NotTaken),
        ("shop", CLARA, Denied::NotWaiting),
    ] {
        let file = case.file(false);
        assert_eq!(case.by_owner(who, source, file).unwrap_err(), expected, "{source}");
        assert_eq!(case.by_owner(who, source, answer(false)).unwrap_err(), expected, "{source}");
    }
    assert_eq!(case.staff(ANA, Builtin::Auditor, act("hr", OwnerAct::Take)).unwrap_err(), Denied::NotAllowed);
    assert_eq!(case.staff(CLARA, Builtin::SourceOwner, excuse("archive")).unwrap_err(), Denied::NotAllowed);
    let silent = Command::Excuse { source: "archive".to_owned(), reason: reason(" ") };
    assert_eq!(case.staff(ANA, Builtin::Supervisor, silent).unwrap_err(), Denied::ReasonMissing);
}

#[test]
fn what_is_nobodys_is_taken_or_given_by_those_who_assign_work() {
    let mut case = asked();
    case.staff(ANA, Builtin::Supervisor, act("archive", OwnerAct::Take)).unwrap();
    let to = OwnerAct::HandOver(Case::user(BEN), vec![of(Builtin::Auditor)]);
    let wrong = case.staff(ANA, Builtin::Supervisor, act("archive", to)).unwrap_err();
    assert_eq!(wrong, Denied::AnswerWrong("who does it".to_owned()));
    case.now = "2027-02-03T10:00:00Z".parse().unwrap();
    let to = OwnerAct::HandOver(Case::user(CLARA), vec![of(Builtin::SourceOwner)]);
    case.staff(ANA, Builtin::Supervisor, act("archive", to)).unwrap();
    let ask = case.request.owner_ask("archive").unwrap();
    assert_eq!((ask.owner, ask.since), (Some(Case::user(CLARA)), case.now));
    case.by_owner(CLARA, "archive", OwnerAct::Release).unwrap();
    assert_eq!(case.request.owner_ask("archive").unwrap().owner, None);
    assert!(crate::access::may(&[of(Builtin::SourceOwner)], Action::DoTasks));
}

#[test]
fn an_answer_fits_its_files_and_its_day() {
    let mut case = asked();
    assert_eq!(case.by_owner(CLARA, "hr", answer(true)).unwrap_err(), Denied::FilesMissing);
    let file = case.file(false);
    case.by_owner(CLARA, "hr", file).unwrap();
    assert_eq!(case.by_owner(CLARA, "hr", answer(false)).unwrap_err(), Denied::FilesThere);
    let tomorrow = OwnerAct::Answer { holds: true, as_of: date(2027, 2, 1), note: Pii::default() };
    let wrong = case.by_owner(CLARA, "hr", tomorrow).unwrap_err();
    assert_eq!(wrong, Denied::AnswerWrong("the day".to_owned()));
    let blob = case.request.owner_ask("hr").unwrap().files[0].blob;
    case.by_owner(CLARA, "hr", OwnerAct::Remove(blob)).unwrap();
    case.by_owner(CLARA, "hr", answer(false)).unwrap();
    assert!(!case.request.owner_ask("hr").unwrap().is_open());
}

#[test]
fn no_more_files_are_taken_than_one_source_may_have() {
    let mut case = asked();
    for _ in 0..FILES_MAX {
        let file = case.file(false);
        case.by_owner(CLARA, "hr", file).unwrap();
    }
    let file = case.file(false);
    assert_eq!(case.by_owner(CLARA, "hr", file).unwrap_err(), Denied::TooManyFiles);
}

#[test]
fn asking_again_keeps_the_files_and_wants_a_new_answer() {
    let mut case = asked();
    let again = case.owners(vec![to_ask("hr", Some(CLARA)), to_ask("archive", None)]);
    assert!(again.is_empty(), "a job that runs twice asks once");
    let file = case.file(false);
    case.by_owner(CLARA, "hr", file).unwrap();
    case.by_owner(CLARA, "hr", answer(true)).unwrap();
    case.staff(ANA, Builtin::Supervisor, excuse("archive")).unwrap();
    assert_eq!(case.owners_state(), TaskState::Done);
    assert_eq!(case.request.owner_files().count(), 1);
}

#[test]
fn coverage_says_who_answered_by_hand_and_who_did_not() {
    let mut case = asked();
    let unread = |dataset: &str| Coverage {
        subject: 0,
        dataset: dataset.into(),
        collection: "cabinet".into(),
        rows: 0,
        as_of: None,
        reached_by: Vec::new(),
        outcome: Searched::Unreached { reason: "no connection".to_owned() },
    };
    let file = case.file(false);
    case.by_owner(CLARA, "hr", file).unwrap();
    case.by_owner(CLARA, "hr", answer(true)).unwrap();
    let covered = case.request.cover(&[unread("hr"), unread("other")]);
    let told: Vec<_> = covered.iter().map(|one| (&*one.dataset, &*one.collection, &one.outcome)).collect();
    assert!(
        matches!(told[0], ("other", "cabinet", Searched::Unreached { reason }) if reason == "no connection")
    );
    assert!(
        matches!(told[1], ("archive", "everything", Searched::Unreached { reason }) if reason.contains("not answered"))
    );
    assert!(matches!(told[2], ("hr", "cabinet", Searched::ByHand { file_count: 1, at }) if *at == case.now));
    assert_eq!((covered[2].rows, covered[2].as_of), (1, Some(case.now)));
    case.staff(ANA, Builtin::Supervisor, excuse("archive")).unwrap();
    let covered = case.request.cover(&[]);
    assert!(
        matches!(&covered[0].outcome, Searched::Skipped { reason } if reason.contains("cabinet is sealed"))
    );
}
