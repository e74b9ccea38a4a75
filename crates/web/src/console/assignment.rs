//! `GET, POST /console/assignment`: who answers for new requests.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, RoleName};
use habeas_core::assignment::{Assignment, By, Choice as Chosen, NAME, Rule};
use habeas_core::definition::{Activity, Kind};
use habeas_render::page::Section;
use habeas_render::page::console::{Assignment as Page, AssignmentRow, OwnerRow, Standing};
use habeas_render::page::part::{Choice, Tone};
use habeas_store::Read;

use super::definition::Act;
use super::people::People;
use super::told::Told;
use super::{case, chrome, definition, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let (rule, standing) = load(&app, &mut read).await?;
    let page = page(&app, &mut read, &rule, standing).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Lists, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

pub(super) async fn post(State(app): State<App>, visit: Visit, staff: Staff, form: Form) -> Result<Response> {
    let mut read = app.store.read().await?;
    let (before, standing) = load(&app, &mut read).await?;
    if !standing.can_change {
        return Err(Error::NotFound);
    }
    let act = Act::of(&form);
    let Some(rule) = sent(&app, &form, &before) else {
        let page =
            Page { error: Some("Choose how".to_owned()), ..page(&app, &mut read, &before, standing).await? };
        let chrome = chrome::of(&app, &visit, &staff, Section::Lists, &mut read).await?;
        return respond::page_again(&chrome, &page);
    };
    drop(read);
    match definition::act(&app, &staff, (Kind::Assignment, NAME), act, &rule.to_yaml()).await {
        Ok(()) => Ok(respond::see(&format!("/console/assignment?told={}", act.told()))),
        Err(error) => {
            let why = told::refusal(error)?;
            let mut read = app.store.read().await?;
            let page = page(&app, &mut read, &rule, standing).await?;
            let chrome = chrome::of(&app, &visit, &staff, Section::Lists, &mut read).await?;
            respond::page_with(StatusCode::CONFLICT, &chrome::tell(chrome, Tone::Bad, Some(why)), &page)
        }
    }
}

async fn load(app: &App, read: &mut Read) -> Result<(Assignment, Standing)> {
    let Some(known) = definition::read(read, Kind::Assignment, NAME).await? else {
        return Ok((app.catalog.assignment().clone(), Standing::new()));
    };
    let people = People::read(read).await?;
    let shown = known.shown().ok_or(Error::NotFound)?;
    let rule =
        Assignment::parse(NAME, &shown.text).map_err(|_| Error::Broken("a rule that can't be read"))?;
    // There is always a rule.
    Ok((rule, known.standing(app, &people, true)))
}

/// Returns what was chosen; rules for laws, which no form shows, stay.
fn sent(app: &App, form: &Form, before: &Assignment) -> Option<Assignment> {
    let choice = |by: &str, role: &str| {
        let role = RoleName::parse(form.text(role)).ok().filter(|name| app.catalog.role(name).is_some())?;
        Some(Chosen { by: By::lookup(form.text(by))?, role })
    };
    let otherwise = choice("by", "role")?;
    let rule = |(number, activity): (usize, &Activity)| {
        let choice = choice(&format!("activity-by-{number}"), &format!("activity-role-{number}"))?;
        Some(Rule { activity: Some(activity.name.clone()), law: None, choice })
    };
    let of_activities = (1..).zip(app.catalog.offered()).filter_map(rule);
    let kept = before.rules.iter().filter(|rule| !is_shown(app, rule)).cloned();
    Some(Assignment { rules: of_activities.chain(kept).collect(), otherwise })
}

/// Says whether a rule has a line of its own on the form.
fn is_shown(app: &App, rule: &Rule) -> bool {
    let activity = rule.activity.as_ref().filter(|_| rule.law.is_none());
    activity.is_some_and(|name| app.catalog.offered().any(|activity| activity.name == *name))
}

async fn page(app: &App, read: &mut Read, rule: &Assignment, standing: Standing) -> Result<Page> {
    let rows = app.catalog.offered().map(|activity| {
        let own = rule
            .rules
            .iter()
            .find(|rule| rule.law.is_none() && rule.activity.as_ref() == Some(&activity.name));
        let general = Choice::new("", "As in general").selected(own.is_none());
        let own = own.map(|rule| &rule.choice);
        AssignmentRow {
            title: activity.title.clone(),
            by: std::iter::once(general).chain(ways(own.map(|choice| choice.by))).collect(),
            roles: roles(app, &own.unwrap_or(&rule.otherwise).role),
        }
    });
    Ok(Page {
        by: ways(Some(rule.otherwise.by)).collect(),
        roles: roles(app, &rule.otherwise.role),
        error: None,
        rows: rows.collect(),
        by_law: rule.rules.iter().filter(|rule| !is_shown(app, rule)).map(|rule| words(app, rule)).collect(),
        owners: owners(app, read, &rule.otherwise.role).await?,
        standing,
    })
}

fn ways(chosen: Option<By>) -> impl Iterator<Item = Choice> {
    By::ALL.into_iter().map(move |by| Choice::new(by.as_str(), by.title()).selected(chosen == Some(by)))
}

fn roles(app: &App, chosen: &RoleName) -> Vec<Choice> {
    let choice =
        |role: &access::Role| Choice::new(role.name.as_str(), &role.title).selected(role.name == *chosen);
    app.catalog.roles().map(choice).collect()
}

/// Returns a rule in words.
fn words(app: &App, rule: &Rule) -> String {
    let activity = rule.activity.as_ref().map(|name| format!(" for “{}”", case::title(app, name)));
    let law = rule.law.as_ref().map(|law| format!(" under {}", case::law_name(app, law)));
    let role = app.catalog.role_title(&rule.choice.role);
    let (activity, law) = (activity.unwrap_or_default(), law.unwrap_or_default());
    format!("Requests{activity}{law}: {}; among {role}", rule.choice.by.title())
}

async fn owners(app: &App, read: &mut Read, role: &RoleName) -> Result<Vec<OwnerRow>> {
    let loads = read.loads().await?;
    let today = chrome::today(app);
    let people = People::read(read).await?;
    let members = people
        .users()
        .filter(|user| !user.is_disabled && access::is_member(&app.catalog.roles_of(&user.roles), role));
    let row = |user: &habeas_store::users::User| OwnerRow {
        name: user.profile.name.clone(),
        open_count: loads.get(&user.id).map_or(0, |load| load.open_count),
        away: People::away(user, today),
    };
    Ok(members.map(row).collect())
}
