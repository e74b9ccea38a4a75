//! `GET /console/lists`: what choices on forms come from.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::definition::Kind;
use habeas_core::list::List;
use habeas_render::page::Section;
use habeas_render::page::console::{ListRow, Lists};
use habeas_render::page::part::Tone;

use super::told::Told;
use super::{chrome, definition};
use crate::error::Result;
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
    let drafts = read.list_drafts(Kind::List.as_str()).await?;
    let drafted: BTreeSet<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
    let mut lists: BTreeMap<String, List> = BTreeMap::new();
    for draft in &drafts {
        lists.extend(List::parse("draft", &draft.text).ok().map(|list| (draft.name.clone(), list)));
    }
    // What counts is shown, not what is drafted beside it.
    lists.extend(app.catalog.lists().map(|list| (list.name.clone(), list.clone())));
    let row = |(name, list): (String, List)| ListRow {
        active_count: u64::try_from(list.choices().count()).unwrap_or(u64::MAX),
        used_by: used_by(&app, &name),
        state: definition::badge(app.catalog.list(&name).is_some(), drafted.contains(name.as_str())),
        title: list.title,
        name,
    };
    let page = Lists { rows: lists.into_iter().map(row).collect() };
    let chrome = chrome::of(&app, &visit, &staff, Section::Lists, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

/// Returns the flows in force whose choices are made from a list.
pub(super) fn used_by(app: &App, list: &str) -> Vec<String> {
    let flows = app.catalog.latest_flows().filter(|flow| flow.lists().contains(list));
    flows.map(|flow| flow.title.clone()).collect()
}
