//! `GET, POST /console/requests/{reference}/data`: what was found, record by record, before it leaves.
//!
//! A search goes through all collections up to a bound. That somebody looked into the records is kept in
//! the installation's log.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::event::Actor;
use habeas_core::record::Record as Row;
use habeas_core::request::{OwnerAsk, Request};
use habeas_core::value::Value;
use habeas_render::page::Section;
use habeas_render::page::console::{Category, DataReview, RecordLine, RequestTab, SourceGroup};
use habeas_render::page::part::{Coverage, Pagination, Tone};
use habeas_store::Result as StoreResult;
use habeas_store::records::{Reader, Summary};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::record::{self, Draft};
use super::records::{self, Decided};
use crate::console::case::{self, Case};
use crate::console::people::People;
use crate::console::told::Told;
use crate::console::{chrome, system};
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::names::Names;
use crate::visit::Visit;
use crate::{App, respond};

/// Records on one page.
const PER_PAGE: u64 = 25;
/// A search looks at no more records.
const SEARCHED: usize = 20_000;
/// What narrows the list to the records that wait for a decision.
const UNDECIDED: &str = "undecided";
/// More pages back nobody turns.
const LAST_PAGE: u64 = 100_000;

/// Which records are shown, and which is opened.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(in crate::console) struct Place {
    pub(super) source: String,
    pub(super) collection: String,
    pub(super) page: u64,
    pub(super) record: Option<u64>,
    pub(super) mark: String,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    Query(place): Query<Place>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let case = case::load(&mut app.store.read().await?, &staff, &reference).await?;
    let page = page(&app, &staff, &case, Shown::At(place), None).await?;
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Requests, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let case = case::load(&mut app.store.read().await?, &staff, &reference).await?;
    let term: String = form.text("search").chars().take(200).collect();
    let shown = if term.is_empty() { Shown::At(Place::default()) } else { Shown::Found(term) };
    let page = page(&app, &staff, &case, shown, None).await?;
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Requests, &mut read).await?;
    respond::page(&chrome, &page)
}

/// Shows the page again after a mark that wasn't taken.
pub(super) async fn again(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    (case, place): (&Case, Place),
    draft: Draft,
    why: Option<String>,
) -> Result<Response> {
    let status = if why.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page(app, staff, case, Shown::At(place), Some(draft)).await?;
    let mut read = app.store.read().await?;
    let chrome = chrome::of(app, visit, staff, Section::Requests, &mut read).await?;
    respond::page_with(status, &chrome::tell(chrome, Tone::Bad, why), &page)
}

/// What the list in the middle shows.
enum Shown {
    At(Place),
    Found(String),
}

/// What was read from the file for one page.
struct Content {
    summary: Summary,
    place: Place,
    lines: Vec<Row>,
    total: Option<u64>,
    opened: Option<Row>,
    undecided: u64,
}

async fn page(
    app: &App,
    staff: &Staff,
    case: &Case,
    shown: Shown,
    draft: Option<Draft>,
) -> Result<DataReview> {
    let request = &case.request;
    let search = if let Shown::Found(term) = &shown { term.clone() } else { String::new() };
    let marked = request.clone();
    let content = records::read(app, request, move |reader| content(reader, &marked, shown)).await?;
    let mut read = app.store.read().await?;
    let people = People::read(&mut read).await?;
    drop(read);
    let names = Names::of(&app.catalog);
    let head = case.head(app, staff, &people, RequestTab::Data)?;
    let is_reviewed = reviews(app, staff, request)?;
    let mut page = DataReview {
        head,
        coverage: Coverage { rows: Vec::new() },
        sources: Vec::new(),
        search,
        records: Vec::new(),
        pagination: None,
        record: None,
        undecided_count: 0,
        can_mark: is_reviewed,
        can_approve: is_reviewed,
        handed_in: handed_in(request, &names),
    };
    let Some(content) = content else { return Ok(page) };
    if !content.lines.is_empty() || content.opened.is_some() {
        note(app, staff, request, content.opened.as_ref()).await?;
    }
    if let Some(opened) = &content.opened {
        page.record = Some(record::page(request, opened, &content.summary, (&names, &people), draft));
    }
    page.coverage = records::coverage(&content.summary, request, &names);
    page.sources = sources(&content, &names, &page.coverage, request);
    let decided = Decided::of(request);
    page.records = content.lines.iter().map(|row| line(request, row, &content, &names, &decided)).collect();
    page.pagination = pagination(request, &content);
    page.undecided_count = content.undecided;
    Ok(page)
}

/// Returns the sources whose owners handed files in, each with the page where they are decided on.
fn handed_in(request: &Request, names: &Names) -> Vec<(String, String)> {
    let answered = request.owner_asks.values().filter(|ask| ask.answer.is_some() && !ask.files.is_empty());
    let line = |ask: &OwnerAsk| {
        let files = habeas_render::text::count(ask.files.len() as u64, "file", "files");
        let undecided = ask.files.iter().filter(|file| file.is_undecided()).count();
        let open = if undecided > 0 { format!(", {undecided} to be decided on") } else { String::new() };
        let label = format!("{}: {files}{open}", names.source(&ask.source));
        (label, format!("/console/asked/{}.{}", request.reference, ask.source))
    };
    answered.map(line).collect()
}

/// Says whether the reader has taken a data review of the request.
pub(in crate::console) fn reviews(app: &App, staff: &Staff, request: &Request) -> Result<bool> {
    Ok(review_task(app, staff, request)?.is_some())
}

/// Returns the data review of the request that the reader has taken.
pub(super) fn review_task(app: &App, staff: &Staff, request: &Request) -> Result<Option<String>> {
    if request.status.is_closed() || !access::may(&staff.roles, Action::Review) {
        return Ok(None);
    }
    let ctx = case::context(app, request, staff)?;
    let mine = ctx.flow.tasks().find(|task| {
        task.manual().is_some_and(|manual| manual.is_data_review)
            && request.running(&task.key).is_some_and(|run| run.taken_by == Some(staff.id))
    });
    Ok(mine.map(|task| format!("{}.{}", request.reference, task.key)))
}

/// Keeps that somebody looked into the records: in the installation's own chain once a reader, request and
/// day, in the log of the process each time.
async fn note(app: &App, staff: &Staff, request: &Request, opened: Option<&Row>) -> Result<()> {
    let record = opened.map(|row| row.id);
    tracing::info!(user = %staff.id, request.id = %request.id, record, "records were read");
    let mut tx = app.store.begin().await?;
    let once = format!("{} {} {}", staff.id, request.id, chrome::today(app));
    let until = app.now().saturating_add(SignedDuration::from_hours(48)).unwrap_or(Timestamp::MAX);
    if tx.use_nonce("records read", once.as_bytes(), until).await? {
        let body = json!({"request": request.id});
        system::note(&mut tx, app.now(), Actor::Staff(staff.id), "records_read", body).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn content(reader: &mut Reader, request: &Request, shown: Shown) -> StoreResult<Content> {
    let summary = crate::coverage::whole(reader.summary(), request);
    let undecided = records::count_undecided(reader, request)?;
    let (place, lines, total) = match shown {
        Shown::Found(term) => (Place::default(), find(reader, &term)?, None),
        Shown::At(place) if place.mark == UNDECIDED => {
            let lines = wanting(reader, request, &summary, &place)?;
            (place, lines, Some(undecided))
        }
        Shown::At(place) => listed(reader, &summary, place)?,
    };
    let opened = match place.record {
        Some(id) => reader.record(id)?,
        None => None,
    };
    Ok(Content { summary, place, lines, total, opened, undecided })
}

fn listed(
    reader: &mut Reader,
    summary: &Summary,
    mut place: Place,
) -> StoreResult<(Place, Vec<Row>, Option<u64>)> {
    let is_it = |count: &&habeas_store::records::CollectionCount| {
        *count.dataset == *place.source && *count.collection == *place.collection
    };
    let count = summary.collections.iter().find(is_it).or_else(|| summary.collections.first());
    let Some(count) = count else { return Ok((place, Vec::new(), Some(0))) };
    place.source = count.dataset.to_string();
    place.collection = count.collection.to_string();
    place.page = place.page.clamp(1, LAST_PAGE);
    let offset = (place.page - 1) * PER_PAGE;
    let lines = reader.page(&place.source, &place.collection, offset, 25)?;
    Ok((place, lines, Some(count.records)))
}

/// Returns a page of the records that wait for a decision.
fn wanting(
    reader: &mut Reader,
    request: &Request,
    summary: &Summary,
    place: &Place,
) -> StoreResult<Vec<Row>> {
    let decided = Decided::of(request);
    let mut to_skip = (place.page.clamp(1, LAST_PAGE) - 1) * PER_PAGE;
    let mut found = Vec::new();
    for count in summary.collections.iter().filter(|count| count.third_party > 0) {
        for record in reader.iter_collection(&count.dataset, &count.collection) {
            let record = record?;
            if !decided.is_wanting(&record) {
                continue;
            }
            if to_skip > 0 {
                to_skip -= 1;
                continue;
            }
            found.push(record);
            if found.len() as u64 >= PER_PAGE {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// Returns the first records that hold a text, in any case.
fn find(reader: &mut Reader, term: &str) -> StoreResult<Vec<Row>> {
    let term = term.to_lowercase();
    let mut found = Vec::new();
    for record in reader.iter().take(SEARCHED) {
        let record = record?;
        let holds = |value: &Value| value.to_text().to_lowercase().contains(&term);
        if record.row.fields().iter().any(|(_, value)| holds(value)) {
            found.push(record);
        }
        if found.len() as u64 >= PER_PAGE {
            break;
        }
    }
    Ok(found)
}

fn href(request: &Request, place: &Place, record: Option<u64>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("source", &place.source), ("collection", &place.collection), ("mark", &place.mark)]
    {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if place.page > 1 {
        query.append_pair("page", &place.page.to_string());
    }
    if let Some(id) = record {
        query.append_pair("record", &id.to_string());
    }
    let anchor = if record.is_some() { "#record" } else { "" };
    format!("/console/requests/{}/data?{}{anchor}", request.reference, query.finish())
}

/// Returns the page with the record of a place opened.
pub(super) fn record_href(request: &Request, place: &Place) -> String {
    href(request, place, place.record)
}

/// Returns where to go on after a record: to the next one that waits for a decision where this one did, else
/// to the next of its collection. After the last it stays.
pub(super) fn next(reader: &mut Reader, request: &Request, record: &Row) -> StoreResult<Place> {
    let here = Place {
        source: record.dataset.to_string(),
        collection: record.collection.to_string(),
        record: Some(record.id),
        ..Place::default()
    };
    if record.third_party {
        let summary = reader.summary().clone();
        let first = wanting(reader, request, &summary, &Place::default())?.into_iter().next();
        let place = |row: Row| Place { record: Some(row.id), mark: UNDECIDED.to_owned(), ..Place::default() };
        return Ok(first.map_or(here, place));
    }
    let mut is_past = false;
    for (found, number) in reader.iter_collection(&here.source, &here.collection).zip(0_u64..) {
        let found = found?;
        if is_past {
            return Ok(Place { record: Some(found.id), page: number / PER_PAGE + 1, ..here });
        }
        is_past = found.id == record.id;
    }
    Ok(here)
}

fn sources(content: &Content, names: &Names, coverage: &Coverage, request: &Request) -> Vec<SourceGroup> {
    let mut keys: Vec<&str> = Vec::new();
    let counted = content.summary.collections.iter().map(|count| &*count.dataset);
    for key in content.summary.coverage.iter().map(|entry| &*entry.dataset).chain(counted) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let group = |key: &&str| {
        let name = names.source(key);
        let row = coverage.rows.iter().find(|row| row.source == name);
        let of_source = content.summary.collections.iter().filter(|count| *count.dataset == **key);
        let category = |count: &habeas_store::records::CollectionCount| {
            let place = Place {
                source: count.dataset.to_string(),
                collection: count.collection.to_string(),
                ..Place::default()
            };
            let is_current = content.place.mark.is_empty()
                && content.place.source == place.source
                && content.place.collection == place.collection;
            Category {
                name: names.collection(&count.dataset, &count.collection),
                record_count: count.records,
                href: href(request, &place, None),
                is_current,
            }
        };
        SourceGroup {
            search: row.map_or(habeas_render::page::part::Search::Searched, |row| row.search),
            name,
            categories: of_source.map(category).collect(),
        }
    };
    keys.iter().map(group).collect()
}

fn line(request: &Request, row: &Row, content: &Content, names: &Names, decided: &Decided) -> RecordLine {
    let place = if content.total.is_some() {
        content.place.clone()
    } else {
        Place { source: row.dataset.to_string(), collection: row.collection.to_string(), ..Place::default() }
    };
    RecordLine {
        title: record::title(row, names),
        place: format!("{}, {}", row.collection, names.source(&row.dataset)),
        mark: record::mark_of(request, row),
        is_undecided: decided.is_wanting(row),
        href: href(request, &place, Some(row.id)),
        is_current: content.place.record == Some(row.id),
    }
}

fn pagination(request: &Request, content: &Content) -> Option<Pagination> {
    let total = content.total.filter(|total| *total > PER_PAGE)?;
    let number = content.place.page.clamp(1, LAST_PAGE);
    let first = (number - 1) * PER_PAGE + 1;
    let last = first + u64::try_from(content.lines.len()).unwrap_or(0).saturating_sub(1);
    let link = |page| href(request, &Place { page, ..content.place.clone() }, None);
    Some(Pagination {
        first,
        last,
        total: Some(total),
        previous_href: (number > 1).then(|| link(number - 1)),
        next_href: (last < total).then(|| link(number + 1)),
    })
}
