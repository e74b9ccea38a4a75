//! What jobs do in a simulation: operations without outside work, mails noted, timers woken.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::{Dice, Search, Sent, Setting, World};
use crate::flow::{Operation, Task, TaskKey};
use crate::id::BlobId;
use crate::job::NewJob;
use crate::pii::Pii;
use crate::request::{
    Command, CorrectionPlan, Failure, Found, Occasion, Outcome, Package, Request, Timer, VerificationAsked,
    kind,
};

/// How long a code works, in minutes.
const CODE_MINUTES: i64 = 10;

fn field<T: DeserializeOwned>(job: &NewJob, name: &str) -> Option<T> {
    serde_json::from_value(job.payload.get(name)?.clone()).ok()
}

/// What a job comes to.
pub(super) enum Work {
    /// An act of the system.
    Act(Command),
    /// A mail, and what else.
    Mail(Sent),
    /// Both.
    Both(Sent, Command),
    /// Nothing that matters here.
    Nothing,
}

/// Returns what a job comes to.
pub(super) fn work(job: &NewJob, request: &Request, setting: &Setting<'_>, of: &mut Parts<'_>) -> Work {
    match job.kind {
        kind::TIMER => match field::<Timer>(job, "timer") {
            Some(Timer::VerificationReminder) if request.verified_at.is_none() => {
                Work::Mail(Sent::of(of.now, Occasion::VerificationReminder, None, request.seq))
            }
            Some(Timer::QuestionReminder { number }) => {
                let is_open = request.open_questions().any(|question| question.number == number);
                if is_open {
                    Work::Mail(Sent::of(of.now, Occasion::QuestionReminder, None, request.seq))
                } else {
                    Work::Nothing
                }
            }
            Some(timer) => Work::Act(Command::Wake(timer)),
            None => Work::Nothing,
        },
        kind::WRITE_MAIL => match field::<Occasion>(job, "occasion") {
            Some(occasion) => {
                let sent = Sent::of(of.now, occasion, field(job, "task"), request.seq);
                Work::Mail(Sent { number: field(job, "number"), ..sent })
            }
            None => Work::Nothing,
        },
        kind::RUN_TASK => {
            let (task, attempt): (Option<TaskKey>, Option<u32>) = (field(job, "task"), field(job, "attempt"));
            let (Some(key), Some(attempt)) = (task, attempt) else { return Work::Nothing };
            let is_wanted = request.running(&key).is_some_and(|run| run.attempt == attempt);
            match setting.flow.task(&key).filter(|_| is_wanted) {
                Some(task) => run(task, attempt, request, setting, of),
                None => Work::Nothing,
            }
        }
        _ => Work::Nothing,
    }
}

/// What work is done with.
pub(super) struct Parts<'a> {
    pub(super) now: Timestamp,
    pub(super) world: &'a mut dyn World,
    pub(super) dice: &'a Dice,
}

fn run(task: &Task, attempt: u32, request: &Request, setting: &Setting<'_>, of: &mut Parts<'_>) -> Work {
    let Some(operation) = task.operation() else { return Work::Nothing };
    let mut inputs = request.inputs(setting.flow, &task.key);
    let end = |outcome| Command::Finish { task: task.key.clone(), attempt, outcome };
    let mail = |kind: &'static str, is_for_staff| Sent {
        at: of.now,
        kind,
        is_for_staff,
        task: Some(task.key.clone()),
        number: None,
        seq: request.seq,
    };
    let mut wanted = |name: &str| inputs.remove(name).ok_or_else(|| missing(name));
    let outcome = match operation {
        Operation::Acknowledge => return Work::Both(mail("receipt", false), end(Outcome::Acknowledged)),
        Operation::VerifyIdentity if request.verified_at.is_some() => {
            return Work::Act(Command::Verify { rung: "mail_code".to_owned() });
        }
        Operation::VerifyIdentity => {
            let expires_at = later(of.now, jiff::SignedDuration::from_mins(CODE_MINUTES));
            let asked = VerificationAsked { rung: "mail_code".to_owned(), expires_at };
            return Work::Both(mail("code", false), Command::AskVerification(asked));
        }
        Operation::SendMail | Operation::NotifyRole => {
            let kind = if operation == Operation::SendMail { Occasion::Note } else { Occasion::StaffNote };
            let is_for_staff = operation == Operation::NotifyRole;
            return Work::Both(mail(kind.as_str(), is_for_staff), end(Outcome::Done(BTreeMap::new())));
        }
        Operation::CheckDuplicates => Ok(Outcome::DuplicatesFound(Vec::new())),
        Operation::ResolveSubject => of.world.search(request, &task.key).map(resolved),
        // A trial has no sources that are looked into by hand.
        Operation::AskOwner => Ok(Outcome::OwnersAsked(Vec::new())),
        Operation::Collect => of.world.search(request, &task.key).map(|search| found(search, of)),
        Operation::BuildPackage => Ok(Outcome::Built(package(request, of))),
        Operation::Deliver => Ok(Outcome::Delivered),
        Operation::AskSubject => wanted("question").map(|text| {
            let basis = wanted("why").unwrap_or_default();
            Outcome::Asked { text: Pii::new(text), basis: Pii::new(basis) }
        }),
        Operation::Reply => wanted("text").map(|text| Outcome::Replied(Pii::new(text))),
        // A trial has no sources to correct, and a register without recipients.
        Operation::PlanRectification => {
            Ok(Outcome::CorrectionPlanned { hash: String::new(), plan: CorrectionPlan::default() })
        }
        Operation::Rectify => Ok(Outcome::Corrected { hash: String::new(), sources: Vec::new() }),
        Operation::NotifyRecipients => Ok(Outcome::RecipientsListed(Vec::new())),
        Operation::Extend => Ok(Outcome::ExtensionProposed),
        Operation::Close => Ok(Outcome::Closed),
    };
    Work::Act(end(outcome.unwrap_or_else(Outcome::Failed)))
}

/// Returns the instant some time later; the end of time where there is none.
pub(super) fn later(at: Timestamp, by: jiff::SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn missing(name: &str) -> Failure {
    let message = format!("the flow gives no {name} for this task: what it links to is empty");
    Failure { code: "input".to_owned(), source: None, message }
}

fn resolved(search: Search) -> Outcome {
    let count = if search.record_count == 0 { 0 } else { search.source_count };
    let names: Vec<String> = (1..=count).map(|number| format!("Source {number}")).collect();
    Outcome::Done(BTreeMap::from([
        ("count".to_owned(), count.to_string()),
        ("sources".to_owned(), names.join("\n")),
    ]))
}

fn found(search: Search, of: &Parts<'_>) -> Outcome {
    Outcome::Collected(Found {
        blob: BlobId::new(of.now, of.dice),
        record_count: search.record_count,
        third_party_count: 0,
        source_count: search.source_count,
    })
}

fn package(request: &Request, of: &Parts<'_>) -> Package {
    Package {
        blob: BlobId::new(of.now, of.dice),
        byte_count: 1,
        sha256: String::new(),
        record_count: request.found.as_ref().map_or(0, |found| found.record_count),
        excluded_count: 0,
        is_partial: !request.excuses.is_empty(),
        formats: vec!["json".to_owned()],
        password: Pii::default(),
        available_until: None,
        kept_until: None,
        download_count: 0,
        is_deleted: false,
    }
}
