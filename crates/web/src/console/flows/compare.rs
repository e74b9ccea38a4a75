//! `GET /console/flows/{flow}/compare`: what differs between two versions.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use habeas_core::flow::{self, Difference, Flow, What};
use habeas_render::page::Section;
use habeas_render::page::console::{FlowCompare, FlowDifference};
use habeas_store::definitions::Definition;
use serde::Deserialize;

use super::super::chrome;
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Which versions are compared.
#[derive(Deserialize)]
pub(in crate::console) struct Pair {
    #[serde(default)]
    from: Option<u32>,
    #[serde(default)]
    to: Option<u32>,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
    Query(pair): Query<Pair>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let versions = super::versions(&mut read, &name).await?;
    let newest = versions.first().map_or(1, |newest| newest.version);
    let before = versions.get(1).map_or(newest, |before| before.version);
    let find = |version: u32| versions.iter().find(|found| found.version == version).ok_or(Error::NotFound);
    let from = find(pair.from.unwrap_or(before))?;
    let to = find(pair.to.unwrap_or(newest))?;
    let new = super::parse(to)?;
    let page = FlowCompare {
        name,
        title: new.title.clone(),
        versions: versions.iter().map(|version| (version.version, words(version))).collect(),
        from: from.version,
        to: to.version,
        differences: differences(&super::parse(from)?, &new),
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    respond::page(&chrome, &page)
}

fn words(version: &Definition) -> String {
    format!("Version {} ({})", version.version, super::badge(version.state).text.to_lowercase())
}

/// Returns the differences for a table.
pub(super) fn differences(old: &Flow, new: &Flow) -> Vec<FlowDifference> {
    flow::compare(old, new).into_iter().map(difference).collect()
}

fn difference(Difference { place, what }: Difference) -> FlowDifference {
    match what {
        What::Added => FlowDifference { place, what: "added".to_owned(), change: None },
        What::Removed => FlowDifference { place, what: "removed".to_owned(), change: None },
        What::Changed { property, before, after } => {
            FlowDifference { place, what: property, change: Some((before, after)) }
        }
    }
}
