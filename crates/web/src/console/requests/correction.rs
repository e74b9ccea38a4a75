//! `GET /console/requests/{reference}/correction`: what is corrected, before and after.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::request::{Correction as Planned, FieldChange};
use habeas_render::page::console::{ChangedField, Correction, OpenChange};
use habeas_render::page::part::{Facts, Row};
use habeas_render::text;

use super::tab;
use crate::App;
use crate::console::case::{self, Case};
use crate::error::Result;
use crate::guard::Staff;
use crate::names::{Names, words};
use crate::visit::Visit;

/// No table is longer: a plan this long is read in the sources.
const LONGEST: usize = 500;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let case = case::load(&mut app.store.read().await?, &staff, &reference).await?;
    let page = match &case.request.correction {
        Some(planned) => page(&app, &case, planned),
        None => nothing(&app, &case),
    };
    tab::show(&app, &visit, &staff, None, &page).await
}

fn nothing(app: &App, case: &Case) -> Correction {
    Correction {
        subject: case.subject(app),
        state: "Nothing is planned yet: the flow plans corrections once somebody has looked into them."
            .to_owned(),
        facts: Facts { rows: Vec::new() },
        changes: Vec::new(),
        more: 0,
        open: Vec::new(),
        disputed: Vec::new(),
    }
}

fn page(app: &App, case: &Case, planned: &Planned) -> Correction {
    let plan = planned.planned.plan.reveal();
    let names = Names::of(&app.catalog);
    let more = plan.changes.len().saturating_sub(LONGEST);
    Correction {
        subject: case.subject(app),
        state: state(planned),
        facts: facts(case, planned),
        changes: plan.changes.iter().take(LONGEST).map(|change| field(case, &names, change)).collect(),
        more: u64::try_from(more).unwrap_or(u64::MAX),
        open: plan
            .open
            .iter()
            .map(|one| OpenChange { place: one.place.clone(), reason: one.reason.clone() })
            .collect(),
        disputed: plan.disputed.iter().map(|fact| words(fact)).collect(),
    }
}

fn state(planned: &Planned) -> String {
    match &planned.done {
        Some((done, _)) => {
            let fields: u32 = done.sources.iter().map(|source| source.field_count).sum();
            let fields = text::count(u64::from(fields), "field", "fields");
            format!("Done and read back: {fields} hold the right value.")
        }
        None => "Planned. Nothing is written before it is approved.".to_owned(),
    }
}

fn facts(case: &Case, planned: &Planned) -> Facts {
    let request = &case.request;
    let mut rows = vec![
        Row::new("Planned", case::moment(request, planned.planned_at).to_string()),
        Row::new("Plan", planned.planned.hash.chars().take(12).collect::<String>()),
    ];
    if let Some((done, at)) = &planned.done {
        rows.push(Row::new("Corrected", case::moment(request, *at).to_string()));
        for source in &done.sources {
            let fields = text::count(u64::from(source.field_count), "field", "fields");
            rows.push(Row::new(words(&source.source), fields));
        }
    }
    Facts { rows }
}

fn field(case: &Case, names: &Names, change: &FieldChange) -> ChangedField {
    let seen = |value: &String| case.is_seen.then(|| value.clone());
    ChangedField {
        source: names.source(&change.dataset),
        collection: names.collection(&change.dataset, &change.collection),
        field: names.field(&change.dataset, &change.collection, &change.field),
        is_derived: change.fact.is_none(),
        before: seen(&change.before),
        after: seen(&change.after),
    }
}
