//! `GET, POST /console/flows/{flow}`: one flow: a version as a picture, and what can be done with versions.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::event::Actor;
use habeas_core::flow::{Flow, Task, TaskKey};
use habeas_render::page::Section;
use habeas_render::page::console::{FlowVersion, FlowVersionRow, Panel};
use habeas_render::page::part::{Facts, Row, Tone};
use habeas_render::text::Moment;
use habeas_store::Tx;
use habeas_store::definitions::{Definition, NewText, Owner, State as Far};
use serde::Deserialize;

use super::super::people::People;
use super::super::told::Told;
use super::super::{chrome, told};
use super::picture::{self, At, Frame};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// What is looked at.
#[derive(Deserialize, Default)]
pub(in crate::console) struct Look {
    #[serde(default)]
    version: Option<u32>,
    #[serde(default)]
    task: Option<String>,
    #[serde(default)]
    stage: Option<String>,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
    Query(look): Query<Look>,
    Query(told): Query<Told>,
) -> Result<Response> {
    show(&app, &visit, &staff, &name, &look, (Tone::Good, told.sentence())).await
}

async fn show(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    name: &str,
    look: &Look,
    (tone, said): (Tone, Option<String>),
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let versions = super::versions(&mut read, name).await?;
    let shown = match look.version {
        Some(wanted) => versions.iter().find(|found| found.version == wanted),
        None => versions.iter().find(|found| found.state == Far::Published).or(versions.first()),
    };
    let shown = shown.ok_or(Error::NotFound)?;
    let flow = super::parse(shown)?;
    let people = People::read(&mut read).await?;
    let activities = super::activities(&mut read).await?;
    let task = look.task.as_deref().map(TaskKey::from_text);
    let at = match (&task, look.stage.as_deref()) {
        (Some(key), _) => At::Task(key),
        (None, Some(key)) => At::Stage(key),
        (None, None) => At::Elsewhere,
    };
    let query = format!("?version={}&", shown.version);
    let frame = Frame { at, issues: &[], query, can_edit: false };
    let picture = picture::of(app, &flow, &frame);
    let panel = task.as_ref().and_then(|key| flow.task(key)).map(|task| panel(app, &flow, task));
    let page = FlowVersion {
        name: name.to_owned(),
        title: flow.title.clone(),
        description: flow.description.clone(),
        version: shown.version,
        state: super::badge(shown.state),
        work: super::work(&flow),
        picture,
        panel,
        versions: rows(app, staff, &people, &versions, shown.version),
        used_by: super::used_by(&activities, name),
        is_draft: shown.state == Far::Draft,
        has_draft: versions.iter().any(|found| found.state == Far::Draft),
        can_edit: access::may(&staff.roles, Action::EditDefinitions) && !super::is_of_git(&versions),
    };
    let chrome = chrome::of(app, visit, staff, Section::Flows, &mut read).await?;
    let status = if tone == Tone::Bad { StatusCode::CONFLICT } else { StatusCode::OK };
    respond::page_with(status, &chrome::tell(chrome, tone, said), &page)
}

fn panel(app: &App, flow: &Flow, task: &Task) -> Panel {
    let stage = flow.stage(task.key.stage()).map_or("", |stage| stage.title.as_str());
    let said = |(name, value): (String, String)| match task.manual() {
        Some(manual) if name == "Done by" => {
            let title = app.catalog.role_title(&manual.role);
            Row::new(name, value.replacen(manual.role.as_str(), &title, 1))
        }
        Some(_) | None => Row::new(name, value),
    };
    let rows = task.properties().into_iter().map(said).collect();
    Panel {
        kicker: format!("Task in {stage}"),
        heading: task.title.clone(),
        tabs: None,
        problems: Vec::new(),
        facts: Some(Facts { rows }),
        form: None,
        acts: Vec::new(),
        hidden: Vec::new(),
    }
}

fn rows(
    app: &App,
    staff: &Staff,
    people: &People,
    versions: &[Definition],
    shown: u32,
) -> Vec<FlowVersionRow> {
    let may = |action| access::may(&staff.roles, action);
    let zone = chrome::zone(app);
    let row = |(at, version): (usize, &Definition)| {
        let before = versions.get(at + 1);
        FlowVersionRow {
            version: version.version,
            state: super::badge(version.state),
            by: people.actor(version.changed_by),
            at: Moment(version.changed_at.to_zoned(zone.clone())),
            is_current: version.version == shown,
            compare_href: before.map(|before| {
                let (name, from, to) = (&version.name, before.version, version.version);
                format!("/console/flows/{name}/compare?from={from}&to={to}")
            }),
            acts: super::acts(version, may(Action::EditDefinitions), may(Action::PublishDefinitions)),
        }
    };
    versions.iter().enumerate().map(row).collect()
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response> {
    let version: u32 = form.text("version").parse().map_err(|_| Error::NotFound)?;
    let mut tx = app.store.begin().await?;
    let found = tx.lookup_definition(super::KIND, &name, version).await?.ok_or(Error::NotFound)?;
    if super::is_of_git(&tx.list_versions(super::KIND, &name).await?) {
        return Err(Error::NotFound);
    }
    let done = match form.text("act") {
        "duplicate" => duplicate(&mut tx, &staff, &found).await,
        "drop" => discard(&mut tx, &staff, &found).await,
        "retire" => retire(&mut tx, &staff, &found).await,
        _ => Err(Error::NotFound),
    };
    let why = match done {
        Ok(Done::Refused(why)) => why,
        Ok(Done::Changed(path)) => {
            tx.commit().await?;
            return Ok(respond::see(&path));
        }
        Err(error) => told::refusal(error)?,
    };
    drop(tx);
    let look = Look { version: Some(version), ..Look::default() };
    show(&app, &visit, &staff, &name, &look, (Tone::Bad, Some(why))).await
}

enum Done {
    Changed(String),
    Refused(String),
}

/// Begins the next version as a draft with the text of this one.
async fn duplicate(tx: &mut Tx, staff: &Staff, found: &Definition) -> Result<Done> {
    let name = &found.name;
    if tx.lookup_draft(super::KIND, name).await?.is_some() {
        return Ok(Done::Refused(
            "There is a draft of this flow already: edit, publish or delete it".to_owned(),
        ));
    }
    let actor = Actor::Staff(staff.id);
    let new = NewText { kind: super::KIND, name, text: &found.text, owner: Owner::Console, actor };
    tx.begin_draft(new).await?;
    Ok(Done::Changed(format!("/console/flows/{name}/edit?told=begun")))
}

async fn discard(tx: &mut Tx, staff: &Staff, found: &Definition) -> Result<Done> {
    if found.state != Far::Draft {
        return Ok(Done::Refused(
            "A published version stays: requests may follow it. Retire it instead".to_owned(),
        ));
    }
    let others = tx.list_versions(super::KIND, &found.name).await?.len() - 1;
    tx.discard_draft(super::KIND, &found.name, Actor::Staff(staff.id)).await?;
    let path =
        if others == 0 { "/console/flows".to_owned() } else { format!("/console/flows/{}", found.name) };
    Ok(Done::Changed(format!("{path}?told=dropped")))
}

/// Takes a version out of force, unless an activity would be left without a flow.
async fn retire(tx: &mut Tx, staff: &Staff, found: &Definition) -> Result<Done> {
    if !access::may(&staff.roles, Action::PublishDefinitions) {
        return Err(Error::NotFound);
    }
    let versions = tx.list_versions(super::KIND, &found.name).await?;
    let is_last = versions.iter().filter(|version| version.state == Far::Published).count() <= 1;
    let is_hit = |version: Option<u32>| version.map_or(is_last, |version| version == found.version);
    let activities = super::activities(tx).await?.into_iter();
    let used: Vec<String> =
        activities.filter(|a| a.flow == found.name && is_hit(a.flow_version)).map(|a| a.title).collect();
    if !used.is_empty() {
        let used = used.join(", ");
        return Ok(Done::Refused(format!("It is used by {used}: give that another flow first")));
    }
    tx.retire(super::KIND, &found.name, found.version, Actor::Staff(staff.id)).await?;
    Ok(Done::Changed(format!("/console/flows/{}?told=retired", found.name)))
}
