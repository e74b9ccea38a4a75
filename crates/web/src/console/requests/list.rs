//! `GET, POST /console/requests`: all requests, narrowed by what stands in the address; a search is sent
//! as a form, since an address may not carry what is searched for.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::id::Reference;
use habeas_core::pii::Pii;
use habeas_core::request::{IndexKind, IndexTerm, normal_email, normal_phone};
use habeas_render::page::Section;
use habeas_render::page::console::{RequestTable, Requests};
use habeas_render::page::part::{Pagination, Tone};
use habeas_store::requests::{Filter, PAGE_LIMIT, Paging, Scope, Search};

use super::narrowed::Narrowed;
use super::row;
use crate::console::chrome;
use crate::console::people::People;
use crate::console::told::Told;
use crate::console::views::{self, List};
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Requests on one page.
const PER_PAGE: u32 = 25;
/// No page further back is shown; narrow the list instead.
const LAST_PAGE: u32 = 4_000;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(narrowed): Query<Narrowed>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let page_number = narrowed.page.clamp(1, LAST_PAGE);
    let offset = (page_number - 1) * PER_PAGE;
    let (sort, is_descending) = narrowed.sort();
    let paging = Paging { sort, is_descending, offset, limit: PER_PAGE };
    let page = read.list(&narrowed.filter(&app, &staff), paging, &staff.scope).await?;
    let people = People::read(&mut read).await?;
    let shown = u64::try_from(page.rows.len()).unwrap_or(0);
    let first = u64::from(offset) + 1;
    let link = |number: u32| narrowed.link(|to| to.page = number);
    let entities = entities(&app, &staff);
    let pagination = (page.total > u64::from(PER_PAGE)).then(|| Pagination {
        first: if shown == 0 { 0 } else { first },
        last: first + shown.saturating_sub(1),
        total: Some(page.total),
        previous_href: (page_number > 1).then(|| link(page_number - 1)),
        next_href: (first + shown <= page.total && shown > 0).then(|| link(page_number + 1)),
    });
    let rows = page.rows.iter().map(|found| row::of(&app, &staff, &people, found)).collect();
    let content = Requests {
        search: String::new(),
        filters: narrowed.chips(&app, &people, &entities),
        is_narrowed: narrowed.is_narrowed(),
        table: RequestTable { columns: narrowed.columns(), ..RequestTable::plain("Requests", rows) }
            .selectable(),
        pagination,
        can_file: access::may(&staff.roles, Action::FileRequests),
        views: Some(views::of(&mut read, &staff, List::Requests, &narrowed.query()).await?),
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Requests, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Info, told.sentence()), &content)
}

/// Searches. What was searched for is in no address and in no log; where it names a person, only those who
/// see persons find somebody.
pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    form: Form,
) -> Result<Response> {
    let text = form.text("search");
    if text.is_empty() {
        return Ok(respond::see("/console/requests"));
    }
    let mut read = app.store.read().await?;
    let search = searched(text)
        .filter(|search| is_reference(search) || access::may(&staff.roles, Action::SeeSubjects));
    let rows = match search {
        Some(search) => {
            let filter = Filter { search: Some(search), ..Filter::default() };
            let paging = Paging { limit: PAGE_LIMIT, ..Paging::default() };
            read.list(&filter, paging, &staff.scope).await?.rows
        }
        None => Vec::new(),
    };
    let people = People::read(&mut read).await?;
    let rows = rows.iter().map(|found| row::of(&app, &staff, &people, found)).collect();
    let content = Requests {
        search: text.to_owned(),
        filters: Vec::new(),
        is_narrowed: true,
        table: RequestTable::plain("Requests found", rows),
        pagination: None,
        can_file: false,
        views: None,
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Requests, &mut read).await?;
    respond::page(&chrome, &content)
}

/// Returns the entities the reader sees, as name and title, where there are several.
fn entities(app: &App, staff: &Staff) -> Vec<(String, String)> {
    let is_seen = |name: &String| match &staff.scope {
        Scope::Staff(sight) => sight.entities.as_ref().is_none_or(|names| names.contains(name)),
        Scope::Everything | Scope::Request(_) => true,
    };
    let all = app.catalog.entities().filter(|entity| is_seen(&entity.name));
    let seen: Vec<_> = all.map(|entity| (entity.name.clone(), entity.title.clone())).collect();
    if seen.len() > 1 { seen } else { Vec::new() }
}

fn is_reference(search: &Search) -> bool {
    matches!(search, Search::Reference(_))
}

/// Reads what somebody searches for: a reference, an e-mail address or a telephone number.
fn searched(text: &str) -> Option<Search> {
    if let Ok(reference) = text.parse::<Reference>() {
        return Some(Search::Reference(reference));
    }
    let (kind, value) = if text.contains('@') {
        (IndexKind::Email, normal_email(text))
    } else {
        (IndexKind::Phone, normal_phone(text))
    };
    (!value.is_empty()).then(|| Search::Term(IndexTerm { kind, value: Pii::new(value) }))
}
