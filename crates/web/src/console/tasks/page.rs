//! `GET /console/tasks/{task}`: one task. Its id is the request's reference and the task's key.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::event::Actor;
use habeas_core::flow::{Ask, Kind, Manual, OnReject, Task as Defined, TaskKey, Work};
use habeas_core::request::{Context, Failure, Request, TaskRun, TaskState};
use habeas_render::page::Section;
use habeas_render::page::console::{Task, TaskFailure};
use habeas_render::page::part::{Choice, Field, FieldKind, Message, Tone, Writer};
use habeas_render::text::country;
use habeas_store::Read;

use super::{row, shown};
use crate::console::case::{self, Case};
use crate::console::chrome;
use crate::console::people::People;
use crate::console::told::Told;
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// In front of the names of fields that belong to rejecting.
pub(super) const REJECT: &str = "reject-";

/// A task that exists and that the reader may see.
pub(super) struct Found {
    pub(super) case: Case,
    pub(super) key: TaskKey,
}

/// Returns the task of an id within the reader's scope.
pub(super) async fn load(app: &App, read: &mut Read, staff: &Staff, id: &str) -> Result<Found> {
    let (reference, key) = id.split_once('.').ok_or(Error::NotFound)?;
    let case = case::load(read, staff, reference).await?;
    let key = TaskKey::from_text(key);
    let ctx = case::context(app, &case.request, staff)?;
    let task = ctx.flow.task(&key).ok_or(Error::NotFound)?;
    let is_theirs = task.manual().is_some_and(|manual| access::belongs(&staff.roles, &manual.role));
    if is_theirs || access::may(&staff.roles, Action::SeeRequests) {
        Ok(Found { case, key })
    } else {
        Err(Error::NotFound)
    }
}

/// What stood in the forms when an act wasn't done.
#[derive(Default)]
pub(super) struct Draft {
    /// Answers by name.
    pub(super) answers: Option<BTreeMap<String, String>>,
    /// What is wrong with the reason for a rejection.
    pub(super) reason_error: Option<String>,
    /// What is wrong with the reason for leaving a source out.
    pub(super) excuse_error: Option<String>,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let found = load(&app, &mut read, &staff, &id).await?;
    let page = page(&app, &staff, &found, &mut read, Draft::default()).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Tasks, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

/// Shows the task again after an act that wasn't done, as it is now, with what was typed.
pub(super) async fn again(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    id: &str,
    why: String,
    draft: Draft,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let found = load(app, &mut read, staff, id).await?;
    let page = page(app, staff, &found, &mut read, draft).await?;
    let chrome = chrome::of(app, visit, staff, Section::Tasks, &mut read).await?;
    respond::page_with(StatusCode::CONFLICT, &chrome::tell(chrome, Tone::Bad, Some(why)), &page)
}

async fn page(app: &App, staff: &Staff, found: &Found, read: &mut Read, draft: Draft) -> Result<Task> {
    let Found { case, key } = found;
    let request = &case.request;
    let people = People::read(read).await?;
    let ctx = case::context(app, request, staff)?;
    let task = ctx.flow.task(key).ok_or(Error::NotFound)?;
    let run = request.tasks.get(key);
    let stage = ctx.flow.stage_of(key).map(|stage| stage.title.clone()).unwrap_or_default();
    let place = match &task.work {
        Work::Automatic(_) => format!("{stage}, by Habeas"),
        Work::Manual(manual) => format!("{stage}, for {}", app.catalog.role_title(&manual.role)),
    };
    let is_running = request.running(key).is_some() && !request.status.is_closed();
    let is_mine = is_running && run.is_some_and(|run| run.taken_by == Some(staff.id));
    let saved = run.map(|run| run.answers.reveal().clone()).unwrap_or_default();
    let answers = draft.answers.as_ref().unwrap_or(&saved);
    let manual = task.manual();
    let asks = || manual.into_iter().flat_map(|manual| &manual.asks);
    Ok(Task {
        id: format!("{}.{key}", request.reference),
        subject: case.subject(app),
        name: task.title.clone(),
        description: task.description.clone(),
        place,
        state: row::state(task, run),
        due_at: run.and_then(|run| run.due_at).map(|at| case::moment(request, at)),
        taken_by: run.and_then(|run| run.taken_by).map(|user| people.name(user)),
        is_mine,
        can_take: is_running && !is_mine && can_take(request, manual, run, staff),
        can_hand_over: is_running && manual.is_some() && access::may(&staff.roles, Action::Assign),
        look_at: shown::facts(app, case, &ctx, task, &people),
        look_link: look_link(request, task, run, staff),
        fields: asks()
            .filter(|ask| ask.on_complete || !ask.on_reject)
            .map(|ask| field(app, ask, "", answers))
            .collect(),
        consequence: format!("{}{}", shown::consequence(request, ctx.flow, key), case::conflict(staff)),
        reject_consequence: manual.and_then(|manual| on_reject(manual, &ctx)),
        reject_fields: reject_fields(app, manual, answers),
        reason_error: draft.reason_error,
        failure: failure(run, staff, draft.excuse_error),
        notes: notes(case, &people),
    })
}

fn can_take(request: &Request, manual: Option<&Manual>, run: Option<&TaskRun>, staff: &Staff) -> bool {
    let (Some(manual), Some(run)) = (manual, run) else { return false };
    let first = manual.four_eyes.as_ref().and_then(|key| request.tasks.get(key)).and_then(|run| run.ended);
    let was_first = matches!(first, Some((Actor::Staff(by), _)) if by == staff.id);
    let is_free = run.taken_by.is_none() || access::may(&staff.roles, Action::Assign);
    access::belongs(&staff.roles, &manual.role) && is_free && !was_first
}

fn look_link(
    request: &Request,
    task: &Defined,
    run: Option<&TaskRun>,
    staff: &Staff,
) -> Option<(String, String)> {
    let may = |action| access::may(&staff.roles, action);
    let of_request = |tab: &str| format!("/console/requests/{}/{tab}", request.reference);
    let manual = task.manual();
    if run.is_some_and(|run| run.state == TaskState::Stopped) && may(Action::Refuse) {
        return Some(("Refuse the request".to_owned(), of_request("refuse")));
    }
    let source = run.and_then(|run| run.failure.as_ref()).and_then(|failure| failure.source.as_ref());
    if let Some(source) = source.filter(|_| may(Action::SeeSources)) {
        return Some(("Look at the source".to_owned(), format!("/console/sources/{source}")));
    }
    let is_review = manual.is_some_and(|manual| manual.is_data_review) && request.found.is_some();
    (is_review && may(Action::SeeRecords)).then(|| ("Open the data review".to_owned(), of_request("data")))
}

fn on_reject(manual: &Manual, ctx: &Context<'_>) -> Option<String> {
    let text = match manual.on_reject.as_ref()? {
        OnReject::Continue => "The flow goes on; whoever comes next sees your reason.".to_owned(),
        OnReject::Rework(key) => {
            let title = ctx.flow.task(key).map_or_else(|| key.to_string(), |task| task.title.clone());
            format!("It goes back to “{title}”; that and all that follows is done again.")
        }
        OnReject::Stop => "The request stops here. A person then refuses it with a ground of the law, or \
                           has the task done again. Nothing is sent before."
            .to_owned(),
    };
    Some(text)
}

fn reject_fields(app: &App, manual: Option<&Manual>, answers: &BTreeMap<String, String>) -> Vec<Field> {
    let asks = manual.into_iter().filter(|manual| manual.on_reject.is_some()).flat_map(|manual| &manual.asks);
    asks.filter(|ask| ask.on_reject).map(|ask| field(app, ask, REJECT, answers)).collect()
}

fn field(app: &App, ask: &Ask, prefix: &str, answers: &BTreeMap<String, String>) -> Field {
    let kind = match ask.kind {
        Kind::LongText | Kind::Identifiers => FieldKind::LongText,
        Kind::Country | Kind::Choice => FieldKind::Select,
        Kind::Phone => FieldKind::Phone,
        Kind::Email => FieldKind::Email,
        Kind::YesNo => FieldKind::Radios,
        Kind::Number => FieldKind::Number,
        Kind::Date => FieldKind::Date,
        Kind::Text
        | Kind::DateRange
        | Kind::File
        | Kind::Records
        | Kind::Decisions
        | Kind::Package
        | Kind::Correction => FieldKind::Text,
    };
    let mut field = Field::new(kind, format!("{prefix}{}", ask.name), &ask.label).max_length(10_000);
    if ask.kind == Kind::YesNo {
        field = field.options(vec![Choice::new("yes", "Yes"), Choice::new("no", "No")]);
    }
    if ask.kind == Kind::Country {
        let all = country::ALL.iter().map(|(code, name)| Choice::new(*code, *name));
        field = field.options(all.collect());
    }
    if let Some(list) = ask.list.as_ref().and_then(|name| app.catalog.list(name)) {
        let chosen = answers.get(&ask.name).map(String::as_str).unwrap_or_default();
        // What was chosen before it was switched off can stay.
        let offered = list.entries.iter().filter(|entry| entry.is_active || entry.key == chosen);
        field = field.options(offered.map(|entry| Choice::new(&entry.key, &entry.value)).collect());
    }
    if let Some(label) = &ask.shown_to_subject {
        field = field.hint(format!("The person reads it, as “{label}”."));
    }
    let is_required = if prefix.is_empty() { ask.on_complete } else { ask.on_reject };
    let field = if is_required { field } else { field.optional() };
    field.value(answers.get(&ask.name).cloned().unwrap_or_default())
}

fn failure(run: Option<&TaskRun>, staff: &Staff, excuse_error: Option<String>) -> Option<TaskFailure> {
    let run = run?;
    let may_retry = access::may(&staff.roles, Action::RetryTask);
    let (reason, source) = match (run.state, &run.failure) {
        (TaskState::Failed, Some(failure)) => (failure.message.clone(), failure.source.clone()),
        (TaskState::Stopped, _) => ("It was rejected, and the request waits for a decision".to_owned(), None),
        (_, _) => return None,
    };
    let can_skip = run.failure.as_ref().is_some_and(Failure::is_condition);
    may_retry.then_some(TaskFailure {
        reason,
        tries: run.attempt,
        next_at: None,
        source,
        can_skip,
        excuse_error,
    })
}

fn notes(case: &Case, people: &People) -> Vec<Message> {
    let notes = case.request.messages.iter().filter(|message| message.is_internal && case.is_seen);
    notes
        .map(|message| Message {
            writer: Writer::Note,
            from: people.actor(message.from),
            at: case::moment(&case.request, message.at),
            text: message.text.reveal().clone(),
            files: Vec::new(),
        })
        .collect()
}
