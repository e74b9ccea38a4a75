//! `GET, POST /console/users/new`: invites somebody by a link that works once.

use axum::extract::State;
use axum::response::Response;
use habeas_core::access::Role;
use habeas_core::definition::{Activity, Entity};
use habeas_core::event::Actor;
use habeas_core::id::{Token, UserId};
use habeas_render::page::Section;
use habeas_render::page::console::User;
use habeas_render::page::part::Choice;
use habeas_store::users::{NewUser, Profile};
use habeas_store::{Error as StoreError, Tx};
use jiff::SignedDuration;
use serde_json::json;

use super::{INVITATION, chrome, system};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// How long an invitation works.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);

pub(super) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Users, &mut read).await?;
    respond::page(&chrome, &page(&app, &Form::default()))
}

pub(super) async fn post(State(app): State<App>, visit: Visit, staff: Staff, form: Form) -> Result<Response> {
    let mut page = page(&app, &form);
    let roles = roles(&app, &form);
    page.name_error = name_problem(&page.name);
    page.email_error =
        (!super::is_email(&page.email)).then(|| "Enter an e-mail address like name@example.org".to_owned());
    page.roles_error = roles.is_empty().then(|| "Choose at least one role".to_owned());
    if page.name_error.is_none() && page.email_error.is_none() && page.roles_error.is_none() {
        match invite(&app, &staff, &page, &roles).await {
            Ok((id, link)) => {
                page.id = Some(id.to_string());
                page.link = Some(link);
                let mut read = app.store.read().await?;
                let chrome = chrome::of(&app, &visit, &staff, Section::Users, &mut read).await?;
                return respond::page(&chrome, &page);
            }
            Err(Error::Store(StoreError::Conflict)) => {
                page.email_error = Some("Somebody with this address has an account already".to_owned());
            }
            Err(error) => return Err(error),
        }
    }
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Users, &mut read).await?;
    respond::page_again(&chrome, &page)
}

async fn invite(app: &App, staff: &Staff, page: &User, roles: &[String]) -> Result<(UserId, String)> {
    let profile = Profile { name: page.name.clone(), email: page.email.to_lowercase(), language: None };
    let entities = chosen(&page.entities);
    let new = NewUser { profile: &profile, password_hash: None, roles, entities: entities.as_deref() };
    let mut tx = app.store.begin_as(Actor::Staff(staff.id)).await?;
    if tx.lookup_user_by_email(&profile.email).await?.is_some() {
        return Err(StoreError::Conflict.into());
    }
    let id = tx.add_user(&new).await?;
    if let Some(activities) = chosen(&page.activities) {
        tx.set_activities(id, Some(&activities)).await?;
    }
    let link = link(app, &mut tx, id).await?;
    let body = json!({"user": id, "roles": roles});
    system::note(&mut tx, app.now(), Actor::Staff(staff.id), "user_invited", body).await?;
    tx.commit().await?;
    Ok((id, link))
}

/// Makes the one link that sets up an account; earlier ones work no more.
pub(super) async fn link(app: &App, tx: &mut Tx, id: UserId) -> Result<String> {
    tx.withdraw_tokens(INVITATION, &id.to_string()).await?;
    let token = Token::new(&*app.chance);
    let until = app.now().saturating_add(LINK_LIFE).unwrap_or(jiff::Timestamp::MAX);
    tx.add_token(&token, INVITATION, &id.to_string(), until).await?;
    Ok(format!("{}/console/first/{}", app.options.console_url, token.reveal()))
}

/// Returns the roles that were ticked, of those there are.
pub(super) fn roles(app: &App, form: &Form) -> Vec<String> {
    let ticked: Vec<&str> = form.all("roles").collect();
    let known = app.catalog.roles().map(|role| role.name.as_str()).filter(|name| ticked.contains(name));
    known.map(str::to_owned).collect()
}

/// Says what is wrong with a name.
pub(super) fn name_problem(name: &str) -> Option<String> {
    let is_fine = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    (!is_fine).then(|| "Enter a name of at most 100 characters".to_owned())
}

/// Returns the roles as choices.
pub(super) fn role_choices(app: &App, chosen: &[String]) -> Vec<Choice> {
    let choice = |role: &Role| {
        let is_chosen = chosen.iter().any(|name| name == role.name.as_str());
        Choice::new(role.name.as_str(), &role.title).hint(&role.description).selected(is_chosen)
    };
    app.catalog.roles().map(choice).collect()
}

/// Returns the values ticked under a name.
pub(super) fn ticked(form: &Form, name: &str) -> Vec<String> {
    form.all(name).map(str::to_owned).collect()
}

/// Returns what was chosen of what there is; nothing chosen is no limit.
pub(super) fn chosen(choices: &[Choice]) -> Option<Vec<String>> {
    let chosen: Vec<String> =
        choices.iter().filter(|choice| choice.is_selected).map(|choice| choice.value.clone()).collect();
    (!chosen.is_empty()).then_some(chosen)
}

/// Returns the organisations as choices.
pub(super) fn entity_choices(app: &App, chosen: Option<&[String]>) -> Vec<Choice> {
    let is_chosen = |name: &String| chosen.is_some_and(|chosen| chosen.contains(name));
    let choice = |entity: &Entity| Choice::new(&entity.name, &entity.title).selected(is_chosen(&entity.name));
    app.catalog.entities().map(choice).collect()
}

/// Returns what people can ask for as choices.
pub(super) fn activity_choices(app: &App, chosen: Option<&[String]>) -> Vec<Choice> {
    let is_chosen = |name: &String| chosen.is_some_and(|chosen| chosen.contains(name));
    let choice = |activity: &Activity| {
        Choice::new(&activity.name, &activity.title).selected(is_chosen(&activity.name))
    };
    app.catalog.activities().map(choice).collect()
}

fn page(app: &App, form: &Form) -> User {
    User {
        id: None,
        name: form.text("name").to_owned(),
        name_error: None,
        email: form.text("email").to_owned(),
        email_error: None,
        roles: role_choices(app, &roles(app, form)),
        roles_error: None,
        entities: entity_choices(app, Some(&ticked(form, "entities"))),
        activities: activity_choices(app, Some(&ticked(form, "activities"))),
        away: (String::new(), String::new()),
        away_error: None,
        is_disabled: false,
        link: None,
    }
}
