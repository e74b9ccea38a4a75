//! `GET /console/snippets`: the blocks of text for messages.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::definition::Kind;
use habeas_core::snippet::Snippet;
use habeas_render::page::Section;
use habeas_render::page::console::{SnippetRow, Snippets};
use habeas_render::page::part::Tone;

use crate::console::told::Told;
use crate::console::{chrome, definition};
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// So much of a text is shown in the list, in characters.
const START: usize = 80;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let drafts = read.list_drafts(Kind::Snippet.as_str()).await?;
    let drafted: BTreeSet<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
    let mut snippets: BTreeMap<String, Snippet> = BTreeMap::new();
    for draft in &drafts {
        snippets.extend(Snippet::parse("draft", &draft.text).ok().map(|it| (draft.name.clone(), it)));
    }
    snippets.extend(app.catalog.snippets().map(|it| (it.name.clone(), it.clone())));
    let row = |(name, snippet): (String, Snippet)| SnippetRow {
        state: definition::badge(app.catalog.snippet(&name).is_some(), drafted.contains(name.as_str())),
        start: snippet.text.chars().take(START).collect(),
        title: snippet.title,
        name,
    };
    let page = Snippets { rows: snippets.into_iter().map(row).collect() };
    let chrome = chrome::of(&app, &visit, &staff, Section::Snippets, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}
