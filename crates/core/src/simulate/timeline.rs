//! A life in lines people can read: what happened, the mails, the dates.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::{Life, Sent};
use crate::event::Actor;
use crate::flow::{Flow, TaskKey};
use crate::request::{Event, Skip, Status, TaskState, Then, Turn};

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// When, in the organisation's zone.
    pub at: Zoned,
    /// Who: `Habeas`, `the person` or `staff`.
    pub who: &'static str,
    /// What.
    pub what: String,
    /// Whether it is a mail.
    pub is_mail: bool,
    /// The task it is about.
    pub task: Option<TaskKey>,
}

/// A try of a task, from its start to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The task.
    pub task: TaskKey,
    /// When it started.
    pub from: Timestamp,
    /// When it ended; none where it still waits.
    pub to: Option<Timestamp>,
    /// How it ended, or that it is under way.
    pub state: TaskState,
    /// When its time was up, where that passed before it ended.
    pub overdue_at: Option<Timestamp>,
}

impl Life {
    /// Returns every try of every task, in the order they started.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut all: Vec<Stretch> = Vec::new();
        for it in &self.happened {
            if let Event::TaskStarted(started) = &it.event {
                let (task, from) = (started.task.clone(), it.at);
                let state = TaskState::InProgress;
                all.push(Stretch { task, from, to: None, state, overdue_at: None });
                continue;
            }
            let (task, state) = match &it.event {
                Event::TaskCompleted(done) => (&done.task, TaskState::Done),
                Event::TaskFailed(failed) => (&failed.task, TaskState::Failed),
                Event::TaskWaived(named) => (&named.task, TaskState::Waived),
                Event::TaskSkipped(skipped) => (&skipped.task, TaskState::Skipped),
                Event::TaskRejected(rejected) => match rejected.then {
                    Then::Stop => (&rejected.task, TaskState::Stopped),
                    Then::Continue | Then::Rework(_) => (&rejected.task, TaskState::Rejected),
                },
                Event::TaskOverdue(named) => (&named.task, TaskState::InProgress),
                _ => continue,
            };
            let open = all.iter_mut().rev().find(|one| one.task == *task && one.to.is_none());
            match (open, state) {
                (Some(open), TaskState::InProgress) => open.overdue_at = Some(it.at),
                (Some(open), state) => (open.to, open.state) = (Some(it.at), state),
                (None, _) => {}
            }
        }
        all
    }

    /// Returns what happened and what was written, in the order of time.
    pub fn timeline(&self, flow: &Flow, zone: &TimeZone) -> Vec<Line> {
        let events = self.happened.iter().filter_map(|it| {
            let (what, task) = words(&it.event, flow)?;
            let who = match it.actor {
                Actor::System => "Habeas",
                Actor::Subject => "the person",
                Actor::Staff(_) => "staff",
            };
            Some(Line { at: it.at.to_zoned(zone.clone()), who, what, is_mail: false, task })
        });
        let mails = self.mails.iter().map(|mail| Line {
            at: mail.at.to_zoned(zone.clone()),
            who: "Habeas",
            what: mail_words(mail, flow),
            is_mail: true,
            task: mail.task.clone(),
        });
        let mut lines: Vec<Line> = events.chain(mails).collect();
        // Stable: what happened stands before the mail that tells it.
        lines.sort_by_key(|line| line.at.timestamp());
        lines
    }

    /// Says how the life ended, in a sentence.
    pub fn ending(&self) -> String {
        let request = &self.request;
        let on = request.due.as_ref().and_then(|due| due.on);
        let due = on.map_or_else(|| "no legal date".to_owned(), |on| format!("legal date {on}"));
        let end = match request.status {
            Status::Completed => "answered in full",
            Status::PartlyFulfilled => "answered in part",
            Status::Refused => "refused",
            Status::Withdrawn => "taken back by the person",
            _ if request.needs_attention() => "open: a person must decide",
            _ if request.waits_on() == "subject" => "open: it waits for the person",
            _ if request.waits_on() == "staff" => "open: it waits for staff",
            _ => "open",
        };
        format!("{end} ({due})")
    }
}

fn mail_words(mail: &Sent, flow: &Flow) -> String {
    let to = if mail.is_for_staff { "staff" } else { "the person" };
    let kind = mail.kind.trim_start_matches("staff_").replace('_', " ");
    match &mail.task {
        Some(task) => format!("mail to {to}: {kind} ({})", title(flow, task)),
        None => format!("mail to {to}: {kind}"),
    }
}

fn title(flow: &Flow, task: &TaskKey) -> String {
    flow.task(task).map_or_else(|| task.to_string(), |task| task.title.clone())
}

/// Returns an event in words; none for what only the log needs.
fn words(event: &Event, flow: &Flow) -> Option<(String, Option<TaskKey>)> {
    if let Some((verb, task)) = of_task(event) {
        return Some((format!("{}: {verb}", title(flow, task)), Some(task.clone())));
    }
    let what = match event {
        Event::Received(_) => "the request comes in".to_owned(),
        Event::DueComputed(due) => match due.on {
            Some(on) => format!("legal date {on}"),
            None => "no legal date yet".to_owned(),
        },
        Event::VerificationAsked(_) => "a code is sent".to_owned(),
        Event::Verified(_) => "identity is proven".to_owned(),
        Event::ClosureProposed(_) => "identity is not proven in time: a person should decide".to_owned(),
        Event::Collected(found) => format!("{} records found", found.record_count),
        Event::PackageReleased(_) => "the archive is made available".to_owned(),
        Event::Asked(_) => "the person is asked".to_owned(),
        Event::Answered(_) => "the person's answer is in".to_owned(),
        Event::QuestionOverdue(_) => "a question is not answered in time: a person should decide".to_owned(),
        Event::ExtensionProposed(_) => "the legal date is near: more time, or an answer".to_owned(),
        Event::Extended(_) => "the legal date is extended".to_owned(),
        Event::DuePassed(_) => "the legal date passes".to_owned(),
        Event::SourceExcused(excuse) => format!("{} is left out of the search", excuse.source),
        Event::Replied(_) => "the person is answered".to_owned(),
        Event::Refused(_) => "the request is refused".to_owned(),
        Event::Withdrawn(_) => "the request is taken back".to_owned(),
        Event::Completed(_) => "the request is answered".to_owned(),
        _ => return None,
    };
    Some((what, None))
}

fn of_task(event: &Event) -> Option<(String, &TaskKey)> {
    Some(match event {
        Event::TaskStarted(started) => {
            let whose = match started.turn {
                Turn::System => "begins",
                Turn::Staff => "waits for staff",
                Turn::Subject => "waits for the person",
            };
            (whose.to_owned(), &started.task)
        }
        Event::TaskPlanned(planned) => (format!("is to begin at {}", planned.starts_at), &planned.task),
        Event::TaskSkipped(skipped) => {
            let why = match skipped.cause {
                Skip::Condition => "left out, its condition doesn't hold",
                Skip::NotLate => "left out, nothing was late",
                Skip::Decided => "left out by a person",
            };
            (why.to_owned(), &skipped.task)
        }
        Event::TaskReminded(reminded) => (format!("reminder {}", reminded.number), &reminded.task),
        Event::TaskOverdue(named) => ("overdue".to_owned(), &named.task),
        Event::TaskWaived(named) => ("waived, its time passed".to_owned(), &named.task),
        Event::TaskCompleted(done) => ("done".to_owned(), &done.task),
        Event::TaskRejected(rejected) => {
            let then = match rejected.then {
                Then::Continue => "rejected, the flow goes on",
                Then::Rework(_) => "rejected, earlier tasks are done again",
                Then::Stop => "rejected, the request waits at the refusal gate",
            };
            (then.to_owned(), &rejected.task)
        }
        Event::TaskFailed(failed) => (format!("failed: {}", failed.failure.message), &failed.task),
        _ => return None,
    })
}
