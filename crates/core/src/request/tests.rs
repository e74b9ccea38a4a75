//! The life of a request, act by act; every act is stored, read back and compared.

mod hostile;
mod owners;
mod people;
mod questions;
mod shape;
mod targets;
mod tasks;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{
    Answers, Channel, Command, Context, Decision, Denied, Event, Failure, Found, MarkGround, MarkScope,
    Outcome, Package, Received, Request, Settings, Status, Subject, TaskState, Terms, Timer, Verdict,
    receive,
};
use crate::access::{Builtin, Role};
use crate::calendar::Calendar;
use crate::clock::Mode;
use crate::context::Chance;
use crate::event::{Actor, Entry};
use crate::flow::{Flow, TaskKey};
use crate::id::{BlobId, Reference, RequestId, UserId};
use crate::law::{Pack, Right};
use crate::pii::Pii;

const ACCESS: &str = include_str!("../../../../flows/access.yml");
const SECOND_REVIEW: &str = include_str!("../../../../flows/access-second-review.yml");
const UK: &str = include_str!("../../../../laws/uk-gdpr.toml");
const CALIFORNIA: &str = include_str!("../../../../laws/us-ca.toml");
const QUEBEC: &str = include_str!("../../../../laws/ca-qc.toml");
const ENGLAND: &str = include_str!("../../../../calendars/GB-EW.toml");

struct Counter(std::sync::atomic::AtomicU8);

impl Chance for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            *byte = self.0.fetch_add(7, std::sync::atomic::Ordering::Relaxed);
        }
    }
}

/// A request under test: acts go through `decide`, and what was stored folds into the same state.
struct Case {
    flow: Flow,
    law: Pack,
    calendar: Calendar,
    settings: Settings,
    chance: Counter,
    now: Timestamp,
    entries: Vec<Entry>,
    request: Request,
}

const ANA: usize = 0;
const BEN: usize = 1;

impl Case {
    fn new(flow: &str) -> Self {
        Self::under(flow, UK)
    }

    fn under(flow: &str, law: &str) -> Self {
        let chance = Counter(std::sync::atomic::AtomicU8::new(1));
        let now: Timestamp = "2027-01-31T10:00:00Z".parse().unwrap();
        let id = RequestId::new(now, &chance);
        let flow = Flow::parse("flow.yml", flow).expect("a flow");
        let law = Pack::parse(law).expect("a law");
        let calendar = Calendar::parse(ENGLAND).expect("a calendar");
        let received = Received {
            reference: Reference::new(&chance),
            terms: terms(&flow),
            channel: Channel::Portal,
            received_at: now,
            subject: Pii::new(anabelle()),
        };
        let settings = Settings::default();
        let zone = TimeZone::get("Europe/London").unwrap();
        let ctx = Context {
            now,
            zone,
            actor: Actor::Subject,
            roles: &[],
            flow: &flow,
            law: &law,
            also: Vec::new(),
            calendar: Some(&calendar),
            settings: settings.clone(),
        };
        let Decision { request, events, follow_count } = receive(id, received, &ctx).expect("a receipt");
        let mut case = Self { flow, law, calendar, settings, chance, now, entries: Vec::new(), request };
        case.store(&events, follow_count, Actor::Subject);
        case
    }

    fn user(who: usize) -> UserId {
        UserId::new(
            Timestamp::UNIX_EPOCH,
            &Counter(std::sync::atomic::AtomicU8::new(u8::try_from(who).unwrap() + 1)),
        )
    }

    fn store(&mut self, events: &[Event], follow_count: usize, actor: Actor) {
        let own_count = events.len() - follow_count;
        for (place, event) in events.iter().enumerate() {
            let actor = if place < own_count { actor } else { Actor::System };
            let record = event.to_record().expect("a record");
            let seq = self.entries.len() as u64 + 1;
            self.entries.push(Entry { seq, at: self.now, actor, record });
        }
        let replayed = Request::replay(self.request.id, &self.entries).expect("a request");
        assert!(replayed == self.request, "what was stored folds into what was decided");
    }

    fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            zone: TimeZone::get("Europe/London").unwrap(),
            actor: Actor::System,
            roles: &[],
            flow: &self.flow,
            law: &self.law,
            also: Vec::new(),
            calendar: Some(&self.calendar),
            settings: self.settings.clone(),
        }
    }

    fn act(&mut self, actor: Actor, roles: &[Role], command: Command) -> Result<Vec<Event>, Denied> {
        let ctx = Context { actor, roles, ..self.context() };
        let Decision { request, events, follow_count } = self.request.decide(command, &ctx)?;
        self.request = request;
        self.store(&events, follow_count, actor);
        Ok(events)
    }

    fn system(&mut self, command: Command) -> Result<Vec<Event>, Denied> {
        self.act(Actor::System, &[], command)
    }

    fn subject(&mut self, command: Command) -> Result<Vec<Event>, Denied> {
        self.act(Actor::Subject, &[], command)
    }

    fn staff(&mut self, who: usize, role: Builtin, command: Command) -> Result<Vec<Event>, Denied> {
        let user = Self::user(who);
        let role = Role::parse(role.as_str(), role.text()).expect("a role");
        self.act(Actor::Staff(user), &[role], command)
    }

    fn finish(&mut self, task: &str, outcome: Outcome) {
        let key = TaskKey::from_text(task);
        let attempt = self.request.tasks.get(&key).expect("a run").attempt;
        self.system(Command::Finish { task: key, attempt, outcome }).expect("an end");
        // Nobody is asked by hand in these tests, but where they say so.
        let owners = TaskKey::from_text("collection.owners");
        if task == "collection.collect" && self.request.running(&owners).is_some() {
            self.finish(owners.as_str(), Outcome::OwnersAsked(Vec::new()));
        }
    }

    fn found(&self) -> Found {
        Found {
            blob: BlobId::new(self.now, &self.chance),
            record_count: 3,
            third_party_count: 1,
            source_count: 2,
        }
    }

    fn to_review(flow: &str) -> Self {
        let mut case = Self::new(flow);
        case.finish("opening.acknowledge", Outcome::Acknowledged);
        case.finish("opening.duplicates", Outcome::DuplicatesFound(Vec::new()));
        case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("proof");
        let found = case.found();
        case.finish("collection.collect", Outcome::Collected(found));
        case
    }

    fn state(&self, task: &str) -> Option<TaskState> {
        self.request.tasks.get(&TaskKey::from_text(task)).map(|run| run.state)
    }
}

fn terms(flow: &Flow) -> Terms {
    Terms {
        entity: "acme".to_owned(),
        activity: "access".to_owned(),
        right: Right::Access,
        law: "uk-gdpr".to_owned(),
        law_hash: String::new(),
        calendar: Some("GB-EW".to_owned()),
        zone: "Europe/London".to_owned(),
        flow: flow.name.clone(),
        flow_version: 1,
        language: "en".to_owned(),
        reading: Mode::Strict,
        also: Vec::new(),
        targets: crate::definition::Targets::default(),
    }
}

fn anabelle() -> Subject {
    Subject {
        given_name: "Anabelle".to_owned(),
        family_name: "Deleon".to_owned(),
        email: "anabelle.deleon@email.com".to_owned(),
        ..Subject::default()
    }
}

fn no_answers() -> Answers {
    Pii::new(BTreeMap::new())
}

fn reason(text: &str) -> Pii<String> {
    Pii::new(text.to_owned())
}

fn exclude() -> Verdict {
    Verdict::Exclude { ground: MarkGround::OtherPerson, is_told: true }
}

fn data() -> TaskKey {
    TaskKey::from_text("review.data")
}

fn complete(task: TaskKey) -> Command {
    Command::Complete { task, answers: no_answers(), undecided: 0 }
}

fn package(case: &Case) -> Package {
    Package {
        blob: BlobId::new(case.now, &case.chance),
        byte_count: 1,
        sha256: String::new(),
        record_count: 2,
        excluded_count: 1,
        is_partial: false,
        formats: vec!["json".to_owned()],
        password: reason("ABCD"),
        available_until: None,
        kept_until: None,
        download_count: 0,
        is_deleted: false,
    }
}

#[test]
fn a_request_goes_its_whole_way() {
    let mut case = Case::to_review(ACCESS);
    assert_eq!(case.request.due.as_ref().and_then(|due| due.on), Some("2027-03-01".parse().unwrap()));
    assert_eq!(case.request.waits_on(), "staff");
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("taken");
    case.staff(ANA, Builtin::PrivacyOfficer, complete(data())).expect("completed");
    let built = package(&case);
    case.finish("delivery.package", Outcome::Built(built));
    case.finish("delivery.deliver", Outcome::Delivered);
    assert_eq!(case.request.status, Status::Completed);
    for number in 1..=5 {
        case.subject(Command::Download).expect("a download");
        assert_eq!(case.request.package.as_ref().map(|package| package.download_count), Some(number));
    }
    assert_eq!(case.subject(Command::Download), Err(Denied::TooManyDownloads));
}

#[test]
fn an_archive_opens_for_48_hours_and_may_be_renewed_for_30_days() {
    let mut case = Case::to_review(ACCESS);
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("taken");
    case.staff(ANA, Builtin::PrivacyOfficer, complete(data())).expect("completed");
    let built = package(&case);
    case.finish("delivery.package", Outcome::Built(built));
    case.finish("delivery.deliver", Outcome::Delivered);
    let released = case.now;
    let minutes = |minutes: i64| released + jiff::SignedDuration::from_mins(minutes);
    case.now = minutes(47 * 60 + 59);
    assert!(case.subject(Command::Download).is_ok());
    case.now = minutes(48 * 60 + 1);
    assert_eq!(case.subject(Command::Download), Err(Denied::NothingToDownload));
    case.subject(Command::Renew).expect("renewed");
    assert!(case.subject(Command::Download).is_ok());
    case.now = minutes(30 * 24 * 60 - 1);
    assert!(case.system(Command::Wake(Timer::PackageEnd)).expect("nothing").is_empty());
    case.now = minutes(30 * 24 * 60);
    assert_eq!(case.subject(Command::Renew), Err(Denied::NothingToDownload));
    assert_eq!(case.system(Command::Wake(Timer::PackageEnd)).expect("deleted").len(), 1);
    assert!(case.system(Command::Wake(Timer::PackageEnd)).expect("nothing").is_empty());
}

#[test]
fn nothing_starts_before_identity_is_proven_and_a_second_proof_changes_nothing() {
    let mut case = Case::new(ACCESS);
    assert_eq!(case.state("collection.collect"), None);
    case.finish("opening.acknowledge", Outcome::Acknowledged);
    case.finish("opening.duplicates", Outcome::DuplicatesFound(Vec::new()));
    assert_eq!(case.state("collection.collect"), None);
    assert_eq!(case.subject(Command::Withdraw), Err(Denied::Unverified));
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("proof");
    assert_eq!(case.state("collection.collect"), Some(TaskState::InProgress));
    assert!(case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("nothing").is_empty());
}

#[test]
fn what_follows_by_itself_is_nobodys_act() {
    let mut case = Case::to_review(ACCESS);
    let officer = Builtin::PrivacyOfficer;
    case.staff(ANA, officer, Command::Extend { reason: reason("many records"), until: None })
        .expect("more time");
    case.staff(ANA, officer, Command::Take(data())).expect("a task");
    case.staff(ANA, officer, complete(data())).expect("an end");
    let ana = Actor::Staff(Case::user(ANA));
    let mut checked = 0;
    for entry in &case.entries {
        let actor = match entry.record.kind.as_str() {
            "received" | "verified" => Actor::Subject,
            "task_started" | "due_computed" | "collected" => Actor::System,
            "extended" | "task_taken" => ana,
            _ => continue,
        };
        assert_eq!(entry.actor, actor, "{}", entry.record.kind);
        checked += 1;
    }
    assert!(checked >= 9, "only {checked} entries of known kinds");
}

#[test]
fn a_task_must_be_taken_and_only_its_holder_completes_it() {
    let mut case = Case::to_review(ACCESS);
    assert_eq!(case.staff(ANA, Builtin::PrivacyOfficer, complete(data())), Err(Denied::NotTaken));
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("taken");
    assert_eq!(case.staff(BEN, Builtin::CaseOwner, Command::Take(data())), Err(Denied::NotAllowed));
    assert_eq!(case.staff(BEN, Builtin::PrivacyOfficer, complete(data())), Err(Denied::TakenByOther));
    assert_eq!(case.staff(ANA, Builtin::Auditor, complete(data())), Err(Denied::NotAllowed));
    assert_eq!(case.subject(complete(data())), Err(Denied::NotAllowed));
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Release(data())).expect("released");
    assert_eq!(case.staff(ANA, Builtin::PrivacyOfficer, complete(data())), Err(Denied::NotTaken));
}

#[test]
fn undecided_records_of_other_people_block_approval() {
    let mut case = Case::to_review(ACCESS);
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("taken");
    let undecided = Command::Complete { task: data(), answers: no_answers(), undecided: 1 };
    assert_eq!(case.staff(ANA, Builtin::PrivacyOfficer, undecided), Err(Denied::Undecided(1)));
    let mark =
        |text: &str| Command::Mark { scope: MarkScope::Record(7), verdict: exclude(), reason: reason(text) };
    assert_eq!(case.staff(ANA, Builtin::PrivacyOfficer, mark(" ")), Err(Denied::ReasonMissing));
    assert_eq!(case.staff(BEN, Builtin::PrivacyOfficer, mark("not her")), Err(Denied::NotTaken));
    case.staff(ANA, Builtin::PrivacyOfficer, mark("Courtney Crane is another person")).expect("marked");
    let verdict = case.request.verdict(7, "odoo", "res_partner").map(|mark| mark.verdict.clone());
    assert_eq!(verdict, Some(exclude()));
    assert!(case.request.verdict(8, "odoo", "res_partner").is_none());
}

#[test]
fn a_second_person_approves_and_a_rejection_stops_at_the_refusal_gate() {
    let mut case = Case::to_review(SECOND_REVIEW);
    let approval = TaskKey::from_text("review.approval");
    case.staff(ANA, Builtin::Admin, Command::Take(data())).expect("taken");
    case.staff(ANA, Builtin::Admin, complete(data())).expect("completed");
    assert_eq!(
        case.staff(ANA, Builtin::Admin, Command::Take(approval.clone())),
        Err(Denied::FourEyes(data()))
    );
    case.staff(BEN, Builtin::CaseOwner, Command::Take(approval.clone())).expect("taken");
    let reject = |told: &str, why: &str| Command::Reject {
        task: TaskKey::from_text("review.approval"),
        answers: Pii::new(BTreeMap::from([("told".to_owned(), told.to_owned())])),
        reason: reason(why),
    };
    assert_eq!(case.staff(BEN, Builtin::CaseOwner, reject("x", "")), Err(Denied::ReasonMissing));
    let missing = Denied::AnswerMissing("What the person is told".to_owned());
    assert_eq!(case.staff(BEN, Builtin::CaseOwner, reject("", "unfounded")), Err(missing));
    case.staff(BEN, Builtin::CaseOwner, reject("We can't help", "unfounded")).expect("rejected");
    assert!(case.request.needs_attention());
    assert_eq!(case.state("delivery.package"), None, "no data leaves");
    let refuse =
        |ground: &str| Command::Refuse { grounds: vec![ground.to_owned()], explanation: reason("Because") };
    assert_eq!(case.staff(BEN, Builtin::CaseOwner, refuse("made_up")), Err(Denied::GroundMissing));
    let ground = case.law.refusal_grounds()[0].id.clone();
    case.staff(BEN, Builtin::CaseOwner, refuse(&ground)).expect("refused");
    assert_eq!(case.request.status, Status::Refused);
    assert!(!case.request.refusal.as_ref().expect("a refusal").articles.is_empty());
}

#[test]
fn a_rework_does_the_earlier_task_again_and_voids_marks_on_old_records() {
    let mut case = Case::to_review(ACCESS);
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("taken");
    let mark = Command::Mark { scope: MarkScope::Record(0), verdict: exclude(), reason: reason("other") };
    case.staff(ANA, Builtin::PrivacyOfficer, mark).expect("marked");
    let reject = Command::Reject { task: data(), answers: no_answers(), reason: reason("old data") };
    case.staff(ANA, Builtin::PrivacyOfficer, reject).expect("rejected");
    let collect = case.request.tasks.get(&TaskKey::from_text("collection.collect")).expect("a run");
    assert_eq!((collect.state, collect.attempt), (TaskState::InProgress, 2));
    let found = case.found();
    case.finish("collection.collect", Outcome::Collected(found));
    assert!(case.request.marks.is_empty());
    assert_eq!(case.state("review.data"), Some(TaskState::InProgress));
}

#[test]
fn a_failed_source_waits_for_a_person_and_a_retry_completes_it() {
    let mut case = Case::new(ACCESS);
    case.finish("opening.acknowledge", Outcome::Acknowledged);
    case.finish("opening.duplicates", Outcome::DuplicatesFound(Vec::new()));
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("proof");
    let failure =
        Failure { code: "source".to_owned(), source: Some("billing".to_owned()), message: "down".to_owned() };
    case.finish("collection.collect", Outcome::Failed(failure));
    assert_eq!(case.request.waits_on(), "source");
    let collect = TaskKey::from_text("collection.collect");
    let stale =
        Command::Finish { task: collect.clone(), attempt: 1, outcome: Outcome::Collected(case.found()) };
    assert_eq!(case.system(stale), Err(Denied::NotWaiting));
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Retry(collect)).expect("again");
    let found = case.found();
    case.finish("collection.collect", Outcome::Collected(found));
    assert_eq!(case.state("review.data"), Some(TaskState::InProgress));
}

#[test]
fn a_gap_is_explained_by_a_person_and_makes_the_reply_a_partial_one() {
    let mut case = Case::new(ACCESS);
    case.finish("opening.acknowledge", Outcome::Acknowledged);
    case.finish("opening.duplicates", Outcome::DuplicatesFound(Vec::new()));
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("proof");
    let failure =
        Failure { code: "source".to_owned(), source: Some("billing".to_owned()), message: "down".to_owned() };
    case.finish("collection.collect", Outcome::Failed(failure));
    let excuse = |why: &str| Command::Excuse { source: "billing".to_owned(), reason: reason(why) };
    assert_eq!(case.staff(ANA, Builtin::PrivacyOfficer, excuse("")), Err(Denied::ReasonMissing));
    case.staff(ANA, Builtin::PrivacyOfficer, excuse("Shut down for good in May")).expect("excused");
    let found = case.found();
    case.finish("collection.collect", Outcome::Collected(found));
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("taken");
    case.staff(ANA, Builtin::PrivacyOfficer, complete(data())).expect("completed");
    let built = package(&case);
    case.finish("delivery.package", Outcome::Built(built));
    case.finish("delivery.deliver", Outcome::Delivered);
    assert_eq!(case.request.status, Status::PartlyFulfilled);
}

#[test]
fn unproven_identity_is_proposed_for_closing_and_never_closed_by_itself() {
    let mut case = Case::new(ACCESS);
    case.system(Command::Wake(Timer::VerificationDue)).expect("proposed");
    assert!(case.request.needs_attention());
    assert!(!case.request.status.is_closed());
    assert!(case.system(Command::Wake(Timer::VerificationDue)).expect("nothing").is_empty());
    case.subject(Command::Verify { rung: "mail_code".to_owned() }).expect("proof");
    assert!(!case.request.needs_attention(), "the person proved it after all");
}

#[test]
fn an_extension_is_granted_once_and_in_time_only() {
    let extend = || Command::Extend { reason: reason("Forty systems to search"), until: None };
    let mut case = Case::to_review(ACCESS);
    assert_eq!(case.staff(ANA, Builtin::Steward, extend()), Err(Denied::NotAllowed));
    case.staff(ANA, Builtin::PrivacyOfficer, extend()).expect("extended");
    assert_eq!(case.request.due.as_ref().and_then(|due| due.on), Some("2027-04-30".parse().unwrap()));
    assert_eq!(case.staff(ANA, Builtin::PrivacyOfficer, extend()), Err(Denied::NoExtension));
    let mut late = Case::to_review(ACCESS);
    late.now = "2027-03-02T10:00:00Z".parse().unwrap();
    assert_eq!(late.staff(ANA, Builtin::PrivacyOfficer, extend()), Err(Denied::NoExtension));
}

#[test]
fn a_destroyed_key_leaves_dates_kinds_and_outcomes() {
    let case = Case::to_review(ACCESS);
    let scrubbed: Vec<Entry> = case
        .entries
        .iter()
        .cloned()
        .map(|mut entry| {
            entry.record.sealed = None;
            entry
        })
        .collect();
    let request = Request::replay(case.request.id, &scrubbed).expect("a request");
    let row = request.project();
    assert!(row.subject.is_none() && row.index.is_empty());
    assert_eq!((row.due_on, row.seq), (case.request.project().due_on, case.request.seq));
}

#[test]
fn personal_data_stands_in_the_sealed_part_only() {
    let case = Case::to_review(ACCESS);
    for entry in &case.entries {
        let open = entry.record.body.to_string();
        assert!(!open.contains("Anabelle") && !open.contains("email.com"), "{open}");
    }
}

#[test]
fn an_overdue_task_is_said_once_and_stays_to_be_done() {
    let mut case = Case::to_review(ACCESS);
    let due = case.request.tasks.get(&data()).and_then(|run| run.due_at).expect("a deadline");
    assert_eq!(due, "2027-02-05T10:00:00Z".parse().unwrap(), "five working days from a Sunday");
    let wake = || Command::Wake(Timer::TaskDue { task: data(), attempt: 1 });
    assert_eq!(case.system(wake()).expect("said").len(), 1);
    assert!(case.system(wake()).expect("nothing").is_empty());
    assert_eq!(case.state("review.data"), Some(TaskState::InProgress));
}
