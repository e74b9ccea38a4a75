//! The flow's next steps: which tasks start now, and when the request is answered.

use jiff::{SignedDuration, Timestamp};

use super::decide::Context;
use super::event::{Completed, Event, TaskStarted, Turn};
use super::react::turn;
use super::state::{Request, TaskState};
use crate::flow::{Span, SpanUnit, Stage, Task, TaskKey, Work};

/// Returns the events that follow by themselves from where the request stands; empty when it waits.
pub(super) fn next(request: &Request, ctx: &Context<'_>) -> Vec<Event> {
    if request.status.is_closed() || request.is_merged() {
        return Vec::new();
    }
    match ctx.flow.stages.iter().find(|stage| !is_over(request, stage)) {
        Some(stage) => start_tasks(request, stage, ctx),
        None => vec![Event::Completed(Completed {
            is_partial: !request.excuses.is_empty() || request.package.as_ref().is_some_and(|p| p.is_partial),
            nothing_held: request.found.as_ref().is_some_and(|found| found.record_count == 0),
        })],
    }
}

fn is_over(request: &Request, stage: &Stage) -> bool {
    stage.tasks.iter().all(|task| has_ended(request, task))
}

fn has_ended(request: &Request, task: &Task) -> bool {
    let state = request.tasks.get(&task.key).map(|run| run.state);
    matches!(state, Some(TaskState::Done | TaskState::Rejected | TaskState::Waived))
}

/// Starts what has the smallest number among the tasks that aren't over.
fn start_tasks(request: &Request, stage: &Stage, ctx: &Context<'_>) -> Vec<Event> {
    let open = || stage.tasks.iter().filter(|task| !has_ended(request, task));
    let Some(order) = open().map(|task| task.order).min() else { return Vec::new() };
    open()
        .filter(|task| task.order == order)
        .filter_map(|task| {
            let earlier = request.tasks.get(&task.key);
            if earlier.is_some_and(|run| run.state != TaskState::Again) {
                return None;
            }
            let attempt = earlier.map_or(1, |run| run.attempt + 1);
            Some(Event::TaskStarted(started(task, attempt, ctx)))
        })
        .collect()
}

pub(super) fn started(task: &Task, attempt: u32, ctx: &Context<'_>) -> TaskStarted {
    let turn = match &task.work {
        Work::Automatic(operation) => turn(*operation),
        Work::Manual(_) => Turn::Staff,
    };
    let due_at = task.deadline.and_then(|span| after(ctx, span));
    TaskStarted { task: task.key.clone(), attempt, due_at, turn }
}

/// Returns the instant a span from now ends; working days skip weekends and the calendar's holidays.
fn after(ctx: &Context<'_>, span: Span) -> Option<Timestamp> {
    let hours = |hours: i64| ctx.now.checked_add(SignedDuration::from_hours(hours)).ok();
    let amount = i64::from(span.amount);
    match span.unit {
        SpanUnit::Hours => hours(amount),
        SpanUnit::Days => hours(24 * amount),
        SpanUnit::WorkingDays => {
            let mut at = ctx.now.to_zoned(ctx.zone.clone());
            let mut left = span.amount;
            while left > 0 {
                at = at.checked_add(jiff::Span::new().days(1)).ok()?;
                left -= u16::from(ctx.is_working_day(at.date()));
            }
            Some(at.timestamp())
        }
        SpanUnit::WorkingHours => after_working_hours(ctx, amount),
    }
}

/// The hours of a working day, in the entity's zone.
const OPENS_AT: i8 = 9;
const CLOSES_AT: i8 = 17;

/// Returns the instant so many hours of working days from now: an hour counts between 9 and 17 o'clock only.
fn after_working_hours(ctx: &Context<'_>, hours: i64) -> Option<Timestamp> {
    let mut left = SignedDuration::from_hours(hours);
    let mut day = ctx.now.to_zoned(ctx.zone.clone()).date();
    loop {
        if ctx.is_working_day(day) {
            let opens = day.at(OPENS_AT, 0, 0, 0).to_zoned(ctx.zone.clone()).ok()?.timestamp().max(ctx.now);
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
