//! How data sources do, as far as requests show it: what was read lately, and what fails.
//!
//! The pages reach no source themselves. What they show comes from the last searches and from tasks that
//! wait for a person.

use habeas_core::flow::{Operation, TaskKey};
use habeas_core::id::RequestId;
use habeas_core::record::Outcome;
use habeas_core::request::{Request, TaskRun, TaskState};
use habeas_dataset::model::Dataset;
use habeas_render::page::console::SourceRow;
use habeas_render::page::part::{Badge, Tone};
use habeas_store::Read;
use habeas_store::records::Summary;
use habeas_store::requests::{Filter, PAGE_LIMIT, Paging, Sort};

use super::case;
use super::requests::records;
use crate::App;
use crate::error::Result;
use crate::guard::Staff;
use crate::names::Names;

/// The searches of so many of the newest requests are looked at.
const NEWEST: u32 = 20;

/// A task that fails at a source.
pub(super) struct Failing {
    pub(super) source: String,
    pub(super) request: Request,
    pub(super) task: TaskKey,
}

/// The search of a source for a request.
pub(super) struct Run {
    pub(super) source: String,
    pub(super) request: Request,
    pub(super) run: TaskRun,
    pub(super) row_count: u64,
    pub(super) is_whole: bool,
}

/// What is known of all sources.
pub(super) struct Health {
    pub(super) names: Names,
    pub(super) failing: Vec<Failing>,
    pub(super) runs: Vec<Run>,
}

/// Returns the tasks that fail at a source, of requests the reader sees.
pub(super) async fn failing(read: &mut Read, staff: &Staff) -> Result<Vec<Failing>> {
    let filter = Filter { is_closed: Some(false), needs_attention: Some(true), ..Filter::default() };
    let paging = Paging { limit: PAGE_LIMIT, ..Paging::default() };
    let page = read.list(&filter, paging, &staff.scope).await?;
    let mut failing = Vec::new();
    for row in page.rows.iter().filter(|row| row.waits_on == "source") {
        let Some(request) = read.lookup_request(row.id, &staff.scope).await? else { continue };
        for (key, run) in request.tasks.iter().filter(|(_, run)| run.state == TaskState::Failed) {
            let source = run.failure.as_ref().and_then(|failure| failure.source.clone());
            failing.extend(source.map(|source| Failing {
                source,
                request: request.clone(),
                task: key.clone(),
            }));
        }
    }
    Ok(failing)
}

/// Returns what is known of all sources.
pub(super) async fn read(app: &App, staff: &Staff) -> Result<Health> {
    let mut read = app.store.read().await?;
    let failing = failing(&mut read, staff).await?;
    let paging = Paging { sort: Sort::Received, is_descending: true, limit: NEWEST, ..Paging::default() };
    let newest = read.list(&Filter::default(), paging, &staff.scope).await?;
    let ids: Vec<RequestId> = newest.rows.iter().map(|row| row.id).collect();
    let mut searched = Vec::new();
    for id in ids {
        let request = read.lookup_request(id, &staff.scope).await?;
        searched.extend(request.filter(|request| request.found.is_some()));
    }
    drop(read);
    let mut runs = Vec::new();
    for request in searched {
        let summary = records::read(app, &request, |reader| Ok(reader.summary().clone())).await?;
        let (Some(summary), Some(run)) = (summary, collect_run(app, &request)) else { continue };
        runs.extend(of_summary(&request, &run, &summary));
    }
    Ok(Health { names: Names::of(&app.catalog), failing, runs })
}

fn collect_run(app: &App, request: &Request) -> Option<TaskRun> {
    let flow = app.catalog.flow(&request.terms.flow, request.terms.flow_version)?;
    let task = flow.tasks().find(|task| task.operation() == Some(Operation::Collect))?;
    request.tasks.get(&task.key).cloned()
}

fn of_summary(request: &Request, run: &TaskRun, summary: &Summary) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for entry in &summary.coverage {
        let has_failed = matches!(entry.outcome, Outcome::Failed { .. });
        if let Some(known) = runs.iter_mut().find(|known| *known.source == *entry.dataset) {
            known.row_count += entry.rows;
            known.is_whole &= !has_failed;
            continue;
        }
        runs.push(Run {
            source: entry.dataset.to_string(),
            request: request.clone(),
            run: run.clone(),
            row_count: entry.rows,
            is_whole: !has_failed,
        });
    }
    runs
}

impl Run {
    /// Returns how long the whole search took, in milliseconds.
    pub(super) fn took_ms(&self) -> u64 {
        let ended = self.run.ended.map_or(self.run.started_at, |(_, at)| at);
        u64::try_from(ended.duration_since(self.run.started_at).as_millis()).unwrap_or(0)
    }
}

impl Health {
    /// Returns the source as a line of the list.
    pub(super) fn row(&self, dataset: &Dataset) -> SourceRow {
        let key = &*dataset.key;
        let failing = self.failing.iter().find(|failing| failing.source == key);
        let last = self.runs.iter().find(|run| run.source == key);
        let health = match (failing, last) {
            (Some(_), _) => Badge::new(Tone::Bad, "Failing"),
            (None, Some(_)) => Badge::new(Tone::Good, "Well"),
            (None, None) => Badge::new(Tone::Neutral, "Never read"),
        };
        let problem = failing.and_then(|failing| {
            let run = failing.request.tasks.get(&failing.task)?;
            run.failure.as_ref().map(|failure| failure.message.clone())
        });
        let at = last.and_then(|run| run.run.ended.map(|(_, at)| case::moment(&run.request, at)));
        SourceRow {
            id: key.to_owned(),
            name: self.names.source(key),
            kind: dataset.description.clone().unwrap_or_else(|| "Described by a dataset".to_owned()),
            health,
            problem,
            last_run_at: at,
            row_count: last.map_or(0, |run| run.row_count),
            took_ms: last.map_or(0, Run::took_ms),
            owner: None,
        }
    }
}

/// Returns a source that fails as a line of a list.
pub(super) fn failing_row(failing: &Failing, names: &Names) -> SourceRow {
    let run = failing.request.tasks.get(&failing.task);
    let failure = run.and_then(|run| run.failure.as_ref());
    SourceRow {
        id: failing.source.clone(),
        name: names.source(&failing.source),
        kind: String::new(),
        health: Badge::new(Tone::Bad, "Failing"),
        problem: failure.map(|failure| failure.message.clone()),
        last_run_at: None,
        row_count: 0,
        took_ms: 0,
        owner: None,
    }
}
