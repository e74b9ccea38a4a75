//! `GET, POST /console/tasks/{task}/hand-over`: a supervisor gives a task to somebody of its team.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::request::Command;
use habeas_render::page::Section;
use habeas_render::page::console::HandOver;
use habeas_render::page::part::{Choice, Tone};
use habeas_store::Read;

use super::page::{self, Found};
use crate::console::people::People;
use crate::console::{case, chrome, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// What stands for the whole team.
const TEAM: &str = "team";

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let found = page::load(&app, &mut read, &staff, &id).await?;
    let page = page(&app, &staff, &found, &mut read, None).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Tasks, &mut read).await?;
    respond::page(&chrome, &page)
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut tx = app.store.begin().await?;
    let found = page::load(&app, &mut tx, &staff, &id).await?;
    let chosen = form.text("to").to_owned();
    let shown = page(&app, &staff, &found, &mut tx, Some(&chosen)).await?;
    let is_offered = shown.people.iter().any(|choice| choice.value == chosen);
    let ctx = case::context(&app, &found.case.request, &staff)?;
    let why = if is_offered {
        let user = match chosen.parse() {
            Ok(id) => tx.lookup_user(id).await?,
            Err(_) => None,
        };
        let to = user.map(|user| (user.id, app.catalog.roles_of(&user.roles)));
        let command = Command::HandOver(found.key.clone(), to);
        match told::outcome(tx.act(&found.case.request, command, &ctx).await)? {
            Ok(_) => {
                tx.commit().await?;
                return Ok(respond::see(&format!("/console/tasks/{}?told=handed_over", shown.task)));
            }
            Err(why) => Some(why),
        }
    } else {
        None
    };
    drop(tx);
    let status = if why.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    let error = why.is_none().then(|| "Choose somebody".to_owned());
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Tasks, &mut read).await?;
    respond::page_with(status, &chrome::tell(chrome, Tone::Bad, why), &HandOver { error, ..shown })
}

async fn page(
    app: &App,
    staff: &Staff,
    found: &Found,
    read: &mut Read,
    chosen: Option<&str>,
) -> Result<HandOver> {
    let request = &found.case.request;
    let ctx = case::context(app, request, staff)?;
    let task = ctx.flow.task(&found.key).ok_or(Error::NotFound)?;
    let manual = task.manual().ok_or(Error::NotFound)?;
    let run = request.running(&found.key).ok_or(Error::NotFound)?;
    let today = chrome::today(app);
    let people = People::read(read).await?;
    let mut choices = Vec::new();
    for user in people.users() {
        let roles = app.catalog.roles_of(&user.roles);
        let fits = access::belongs(&roles, &manual.role) && access::may(&roles, Action::DoTasks);
        if !fits || !user.may_see(request, &roles) {
            continue;
        }
        let id = user.id.to_string();
        let has_it = run.taken_by == Some(user.id);
        let is_selected = chosen.map_or(has_it, |chosen| chosen == id);
        let mut choice = Choice::new(id, &user.profile.name).selected(is_selected);
        if has_it {
            choice = choice.hint("Has it now");
        } else if let Some(away) = People::away(user, today) {
            choice = choice.hint(away);
        }
        choices.push(choice);
    }
    let is_team = chosen.map_or(run.taken_by.is_none(), |chosen| chosen == TEAM);
    choices.push(Choice::new(TEAM, "Nobody: back to the whole team").selected(is_team));
    Ok(HandOver {
        subject: found.case.subject(app),
        task: format!("{}.{}", request.reference, found.key),
        name: task.title.clone(),
        people: choices,
        error: None,
    })
}
