//! `GET /console/flows`: all flows, how far their versions are, and who uses them.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_render::page::Section;
use habeas_render::page::console::{FlowRow, Flows};
use habeas_render::page::part::Tone;
use habeas_store::definitions::{Definition, State as Far};

use super::super::chrome;
use super::super::told::Told;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let activities = super::activities(&mut read).await?;
    let all = read.list_all_versions(super::KIND).await?;
    let rows = all
        .chunk_by(|one, other| one.name == other.name)
        .map(|versions| row(versions, super::used_by(&activities, name(versions))))
        .collect::<Result<Vec<_>>>()?;
    let page = Flows { rows, can_edit: access::may(&staff.roles, Action::EditDefinitions) };
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

fn name(versions: &[Definition]) -> &str {
    versions.first().map_or("", |version| version.name.as_str())
}

fn row(versions: &[Definition], used_by: Vec<(String, String)>) -> Result<FlowRow> {
    let shown = versions.iter().find(|version| version.state == Far::Published).or(versions.first());
    let flow = shown.map(super::parse).transpose()?;
    let mut states = Vec::new();
    for state in [Far::Published, Far::Draft, Far::Retired] {
        let is_said = match state {
            Far::Retired => versions.iter().all(|version| version.state == Far::Retired),
            Far::Published | Far::Draft => versions.iter().any(|version| version.state == state),
        };
        if is_said {
            states.push(super::badge(state));
        }
    }
    let count = u32::try_from(versions.len()).unwrap_or(u32::MAX);
    Ok(FlowRow {
        name: name(versions).to_owned(),
        title: flow.as_ref().map(|flow| flow.title.clone()).unwrap_or_default(),
        versions: super::counted(count, "version", "versions"),
        states,
        work: flow.as_ref().map(super::work).unwrap_or_default(),
        used_by,
    })
}
