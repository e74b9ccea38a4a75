//! `POST /console/tasks/export`: the list of tasks as it is narrowed, as a CSV file.

use axum::extract::State;
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_render::csv::Writer;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::narrowed::Narrowed;
use super::work::{self, Line};
use super::{list, row};
use crate::console::people::People;
use crate::console::{case, chrome, system};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::{App, respond};

pub(in crate::console) async fn post(State(app): State<App>, staff: Staff, form: Form) -> Result<Response> {
    let narrowed = Narrowed::parse(form.text("query"));
    let mut read = app.store.read().await?;
    let people = People::read(&mut read).await?;
    let work = work::read(&mut read, &staff).await?;
    drop(read);
    let (mine, others) = list::parted(&app, &staff, &work, &narrowed);
    let lines: Vec<Line<'_>> = mine.into_iter().chain(others).collect();
    let content = written(&app, &people, &lines).map_err(|_| Error::Broken("a CSV file"))?;
    let mut tx = app.store.begin().await?;
    let body = json!({"list": "tasks", "query": narrowed.query(), "count": lines.len()});
    system::note(&mut tx, app.now(), Actor::Staff(staff.id), "list_exported", body).await?;
    tx.commit().await?;
    respond::file(&format!("tasks-{}.csv", chrome::today(&app)), "text/csv; charset=utf-8", content)
}

fn written(app: &App, people: &People, lines: &[Line<'_>]) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let mut writer = Writer::new(&mut content);
    writer.row([
        "Task",
        "Request",
        "What",
        "Law",
        "Team",
        "State",
        "Taken by",
        "Started",
        "Due",
        "Overdue",
        "Case owner",
    ])?;
    for line in lines {
        let zone = app.catalog.entity(&line.open.entity).map_or(TimeZone::UTC, |entity| entity.zone.clone());
        let at = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
        let row = row::of_line(app, people, line);
        writer.row([
            row.name,
            row.reference,
            row.request_title,
            case::law_name(app, &line.open.law),
            row.role,
            row.state.text,
            row.taken_by.unwrap_or_default(),
            at(line.open.task.started_at),
            line.open.task.due_at.map(at).unwrap_or_default(),
            if row.is_overdue { "yes" } else { "no" }.to_owned(),
            line.open.owner.map(|owner| people.name(owner)).unwrap_or_default(),
        ])?;
    }
    writer.finish()?;
    Ok(content)
}
