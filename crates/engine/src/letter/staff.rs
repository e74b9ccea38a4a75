//! Mails to staff: what waits for them. They name the request, never the person.

use habeas_core::access::Action;
use habeas_core::clock::State;
use habeas_core::flow::{Recipient, Task, TaskKey};
use habeas_core::request::{Context, Occasion, Request, TaskRun, TaskState, Turn};
use habeas_render::mail::{
    DateNews, Letter, NewRequest, News, SourceFailing, TaskWaiting, VerificationExpired,
};
use habeas_render::text::Day;

use super::{Named, Team, moment};
use crate::Inner;
use crate::error::Error;

/// Returns the mail on a task that failed, and whom it goes to.
fn failing(request: &Request, named: &Named, ctx: &Context<'_>) -> Option<(Team, Letter)> {
    let is_meant = |key: &TaskKey| named.task.as_ref().is_none_or(|named| named == key);
    let mut failed =
        request.tasks.iter().filter(|(key, run)| run.state == TaskState::Failed && is_meant(key));
    let (key, run) = failed.next()?;
    let failure = run.failure.as_ref()?;
    let source = failure.source.clone().unwrap_or_else(|| "habeas".to_owned());
    let letter = SourceFailing {
        name: source.clone(),
        source,
        what: failure.message.clone(),
        since: moment(ctx, run.started_at),
        waiting_count: 1,
        next_at: None,
    };
    let told = ctx.flow.task(key).and_then(|task| task.told.clone());
    Some((told.map_or(Team::Granted(Action::RetryTask), Team::Role), Letter::SourceFailing(letter)))
}

impl Inner {
    /// Returns the mail of an occasion that concerns staff, and whom it goes to.
    pub(super) fn staff_letter(
        &self,
        request: &Request,
        occasion: Occasion,
        named: &Named,
    ) -> Result<Option<(Team, Letter)>, Error> {
        let ctx = self.context(request)?;
        let title = format!("{}, {}", self.title(request), ctx.law.title());
        let reference = request.reference.to_string();
        let due_on = request.due.as_ref().and_then(|due| due.on).map(Day);
        let received_at = moment(&ctx, request.received_at);
        Ok(match occasion {
            Occasion::StaffNewRequest | Occasion::StaffMessage => {
                let channel = match occasion {
                    Occasion::StaffMessage => "a message of the person",
                    _ => "the portal",
                };
                let letter =
                    NewRequest { reference, title, channel: channel.to_owned(), received_at, due_on };
                Some((Team::Granted(Action::Refuse), Letter::NewRequest(letter)))
            }
            Occasion::StaffTaskWaiting | Occasion::StaffTaskOverdue | Occasion::StaffReminder => {
                let Some((key, run)) = open_task(request, named) else { return Ok(None) };
                let Some(task) = ctx.flow.task(key) else { return Ok(None) };
                let letter = TaskWaiting {
                    task: format!("{reference}.{key}"),
                    name: task.title.clone(),
                    reference,
                    title,
                    role: match task.manual() {
                        Some(manual) => self.catalog.role_title(&manual.role),
                        None => "Habeas, which does it by itself".to_owned(),
                    },
                    due_at: run.due_at.map(|at| moment(&ctx, at)),
                    is_overdue: run.is_overdue,
                    is_reminder: occasion == Occasion::StaffReminder,
                };
                Some((team(request, task, run, occasion, named), Letter::TaskWaiting(letter)))
            }
            Occasion::StaffTaskFailed => failing(request, named, &ctx),
            Occasion::StaffClosureProposed => {
                let letter = VerificationExpired { reference, title, waiting_since: received_at, due_on };
                Some((Team::Granted(Action::Refuse), Letter::VerificationExpired(letter)))
            }
            Occasion::StaffAnswer
            | Occasion::StaffUnanswered
            | Occasion::StaffExtensionProposed
            | Occasion::StaffDuePassed => {
                let (action, news) = news(request, occasion);
                Some((Team::Granted(action), Letter::DateNews(DateNews { reference, title, news, due_on })))
            }
            Occasion::Question
            | Occasion::QuestionReminder
            | Occasion::Ready
            | Occasion::Renewed
            | Occasion::Refused
            | Occasion::Withdrawn
            | Occasion::Message
            | Occasion::Replied
            | Occasion::Note
            | Occasion::StaffNote
            | Occasion::Extended
            | Occasion::NothingHeld
            | Occasion::VerificationReminder
            | Occasion::Reopened
            | Occasion::Reclassified
            | Occasion::SplitOff
            | Occasion::Merged
            | Occasion::Unmerged
            | Occasion::AnsweredTogether => None,
        })
    }
}

/// Returns what happened to the legal date, and who has to know.
fn news(request: &Request, occasion: Occasion) -> (Action, News) {
    let is_refusal = request.due.as_ref().is_some_and(|due| due.state == State::DeemedRefused.as_str());
    match occasion {
        Occasion::StaffAnswer => (Action::Converse, News::Answered),
        Occasion::StaffUnanswered => (Action::Refuse, News::Unanswered),
        Occasion::StaffExtensionProposed => (Action::Extend, News::Near),
        _ if is_refusal => (Action::Refuse, News::TakenForRefusal),
        _ => (Action::Refuse, News::Passed),
    }
}

/// Returns the task the mail is about, as long as it waits; where the job names none, the manual task whose
/// turn it is.
fn open_task<'a>(request: &'a Request, named: &Named) -> Option<(&'a TaskKey, &'a TaskRun)> {
    let waits = |run: &TaskRun| run.state == TaskState::InProgress;
    match &named.task {
        Some(key) => request.tasks.get_key_value(key).filter(|(_, run)| waits(run)),
        None => request.tasks.iter().find(|(_, run)| waits(run) && run.turn == Turn::Staff),
    }
}

/// Returns whom a mail about a task goes to; what nobody's team does goes to those who can have it tried again.
fn team(request: &Request, task: &Task, run: &TaskRun, occasion: Occasion, named: &Named) -> Team {
    let reminder = named
        .number
        .filter(|_| occasion == Occasion::StaffReminder)
        .and_then(|number| task.reminders.get(number.checked_sub(1)?));
    let role = task.team().cloned();
    match (reminder.map(|reminder| &reminder.to), role) {
        (Some(Recipient::Role(role)), _) => Team::Role(role.clone()),
        (Some(Recipient::CaseOwner), Some(role)) => Team::User(request.owner, role),
        (Some(Recipient::User(address)), Some(role)) => Team::Address(address.clone(), role),
        (Some(Recipient::Holder), Some(role)) => Team::User(run.taken_by, role),
        (None, Some(role)) => Team::Role(role),
        (Some(Recipient::CaseOwner | Recipient::User(_) | Recipient::Holder) | None, None) => {
            Team::Granted(Action::RetryTask)
        }
    }
}
