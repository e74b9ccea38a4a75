//! What must be done next: the jobs an event asks for. Every timer of law and flow is a job.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::event::{Event, Turn};
use super::state::Request;
use crate::flow::{Operation, TaskKey};
use crate::id::RequestId;
use crate::job::NewJob;

/// The kinds of jobs a request asks for.
pub mod kind {
    /// Runs one try of an automatic task: `{request, task, attempt}`.
    pub const RUN_TASK: &str = "run_task";
    /// Sends a fresh code: `{request, purpose, number}`.
    pub const SEND_CODE: &str = "send_code";
    /// Writes a mail into the outbox: `{request, occasion, seq}`.
    pub const WRITE_MAIL: &str = "write_mail";
    /// Wakes the request at a set time: `{request, timer, …}`.
    pub const TIMER: &str = "timer";
}

/// On what occasion a mail is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The archive may be fetched.
    Ready,
    /// The archive may be fetched once more.
    Renewed,
    /// It was refused.
    Refused,
    /// It was withdrawn.
    Withdrawn,
    /// Staff wrote to the person.
    Message,
    /// The legal date was prolonged.
    Extended,
    /// Nothing was held.
    NothingHeld,
    /// Identity is still unproven; a reminder.
    VerificationReminder,
    /// To staff: a request came in.
    StaffNewRequest,
    /// To staff: a task waits.
    StaffTaskWaiting,
    /// To staff: a task is late.
    StaffTaskOverdue,
    /// To staff: a task failed.
    StaffTaskFailed,
    /// To staff: identity wasn't proven in time.
    StaffClosureProposed,
    /// To staff: the person wrote.
    StaffMessage,
}

impl Occasion {
    /// Returns the occasion's name in payloads and Message-IDs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Renewed => "renewed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Message => "message",
            Self::Extended => "extended",
            Self::NothingHeld => "nothing_held",
            Self::VerificationReminder => "verification_reminder",
            Self::StaffNewRequest => "staff_new_request",
            Self::StaffTaskWaiting => "staff_task_waiting",
            Self::StaffTaskOverdue => "staff_task_overdue",
            Self::StaffTaskFailed => "staff_task_failed",
            Self::StaffClosureProposed => "staff_closure_proposed",
            Self::StaffMessage => "staff_message",
        }
    }
}

/// A set time in the life of a request.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// A task's time has passed.
    TaskDue {
        /// The task.
        task: TaskKey,
        /// The try that was to be over.
        attempt: u32,
    },
    /// Half the time to prove identity has passed.
    VerificationReminder,
    /// The time to prove identity has passed.
    VerificationDue,
    /// The archive is to be deleted.
    PackageEnd,
}

const TRIES: u16 = 12;

/// Returns the job that writes a mail.
pub fn mail(request: RequestId, occasion: Occasion, seq: u64, now: Timestamp) -> NewJob {
    NewJob {
        kind: kind::WRITE_MAIL,
        payload: json!({"request": request, "occasion": occasion, "seq": seq}),
        run_at: now,
        unique_key: Some(format!("mail:{request}:{}:{seq}", occasion.as_str())),
        max_attempts: TRIES,
    }
}

fn run_task(request: RequestId, task: &TaskKey, attempt: u32, now: Timestamp) -> NewJob {
    NewJob {
        kind: kind::RUN_TASK,
        payload: json!({"request": request, "task": task, "attempt": attempt}),
        run_at: now,
        unique_key: Some(format!("task:{request}:{task}:{attempt}")),
        max_attempts: TRIES,
    }
}

fn timer(request: RequestId, timer: &Timer, at: Timestamp) -> NewJob {
    let what = serde_json::to_value(timer).unwrap_or(Value::Null);
    NewJob {
        kind: kind::TIMER,
        payload: json!({"request": request, "timer": what}),
        run_at: at,
        unique_key: Some(format!("timer:{request}:{what}:{}", at.as_microsecond())),
        max_attempts: TRIES,
    }
}

/// Returns the jobs an event asks for, given the request after it and how long identity may take to be proven.
pub fn react(
    request: &Request,
    event: &Event,
    seq: u64,
    now: Timestamp,
    verification_days: u16,
) -> Vec<NewJob> {
    let id = request.id;
    let mail = |occasion| mail(id, occasion, seq, now);
    let days = |days: i64| now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(now);
    match event {
        Event::TaskStarted(started) => {
            let due = started.due_at.map(|at| {
                timer(id, &Timer::TaskDue { task: started.task.clone(), attempt: started.attempt }, at)
            });
            let run = match started.turn {
                Turn::Staff => mail(Occasion::StaffTaskWaiting),
                Turn::System | Turn::Subject => run_task(id, &started.task, started.attempt, now),
            };
            let waits = started.turn == Turn::Subject && request.verified_at.is_none();
            let period = i64::from(verification_days);
            let reminders = [
                timer(id, &Timer::VerificationReminder, days(period / 2)),
                timer(id, &Timer::VerificationDue, days(period)),
            ];
            std::iter::once(run).chain(due).chain(reminders.into_iter().filter(|_| waits)).collect()
        }
        Event::Verified(_) => vec![mail(Occasion::StaffNewRequest)],
        Event::TaskOverdue(_) => vec![mail(Occasion::StaffTaskOverdue)],
        Event::TaskFailed(_) => vec![mail(Occasion::StaffTaskFailed)],
        Event::ClosureProposed(_) => vec![mail(Occasion::StaffClosureProposed)],
        Event::PackageReleased(released) => {
            let nothing_held = request.found.as_ref().is_some_and(|found| found.record_count == 0);
            let occasion = if nothing_held { Occasion::NothingHeld } else { Occasion::Ready };
            vec![mail(occasion), timer(id, &Timer::PackageEnd, released.kept_until)]
        }
        Event::PackageRenewed(_) => vec![mail(Occasion::Renewed)],
        Event::Extended(_) => vec![mail(Occasion::Extended)],
        Event::Refused(_) => vec![mail(Occasion::Refused)],
        Event::Withdrawn(_) => vec![mail(Occasion::Withdrawn)],
        Event::Said(said) if said.is_internal => Vec::new(),
        Event::Said(_) => {
            let from_staff = request
                .messages
                .last()
                .is_some_and(|message| matches!(message.from, crate::event::Actor::Staff(_)));
            vec![mail(if from_staff { Occasion::Message } else { Occasion::StaffMessage })]
        }
        Event::Received(_)
        | Event::DueComputed(_)
        | Event::TaskWaived(_)
        | Event::TaskTaken(_)
        | Event::TaskReleased(_)
        | Event::TaskSaved(_)
        | Event::TaskCompleted(_)
        | Event::TaskRejected(_)
        | Event::VerificationAsked(_)
        | Event::VerificationFailed(_)
        | Event::DuplicatesLinked(_)
        | Event::SourceExcused(_)
        | Event::Collected(_)
        | Event::Marked(_)
        | Event::PackageBuilt(_)
        | Event::PackageDownloaded(_)
        | Event::PackageDeleted(_)
        | Event::Assigned(_)
        | Event::Completed(_) => Vec::new(),
    }
}

/// Says whose turn an operation's task is.
pub(super) fn turn(operation: Operation) -> Turn {
    match operation {
        Operation::VerifyIdentity => Turn::Subject,
        Operation::Acknowledge
        | Operation::CheckDuplicates
        | Operation::Collect
        | Operation::BuildPackage
        | Operation::Deliver => Turn::System,
    }
}
