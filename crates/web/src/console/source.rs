//! `GET /console/sources/{source}`: one data source: what is in it, what fails, who waits for it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_dataset::model::Collection as Described;
use habeas_dataset::taxonomy::Category;
use habeas_render::page::Section;
use habeas_render::page::console::{Collection, Failure, Source, SourceRun};
use habeas_render::page::part::{Badge, Facts, Row, Tone};

use super::health::{self, Health, Run};
use super::told::Told;
use super::{case, chrome};
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::names::{Names, grouped_categories};
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(key): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let health = health::read(&app, &staff).await?;
    let dataset = health.names.datasets().iter().find(|dataset| *dataset.key == *key);
    let dataset = dataset.ok_or(Error::NotFound)?;
    let names = Names::of(&app.catalog);
    let failure = failure(&health, &key);
    let sees_requests = access::may(&staff.roles, Action::SeeRequests);
    let page = Source {
        row: health.row(dataset),
        facts: Facts {
            rows: vec![
                Row::new("Name in datasets", &key),
                Row::new("Collections", dataset.collections.len().to_string()),
            ],
        },
        can_test: failure.is_some() && access::may(&staff.roles, Action::RetryTask),
        failure,
        collections: dataset.collections.iter().map(|found| collection(&names, &key, found)).collect(),
        runs: health
            .runs
            .iter()
            .filter(|run| run.source == key)
            .map(|run| line(run, sees_requests))
            .collect(),
    };
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Sources, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

fn failure(health: &Health, key: &str) -> Option<Failure> {
    let failing = || health.failing.iter().filter(|failing| failing.source == key);
    let first = failing().next()?;
    let run = first.request.tasks.get(&first.task)?;
    let since = run.ended.map_or(run.started_at, |(_, at)| at);
    Some(Failure {
        since: case::moment(&first.request, since),
        what: run.failure.as_ref().map(|failure| failure.message.clone()).unwrap_or_default(),
        said: None,
        remedies: vec![
            "Is the system running, and may this machine reach it?".to_owned(),
            "Did its address, its account or its password change? `habeas source test` tries it.".to_owned(),
        ],
        tries: run.attempt,
        next_at: None,
        waiting: failing().map(|failing| failing.request.reference.to_string()).collect(),
    })
}

fn collection(names: &Names, dataset: &str, collection: &Described) -> Collection {
    let fields = collection.fields.iter().flat_map(|field| &field.categories);
    let categories = collection.categories.iter().chain(fields).map(Category::as_str);
    let linked = collection.fields.iter().filter(|field| !field.references.is_empty());
    let linked: Vec<String> = linked.map(|field| field.name.to_string()).collect();
    Collection {
        title: names.collection(dataset, &collection.name),
        name: collection.name.to_string(),
        categories: grouped_categories(categories),
        reached_by: linked.join(", "),
    }
}

fn line(run: &Run, sees_requests: bool) -> SourceRun {
    let at = run.run.ended.map_or(run.run.started_at, |(_, at)| at);
    let result =
        if run.is_whole { Badge::new(Tone::Good, "Searched") } else { Badge::new(Tone::Bad, "Failed") };
    SourceRun {
        at: case::moment(&run.request, at),
        reference: sees_requests.then(|| run.request.reference.to_string()),
        result,
        row_count: run.row_count,
        took_ms: run.took_ms(),
    }
}
