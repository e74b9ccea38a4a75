//! `GET, POST /console/find`, `GET /console/find/{search}`: looks for somebody in every source.
//!
//! Pages can't reach a source: the search is a job, its question and its answer are sealed and expire, and
//! only who asked sees them. No address and no log says whom it was about; that somebody searched, and what
//! for, stands in the installation's chain.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::definition::Kind;
use habeas_core::event::Actor;
use habeas_core::find::{self, FoundRow, Person, Purpose, Search};
use habeas_core::id::JobId;
use habeas_core::job::NewJob;
use habeas_core::yaml::Problems;
use habeas_dataset as dataset;
use habeas_render::page::Section;
use habeas_render::page::console::{Find, FoundPeople, PersonFound, PersonRow};
use habeas_render::page::part::{Choice, Hidden};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{chrome, limit, system};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// How long a question and its answer are kept.
const LIFE: SignedDuration = SignedDuration::from_hours(1);
/// How often a search is tried.
const TRIES: u16 = 3;

pub(super) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Find, &mut read).await?;
    respond::page(&chrome, &page(&app, "", None))
}

pub(super) async fn post(State(app): State<App>, visit: Visit, staff: Staff, form: Form) -> Result<Response> {
    let query = form.text("query");
    let purpose = Purpose::lookup(form.text("purpose"));
    let is_query = (3..=200).contains(&query.chars().count()) && !query.chars().any(char::is_control);
    let (true, Some(purpose)) = (is_query, purpose) else {
        let mut page = page(&app, query, purpose);
        page.query_error =
            (!is_query).then(|| "Enter what the person is known by, between 3 and 200 characters".to_owned());
        page.purpose_error = purpose.is_none().then(|| "Choose what for".to_owned());
        let mut read = app.store.read().await?;
        let chrome = chrome::of(&app, &visit, &staff, Section::Find, &mut read).await?;
        return respond::page_again(&chrome, &page);
    };
    app.limit(limit::FIND_STAFF, staff.id.as_bytes()).await?;
    let now = app.now();
    let id = JobId::new(now, &*app.chance);
    let search = Search { query: query.to_owned(), purpose, by: staff.id, found: None };
    let content = serde_json::to_value(&search).map_err(|_| Error::Broken("a search"))?;
    let mut tx = app.store.begin().await?;
    tx.put_result(id, &content, now.saturating_add(LIFE).unwrap_or(Timestamp::MAX)).await?;
    let job = NewJob {
        kind: find::JOB,
        payload: json!({ "search": id }),
        run_at: now,
        unique_key: Some(format!("{}:{id}", find::JOB)),
        max_attempts: TRIES,
    };
    tx.add_job(&job).await?;
    let body = json!({ "search": id, "purpose": purpose });
    system::note(&mut tx, now, Actor::Staff(staff.id), "subject_searched", body).await?;
    tx.commit().await?;
    tracing::info!(by = %staff.id, purpose = purpose.as_str(), "somebody is looked for in every source");
    Ok(respond::see(&format!("/console/find/{id}")))
}

pub(super) async fn get_found(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response> {
    let id: JobId = id.parse().map_err(|_| Error::NotFound)?;
    let mut read = app.store.read().await?;
    let content = read.lookup_result(id).await?.ok_or(Error::NotFound)?;
    let search: Search = serde_json::from_value(content).map_err(|_| Error::NotFound)?;
    if search.by != staff.id {
        return Err(Error::NotFound);
    }
    let chrome = chrome::of(&app, &visit, &staff, Section::Find, &mut read).await?;
    respond::page(&chrome, &found(&staff, search))
}

fn page(app: &App, query: &str, purpose: Option<Purpose>) -> Find {
    let choice = |known: Purpose| Choice::new(known.as_str(), known.title()).selected(purpose == Some(known));
    Find {
        query: query.to_owned(),
        query_error: None,
        purposes: Purpose::ALL.map(choice).into(),
        purpose_error: None,
        known_by: known_by(app),
    }
}

/// Returns the kinds of identity that datasets know people by.
fn known_by(app: &App) -> Vec<String> {
    let problems = Problems::new();
    let texts = app.catalog.texts(Kind::Dataset);
    let datasets = texts.iter().flat_map(|text| dataset::read::read(&text.name, &text.text, &problems));
    let Ok(graph) = dataset::graph::Graph::new(datasets.collect()) else { return Vec::new() };
    graph.identities().iter().map(|kind| kind.replace('_', " ")).collect()
}

fn found(staff: &Staff, search: Search) -> FoundPeople {
    let is_waiting = search.found.is_none();
    let found = search.found.unwrap_or_default();
    FoundPeople {
        query: search.query,
        is_waiting,
        people: find::people(&found.rows).into_iter().map(person).collect(),
        is_cut: found.is_cut,
        is_unknown_kind: found.is_unknown_kind,
        searched: found.searched,
        failed: found.failed,
        can_file: access::may(&staff.roles, Action::FileRequests),
    }
}

fn person(person: Person) -> PersonFound {
    let (given, family) = person.name.split_once(' ').unwrap_or((&person.name, ""));
    let fields = [
        ("given_name", Some(given.to_owned())),
        ("family_name", Some(family.to_owned())),
        ("email", person.email.clone()),
        ("phone", person.phone.clone()),
    ];
    let filled = fields.into_iter().filter_map(|(name, value)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(Hidden::new(name, value))
    });
    let row = |row: FoundRow| PersonRow {
        source: row.source,
        collection: row.collection,
        name: row.name,
        emails: row.emails.join(", "),
        phones: row.phones.join(", "),
    };
    PersonFound {
        filled: filled.collect(),
        name: person.name.clone(),
        email: person.email,
        rows: person.rows.into_iter().map(row).collect(),
    }
}
