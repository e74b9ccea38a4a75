//! `GET, POST /console/requests`: all requests, narrowed by what stands in the address; a search is sent
//! as a form, since an address may not carry what is searched for.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::id::Reference;
use habeas_core::pii::Pii;
use habeas_core::request::{IndexKind, IndexTerm, Status, normal_email, normal_phone};
use habeas_render::page::Section;
use habeas_render::page::console::{RequestTable, Requests};
use habeas_render::page::part::{Chip, Column, Direction, FilterGroup, Pagination};
use habeas_store::requests::{Filter, Owner, PAGE_LIMIT, Paging, Search, Sort};
use jiff::ToSpan as _;
use serde::Deserialize;

use super::row;
use crate::console::people::People;
use crate::console::{case, chrome, words};
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Requests on one page.
const PER_PAGE: u32 = 25;
/// No page further back is shown; narrow the list instead.
const LAST_PAGE: u32 = 4_000;

/// How the list is narrowed and ordered. Words we don't know are left out.
#[derive(Deserialize, Default, Clone, PartialEq)]
#[serde(default)]
pub(in crate::console) struct Narrowed {
    status: String,
    law: String,
    right: String,
    owner: String,
    attention: String,
    spam: String,
    closed: String,
    due: String,
    sort: String,
    page: u32,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(narrowed): Query<Narrowed>,
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
        filters: narrowed.chips(&app),
        is_narrowed: Narrowed { sort: String::new(), page: 0, ..narrowed.clone() } != Narrowed::default(),
        table: RequestTable { caption: "Requests".to_owned(), columns: narrowed.columns(), rows },
        pagination,
        can_file: access::may(&staff.roles, Action::FileRequests),
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Requests, &mut read).await?;
    respond::page(&chrome, &content)
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
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Requests, &mut read).await?;
    respond::page(&chrome, &content)
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

impl Narrowed {
    fn filter(&self, app: &App, staff: &Staff) -> Filter {
        let today = chrome::today(app);
        let named = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let status = Status::ALL.into_iter().find(|status| status.as_str() == self.status);
        let due_before = match self.due.as_str() {
            "overdue" => Some(today),
            "week" => Some(today.saturating_add(8.days())),
            _ => None,
        };
        Filter {
            statuses: status.map(|status| status.as_str().to_owned()).into_iter().collect(),
            law: named(&self.law),
            right: named(&self.right),
            owner: match self.owner.as_str() {
                "me" => Some(Owner::User(staff.id)),
                "nobody" => Some(Owner::Nobody),
                _ => None,
            },
            needs_attention: (self.attention == "yes").then_some(true),
            is_spam: Some(self.spam == "yes"),
            is_closed: match self.closed.as_str() {
                "yes" => Some(true),
                "all" => None,
                _ if status.is_some_and(Status::is_closed) => None,
                _ => Some(false),
            },
            due_before,
            ..Filter::default()
        }
    }

    fn sort(&self) -> (Sort, bool) {
        let (name, is_descending) = match self.sort.strip_prefix('-') {
            Some(name) => (name, true),
            None => (self.sort.as_str(), false),
        };
        let sort = match name {
            "received" => Sort::Received,
            "reference" => Sort::Reference,
            "status" => Sort::Status,
            _ => Sort::Due,
        };
        (sort, is_descending)
    }

    /// Returns the address of the list with something changed, back on its first page.
    fn link(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut to = Self { page: 0, ..self.clone() };
        change(&mut to);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let texts = [
            ("status", &to.status),
            ("law", &to.law),
            ("right", &to.right),
            ("owner", &to.owner),
            ("attention", &to.attention),
            ("spam", &to.spam),
            ("closed", &to.closed),
            ("due", &to.due),
            ("sort", &to.sort),
        ];
        for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            query.append_pair(name, text);
        }
        if to.page > 1 {
            query.append_pair("page", &to.page.to_string());
        }
        format!("/console/requests?{}", query.finish())
    }

    fn columns(&self) -> Vec<Column> {
        let (sort, is_descending) = self.sort();
        let column = |label: &str, name: &str, by: Sort| {
            let direction = if is_descending { Direction::Descending } else { Direction::Ascending };
            let sorted = (sort == by).then_some(direction);
            let next =
                if sorted == Some(Direction::Ascending) { format!("-{name}") } else { name.to_owned() };
            Column::sortable(label, self.link(|to| to.sort = next), sorted)
        };
        vec![
            column("Request", "reference", Sort::Reference),
            Column::plain("Person"),
            Column::plain("What"),
            column("Stage", "status", Sort::Status),
            column("Due", "due", Sort::Due),
            Column::plain("Owner"),
        ]
    }

    fn chips(&self, app: &App) -> Vec<FilterGroup> {
        let chip = |label: String, of: fn(&mut Self) -> &mut String, value: &str| {
            let mut now = self.clone();
            let is_active = of(&mut now) == value;
            let next = if is_active { "" } else { value };
            Chip { label, href: self.link(|to| next.clone_into(of(to))), count: None, is_active }
        };
        let group = |label: &str, chips| FilterGroup { label: label.to_owned(), chips };
        let open = Status::ALL.into_iter().filter(|status| !status.is_closed());
        let mut states: Vec<Chip> = open
            .map(|status| {
                chip(words::status(status.as_str()).to_owned(), |to| &mut to.status, status.as_str())
            })
            .collect();
        states.push(chip("Needs a person".to_owned(), |to| &mut to.attention, "yes"));
        states.push(chip("Closed".to_owned(), |to| &mut to.closed, "yes"));
        states.push(chip("Spam".to_owned(), |to| &mut to.spam, "yes"));
        let due = vec![
            chip("Overdue".to_owned(), |to| &mut to.due, "overdue"),
            chip("In 7 days".to_owned(), |to| &mut to.due, "week"),
        ];
        let owner = vec![
            chip("Mine".to_owned(), |to| &mut to.owner, "me"),
            chip("Nobody's".to_owned(), |to| &mut to.owner, "nobody"),
        ];
        let mut laws: Vec<&str> = app.catalog.offered().map(|activity| activity.law.as_str()).collect();
        laws.sort_unstable();
        laws.dedup();
        let mut rights: Vec<&str> = app.catalog.offered().map(|activity| activity.right.as_str()).collect();
        rights.sort_unstable();
        rights.dedup();
        let mut groups = vec![group("State", states), group("Due", due), group("Owner", owner)];
        if laws.len() > 1 {
            let chips = laws.iter().map(|law| chip(case::law_name(app, law), |to| &mut to.law, law));
            groups.push(group("Law", chips.collect()));
        }
        if rights.len() > 1 {
            let chips = rights.iter().map(|right| chip(right.replace('_', " "), |to| &mut to.right, right));
            groups.push(group("What", chips.collect()));
        }
        groups
    }
}
