//! `GET, POST /console/requests/{reference}/data/approve`: the review is done, and what leaves is built.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Builtin};
use habeas_core::request::{MarkScope, Request, TaskState, Verdict};
use habeas_render::page::Section;
use habeas_render::page::console::{DataApprove, Obstacle};
use habeas_render::page::part::{Facts, Row, Search, Tone};
use habeas_render::text;

use super::data;
use super::records;
use crate::console::case::{self, Case};
use crate::console::{chrome, tasks};
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::names::{Names, words};
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let case = case::load(&mut app.store.read().await?, &staff, &reference).await?;
    show(&app, &visit, &staff, &case, None).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let case = case::load(&mut app.store.read().await?, &staff, &reference).await?;
    let Some(task) = data::review_task(&app, &staff, &case.request)? else {
        let why = "Take the review first: only who has taken it can approve".to_owned();
        return show(&app, &visit, &staff, &case, Some(why)).await;
    };
    let answers = saved(&case.request, &task);
    match tasks::complete::complete(&app, &staff, &task, &answers).await? {
        Ok(_) => Ok(respond::see(&format!("/console/requests/{}?told=approved", case.request.reference))),
        Err(why) => {
            let case = case::load(&mut app.store.read().await?, &staff, &reference).await?;
            show(&app, &visit, &staff, &case, Some(why)).await
        }
    }
}

/// Returns what was filled in on the task's own page.
fn saved(request: &Request, task: &str) -> BTreeMap<String, String> {
    let key = task.split_once('.').map(|(_, key)| habeas_core::flow::TaskKey::from_text(key));
    let run = key.and_then(|key| request.tasks.get(&key));
    run.map(|run| run.answers.reveal().clone()).unwrap_or_default()
}

async fn show(app: &App, visit: &Visit, staff: &Staff, case: &Case, why: Option<String>) -> Result<Response> {
    let page = page(app, staff, case).await?;
    let mut read = app.store.read().await?;
    let chrome = chrome::of(app, visit, staff, Section::Requests, &mut read).await?;
    let status = if why.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    respond::page_with(status, &chrome::tell(chrome, Tone::Bad, why), &page)
}

async fn page(app: &App, staff: &Staff, case: &Case) -> Result<DataApprove> {
    let request = &case.request;
    let marked = request.clone();
    let read = records::read(app, request, move |reader| {
        Ok((crate::coverage::whole(reader.summary(), &marked), records::count_undecided(reader, &marked)?))
    });
    let (summary, undecided) = read.await?.ok_or(Error::NotFound)?;
    let coverage = records::coverage(&summary, request, &Names::of(&app.catalog));
    let of_request = |tab: &str| format!("/console/requests/{}/{tab}", request.reference);
    let mut obstacles = Vec::new();
    if undecided > 0 {
        let text = text::count(undecided, "record waits for a decision", "records wait for a decision");
        obstacles.push(Obstacle { text, href: of_request("data?mark=undecided") });
    }
    for (ask, file) in request.owner_files().filter(|(_, file)| file.is_undecided()) {
        let text =
            format!("The file {} holds data of other people and waits for a decision", file.name.reveal());
        obstacles
            .push(Obstacle { text, href: format!("/console/asked/{}.{}", request.reference, ask.source) });
    }
    for ask in request.open_owner_asks() {
        let source = Names::of(&app.catalog).source(&ask.source);
        let text = format!("Whoever looks after {source} has not answered");
        obstacles
            .push(Obstacle { text, href: format!("/console/asked/{}.{}", request.reference, ask.source) });
    }
    for row in coverage.rows.iter().filter(|row| row.search == Search::Failed) {
        let text = format!("{} failed and nobody has explained the gap", row.source);
        obstacles.push(Obstacle { text, href: of_request("tasks") });
    }
    match data::review_task(app, staff, request)? {
        Some(task) => obstacles.extend(unanswered(app, staff, request, &task)?),
        None => obstacles.push(Obstacle {
            text: "Only who has taken the review can approve".to_owned(),
            href: of_request("tasks"),
        }),
    }
    let ctx = case::context(app, request, staff)?;
    let review = ctx.flow.tasks().find(|task| {
        task.manual().is_some_and(|manual| manual.is_data_review)
            && request.tasks.get(&task.key).is_some_and(|run| run.state == TaskState::InProgress)
    });
    let consequence = review.map(|task| tasks::shown::consequence(request, ctx.flow, &task.key));
    Ok(DataApprove {
        subject: case.subject(app),
        counts: counts(request, summary.records, &coverage.sentence()),
        obstacles,
        consequence: consequence.unwrap_or_default(),
        may_conflict: access::is_member(&staff.roles, &Builtin::PrivacyOfficer.name()),
    })
}

/// Returns what the task asks for and nobody has filled in yet.
fn unanswered(app: &App, staff: &Staff, request: &Request, task: &str) -> Result<Option<Obstacle>> {
    let ctx = case::context(app, request, staff)?;
    let Some((_, key)) = task.split_once('.') else { return Ok(None) };
    let key = habeas_core::flow::TaskKey::from_text(key);
    let saved = saved(request, task);
    let asks = ctx.flow.task(&key).and_then(|task| task.manual()).map(|manual| &manual.asks);
    let missing = asks
        .into_iter()
        .flatten()
        .find(|ask| ask.on_complete && saved.get(&ask.name).is_none_or(String::is_empty));
    Ok(missing.map(|ask| Obstacle {
        text: format!("{} is not filled in", ask.label),
        href: format!("/console/tasks/{task}"),
    }))
}

fn counts(request: &Request, records: u64, systems: &str) -> Facts {
    let mut single = (0_u64, 0_u64);
    let mut whole: Vec<String> = Vec::new();
    let mut seen: Vec<&MarkScope> = Vec::new();
    // The last mark of a scope counts.
    for mark in request.marks.iter().rev() {
        if seen.contains(&&mark.scope) {
            continue;
        }
        seen.push(&mark.scope);
        match (&mark.scope, &mark.verdict) {
            (_, Verdict::Give) => {}
            (MarkScope::Record(_), Verdict::Exclude { .. }) => single.0 += 1,
            (MarkScope::Record(_), Verdict::Redact { .. }) => single.1 += 1,
            (MarkScope::Collection { collection, .. }, verdict) => {
                let what = if matches!(verdict, Verdict::Redact { .. }) { "redacted" } else { "excluded" };
                whole.push(format!("{} {what}", words(collection)));
            }
        }
    }
    let mut rows = vec![
        Row::new("Found", text::count(records, "record", "records")),
        Row::new("Excluded one by one", text::count(single.0, "record", "records")),
        Row::new("Redacted one by one", text::count(single.1, "record", "records")),
    ];
    if !whole.is_empty() {
        rows.push(Row::new("Whole collections", whole.join("; ")));
    }
    rows.push(Row::new("Systems", systems));
    Facts { rows }
}
