//! `GET, POST /console/roles/new`, `GET, POST /console/roles/{role}`: one role, drafted, published or retired.
//!
//! Nobody takes from themselves what they would need to give it back, and no role goes that a flow or an
//! account still names.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action, Area, Role, RoleName};
use habeas_core::definition::Kind;
use habeas_render::page::Section;
use habeas_render::page::console::{GrantArea, GrantRow, Role as Page, Standing};
use habeas_render::page::part::Tone;
use habeas_store::Read;

use super::definition::{Act, Known};
use super::people::People;
use super::{chrome, definition, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// The longest title and description, in characters.
const LONGEST: (usize, usize) = (100, 300);

pub(super) async fn get_new(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    show(&app, &visit, &staff, StatusCode::OK, None, &blank()).await
}

pub(super) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let (_, page) = load(&app, &mut read, &name).await?;
    drop(read);
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
    page.name_error = match RoleName::parse(&page.name) {
        Err(_) => Some("Use at most 64 small letters, digits, '_' and '-'".to_owned()),
        // The address of the form itself.
        Ok(name) if name.as_str() == "new" => Some("Choose another name".to_owned()),
        Ok(name) => {
            let known = definition::read(&mut *app.store.begin().await?, Kind::Role, name.as_str()).await?;
            known.map(|_| "There is a role of this name".to_owned())
        }
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
    let mut read = app.store.read().await?;
    let (_, mut page) = load(&app, &mut read, &name).await?;
    drop(read);
    if matches!(Act::of(&form), Act::Draft | Act::Publish) {
        fill(&mut page, &form);
    }
    save(&app, &visit, &staff, page, &form).await
}

async fn save(app: &App, visit: &Visit, staff: &Staff, page: Page, form: &Form) -> Result<Response> {
    let act = Act::of(form);
    if !page.standing.can_change {
        return Err(Error::NotFound);
    }
    let has_problem = page.name_error.is_some()
        || page.title_error.is_some()
        || page.description_error.is_some()
        || page.email_error.is_some();
    if has_problem {
        return show(app, visit, staff, StatusCode::UNPROCESSABLE_ENTITY, None, &page).await;
    }
    let name = RoleName::parse(&page.name).map_err(|_| Error::NotFound)?;
    let role = Role {
        name: name.clone(),
        title: page.title.clone(),
        description: page.description.clone(),
        email: Some(page.email.clone()).filter(|email| !email.is_empty()),
        grants: granted(&page),
    };
    if let Some(why) = refusal(app, staff, act, &role, &page) {
        return show(app, visit, staff, StatusCode::CONFLICT, Some(why), &page).await;
    }
    match definition::act(app, staff, (Kind::Role, name.as_str()), act, &role.to_yaml()).await {
        Ok(()) => Ok(respond::see(&format!("/console/roles?told={}", act.told()))),
        Err(error) => {
            let why = told::refusal(error)?;
            show(app, visit, staff, StatusCode::CONFLICT, Some(why), &page).await
        }
    }
}

/// Says why an act on a role can't be done.
fn refusal(app: &App, staff: &Staff, act: Act, role: &Role, page: &Page) -> Option<String> {
    if act == Act::Retire && !page.standing.can_retire {
        return Some("A flow or an account still names this role. Change those first".to_owned());
    }
    if act != Act::Publish || app.catalog.role(&role.name).is_none() {
        return None;
    }
    let after: Vec<Role> = staff
        .roles
        .iter()
        .map(|own| if own.name == role.name { role.clone() } else { own.clone() })
        .collect();
    let loses = !access::may(&after, Action::ManageUsers);
    loses.then(|| "You can't take from yourself what you need to give it back".to_owned())
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
    let chrome = chrome::of(app, visit, staff, Section::Users, &mut read).await?;
    respond::page_with(status, &chrome::tell(chrome, Tone::Bad, why), page)
}

async fn load(app: &App, read: &mut Read, name: &str) -> Result<(Known, Page)> {
    let name = RoleName::parse(name).map_err(|_| Error::NotFound)?;
    let known = definition::read(read, Kind::Role, name.as_str()).await?.ok_or(Error::NotFound)?;
    let people = People::read(read).await?;
    let shown = known.shown().ok_or(Error::NotFound)?;
    let role = Role::parse("role", &shown.text).map_err(|_| Error::Broken("a role that can't be read"))?;
    let members: Vec<String> = people
        .users()
        .filter(|user| user.roles.iter().any(|role| role == name.as_str()))
        .map(|user| user.profile.name.clone())
        .collect();
    let flows: Vec<String> = app
        .catalog
        .latest_flows()
        .filter(|flow| flow.tasks().filter_map(|task| task.manual()).any(|manual| manual.role == name))
        .map(|flow| flow.title.clone())
        .collect();
    let is_needed = !members.is_empty() || !flows.is_empty();
    let standing = known.standing(app, &people, is_needed);
    let page = Page {
        name: name.to_string(),
        title: role.title,
        description: role.description,
        email: role.email.unwrap_or_default(),
        areas: areas(&role.grants),
        members,
        flows,
        standing,
        is_new: false,
        ..blank()
    };
    Ok((known, page))
}

fn blank() -> Page {
    Page {
        name: String::new(),
        is_new: true,
        name_error: None,
        title: String::new(),
        title_error: None,
        description: String::new(),
        description_error: None,
        email: String::new(),
        email_error: None,
        areas: areas(&BTreeSet::new()),
        members: Vec::new(),
        flows: Vec::new(),
        standing: Standing::new(),
    }
}

fn areas(granted: &BTreeSet<Action>) -> Vec<GrantArea> {
    let row = |action: &Action| GrantRow {
        action: action.as_str().to_owned(),
        title: action.title().to_owned(),
        is_granted: granted.contains(action),
    };
    let area = |area: &Area| GrantArea {
        title: area.title().to_owned(),
        rows: Action::ALL.iter().filter(|action| action.area() == *area).map(row).collect(),
    };
    Area::ALL.iter().map(area).collect()
}

fn granted(page: &Page) -> BTreeSet<Action> {
    let rows = page.areas.iter().flat_map(|area| &area.rows);
    rows.filter(|row| row.is_granted).filter_map(|row| Action::lookup(&row.action)).collect()
}

/// Takes over what was typed, and says what is wrong with it.
fn fill(page: &mut Page, form: &Form) {
    form.text("title").clone_into(&mut page.title);
    form.text("description").clone_into(&mut page.description);
    form.text("email").clone_into(&mut page.email);
    let ticked: Vec<&str> = form.all("grants").collect();
    page.areas = areas(&ticked.into_iter().filter_map(Action::lookup).collect());
    let is_line =
        |text: &str, most: usize| text.chars().count() <= most && !text.chars().any(char::is_control);
    let title_fits = !page.title.is_empty() && is_line(&page.title, LONGEST.0);
    page.title_error = (!title_fits).then(|| format!("Enter a title of at most {} characters", LONGEST.0));
    page.description_error = (!is_line(&page.description, LONGEST.1))
        .then(|| format!("Enter one line of at most {} characters", LONGEST.1));
    page.email_error = (!page.email.is_empty() && !super::is_email(&page.email))
        .then(|| "Enter a mail address such as team@example.org".to_owned());
}
