//! What must be done next: the jobs an event asks for. Every timer of law and flow is a job.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::{Value, json};

use super::event::{Asked, Event, TaskPlanned, TaskStarted, Turn};
use super::state::Request;
use crate::flow::{Operation, TaskKey};
use crate::id::RequestId;
use crate::job::NewJob;

/// The kinds of jobs a request asks for.
pub mod kind {
    /// Runs one try of an automatic task: `{request, task, attempt}`.
    pub const RUN_TASK: &str = "run_task";
    /// Sends a fresh code: `{request, purpose, asked_at, is_seldom}`.
    pub const SEND_CODE: &str = "send_code";
    /// Writes a mail into the outbox: `{request, occasion, seq}`.
    pub const WRITE_MAIL: &str = "write_mail";
    /// Wakes the request at a set time: `{request, timer, …}`.
    pub const TIMER: &str = "timer";
    /// Ends a request with the one it follows: `{request, main}`.
    pub const FOLLOW_MAIN: &str = "follow_main";
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
    /// The person was answered in words.
    Replied,
    /// A flow sends the person a mail of its own.
    Note,
    /// To staff: a flow tells a team something.
    StaffNote,
    /// The legal date was prolonged.
    Extended,
    /// Nothing was held.
    NothingHeld,
    /// Identity is still unproven; a reminder.
    VerificationReminder,
    /// It was opened again.
    Reopened,
    /// It is handled as another kind of request.
    Reclassified,
    /// One of its wishes became a request of its own.
    SplitOff,
    /// It is answered together with another.
    Merged,
    /// It is answered by itself again.
    Unmerged,
    /// It was answered together with another.
    AnsweredTogether,
    /// To staff: a request came in.
    StaffNewRequest,
    /// To staff: a task waits.
    StaffTaskWaiting,
    /// To staff: a task is late.
    StaffTaskOverdue,
    /// To staff: a task failed.
    StaffTaskFailed,
    /// To staff: a task still waits.
    StaffReminder,
    /// To staff: identity wasn't proven in time.
    StaffClosureProposed,
    /// To staff: the person wrote.
    StaffMessage,
    /// The person is asked something.
    Question,
    /// A question is still open; a reminder.
    QuestionReminder,
    /// To staff: the person answered a question.
    StaffAnswer,
    /// To staff: a question wasn't answered in time.
    StaffUnanswered,
    /// To staff: the legal date is near and could be prolonged.
    StaffExtensionProposed,
    /// To staff: the legal date passed.
    StaffDuePassed,
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
            Self::Replied => "replied",
            Self::Note => "note",
            Self::StaffNote => "staff_note",
            Self::Extended => "extended",
            Self::NothingHeld => "nothing_held",
            Self::VerificationReminder => "verification_reminder",
            Self::Reopened => "reopened",
            Self::Reclassified => "reclassified",
            Self::SplitOff => "split_off",
            Self::Merged => "merged",
            Self::Unmerged => "unmerged",
            Self::AnsweredTogether => "answered_together",
            Self::StaffNewRequest => "staff_new_request",
            Self::StaffTaskWaiting => "staff_task_waiting",
            Self::StaffTaskOverdue => "staff_task_overdue",
            Self::StaffTaskFailed => "staff_task_failed",
            Self::StaffReminder => "staff_reminder",
            Self::StaffClosureProposed => "staff_closure_proposed",
            Self::StaffMessage => "staff_message",
            Self::Question => "question",
            Self::QuestionReminder => "question_reminder",
            Self::StaffAnswer => "staff_answer",
            Self::StaffUnanswered => "staff_unanswered",
            Self::StaffExtensionProposed => "staff_extension_proposed",
            Self::StaffDuePassed => "staff_due_passed",
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
    /// A planned task starts.
    TaskStart {
        /// The task.
        task: TaskKey,
        /// The try that starts.
        attempt: u32,
    },
    /// Whoever should do a task is reminded.
    TaskReminder {
        /// The task.
        task: TaskKey,
        /// The try that is under way.
        attempt: u32,
        /// Which of the flow's reminders, from 1.
        number: u32,
    },
    /// Half the time to prove identity has passed.
    VerificationReminder,
    /// The time to prove identity has passed.
    VerificationDue,
    /// The archive is to be deleted.
    PackageEnd,
    /// Half the time to answer a question has passed.
    QuestionReminder {
        /// The question.
        number: u32,
    },
    /// The time to answer a question has passed.
    QuestionDue {
        /// The question.
        number: u32,
    },
    /// The legal date is near: more time may have to be taken.
    ExtensionDue,
    /// The legal date has passed.
    DuePassed,
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

/// Returns the job that writes a mail about a task: which one can't be told from the request alone.
fn task_mail(request: RequestId, occasion: Occasion, task: &TaskKey, seq: u64, now: Timestamp) -> NewJob {
    let payload = json!({"request": request, "occasion": occasion, "seq": seq, "task": task});
    NewJob { payload, ..mail(request, occasion, seq, now) }
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
    let about = |occasion, task: &TaskKey| task_mail(id, occasion, task, seq, now);
    match event {
        Event::TaskStarted(started) => starting(request, started, seq, now, verification_days),
        Event::TaskPlanned(planned) => vec![later(id, planned)],
        Event::TaskReminded(reminded) => {
            vec![numbered(about(Occasion::StaffReminder, &reminded.task), reminded.number)]
        }
        Event::TaskOverdue(named) => vec![about(Occasion::StaffTaskOverdue, &named.task)],
        Event::TaskFailed(failed) => vec![about(Occasion::StaffTaskFailed, &failed.task)],
        Event::PackageReleased(released) => {
            vec![mail(handed_over(request)), timer(id, &Timer::PackageEnd, released.kept_until)]
        }
        Event::Refused(_) => with_followers(request, seq, now, Some(mail(Occasion::Refused))),
        Event::Withdrawn(_) => with_followers(request, seq, now, Some(mail(Occasion::Withdrawn))),
        Event::Completed(_) => with_followers(request, seq, now, None),
        Event::Said(said) => (!said.is_internal).then(|| mail(spoken(request))).into_iter().collect(),
        Event::Asked(asked) => asking(request, asked, mail(Occasion::Question)),
        Event::DueComputed(due) => due.on.map(|on| around(request, on)).unwrap_or_default(),
        _ => only_mail(event).map(mail).into_iter().collect(),
    }
}

/// Returns on what occasion a mail is written after an event that asks for nothing else.
fn only_mail(event: &Event) -> Option<Occasion> {
    Some(match event {
        Event::Verified(_) => Occasion::StaffNewRequest,
        Event::ClosureProposed(_) => Occasion::StaffClosureProposed,
        Event::Replied(_) => Occasion::Replied,
        Event::PackageRenewed(_) => Occasion::Renewed,
        Event::Extended(_) => Occasion::Extended,
        Event::Reopened(_) => Occasion::Reopened,
        Event::Reclassified(_) => Occasion::Reclassified,
        Event::SplitOff(_) => Occasion::SplitOff,
        Event::Merged(_) => Occasion::Merged,
        Event::Unmerged(_) => Occasion::Unmerged,
        Event::AnsweredTogether(_) => Occasion::AnsweredTogether,
        Event::Answered(_) => Occasion::StaffAnswer,
        Event::QuestionOverdue(_) => Occasion::StaffUnanswered,
        Event::ExtensionProposed(_) => Occasion::StaffExtensionProposed,
        Event::DuePassed(_) => Occasion::StaffDuePassed,
        Event::Received(_)
        | Event::TaskWaived(_)
        | Event::TaskSkipped(_)
        | Event::TaskTaken(_)
        | Event::TaskReleased(_)
        | Event::TaskSaved(_)
        | Event::TaskCompleted(_)
        | Event::TaskRejected(_)
        | Event::VerificationAsked(_)
        | Event::VerificationFailed(_)
        | Event::DuplicatesLinked(_)
        | Event::SourceExcused(_)
        // Owners are told in their one mail of the day.
        | Event::OwnerAsked(_)
        | Event::OwnerNamed(_)
        | Event::FileAdded(_)
        | Event::FileRemoved(_)
        | Event::OwnerAnswered(_)
        | Event::FileDecided(_)
        | Event::CorrectionPlanned(_)
        | Event::Corrected(_)
        | Event::RecipientsListed(_)
        | Event::RecipientNoted(_)
        | Event::Collected(_)
        | Event::Marked(_)
        | Event::PackageBuilt(_)
        | Event::PackageDownloaded(_)
        | Event::PackageDeleted(_)
        | Event::Assigned(_)
        | Event::Forwarded(_)
        | Event::SplitFrom(_)
        | Event::MergedIn(_)
        | Event::LetGo(_)
        | Event::SpamMarked(_)
        | Event::SpamCleared(_)
        | Event::TimeLogged(_)
        | Event::TimeStruck(_)
        | Event::ReadersSet(_)
        | Event::TaskStarted(_)
        | Event::TaskPlanned(_)
        | Event::TaskReminded(_)
        | Event::TaskOverdue(_)
        | Event::TaskFailed(_)
        | Event::PackageReleased(_)
        | Event::Refused(_)
        | Event::Withdrawn(_)
        | Event::Completed(_)
        | Event::Said(_)
        | Event::Asked(_)
        | Event::DueComputed(_) => return None,
    })
}

/// Returns the jobs that end the requests merged with this one, beside the mail about its own end.
fn with_followers(request: &Request, seq: u64, now: Timestamp, mail: Option<NewJob>) -> Vec<NewJob> {
    let follow = |other: &RequestId| NewJob {
        kind: kind::FOLLOW_MAIN,
        payload: json!({"request": other, "main": request.id}),
        run_at: now,
        unique_key: Some(format!("follow:{other}:{}:{seq}", request.id)),
        max_attempts: TRIES,
    };
    mail.into_iter().chain(request.shape.merged.iter().map(follow)).collect()
}

/// Returns the jobs of a task whose turn has come: the task itself or the mail about it, and its timers.
fn starting(
    request: &Request,
    started: &TaskStarted,
    seq: u64,
    now: Timestamp,
    verification_days: u16,
) -> Vec<NewJob> {
    let id = request.id;
    let days = |days: i64| now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(now);
    let due = started
        .due_at
        .map(|at| timer(id, &Timer::TaskDue { task: started.task.clone(), attempt: started.attempt }, at));
    let run = match started.turn {
        Turn::Staff => task_mail(id, Occasion::StaffTaskWaiting, &started.task, seq, now),
        Turn::System | Turn::Subject => run_task(id, &started.task, started.attempt, now),
    };
    let waits = started.turn == Turn::Subject && request.verified_at.is_none();
    let period = i64::from(verification_days);
    let reminders = [
        timer(id, &Timer::VerificationReminder, days(period / 2)),
        timer(id, &Timer::VerificationDue, days(period)),
    ];
    let remind = started.reminds_at.iter().zip(1..).map(|(at, number)| {
        let (task, attempt) = (started.task.clone(), started.attempt);
        timer(id, &Timer::TaskReminder { task, attempt, number }, *at)
    });
    let reminders = reminders.into_iter().filter(|_| waits);
    std::iter::once(run).chain(due).chain(remind).chain(reminders).collect()
}

/// Returns on what occasion a reply is told: that it can be fetched, or that nothing is held.
fn handed_over(request: &Request) -> Occasion {
    if request.holds_nothing() { Occasion::NothingHeld } else { Occasion::Ready }
}

/// Says in a mail's job which reminder it is.
fn numbered<N: serde::Serialize>(mut job: NewJob, number: N) -> NewJob {
    if let Value::Object(payload) = &mut job.payload {
        payload.insert("number".to_owned(), json!(number));
    }
    job
}

/// Returns on what occasion the newest message is told: to the person where staff wrote it, else to staff.
fn spoken(request: &Request) -> Occasion {
    let from_staff =
        request.messages.last().is_some_and(|message| matches!(message.from, crate::event::Actor::Staff(_)));
    if from_staff { Occasion::Message } else { Occasion::StaffMessage }
}

/// Returns the set time at which a planned task starts.
fn later(id: RequestId, planned: &TaskPlanned) -> NewJob {
    let start = Timer::TaskStart { task: planned.task.clone(), attempt: planned.attempt };
    timer(id, &start, planned.starts_at)
}

/// Returns the jobs of a question: the mail, and the set times to remind of it and to give up.
fn asking(request: &Request, asked: &Asked, mail: NewJob) -> Vec<NewJob> {
    let number = asked.number;
    let half = asked.asked_on.until(asked.answer_by).map_or(0, |span| i64::from(span.get_days() / 2));
    let reminder = morning(request, asked.asked_on.saturating_add(half.days()));
    let late = morning(request, asked.answer_by.saturating_add(1.day()));
    vec![
        mail,
        timer(request.id, &Timer::QuestionReminder { number }, reminder),
        timer(request.id, &Timer::QuestionDue { number }, late),
    ]
}

/// Returns the set times before and after a legal date.
fn around(request: &Request, due_on: Date) -> Vec<NewJob> {
    let past = morning(request, due_on.saturating_add(1.day()));
    let lead = i64::from(request.terms.targets.propose_extension_days);
    let near = morning(request, due_on.saturating_sub(lead.days()));
    let near = (lead > 0).then(|| timer(request.id, &Timer::ExtensionDue, near));
    near.into_iter().chain([timer(request.id, &Timer::DuePassed, past)]).collect()
}

/// Returns an instant early on a day in the organisation's zone, when people begin to work.
fn morning(request: &Request, date: Date) -> Timestamp {
    let zone = TimeZone::get(&request.terms.zone).unwrap_or(TimeZone::UTC);
    date.at(6, 0, 0, 0).to_zoned(zone).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// Says whose turn an operation's task is.
pub(super) fn turn(operation: Operation) -> Turn {
    match operation {
        Operation::VerifyIdentity => Turn::Subject,
        // A question shows as one as long as it is open.
        Operation::AskSubject
        | Operation::AskOwner
        | Operation::Acknowledge
        | Operation::CheckDuplicates
        | Operation::ResolveSubject
        | Operation::Collect
        | Operation::BuildPackage
        | Operation::Deliver
        | Operation::Reply
        | Operation::SendMail
        | Operation::NotifyRole
        | Operation::Extend
        | Operation::PlanRectification
        | Operation::Rectify
        | Operation::NotifyRecipients
        | Operation::Close => Turn::System,
    }
}
