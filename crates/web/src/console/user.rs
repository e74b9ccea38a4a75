//! `GET, POST /console/users/{user}`: changes, resets or disables an account.
//!
//! What changes counts at once: roles are read anew with each call, and disabling ends every session. Nobody
//! takes their own access away, so that there is always somebody left who can give it back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Absence, Action};
use habeas_core::event::Actor;
use habeas_core::id::UserId;
use habeas_render::page::Section;
use habeas_render::page::console::User as Page;
use habeas_render::page::part::{Choice, Tone};
use habeas_store::Tx;
use habeas_store::users::{Profile, User};
use jiff::civil::Date;
use serde_json::json;

use super::{chrome, system, user_new};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    let mut read = app.store.read().await?;
    let user = read.lookup_user(id).await?.ok_or(Error::NotFound)?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Users, &mut read).await?;
    respond::page(&chrome, &page(&app, &user))
}

pub(super) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    let mut tx = app.store.begin_as(Actor::Staff(staff.id)).await?;
    let user = tx.lookup_user(id).await?.ok_or(Error::NotFound)?;
    let done = match form.text("act") {
        "invite" => reset(&app, &staff, &mut tx, &user).await?,
        "disable" => set_disabled(&app, &staff, &mut tx, &user, true).await?,
        "enable" => set_disabled(&app, &staff, &mut tx, &user, false).await?,
        _ => save(&app, &staff, &mut tx, &user, &form).await?,
    };
    let (status, content, why) = match done {
        Done::Changed => {
            tx.commit().await?;
            return Ok(respond::see("/console/users?told=changed"));
        }
        Done::Link(link) => {
            tx.commit().await?;
            (StatusCode::OK, Page { link: Some(link), ..page(&app, &user) }, None)
        }
        Done::Refused(why) => {
            drop(tx);
            (StatusCode::CONFLICT, page(&app, &user), Some(why.to_owned()))
        }
        Done::Wrong(content) => {
            drop(tx);
            (StatusCode::UNPROCESSABLE_ENTITY, *content, None)
        }
    };
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Users, &mut read).await?;
    respond::page_with(status, &chrome::tell(chrome, Tone::Bad, why), &content)
}

/// What became of an act.
enum Done {
    Changed,
    Link(String),
    Refused(&'static str),
    Wrong(Box<Page>),
}

async fn save(app: &App, staff: &Staff, tx: &mut Tx, user: &User, form: &Form) -> Result<Done> {
    let names = user_new::roles(app, form);
    let roles = app.catalog.roles_of(&names);
    let mut content = page(app, user);
    form.text("name").clone_into(&mut content.name);
    form.text("email").clone_into(&mut content.email);
    content.roles = user_new::role_choices(app, &names);
    content.name_error = user_new::name_problem(&content.name);
    content.email_error = (!super::is_email(&content.email))
        .then(|| "Enter an e-mail address like name@example.org".to_owned());
    content.roles_error = roles.is_empty().then(|| "Choose at least one role".to_owned());
    let email = content.email.to_lowercase();
    let other = tx.lookup_user_by_email(&email).await?.filter(|other| other.id != user.id);
    if other.is_some() {
        content.email_error = Some("Somebody with this address has an account already".to_owned());
    }
    content.entities = user_new::entity_choices(app, Some(&user_new::ticked(form, "entities")));
    content.activities = user_new::activity_choices(app, Some(&user_new::ticked(form, "activities")));
    content.away = (form.text("away_from").to_owned(), form.text("away_until").to_owned());
    let absences = absences(&content.away, user, chrome::today(app));
    content.away_error = absences.as_ref().err().cloned();
    let has_problem = content.name_error.is_some()
        || content.email_error.is_some()
        || content.roles_error.is_some()
        || content.away_error.is_some();
    if has_problem {
        return Ok(Done::Wrong(Box::new(content)));
    }
    if user.id == staff.id && !access::may(&roles, Action::ManageUsers) {
        return Ok(Done::Refused("You can't take from yourself what you need to give it back"));
    }
    let profile = Profile { name: content.name, email, language: user.profile.language.clone() };
    tx.set_profile(user.id, &profile).await?;
    tx.set_roles(user.id, &names, limit(&content.entities, user.entities.as_ref()).as_deref()).await?;
    let activities = limit(&content.activities, user.activities.as_ref());
    if activities != user.activities {
        tx.set_activities(user.id, activities.as_deref()).await?;
    }
    if let Some(absences) = absences.ok().filter(|absences| *absences != user.absences) {
        tx.set_absences(user.id, &absences).await?;
    }
    note(app, staff, tx, user, "user_changed", json!({"user": user.id, "roles": names})).await?;
    Ok(Done::Changed)
}

/// Returns what was chosen where the page offered a choice, and what was there before where it didn't.
fn limit(choices: &[Choice], before: Option<&Vec<String>>) -> Option<Vec<String>> {
    if choices.len() > 1 { user_new::chosen(choices) } else { before.cloned() }
}

/// Returns the absences with the days that were entered in the place of those that are not over.
fn absences((from, until): &(String, String), user: &User, today: Date) -> Result<Vec<Absence>, String> {
    let mut absences: Vec<Absence> =
        user.absences.iter().filter(|absence| absence.until < today).copied().collect();
    if from.is_empty() && until.is_empty() {
        return Ok(absences);
    }
    let day = |text: &str| text.parse::<Date>().map_err(|_| "Enter both days".to_owned());
    let absence = Absence { from: day(from)?, until: day(until)? };
    if absence.until < absence.from {
        return Err("The last day comes before the first".to_owned());
    }
    absences.push(absence);
    Ok(absences)
}

/// Ends every access and makes a link by which password and second factor are set up anew.
async fn reset(app: &App, staff: &Staff, tx: &mut Tx, user: &User) -> Result<Done> {
    if user.is_disabled {
        return Ok(Done::Refused("Let them in again first"));
    }
    if user.id == staff.id {
        return Ok(Done::Refused("Somebody else must make your link"));
    }
    tx.set_totp(user.id, None).await?;
    tx.end_sessions_of(user.id).await?;
    let link = user_new::link(app, tx, user.id).await?;
    note(app, staff, tx, user, "user_reset", json!({"user": user.id})).await?;
    Ok(Done::Link(link))
}

async fn set_disabled(app: &App, staff: &Staff, tx: &mut Tx, user: &User, is_disabled: bool) -> Result<Done> {
    if user.id == staff.id {
        return Ok(Done::Refused("Somebody else must disable you"));
    }
    tx.set_disabled(user.id, is_disabled).await?;
    let kind = if is_disabled { "user_disabled" } else { "user_enabled" };
    note(app, staff, tx, user, kind, json!({"user": user.id})).await?;
    Ok(Done::Changed)
}

async fn note(
    app: &App,
    staff: &Staff,
    tx: &mut Tx,
    user: &User,
    kind: &str,
    body: serde_json::Value,
) -> Result<()> {
    tracing::info!(by = %staff.id, user = %user.id, kind, "an account was changed");
    system::note(tx, app.now(), Actor::Staff(staff.id), kind, body).await
}

fn page(app: &App, user: &User) -> Page {
    let today = chrome::today(app);
    let next = user.absences.iter().find(|absence| absence.until >= today);
    let away = next.map(|absence| (absence.from.to_string(), absence.until.to_string()));
    Page {
        id: Some(user.id.to_string()),
        name: user.profile.name.clone(),
        name_error: None,
        email: user.profile.email.clone(),
        email_error: None,
        roles: user_new::role_choices(app, &user.roles),
        roles_error: None,
        entities: user_new::entity_choices(app, user.entities.as_deref()),
        activities: user_new::activity_choices(app, user.activities.as_deref()),
        away: away.unwrap_or_default(),
        away_error: None,
        is_disabled: user.is_disabled,
        link: None,
    }
}
