//! `GET, POST /console/lists/new`, `GET, POST /console/lists/{list}`: one list, drafted, published or retired.
//!
//! A key that people may have chosen stays: publishing a list without it is refused, it is switched off
//! instead.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::definition::Kind;
use habeas_core::list::{self, Entry, List};
use habeas_render::page::Section;
use habeas_render::page::console::{EntryRow, List as Page, Standing};
use habeas_render::page::part::Tone;
use habeas_store::Read;

use super::definition::Act;
use super::people::People;
use super::{chrome, definition, lists, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// The most lines changed in the console; longer lists are files.
const MOST_ROWS: usize = 60;
/// How many empty lines stand at the end.
const SPARE_ROWS: usize = 4;

pub(super) async fn get_new(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    show(&app, &visit, &staff, StatusCode::OK, None, &blank()).await
}

pub(super) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
) -> Result<Response> {
    let page = load(&app, &mut app.store.read().await?, &name).await?;
    show(&app, &visit, &staff, StatusCode::OK, None, &page).await
}

pub(super) async fn post_new(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    form: Form,
) -> Result<Response> {
    let mut page = blank();
    form.text("name").clone_into(&mut page.name);
    fill(&mut page, &form);
    page.name_error = if !list::is_key(&page.name) {
        Some("Use at most 64 small letters, digits, '_' and '-'".to_owned())
    } else if page.name == "new" {
        Some("Choose another name".to_owned())
    } else {
        let known = definition::read(&mut *app.store.begin().await?, Kind::List, &page.name).await?;
        known.map(|_| "There is a list of this name".to_owned())
    };
    save(&app, &visit, &staff, page, &form).await
}

pub(super) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut page = load(&app, &mut app.store.read().await?, &name).await?;
    if matches!(Act::of(&form), Act::Draft | Act::Publish) {
        fill(&mut page, &form);
    }
    save(&app, &visit, &staff, page, &form).await
}

async fn save(app: &App, visit: &Visit, staff: &Staff, mut page: Page, form: &Form) -> Result<Response> {
    if !page.standing.can_change {
        return Err(Error::NotFound);
    }
    if form.text("act") == "more" {
        page.rows.extend(std::iter::repeat_n(empty_row(), 10));
        page.rows.truncate(MOST_ROWS);
        (page.name_error, page.title_error) = (None, None);
        page.row_errors.clear();
        return show(app, visit, staff, StatusCode::OK, None, &page).await;
    }
    if page.name_error.is_some() || page.title_error.is_some() || !page.row_errors.is_empty() {
        return show(app, visit, staff, StatusCode::UNPROCESSABLE_ENTITY, None, &page).await;
    }
    let act = Act::of(form);
    let list = List { name: page.name.clone(), title: page.title.clone(), entries: entries(&page) };
    if let Some(why) = refusal(app, act, &list, &page) {
        return show(app, visit, staff, StatusCode::CONFLICT, Some(why), &page).await;
    }
    match definition::act(app, staff, (Kind::List, &list.name), act, &list.to_yaml()).await {
        Ok(()) => Ok(respond::see(&format!("/console/lists?told={}", act.told()))),
        Err(error) => {
            let why = told::refusal(error)?;
            show(app, visit, staff, StatusCode::CONFLICT, Some(why), &page).await
        }
    }
}

/// Says why an act on a list can't be done.
fn refusal(app: &App, act: Act, list: &List, page: &Page) -> Option<String> {
    match act {
        Act::Retire if !page.standing.can_retire => {
            Some(format!("It is used by {}. Change that first", page.used_by.join(", ")))
        }
        Act::Draft | Act::Publish if list.entries.is_empty() => Some("Fill in at least one line".to_owned()),
        Act::Publish => {
            let before = app.catalog.list(&list.name)?;
            let lost = before.entries.iter().find(|entry| list.value(&entry.key).is_none())?;
            Some(format!(
                "The key “{}” was published and may have been chosen. Leave the line and switch it off",
                lost.key
            ))
        }
        Act::Draft | Act::Drop | Act::Retire => None,
    }
}

async fn show(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    status: StatusCode,
    why: Option<String>,
    page: &Page,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let chrome = chrome::of(app, visit, staff, Section::Lists, &mut read).await?;
    respond::page_with(status, &chrome::tell(chrome, Tone::Bad, why), page)
}

async fn load(app: &App, read: &mut Read, name: &str) -> Result<Page> {
    let known = definition::read(read, Kind::List, name).await?.ok_or(Error::NotFound)?;
    let people = People::read(read).await?;
    let shown = known.shown().ok_or(Error::NotFound)?;
    let list = List::parse("list", &shown.text).map_err(|_| Error::Broken("a list that can't be read"))?;
    let used_by = lists::used_by(app, name);
    let mut standing = known.standing(app, &people, !used_by.is_empty());
    standing.can_change &= list.entries.len() <= MOST_ROWS;
    let spare = if standing.can_change { SPARE_ROWS } else { 0 };
    let rows =
        list.entries.into_iter().map(|Entry { key, value, is_active }| EntryRow { key, value, is_active });
    Ok(Page {
        name: name.to_owned(),
        is_new: false,
        title: list.title,
        rows: rows.chain(std::iter::repeat_n(empty_row(), spare)).collect(),
        used_by,
        standing,
        ..blank()
    })
}

fn blank() -> Page {
    Page {
        name: String::new(),
        is_new: true,
        name_error: None,
        title: String::new(),
        title_error: None,
        rows: std::iter::repeat_n(empty_row(), 2 * SPARE_ROWS).collect(),
        row_errors: Vec::new(),
        used_by: Vec::new(),
        standing: Standing::new(),
    }
}

fn empty_row() -> EntryRow {
    EntryRow { key: String::new(), value: String::new(), is_active: true }
}

/// Takes over what was typed, and says what is wrong with it.
fn fill(page: &mut Page, form: &Form) {
    form.text("title").clone_into(&mut page.title);
    let is_line =
        |text: &str| !text.is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control);
    page.title_error = (!is_line(&page.title)).then(|| "Enter a title of at most 200 characters".to_owned());
    let sent = (1..=MOST_ROWS).map(|number| EntryRow {
        key: form.text(&format!("key-{number}")).to_owned(),
        value: form.text(&format!("value-{number}")).to_owned(),
        is_active: !form.text(&format!("active-{number}")).is_empty(),
    });
    let mut rows: Vec<EntryRow> = sent.collect();
    while rows.last().is_some_and(|row| row.key.is_empty() && row.value.is_empty()) {
        rows.pop();
    }
    let mut seen = BTreeSet::new();
    page.row_errors.clear();
    for (number, row) in (1..).zip(&rows) {
        if row.key.is_empty() && row.value.is_empty() {
            continue;
        }
        let problem = if !list::is_key(&row.key) {
            Some("give it a key of small letters, digits, '_' and '-'")
        } else if !is_line(&row.value) {
            Some("say what people read, in at most 200 characters")
        } else if !seen.insert(row.key.clone()) {
            Some("another line has this key")
        } else {
            None
        };
        page.row_errors.extend(problem.map(|problem| (number, problem.to_owned())));
    }
    rows.extend(std::iter::repeat_n(empty_row(), SPARE_ROWS));
    rows.truncate(MOST_ROWS);
    page.rows = rows;
}

fn entries(page: &Page) -> Vec<Entry> {
    let rows = page.rows.iter().filter(|row| !row.key.is_empty());
    rows.map(|row| Entry { key: row.key.clone(), value: row.value.clone(), is_active: row.is_active })
        .collect()
}
