//! `GET /console/definitions`: everything this installation runs by.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::definition::Kind;
use habeas_render::page::Section;
use habeas_render::page::console::{Cell, Listing, Table};
use habeas_render::page::part::{Chip, Empty, FilterGroup};
use habeas_render::text::Moment;
use habeas_store::definitions::{Definition, State as Far};
use serde::Deserialize;

use super::super::people::People;
use super::super::{chrome, flows};
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Which kind is looked at.
#[derive(Deserialize)]
pub(in crate::console) struct Look {
    #[serde(default)]
    kind: String,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(look): Query<Look>,
) -> Result<Response> {
    let kind = super::kind(&look.kind).unwrap_or(Kind::Entity);
    let mut read = app.store.read().await?;
    let people = People::read(&mut read).await?;
    let all = read.list_all_versions(kind.as_str()).await?;
    let rows =
        all.chunk_by(|one, other| one.name == other.name).filter_map(|versions| row(&app, &people, versions));
    let chip = |other: Kind| Chip {
        label: super::title(other),
        href: format!("?kind={}", other.as_str()),
        count: None,
        is_active: other == kind,
    };
    let table = Table {
        heading: None,
        lead: None,
        action: None,
        columns: ["Name", "Versions", "State", "Owner", "Changed"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
        empty: Empty {
            title: format!("No definitions of the kind {}", kind.as_str()),
            text: "Definitions are files in the folder the server is started with, or are written in the console."
                .to_owned(),
            action: None,
        },
    };
    let page = Listing {
        heading: "Definitions".to_owned(),
        lead: "Versioned documents: everything this installation runs by. A published version never changes."
            .to_owned(),
        filters: vec![FilterGroup {
            label: "Kind".to_owned(),
            chips: Kind::ALL.into_iter().map(chip).collect(),
        }],
        actions: Vec::new(),
        tables: vec![table],
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Definitions, &mut read).await?;
    respond::page(&chrome, &page)
}

fn row(app: &App, people: &People, versions: &[Definition]) -> Option<Vec<Cell>> {
    let newest = versions.first()?;
    let shown = versions.iter().find(|version| version.state == Far::Published).unwrap_or(newest);
    let mut states = vec![flows::badge(shown.state)];
    if newest.state == Far::Draft && shown.state != Far::Draft {
        states.push(flows::badge(Far::Draft));
    }
    let count = u32::try_from(versions.len()).unwrap_or(u32::MAX);
    let at = Moment(newest.changed_at.to_zoned(chrome::zone(app)));
    Some(vec![
        Cell::Link {
            text: newest.name.clone(),
            href: format!("/console/definitions/{}/{}", newest.kind, newest.name),
            sub: None,
        },
        Cell::Text(flows::counted(count, "version", "versions")),
        Cell::Badges(states),
        Cell::Text(super::owner(shown.owner).to_owned()),
        Cell::Text(format!("{}, {}", at.short(), people.actor(newest.changed_by))),
    ])
}
