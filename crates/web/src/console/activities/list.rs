//! `GET /console/activities`: regulations, and what people can ask for under them.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::definition::{Activity, Kind, Regulation};
use habeas_render::page::Section;
use habeas_render::page::console::{Cell, Listing, Table};
use habeas_render::page::part::{Empty, Tone};
use habeas_store::Read;

use super::super::told::Told;
use super::super::{case, chrome, laws};
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
    let regulations = regulations(&mut read).await?;
    let activities = super::super::flows::activities(&mut read).await?;
    let can_add = access::may(&staff.roles, Action::PublishDefinitions);
    let add = |what: &str, href: &str| (what.to_owned(), href.to_owned());
    let page = Listing {
        heading: "Regulations and activities".to_owned(),
        lead: "What people can ask for, under which law, and with which flow it is answered.".to_owned(),
        filters: Vec::new(),
        actions: if can_add {
            vec![
                add("Add a regulation", "/console/regulations/new"),
                add("Add an activity", "/console/activities/new"),
            ]
        } else {
            Vec::new()
        },
        tables: vec![
            table_of_regulations(&app, &regulations, &activities),
            table_of_activities(&app, &activities),
        ],
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Activities, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

/// Returns the regulations in force.
pub(super) async fn regulations(read: &mut Read) -> Result<Vec<Regulation>> {
    let texts = read.list_definitions_in_force(Some(Kind::Regulation.as_str())).await?;
    Ok(texts.iter().filter_map(|text| Regulation::parse(&text.name, &text.text).ok()).collect())
}

fn table_of_regulations(app: &App, regulations: &[Regulation], activities: &[Activity]) -> Table {
    let row = |regulation: &Regulation| {
        let of_it = activities.iter().filter(|a| a.regulation.as_ref() == Some(&regulation.name));
        let count = u32::try_from(of_it.count()).unwrap_or(u32::MAX);
        vec![
            Cell::Link {
                text: regulation.title.clone(),
                href: format!("/console/regulations/{}", regulation.name),
                sub: Some(regulation.description.clone()).filter(|text| !text.is_empty()),
            },
            Cell::Link {
                text: case::law_name(app, &regulation.law),
                href: format!("/console/laws/{}", regulation.law),
                sub: None,
            },
            Cell::Text(habeas_render::text::count(count, "activity", "activities")),
            Cell::Badges(vec![super::offered(regulation.is_active)]),
        ]
    };
    Table {
        heading: Some("Regulations".to_owned()),
        lead: None,
        action: None,
        columns: ["Regulation", "Law pack", "Offers", "State"].map(str::to_owned).to_vec(),
        rows: regulations.iter().map(row).collect(),
        empty: Empty {
            title: "No regulations yet".to_owned(),
            text: "A regulation names the law pack that computes the dates of its activities. Switching it off takes \
                   all of them off the first page."
                .to_owned(),
            action: Some(("Add the first one".to_owned(), "/console/regulations/new".to_owned())),
        },
    }
}

fn table_of_activities(app: &App, activities: &[Activity]) -> Table {
    let row = |activity: &Activity| {
        // As the catalog has it, the law of its regulation stands in.
        let resolved = app.catalog.activity(&activity.name);
        let law = resolved.map_or(activity.law.as_str(), |resolved| resolved.law.as_str());
        let is_offered = resolved.is_some_and(|resolved| app.catalog.is_offered(resolved));
        let flow = app.catalog.flow_of(activity).map(|(version, flow)| (flow.title.clone(), version));
        let (flow, version) = flow.unwrap_or_else(|| (activity.flow.clone(), 0));
        let version = match activity.flow_version {
            Some(_) => format!("version {version}"),
            None => format!("latest version, now {version}"),
        };
        vec![
            Cell::Link {
                text: activity.title.clone(),
                href: format!("/console/activities/{}", activity.name),
                sub: Some(activity.name.clone()),
            },
            Cell::Text(case::law_name(app, law)),
            Cell::Text(laws::right(activity.right).to_owned()),
            Cell::Link { text: flow, href: format!("/console/flows/{}", activity.flow), sub: Some(version) },
            Cell::Badges(vec![super::offered(is_offered)]),
        ]
    };
    Table {
        heading: Some("Activities".to_owned()),
        lead: None,
        action: None,
        columns: ["Activity", "Law", "Right", "Flow", "State"].map(str::to_owned).to_vec(),
        rows: activities.iter().map(row).collect(),
        empty: Empty {
            title: "Nothing can be asked for yet".to_owned(),
            text: "An activity is what a person chooses on the first page: a right, with the flow that fulfils it."
                .to_owned(),
            action: Some(("Add the first one".to_owned(), "/console/activities/new".to_owned())),
        },
    }
}
