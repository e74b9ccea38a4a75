//! `GET, POST /console/snippets/new`, `GET, POST /console/snippets/{snippet}`: one snippet, drafted, published
//! or retired.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::definition::Kind;
use habeas_core::list;
use habeas_core::snippet::{self, Place, Snippet};
use habeas_render::page::Section;
use habeas_render::page::console::{Snippet as Page, Standing};
use habeas_render::page::part::Tone;
use habeas_store::Read;

use crate::console::definition::{self, Act};
use crate::console::people::People;
use crate::console::{chrome, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get_new(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
) -> Result<Response> {
    show(&app, &visit, &staff, StatusCode::OK, None, &blank()).await
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
) -> Result<Response> {
    let page = load(&app, &mut app.store.read().await?, &name).await?;
    show(&app, &visit, &staff, StatusCode::OK, None, &page).await
}

pub(in crate::console) async fn post_new(
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
        let known = definition::read(&mut *app.store.begin().await?, Kind::Snippet, &page.name).await?;
        known.map(|_| "There is a snippet of this name".to_owned())
    };
    save(&app, &visit, &staff, page, &form).await
}

pub(in crate::console) async fn post(
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
    if form.text("act") == "preview" {
        (page.name_error, page.title_error) = (None, None);
        page.preview = Some(sample(&page.text));
        return show(app, visit, staff, StatusCode::OK, None, &page).await;
    }
    if page.name_error.is_some() || page.title_error.is_some() || page.text_error.is_some() {
        return show(app, visit, staff, StatusCode::UNPROCESSABLE_ENTITY, None, &page).await;
    }
    let act = Act::of(form);
    let snippet = Snippet { name: page.name.clone(), title: page.title.clone(), text: page.text.clone() };
    match definition::act(app, staff, (Kind::Snippet, &snippet.name), act, &snippet.to_yaml()).await {
        Ok(()) => Ok(respond::see(&format!("/console/snippets?told={}", act.told()))),
        Err(error) => {
            let why = told::refusal(error)?;
            show(app, visit, staff, StatusCode::CONFLICT, Some(why), &page).await
        }
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
    let chrome = chrome::of(app, visit, staff, Section::Snippets, &mut read).await?;
    respond::page_with(status, &chrome::tell(chrome, Tone::Bad, why), page)
}

async fn load(app: &App, read: &mut Read, name: &str) -> Result<Page> {
    let known = definition::read(read, Kind::Snippet, name).await?.ok_or(Error::NotFound)?;
    let people = People::read(read).await?;
    let shown = known.shown().ok_or(Error::NotFound)?;
    let snippet =
        Snippet::parse("snippet", &shown.text).map_err(|_| Error::Broken("a snippet that can't be read"))?;
    Ok(Page {
        name: name.to_owned(),
        is_new: false,
        title: snippet.title,
        preview: Some(sample(&snippet.text)),
        text: snippet.text,
        standing: known.standing(app, &people, false),
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
        text: String::new(),
        text_error: None,
        places: Place::ALL.map(|place| (place.as_str().to_owned(), place.title().to_owned())).into(),
        preview: None,
        standing: Standing::new(),
    }
}

/// Takes over what was typed, and says what is wrong with it.
fn fill(page: &mut Page, form: &Form) {
    form.text("title").clone_into(&mut page.title);
    form.text("text").clone_into(&mut page.text);
    let length = page.title.chars().count();
    let is_title = (1..=100).contains(&length) && !page.title.contains(char::is_control);
    page.title_error = (!is_title).then(|| "Enter a title of at most 100 characters".to_owned());
    page.text_error = if let Some(word) = snippet::unknown_places(&page.text).first() {
        Some(format!("There is no place {{{word}}}: look at the list of places"))
    } else if !(1..=snippet::LONGEST).contains(&page.text.chars().count()) {
        Some(format!("Write a text of at most {} characters", snippet::LONGEST))
    } else {
        None
    };
    page.preview = page.text_error.is_none().then(|| sample(&page.text));
}

/// Returns how a text reads for a made-up request.
fn sample(text: &str) -> String {
    let value = |place| {
        Some(str::to_owned(match place {
            Place::Name => "Ada Lovelace",
            Place::Reference => "HB-7K3M-9QXD",
            Place::Asked => "Get a copy of my data",
            Place::Law => "UK GDPR",
            Place::ReceivedOn => "Thursday 12 November 2026",
            Place::DueOn => "Monday 14 December 2026",
            Place::Organisation => "Northwind Trading",
            Place::ContactEmail => "privacy@northwind.example",
        }))
    };
    snippet::fill(text, value).into_revealed()
}
