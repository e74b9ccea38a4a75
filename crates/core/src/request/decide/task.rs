//! Tasks: taken, released, saved, completed, rejected, failed, tried again, late.

use std::collections::BTreeMap;

use super::{Answers, Context, Denied, Outcome, ask, correct, link, notice, owner};
use crate::access::{self, Action};
use crate::event::Actor;
use crate::flow::{Ask, Kind, Manual, OnReject, Show, Source, Task, TaskKey};
use crate::id::UserId;
use crate::pii::Pii;
use crate::request::advance::{arrive, completed, from_task_on, started};
use crate::request::event::{
    Event, PackageReleased, Replied, Skip, TaskAnswered, TaskFailed, TaskNamed, TaskRejected, TaskReminded,
    TaskSkipped, TaskTaken, Then,
};
use crate::request::state::{Failure, Request, TaskRun, TaskState};

/// The longest answer, in characters.
const LONGEST: usize = 10_000;

pub(super) fn finish(
    request: &Request,
    key: &TaskKey,
    attempt: u32,
    outcome: Outcome,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    request.ensure_open()?;
    let run = request.running(key).filter(|run| run.attempt == attempt).ok_or(Denied::NotWaiting)?;
    if let Outcome::Failed(failure) = outcome {
        return Ok(vec![Event::TaskFailed(TaskFailed { task: key.clone(), attempt: run.attempt, failure })]);
    }
    let (before, outputs, after) = effect(request, run, key, outcome, ctx)?;
    let Some(outputs) = outputs else { return Ok(before) };
    let done = Event::TaskCompleted(TaskAnswered { task: key.clone(), answers: Pii::new(outputs) });
    Ok(before.into_iter().chain([done]).chain(after).collect())
}

type Outputs = BTreeMap<String, String>;

/// What happens before a task ends, what it gives (none: it isn't over), and what follows its end.
type Effect = (Vec<Event>, Option<Outputs>, Vec<Event>);

/// Returns what an outcome leads to before the task ends, what the task gives (none: it isn't over), and what
/// follows its end.
fn effect(
    request: &Request,
    run: &TaskRun,
    key: &TaskKey,
    outcome: Outcome,
    ctx: &Context<'_>,
) -> Result<Effect, Denied> {
    let given = |name: &str, value: String| Some(BTreeMap::from([(name.to_owned(), value)]));
    let none = || Some(Outputs::new());
    Ok(match outcome {
        Outcome::Acknowledged | Outcome::Failed(_) => (Vec::new(), none(), Vec::new()),
        Outcome::Done(outputs) => (Vec::new(), Some(outputs), Vec::new()),
        Outcome::DuplicatesFound(found) => {
            let count = given("count", found.len().to_string());
            (link(request, found).into_iter().collect(), count, Vec::new())
        }
        Outcome::Collected(found) => {
            ensure_verified(request)?;
            (vec![Event::Collected(found)], none(), Vec::new())
        }
        Outcome::OwnersAsked(wanted) => {
            let (asked, outputs) = owner::ask(request, key, run.attempt, wanted, ctx);
            (asked, outputs, Vec::new())
        }
        Outcome::CorrectionPlanned { hash, plan } => {
            ensure_verified(request)?;
            let (planned, outputs) = correct::plan(key, run.attempt, hash, plan);
            (planned, Some(outputs), Vec::new())
        }
        Outcome::Corrected { hash, sources } => {
            let (corrected, outputs) = correct::correct(request, key, run.attempt, hash, sources)?;
            (corrected, Some(outputs), Vec::new())
        }
        Outcome::PlanAgain => (correct::plan_again(request, key, ctx)?, None, Vec::new()),
        Outcome::RecipientsListed(recipients) => {
            let (listed, outputs) = notice::list(request, key, run.attempt, recipients);
            (listed, outputs, Vec::new())
        }
        Outcome::Built(package) => (vec![Event::PackageBuilt(package)], none(), Vec::new()),
        Outcome::Delivered => {
            ensure_verified(request)?;
            owner::ensure_answered(request)?;
            (vec![Event::PackageReleased(release_package(ctx))], none(), Vec::new())
        }
        Outcome::Asked { text, basis } => (ask::ask_for(request, key, text, basis, ctx)?, None, Vec::new()),
        Outcome::Replied(text) => {
            let by = author(request, key, ctx);
            (vec![Event::Replied(Replied { text, by })], none(), Vec::new())
        }
        Outcome::ExtensionProposed => {
            let proposed = ask::propose(request, ctx);
            let word = if proposed.is_some() { "yes" } else { "no" };
            (proposed.into_iter().collect(), given("proposed", word.to_owned()), Vec::new())
        }
        Outcome::Closed => {
            if !request.is_answered() {
                return Err(Denied::Unanswered);
            }
            (Vec::new(), none(), vec![completed(request)])
        }
    })
}

/// Returns who wrote what a task sends: whoever did the task it links to.
fn author(request: &Request, key: &TaskKey, ctx: &Context<'_>) -> Actor {
    let sources = ctx.flow.task(key).into_iter().flat_map(Task::sources);
    let mut linked = sources.filter_map(|source| match source {
        Source::Link { task, .. } => request.tasks.get(task)?.ended.map(|(actor, _)| actor),
        Source::Value(_) | Source::Form(_) => None,
    });
    linked.next().unwrap_or(ctx.actor)
}

fn ensure_verified(request: &Request) -> Result<(), Denied> {
    if request.verified_at.is_some() { Ok(()) } else { Err(Denied::Unverified) }
}

pub(super) fn release_package(ctx: &Context<'_>) -> PackageReleased {
    let hours = |hours: i64| {
        ctx.now.saturating_add(jiff::SignedDuration::from_hours(hours)).unwrap_or(jiff::Timestamp::MAX)
    };
    PackageReleased {
        available_until: hours(i64::from(ctx.settings.access_hours)),
        kept_until: hours(24 * i64::from(ctx.settings.keep_days)),
    }
}

/// Finds a manual task in progress that the acting member of staff's team does.
fn manual<'a>(
    request: &'a Request,
    key: &TaskKey,
    ctx: &'a Context<'_>,
) -> Result<(UserId, &'a Task, &'a Manual, &'a TaskRun), Denied> {
    let user = ctx.ensure(Action::DoTasks)?;
    request.ensure_open()?;
    let run = request.running(key).ok_or(Denied::NotWaiting)?;
    let task = ctx.flow.task(key).ok_or(Denied::NotWaiting)?;
    let manual = task.manual().ok_or(Denied::NotWaiting)?;
    if !access::belongs(ctx.roles, &manual.role) {
        return Err(Denied::NotAllowed);
    }
    Ok((user, task, manual, run))
}

fn ensure_taken(run: &TaskRun, user: UserId) -> Result<(), Denied> {
    match run.taken_by {
        Some(holder) if holder == user => Ok(()),
        Some(_) => Err(Denied::TakenByOther),
        None => Err(Denied::NotTaken),
    }
}

pub(super) fn take(request: &Request, key: &TaskKey, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    let (user, _, manual, run) = manual(request, key, ctx)?;
    ensure_four_eyes(request, manual, user)?;
    match run.taken_by {
        Some(holder) if holder == user => Ok(Vec::new()),
        Some(_) if !access::may(ctx.roles, Action::Assign) => Err(Denied::TakenByOther),
        Some(_) | None => Ok(vec![Event::TaskTaken(TaskTaken { task: key.clone(), user })]),
    }
}

pub(super) fn release(request: &Request, key: &TaskKey, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    let (user, _, _, run) = manual(request, key, ctx)?;
    ensure_taken(run, user)?;
    Ok(vec![Event::TaskReleased(TaskNamed { task: key.clone() })])
}

pub(super) fn ensure_four_eyes(request: &Request, manual: &Manual, user: UserId) -> Result<(), Denied> {
    let Some(other) = &manual.four_eyes else { return Ok(()) };
    let first = request.tasks.get(other).and_then(|run| run.ended);
    match first {
        Some((Actor::Staff(done_by), _)) if done_by == user => Err(Denied::FourEyes(other.clone())),
        Some(_) | None => Ok(()),
    }
}

pub(super) fn save(
    request: &Request,
    key: TaskKey,
    answers: &Answers,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    let (user, _, manual, run) = manual(request, &key, ctx)?;
    ensure_taken(run, user)?;
    let answers = known(manual, answers)?;
    Ok(vec![Event::TaskSaved(TaskAnswered { task: key, answers })])
}

pub(super) fn complete(
    request: &Request,
    key: TaskKey,
    answers: &Answers,
    undecided: u64,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    let (user, _, manual, run) = manual(request, &key, ctx)?;
    ensure_taken(run, user)?;
    ensure_four_eyes(request, manual, user)?;
    let missing = |show: &&Show| show.is_mandatory && !request.has_value(ctx.flow, &show.source);
    if let Some(show) = manual.shows.iter().find(missing) {
        return Err(Denied::ShowMissing(show.label.clone()));
    }
    let answers = known(manual, answers)?;
    ensure_answered(&manual.asks, answers.reveal(), |ask| ask.on_complete)?;
    if manual.is_data_review {
        ctx.ensure(Action::Review)?;
        owner::ensure_answered(request)?;
        let undecided = undecided.saturating_add(request.undecided_file_count());
        if undecided > 0 {
            return Err(Denied::Undecided(undecided));
        }
    }
    Ok(vec![Event::TaskCompleted(TaskAnswered { task: key, answers })])
}

pub(super) fn reject(
    request: &Request,
    key: TaskKey,
    answers: &Answers,
    reason: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    let (user, _, manual, run) = manual(request, &key, ctx)?;
    ensure_taken(run, user)?;
    ensure_four_eyes(request, manual, user)?;
    let then = match manual.on_reject.as_ref().ok_or(Denied::NotRejectable)? {
        OnReject::Continue => Then::Continue,
        OnReject::Stop => Then::Stop,
        OnReject::Rework(from) => Then::Rework(from_task_on(request, ctx, from)),
    };
    if reason.reveal().trim().is_empty() {
        return Err(Denied::ReasonMissing);
    }
    let answers = known(manual, answers)?;
    ensure_answered(&manual.asks, answers.reveal(), |ask| ask.on_reject)?;
    Ok(vec![Event::TaskRejected(TaskRejected { task: key, answers, reason, then })])
}

/// Keeps the answers the task asks for, each checked against its type; nothing else comes in.
fn known(manual: &Manual, answers: &Answers) -> Result<Answers, Denied> {
    let mut kept = BTreeMap::new();
    for ask in &manual.asks {
        let Some(answer) = answers.reveal().get(&ask.name) else { continue };
        let answer = answer.trim();
        if !is_of_kind(ask.kind, answer) {
            return Err(Denied::AnswerWrong(ask.label.clone()));
        }
        kept.insert(ask.name.clone(), answer.to_owned());
    }
    Ok(Pii::new(kept))
}

fn is_of_kind(kind: Kind, answer: &str) -> bool {
    if answer.is_empty() {
        return true;
    }
    if answer.chars().count() > LONGEST {
        return false;
    }
    match kind {
        Kind::Text => !answer.contains(['\r', '\n']),
        Kind::LongText => true,
        Kind::Phone => answer.chars().filter(char::is_ascii_digit).count() >= 5,
        Kind::Email => {
            answer.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
        }
        Kind::YesNo => matches!(answer, "yes" | "no"),
        Kind::Number => answer.parse::<f64>().is_ok_and(f64::is_finite),
        Kind::Date => answer.parse::<jiff::civil::Date>().is_ok(),
        Kind::DateRange => answer.split_once('/').is_some_and(|(from, to)| {
            let date = |text: &str| text.parse::<jiff::civil::Date>().ok();
            matches!((date(from), date(to)), (Some(from), Some(to)) if from <= to)
        }),
        Kind::Country => answer.len() == 2 && answer.chars().all(|c| c.is_ascii_uppercase()),
        Kind::Choice | Kind::File => answer.chars().count() <= 200 && !answer.contains(char::is_control),
        Kind::Identifiers => answer.lines().all(|line| line.chars().count() <= 200),
        Kind::Records | Kind::Decisions | Kind::Package | Kind::Correction => false,
    }
}

fn ensure_answered(
    asks: &[Ask],
    answers: &BTreeMap<String, String>,
    is_demanded: impl Fn(&Ask) -> bool,
) -> Result<(), Denied> {
    let missing =
        asks.iter().find(|ask| is_demanded(ask) && answers.get(&ask.name).is_none_or(String::is_empty));
    match missing {
        Some(ask) => Err(Denied::AnswerMissing(ask.label.clone())),
        None => Ok(()),
    }
}

pub(super) fn retry(request: &Request, key: &TaskKey, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::RetryTask)?;
    request.ensure_open()?;
    again(request, key, ctx)
}

/// Starts a failed or stopped task once more.
pub(super) fn again(request: &Request, key: &TaskKey, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    let is_stuck = |run: &&TaskRun| matches!(run.state, TaskState::Failed | TaskState::Stopped);
    let run = request.tasks.get(key).filter(is_stuck).ok_or(Denied::NotWaiting)?;
    let task = ctx.flow.task(key).ok_or(Denied::NotWaiting)?;
    // A person who asks for it again after a condition couldn't be told has decided that it is wanted.
    let is_same = |event: &Event| matches!(event, Event::TaskFailed(_));
    let event = match arrive(request, task, run.attempt + 1, ctx) {
        Some(event) if !is_same(&event) => event,
        Some(_) | None => Event::TaskStarted(started(task, run.attempt + 1, ctx)),
    };
    Ok(vec![event])
}

/// Leaves a task out whose condition couldn't be told: a person says why.
pub(super) fn skip(
    request: &Request,
    key: TaskKey,
    reason: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::RetryTask)?;
    request.ensure_open()?;
    let is_undecided = |run: &&TaskRun| {
        run.state == TaskState::Failed && run.failure.as_ref().is_some_and(Failure::is_condition)
    };
    let run = request.tasks.get(&key).filter(is_undecided).ok_or(Denied::NotWaiting)?;
    if reason.reveal().trim().is_empty() {
        return Err(Denied::ReasonMissing);
    }
    Ok(vec![Event::TaskSkipped(TaskSkipped {
        task: key,
        attempt: run.attempt,
        cause: Skip::Decided,
        reason,
    })])
}

/// The time for a reminder came; none once the task is done, and none twice.
pub(super) fn remind(request: &Request, key: &TaskKey, attempt: u32, number: u32) -> Option<Event> {
    let run = request.running(key).filter(|run| run.attempt == attempt && run.reminder_count < number)?;
    let is_wanted = !request.status.is_closed();
    is_wanted.then(|| Event::TaskReminded(TaskReminded { task: key.clone(), attempt: run.attempt, number }))
}

pub(super) fn overdue(request: &Request, key: &TaskKey, attempt: u32, ctx: &Context<'_>) -> Vec<Event> {
    let run = request.running(key).filter(|run| run.attempt == attempt && !run.is_overdue);
    let task = ctx.flow.task(key);
    let (Some(_), Some(task), false) = (run, task, request.status.is_closed()) else { return Vec::new() };
    let named = TaskNamed { task: key.clone() };
    if task.is_mandatory { vec![Event::TaskOverdue(named)] } else { vec![Event::TaskWaived(named)] }
}
