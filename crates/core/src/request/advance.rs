//! The flow's next steps: which tasks start now, later or not at all, and when the request is answered.
//!
//! What can't be told is never guessed: a condition that names something nobody knows makes its task fail, and
//! a person decides.

use jiff::{SignedDuration, Timestamp};

use super::decide::Context;
use super::event::{Completed, Event, Skip, TaskFailed, TaskPlanned, TaskSkipped, TaskStarted, Turn};
use super::facts::facts;
use super::react::turn;
use super::state::{Failure, Request, TaskRun, TaskState};
use crate::flow::{Schedule, Span, SpanUnit, Stage, Start, Task, TaskKey, Work};
use crate::pii::Pii;

/// Returns the events that follow by themselves from where the request stands; empty when it waits.
pub(super) fn next(request: &Request, ctx: &Context<'_>) -> Vec<Event> {
    if request.status.is_closed() || request.is_merged() {
        return Vec::new();
    }
    match ctx.flow.stages.iter().find(|stage| !is_over(request, stage)) {
        Some(stage) => start_tasks(request, stage, ctx),
        None => vec![completed(request)],
    }
}

/// Returns the event that ends an answered request.
pub(super) fn completed(request: &Request) -> Event {
    Event::Completed(Completed {
        is_partial: !request.excuses.is_empty() || request.package.as_ref().is_some_and(|p| p.is_partial),
        nothing_held: request.holds_nothing(),
    })
}

fn is_over(request: &Request, stage: &Stage) -> bool {
    stage.tasks.iter().all(|task| has_ended(request, task))
}

fn has_ended(request: &Request, task: &Task) -> bool {
    request.tasks.get(&task.key).is_some_and(|run| run.state.is_over())
}

/// Moves what has the smallest number among the tasks that aren't over.
fn start_tasks(request: &Request, stage: &Stage, ctx: &Context<'_>) -> Vec<Event> {
    let open = || stage.tasks.iter().filter(|task| !has_ended(request, task));
    let Some(order) = open().map(|task| task.order).min() else { return Vec::new() };
    open().filter(|task| task.order == order).filter_map(|task| step(request, task, ctx)).collect()
}

/// Returns what happens to a task whose turn has come; nothing where it runs or waits.
fn step(request: &Request, task: &Task, ctx: &Context<'_>) -> Option<Event> {
    let run = request.tasks.get(&task.key);
    match run.map(|run| (run.state, run)) {
        None => arrive(request, task, 1, ctx),
        Some((TaskState::Again, run)) => arrive(request, task, run.attempt + 1, ctx),
        Some((TaskState::Planned, run)) => depart(request, task, run, ctx),
        Some(_) => None,
    }
}

/// A task's turn comes: it is left out, starts, or is planned.
pub(super) fn arrive(request: &Request, task: &Task, attempt: u32, ctx: &Context<'_>) -> Option<Event> {
    if let Some(condition) = &task.condition {
        match condition.holds(&facts(request, ctx.flow)) {
            Ok(true) => {}
            Ok(false) => return Some(skipped(task, attempt, Skip::Condition)),
            Err(why) => return Some(undecided(task, attempt, Failure::CONDITION, why)),
        }
    }
    match begin(request, task, ctx) {
        Begin::Wait => None,
        Begin::Skip => Some(skipped(task, attempt, Skip::NotLate)),
        Begin::Never => {
            let why = "its start rule fits no instant to come".to_owned();
            Some(undecided(task, attempt, "start", why))
        }
        Begin::At(starts_at) if starts_at > ctx.now => {
            Some(Event::TaskPlanned(TaskPlanned { task: task.key.clone(), attempt, starts_at }))
        }
        Begin::At(_) => Some(Event::TaskStarted(started(task, attempt, ctx))),
    }
}

/// A planned task starts once its instant has come, or is left out as soon as nothing is late any more.
fn depart(request: &Request, task: &Task, run: &TaskRun, ctx: &Context<'_>) -> Option<Event> {
    let other = task.late.as_ref().and_then(|late| request.tasks.get(&late.task));
    if other.is_some_and(|other| other.state.is_over()) {
        return Some(skipped(task, run.attempt, Skip::NotLate));
    }
    let is_time = run.starts_at.is_none_or(|at| ctx.now >= at);
    is_time.then(|| Event::TaskStarted(started(task, run.attempt, ctx)))
}

/// When a task begins whose turn has come.
enum Begin {
    /// At an instant, which may have passed.
    At(Timestamp),
    /// It isn't known yet.
    Wait,
    /// It doesn't.
    Skip,
    /// No instant fits its rule.
    Never,
}

fn begin(request: &Request, task: &Task, ctx: &Context<'_>) -> Begin {
    let from = match &task.late {
        None => ctx.now,
        Some(late) => match request.tasks.get(&late.task) {
            Some(other) if other.state.is_over() => return Begin::Skip,
            Some(other) if !matches!(other.state, TaskState::Planned | TaskState::Again) => {
                match after(ctx, other.started_at, late.after) {
                    Some(at) => at.max(ctx.now),
                    None => return Begin::Never,
                }
            }
            Some(_) | None => return Begin::Wait,
        },
    };
    match &task.start {
        Start::AtOnce => Begin::At(from),
        Start::Next(rule) => next_fit(rule, from, ctx).map_or(Begin::Never, Begin::At),
    }
}

fn next_fit(rule: &Schedule, from: Timestamp, ctx: &Context<'_>) -> Option<Timestamp> {
    rule.next(&from.to_zoned(ctx.zone.clone())).map(|at| at.timestamp())
}

fn undecided(task: &Task, attempt: u32, code: &str, message: String) -> Event {
    let failure = Failure { code: code.to_owned(), source: None, message };
    Event::TaskFailed(TaskFailed { task: task.key.clone(), attempt, failure })
}

fn skipped(task: &Task, attempt: u32, cause: Skip) -> Event {
    Event::TaskSkipped(TaskSkipped { task: task.key.clone(), attempt, cause, reason: Pii::default() })
}

pub(super) fn started(task: &Task, attempt: u32, ctx: &Context<'_>) -> TaskStarted {
    let turn = match &task.work {
        Work::Automatic(operation) => turn(*operation),
        Work::Manual(_) => Turn::Staff,
    };
    let from_now = |span: Span| after(ctx, ctx.now, span);
    let reminds_at =
        task.reminders.iter().map(|reminder| from_now(reminder.after).unwrap_or(Timestamp::MAX)).collect();
    TaskStarted {
        task: task.key.clone(),
        attempt,
        due_at: task.deadline.and_then(from_now),
        turn,
        reminds_at,
    }
}

/// Returns the instant a span from an instant ends; working days skip weekends and the calendar's holidays.
pub(super) fn after(ctx: &Context<'_>, from: Timestamp, span: Span) -> Option<Timestamp> {
    let hours = |hours: i64| from.checked_add(SignedDuration::from_hours(hours)).ok();
    let amount = i64::from(span.amount);
    match span.unit {
        SpanUnit::Hours => hours(amount),
        SpanUnit::Days => hours(24 * amount),
        SpanUnit::WorkingDays => {
            let mut at = from.to_zoned(ctx.zone.clone());
            let mut left = span.amount;
            while left > 0 {
                at = at.checked_add(jiff::Span::new().days(1)).ok()?;
                left -= u16::from(ctx.is_working_day(at.date()));
            }
            Some(at.timestamp())
        }
        SpanUnit::WorkingHours => after_working_hours(ctx, from, amount),
    }
}

/// The hours of a working day, in the entity's zone.
const OPENS_AT: i8 = 9;
const CLOSES_AT: i8 = 17;

/// Returns the instant so many hours of working days later: an hour counts between 9 and 17 o'clock only.
fn after_working_hours(ctx: &Context<'_>, from: Timestamp, hours: i64) -> Option<Timestamp> {
    let mut left = SignedDuration::from_hours(hours);
    let mut day = from.to_zoned(ctx.zone.clone()).date();
    loop {
        if ctx.is_working_day(day) {
            let opens = day.at(OPENS_AT, 0, 0, 0).to_zoned(ctx.zone.clone()).ok()?.timestamp().max(from);
            let closes = day.at(CLOSES_AT, 0, 0, 0).to_zoned(ctx.zone.clone()).ok()?.timestamp();
            let open = closes.duration_since(opens);
            if open >= left {
                return opens.checked_add(left).ok();
            }
            left -= open.max(SignedDuration::ZERO);
        }
        day = day.tomorrow().ok()?;
    }
}

/// Returns the earlier tasks from `from` on that have run: those a rework does again.
pub(super) fn from_task_on(request: &Request, ctx: &Context<'_>, from: &TaskKey) -> Vec<TaskKey> {
    let place = |key: &TaskKey| {
        ctx.flow.stages.iter().enumerate().find_map(|(stage, found)| {
            found.tasks.iter().find(|task| task.key == *key).map(|task| (stage, task.order))
        })
    };
    let start = place(from);
    let again = |key: &&TaskKey| *key == from || place(key) > start;
    request.tasks.keys().filter(again).cloned().collect()
}
