//! `POST /console/requests/export`: the list as it is narrowed, as a CSV file.
//!
//! The log keeps who exported how many rows by which filters. Who asked stands in the file for those who
//! see it in the list, and in nobody else's.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::event::Actor;
use habeas_core::id::UserId;
use habeas_core::pii::Pii;
use habeas_core::request::RequestRow;
use habeas_render::csv::Writer;
use habeas_store::requests::{EXPORT_LIMIT, Paging};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use super::narrowed::Narrowed;
use crate::console::people::People;
use crate::console::{case, chrome, system, words};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::{App, respond};

pub(in crate::console) async fn post(State(app): State<App>, staff: Staff, form: Form) -> Result<Response> {
    let narrowed = Narrowed::parse(form.text("query"));
    let (sort, is_descending) = narrowed.sort();
    let filter = narrowed.filter(&app, &staff);
    let mut read = app.store.read().await?;
    let total = read.list(&filter, Paging { limit: 0, ..Paging::default() }, &staff.scope).await?.total;
    if total > u64::from(EXPORT_LIMIT) {
        return Ok(respond::see("/console/requests?told=too_long"));
    }
    let rows =
        read.export(&filter, Paging { sort, is_descending, ..Paging::default() }, &staff.scope).await?;
    let people = People::read(&mut read).await?;
    drop(read);
    let mut tx = app.store.begin().await?;
    let body = json!({"list": "requests", "query": narrowed.query(), "count": rows.len()});
    system::note(&mut tx, app.now(), Actor::Staff(staff.id), "list_exported", body).await?;
    tx.commit().await?;
    let is_seen = access::may(&staff.roles, Action::SeeSubjects);
    let content = written(&app, &people, &rows, is_seen).map_err(|_| Error::Broken("a CSV file"))?;
    respond::file(&format!("requests-{}.csv", chrome::today(&app)), "text/csv; charset=utf-8", content)
}

const COLUMNS: [&str; 15] = [
    "Reference",
    "What",
    "Right",
    "Law",
    "Organisation",
    "State",
    "Stage",
    "Received",
    "Due",
    "Days left",
    "Closed",
    "Owner",
    "Waits for",
    "Verified",
    "Needs a person",
];

fn written(app: &App, people: &People, rows: &[RequestRow], is_seen: bool) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let mut writer = Writer::new(&mut content);
    let who = if is_seen { ["Name", "E-mail"].as_slice() } else { &[] };
    writer.row(COLUMNS.iter().chain(who))?;
    let mut names = BTreeMap::new();
    for row in rows {
        let mut fields = line(app, people, row, &mut names).to_vec();
        if is_seen {
            let card = row.subject.as_ref().map(Pii::reveal);
            fields.push(card.map(|card| card.name.clone()).unwrap_or_default());
            fields.push(card.map(|card| card.email.clone()).unwrap_or_default());
        }
        writer.row(&fields)?;
    }
    writer.finish()?;
    Ok(content)
}

fn line(app: &App, people: &People, row: &RequestRow, names: &mut BTreeMap<UserId, String>) -> [String; 15] {
    let entity = app.catalog.entity(&row.entity);
    let zone = entity.map_or(TimeZone::UTC, |entity| entity.zone.clone());
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let owner = row.owner.map(|user| names.entry(user).or_insert_with(|| people.name(user)).clone());
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    [
        row.reference.to_string(),
        case::title(app, &row.activity),
        row.right.clone(),
        case::law_name(app, &row.law),
        entity.map_or_else(|| row.entity.clone(), |entity| entity.title.clone()),
        words::status(&row.status).to_owned(),
        super::row::stage(app, row),
        day(row.received_at).to_string(),
        row.due_on.map(|on| on.to_string()).unwrap_or_default(),
        days_left(row, day(app.now())),
        row.closed_at.map(|at| day(at).to_string()).unwrap_or_default(),
        owner.unwrap_or_default(),
        row.waits_on.clone(),
        yes(row.is_verified),
        yes(row.needs_attention),
    ]
}

/// Returns the days until an open request's date; the past is written in words, since a spreadsheet must
/// not take a minus for a formula.
fn days_left(row: &RequestRow, today: Date) -> String {
    let Some(on) = row.due_on.filter(|_| !row.is_closed) else { return String::new() };
    match today.until(on).map_or(0, |span| span.get_days()) {
        late if late < 0 => format!("{} late", late.abs()),
        left => left.to_string(),
    }
}
