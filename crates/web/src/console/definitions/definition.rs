//! `GET /console/definitions/{kind}/{name}`: the text of a version, or what differs between two.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::definition::Kind;
use habeas_render::page::Section;
use habeas_render::page::console::{Definition as Page, DefinitionVersion};
use habeas_render::page::part::{Facts, Row};
use habeas_render::text::Moment;
use habeas_store::definitions::{Definition, State as Far};
use serde::Deserialize;

use super::super::people::People;
use super::super::{chrome, flows};
use super::lines;
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Which versions are looked at. Numbers come as text, since a choice that was left open is sent empty.
#[derive(Deserialize)]
pub(in crate::console) struct Look {
    #[serde(default)]
    version: String,
    #[serde(default)]
    since: String,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path((kind, name)): Path<(String, String)>,
    Query(look): Query<Look>,
) -> Result<Response> {
    let kind = super::kind(&kind).ok_or(Error::NotFound)?;
    let mut read = app.store.read().await?;
    let versions = read.list_versions(kind.as_str(), &name).await?;
    let find = |number: &str| versions.iter().find(|found| found.version.to_string() == number);
    let newest = versions.iter().find(|found| found.state == Far::Published).or(versions.first());
    let shown = if look.version.is_empty() { newest } else { find(&look.version) };
    let shown = shown.ok_or(Error::NotFound)?;
    let since = find(&look.since).filter(|since| since.version != shown.version);
    let people = People::read(&mut read).await?;
    let at = |found: &Definition| Moment(found.changed_at.to_zoned(chrome::zone(&app)));
    let row = |found: &Definition| DefinitionVersion {
        version: found.version,
        state: flows::badge(found.state),
        by: people.actor(found.changed_by),
        at: at(found),
        href: format!("/console/definitions/{}/{name}?version={}", kind.as_str(), found.version),
        is_current: found.version == shown.version,
    };
    let (lines, is_cut) = match since {
        Some(since) => lines::differing(&since.text, &shown.text),
        None => lines::plain(&shown.text),
    };
    let page = Page {
        kind: super::title(kind),
        name: name.clone(),
        state: flows::badge(shown.state),
        facts: Facts {
            rows: vec![
                Row::new("Owner", super::owner(shown.owner)),
                Row::new("Changed by", people.actor(shown.changed_by)),
                Row::new("Changed", at(shown).short()),
                Row::new("SHA-256", hex::encode(shown.sha256)),
            ],
        },
        edit_href: edit_href(&staff, kind, &name),
        versions: versions.iter().map(row).collect(),
        since: since.map(|since| since.version),
        version: shown.version,
        lines,
        is_cut,
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Definitions, &mut read).await?;
    respond::page(&chrome, &page)
}

/// Returns where a definition has a page of its own.
fn edit_href(staff: &Staff, kind: Kind, name: &str) -> Option<String> {
    match kind {
        Kind::Flow => Some(format!("/console/flows/{name}")),
        Kind::Activity => Some(format!("/console/activities/{name}")),
        Kind::Regulation => Some(format!("/console/regulations/{name}")),
        Kind::Role if access::may(&staff.roles, Action::ManageUsers) => {
            Some(format!("/console/roles/{name}"))
        }
        Kind::List if access::may(&staff.roles, Action::ManageLists) => {
            Some(format!("/console/lists/{name}"))
        }
        Kind::Law => Some(format!("/console/laws/{name}")),
        Kind::Calendar => Some(format!("/console/calendars/{name}")),
        _ => None,
    }
}
