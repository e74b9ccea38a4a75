//! `GET, POST /console/flows/{flow}/publish`: makes a draft a version that can't be changed any more.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_render::page::Section;
use habeas_render::page::console::FlowPublish;
use habeas_render::page::part::Tone;
use habeas_store::Read;
use habeas_store::definitions::State as Far;

use super::super::chrome;
use super::compare;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let page = page(&app, &mut read, &name).await?;
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
    let mut tx = app.store.begin().await?;
    let draft = super::draft(&mut tx, &name).await?;
    let is_seen = hex::encode(draft.sha256) == form.text("hash");
    let is_of_git = super::is_of_git(&tx.list_versions(super::KIND, &name).await?);
    let is_fine = super::issues(&app, &super::parse(&draft)?).is_empty();
    if is_seen && is_fine && !is_of_git {
        let version = tx.publish_draft(super::KIND, &name, &draft.sha256, Actor::Staff(staff.id)).await?;
        tx.commit().await?;
        tracing::info!(by = %staff.id, flow = name, version, "a flow was published");
        return Ok(respond::see(&format!("/console/flows/{name}?told=published")));
    }
    drop(tx);
    let mut read = app.store.read().await?;
    let page = page(&app, &mut read, &name).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    let why = match (is_of_git, is_seen) {
        (true, _) => Some(super::OF_GIT),
        (false, false) => Some(
            "The draft was changed since you looked at it. What you see now is its present state; nothing was \
             published",
        ),
        (false, true) => None,
    };
    respond::page_with(StatusCode::CONFLICT, &chrome::tell(chrome, Tone::Bad, why.map(str::to_owned)), &page)
}

async fn page(app: &App, read: &mut Read, name: &str) -> Result<FlowPublish> {
    let versions = super::versions(read, name).await?;
    let draft = versions.iter().find(|found| found.state == Far::Draft).ok_or(Error::NotFound)?;
    let flow = super::parse(draft)?;
    let editor = format!("/console/flows/{name}/edit");
    let issues = super::issues(app, &flow);
    let since = match versions.iter().find(|found| found.state == Far::Published) {
        Some(before) => Some((before.version, compare::differences(&super::parse(before)?, &flow))),
        None => None,
    };
    let activities = super::activities(read).await?;
    Ok(FlowPublish {
        name: name.to_owned(),
        title: flow.title.clone(),
        version: versions.iter().map(|found| found.version).max().unwrap_or(draft.version).max(draft.version),
        problems: issues.iter().map(|issue| super::problem(&flow, issue, &editor)).collect(),
        since,
        used_by: super::used_by(&activities, name).into_iter().map(|(title, _)| title).collect(),
        hash: hex::encode(draft.sha256),
    })
}
