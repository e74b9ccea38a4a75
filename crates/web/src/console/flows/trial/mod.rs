//! `GET, POST /console/flows/{flow}/try`: a version tried out with sample answers, in memory: nothing is stored, sent
//! or searched. How long it may take is bounded by days, by happenings, and by how often a person may ask.

mod answers;
mod mails;
mod outcome;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::definition::Targets;
use habeas_core::flow::Flow;
use habeas_core::request::{Settings, Terms};
use habeas_core::simulate::{Dice, Setting, live};
use habeas_render::page::Section;
use habeas_render::page::console::{FlowTrial, Tried};
use habeas_store::Read;
use habeas_store::definitions::{Definition, State as Far};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::super::{chrome, limit, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};
use answers::{Answers, Under};

/// Which version is tried.
#[derive(Deserialize)]
pub(in crate::console) struct Which {
    #[serde(default)]
    version: Option<u32>,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let version = version(&mut read, &name, which.version).await?;
    let flow = super::parse(&version)?;
    let answers = Answers::usual(&app, &flow, chrome::today(&app));
    let page = page(&app, &version, &flow, &answers);
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    respond::page(&chrome, &page)
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response> {
    app.limit(limit::TRIAL_STAFF, staff.id.as_bytes()).await?;
    let wanted = form.text("version").parse().map_err(|_| Error::NotFound)?;
    let mut read = app.store.read().await?;
    let version = version(&mut read, &name, Some(wanted)).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    drop(read);
    let flow = super::parse(&version)?;
    let answers = Answers::of(&app, &flow, &form);
    let mut page = page(&app, &version, &flow, &answers);
    if answers.is_wrong() {
        return respond::page_again(&chrome, &page);
    }
    let number = version.version;
    let ran = tokio::task::spawn_blocking(move || run(&app, &flow, number, &answers)).await;
    match ran.map_err(|_| Error::Broken("a trial that didn't end"))? {
        Ok(tried) => page.tried = Some(tried),
        Err(refused) => {
            page.refused = Some(refused);
            return respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &chrome, &page);
        }
    }
    respond::page(&chrome, &page)
}

/// Returns the version asked for, or the one that would be tried first: the draft, or what is in force.
async fn version(read: &mut Read, name: &str, wanted: Option<u32>) -> Result<Definition> {
    let versions = super::versions(read, name).await?;
    let mut versions = versions.into_iter();
    let found = match wanted {
        Some(wanted) => versions.find(|found| found.version == wanted),
        None => versions.find(|found| found.state != Far::Retired),
    };
    found.ok_or(Error::NotFound)
}

fn page(app: &App, version: &Definition, flow: &Flow, answers: &Answers) -> FlowTrial {
    let issues = if version.state == Far::Draft { super::issues(app, flow) } else { Vec::new() };
    let editor = format!("/console/flows/{}/edit", version.name);
    FlowTrial {
        name: version.name.clone(),
        title: flow.title.clone(),
        version: version.version,
        state: super::badge(version.state),
        problems: issues.iter().map(|issue| super::problem(flow, issue, &editor)).collect(),
        refused: None,
        tried: None,
        groups: answers.groups(app, flow),
    }
}

/// Lives the request's life; says why where it can't even be taken in.
fn run(app: &App, flow: &Flow, version: u32, answers: &Answers) -> std::result::Result<Tried, String> {
    let received_on = answers.received_on().ok_or("the day of receipt is missing")?;
    let place = place(app, answers);
    let (law, law_hash) =
        app.catalog.law_on(&place.law, received_on).ok_or("the law is no longer there: choose another")?;
    let calendar = place.calendar.as_deref().or(law.calendar()).and_then(|id| app.catalog.calendar(id));
    let received_at = received_on
        .at(10, 0, 0, 0)
        .to_zoned(place.zone.clone())
        .map(|at| at.timestamp())
        .map_err(|_| "the day of receipt lies outside of the calendar")?;
    let terms = Terms {
        entity: place.entity,
        activity: place.activity,
        right: place.right,
        law: law.id().to_owned(),
        law_hash: law_hash.to_owned(),
        calendar: calendar.map(|calendar| calendar.id().to_owned()),
        zone: place.zone.iana_name().unwrap_or("UTC").to_owned(),
        flow: flow.name.clone(),
        flow_version: version,
        language: "en".to_owned(),
        reading: place.reading,
        also: Vec::new(),
        targets: place.targets,
    };
    let setting = Setting {
        flow,
        law,
        calendar,
        zone: place.zone,
        settings: place.settings,
        terms,
        subject: answers.subject(),
        received_at,
        days: answers.days(),
    };
    let mut script = answers.script(flow);
    // The same answers, the same life: the dice only make ids.
    let life = live(&setting, &mut script, &Dice::new(1))
        .map_err(|denied| told::capitalised(&denied.to_string()))?;
    Ok(outcome::of(app, &setting, &life))
}

/// Where a trial takes place: what an activity or a law, and the organisation, say.
struct Stage {
    entity: String,
    activity: String,
    law: String,
    right: habeas_core::law::Right,
    calendar: Option<String>,
    zone: TimeZone,
    reading: habeas_core::clock::Mode,
    targets: Targets,
    settings: Settings,
}

fn place(app: &App, answers: &Answers) -> Stage {
    let activity = match answers.under() {
        Under::Activity(name) => app.catalog.activity(&name),
        Under::Law(_) => None,
    };
    let entity = activity.and_then(|it| app.catalog.entity(&it.entity)).or_else(|| chrome::host(app));
    let law = match (activity, answers.under()) {
        (Some(activity), _) => activity.law.clone(),
        (None, Under::Law(law) | Under::Activity(law)) => law,
    };
    Stage {
        entity: entity.map(|entity| entity.name.clone()).unwrap_or_default(),
        activity: activity.map_or_else(|| "trial".to_owned(), |activity| activity.name.clone()),
        law,
        right: activity.map_or_else(|| answers.right(), |activity| activity.right),
        calendar: entity.and_then(|entity| entity.calendar.clone()),
        zone: entity.map_or(TimeZone::UTC, |entity| entity.zone.clone()),
        reading: entity.map(|entity| entity.reading).unwrap_or_default(),
        targets: activity.map(|activity| activity.targets.clone()).unwrap_or_default(),
        settings: entity.map(|entity| entity.settings.clone()).unwrap_or_default(),
    }
}

/// Returns an instant as pages show it.
fn moment(setting: &Setting<'_>, at: Timestamp) -> habeas_render::text::Moment {
    habeas_render::text::Moment(at.to_zoned(setting.zone.clone()))
}
