//! `GET, POST /console/requests/{reference}/narrow`: who among staff may see a request.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::id::UserId;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Readers};
use habeas_render::page::console::Narrow;
use habeas_render::page::part::Choice;
use habeas_store::users::User;

use super::tab;
use crate::console::case;
use crate::console::people::People;
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let page = page(&app, &staff, &reference, None).await?;
    tab::show(&app, &visit, &staff, None, &page).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut page = page(&app, &staff, &reference, Some(&form)).await?;
    let chosen = page.people.iter().filter(|choice| choice.is_selected);
    let named: BTreeSet<UserId> = chosen.filter_map(|choice| choice.value.parse().ok()).collect();
    page.reason_error = tab::text_problem(&page.reason, "Say why");
    let needs_people = page.who != "everybody" && named.is_empty();
    page.people_error = needs_people.then(|| "Choose at least one person".to_owned());
    if page.reason_error.is_some() || page.people_error.is_some() {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    }
    let readers = match page.who.as_str() {
        "all_but" => Readers::AllBut(named),
        "only" => Readers::Only(named),
        _ => Readers::Everybody,
    };
    let command = Command::Narrow { readers, reason: Pii::new(page.reason.clone()) };
    match tab::act(&app, &staff, &reference, command).await? {
        Ok(()) => Ok(respond::see(&format!("/console/requests/{}?told=narrowed", page.subject.reference))),
        Err(why) => tab::show_again(&app, &visit, &staff, Some(why), &page).await,
    }
}

async fn page(app: &App, staff: &Staff, reference: &str, form: Option<&Form>) -> Result<Narrow> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, staff, reference).await?;
    let people = People::read(&mut read).await?;
    let (who, named) = match &case.request.readers {
        Readers::Everybody => ("everybody", BTreeSet::new()),
        Readers::AllBut(users) => ("all_but", users.clone()),
        Readers::Only(users) => ("only", users.clone()),
    };
    let ticked: Option<Vec<&str>> = form.map(|form| form.all("people").collect());
    // Nobody shuts themselves out, so the reader isn't among those who can be named.
    let others = people.users().filter(|user| !user.is_disabled && user.id != staff.id);
    let choice = |user: &User| {
        let id = user.id.to_string();
        let is_selected = match &ticked {
            Some(ticked) => ticked.contains(&id.as_str()),
            None => named.contains(&user.id),
        };
        let roles: Vec<String> =
            app.catalog.roles_of(&user.roles).into_iter().map(|role| role.title).collect();
        Choice::new(id, &user.profile.name).hint(roles.join(", ")).selected(is_selected)
    };
    Ok(Narrow {
        subject: case.subject(app),
        who: form.map_or(who, |form| form.text("who")).to_owned(),
        people: others.map(choice).collect(),
        people_error: None,
        reason: form.map(|form| form.text("reason").to_owned()).unwrap_or_default(),
        reason_error: None,
    })
}
