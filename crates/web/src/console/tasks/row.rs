//! A task in a list.

use habeas_core::flow::{Task, Work};
use habeas_core::request::{OwnerAsk, Request, TaskRun, TaskState};
use habeas_render::page::console::TaskRow;
use habeas_render::page::part::{Badge, Tone};
use habeas_render::text::Moment;
use jiff::tz::TimeZone;

use super::work::Line;
use crate::App;
use crate::console::case;
use crate::console::people::People;
use crate::names::Names;

/// Returns the row of a task; one whose turn hasn't come has no run.
pub(in crate::console) fn of(
    app: &App,
    request: &Request,
    task: &Task,
    run: Option<&TaskRun>,
    people: &People,
) -> TaskRow {
    TaskRow {
        href: format!("/console/tasks/{}.{}", request.reference, task.key),
        name: task.title.clone(),
        reference: request.reference.to_string(),
        request_title: case::title(app, &request.terms.activity),
        role: match &task.work {
            Work::Automatic(_) => "Habeas".to_owned(),
            Work::Manual(manual) => app.catalog.role_title(&manual.role),
        },
        state: state(task, run),
        due_at: run.and_then(|run| run.due_at).map(|at| case::moment(request, at)),
        is_overdue: run.is_some_and(|run| run.is_overdue && run.state == TaskState::InProgress),
        taken_by: run.and_then(|run| run.taken_by).map(|user| people.name(user)),
    }
}

/// Returns the row of what a source's owner is asked.
pub(in crate::console) fn of_ask(app: &App, request: &Request, ask: &OwnerAsk, people: &People) -> TaskRow {
    let state = match (ask.is_open(), &ask.answer) {
        (true, _) => state_badge(TaskState::InProgress, ask.owner.is_none()),
        (false, Some(_)) => state_badge(TaskState::Done, false),
        (false, None) => Badge::new(Tone::Warn, "Left out"),
    };
    TaskRow {
        href: format!("/console/asked/{}.{}", request.reference, ask.source),
        name: format!("Look in {}", Names::of(&app.catalog).source(&ask.source)),
        reference: request.reference.to_string(),
        request_title: case::title(app, &request.terms.activity),
        role: "Whoever looks after it".to_owned(),
        state,
        due_at: ask.due_at.map(|at| case::moment(request, at)),
        is_overdue: ask.is_open() && ask.due_at.is_some_and(|at| at < app.now()),
        taken_by: ask.owner.map(|user| people.name(user)),
    }
}

/// Returns the row of a line of all open tasks.
pub(in crate::console) fn of_line(app: &App, people: &People, line: &Line<'_>) -> TaskRow {
    let (open, run) = (line.open, &line.open.task);
    let entity = app.catalog.entity(&open.entity);
    let zone = entity.map_or(TimeZone::UTC, |entity| entity.zone.clone());
    let is_late = run.is_overdue || run.due_at.is_some_and(|at| at < app.now());
    let asked = run.key.asked();
    let (href, name) = match &asked {
        None => (format!("/console/tasks/{}.{}", open.reference, run.key), line.task.title.clone()),
        Some((_, source)) => {
            let name = format!("Look in {}", Names::of(&app.catalog).source(source));
            (format!("/console/asked/{}.{source}", open.reference), name)
        }
    };
    TaskRow {
        href,
        name,
        reference: open.reference.to_string(),
        request_title: case::title(app, &open.activity),
        role: match (line.team, &asked) {
            (Some(team), _) => app.catalog.role_title(team),
            (None, Some(_)) => "Whoever looks after it".to_owned(),
            (None, None) => "Habeas".to_owned(),
        },
        state: state_badge(run.state, (line.team.is_some() || asked.is_some()) && run.taken_by.is_none()),
        due_at: run.due_at.map(|at| Moment(at.to_zoned(zone))),
        is_overdue: is_late && run.state == TaskState::InProgress,
        taken_by: run.taken_by.map(|user| people.name(user)),
    }
}

/// Returns the tasks of a request that are open now.
pub(in crate::console) fn open_of(app: &App, request: &Request, people: &People) -> Vec<TaskRow> {
    if request.status.is_closed() {
        return Vec::new();
    }
    let flow = app.catalog.flow(&request.terms.flow, request.terms.flow_version);
    let tasks = flow.iter().flat_map(|flow| flow.tasks());
    let open = tasks.filter_map(|task| request.tasks.get(&task.key).map(|run| (task, run)));
    open.filter(|(_, run)| case::is_open(run))
        .map(|(task, run)| of(app, request, task, Some(run), people))
        .chain(request.open_owner_asks().map(|ask| of_ask(app, request, ask, people)))
        .collect()
}

/// Returns how a task stands.
pub(in crate::console) fn state(task: &Task, run: Option<&TaskRun>) -> Badge {
    let Some(run) = run else { return Badge::new(Tone::Neutral, "To come") };
    let is_free = task.manual().is_some() && run.taken_by.is_none();
    state_badge(run.state, is_free)
}

fn state_badge(state: TaskState, is_free: bool) -> Badge {
    match state {
        TaskState::Again => Badge::new(Tone::Neutral, "To be done again"),
        TaskState::Planned => Badge::new(Tone::Neutral, "Starts later"),
        TaskState::InProgress if is_free => Badge::new(Tone::Neutral, "Not taken"),
        TaskState::InProgress => Badge::new(Tone::Info, "In progress"),
        TaskState::Done => Badge::new(Tone::Good, "Done"),
        TaskState::Rejected => Badge::new(Tone::Warn, "Rejected"),
        TaskState::Waived => Badge::new(Tone::Neutral, "Left out"),
        TaskState::Skipped => Badge::new(Tone::Neutral, "Not needed"),
        TaskState::Failed => Badge::new(Tone::Bad, "Failed"),
        TaskState::Stopped => Badge::new(Tone::Bad, "Rejected: needs a decision"),
    }
}
