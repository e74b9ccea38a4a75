//! What was found and where it was looked for, as the sealed file of the records tells.

use std::collections::BTreeMap;

use habeas_core::definition::{Catalog, Kind};
use habeas_core::record::{Origin, Outcome};
use habeas_core::request::{MarkScope, Request, Verdict};
use habeas_core::yaml::Problems;
use habeas_dataset::model::Dataset;
use habeas_render::page::part::{Coverage, CoverageRow, Search};
use habeas_store::records::{Reader, SealTarget, Summary};
use habeas_store::requests::Scope;
use habeas_store::{Error as StoreError, Result as StoreResult};

use super::case;
use crate::App;
use crate::error::{Error, Result};

/// More single records than this are not looked up to be taken off the counts.
const MOST_MARKS: usize = 1_000;

/// What a request's search found.
pub(super) struct Found {
    /// Per collection what the reply gives.
    pub(super) given: Vec<Given>,
    summary: Summary,
    names: Names,
}

/// What the reply gives of a collection.
pub(super) struct Given {
    /// The collection as people call it.
    pub(super) collection: String,
    /// The source as people call it.
    pub(super) source: String,
    /// How many records are in the reply.
    pub(super) record_count: u64,
    dataset: String,
    untold_count: u64,
}

/// Reads it; none before the search, or once the file is gone.
pub(super) async fn read(app: &App, request: &Request) -> Result<Option<Found>> {
    let Some(found) = &request.found else { return Ok(None) };
    let mut read = app.store.read().await?;
    let blob = read.lookup_blob(found.blob, &Scope::Request(request.id)).await?;
    let keys = read.lookup_keys(request.id).await?;
    drop(read);
    let (Some(blob), Some(keys)) = (blob, keys) else { return Ok(None) };
    let target = SealTarget::of(&keys)?;
    let (app, request) = (app.clone(), request.clone());
    let opened = tokio::task::spawn_blocking(move || -> StoreResult<Found> {
        let mut reader = Reader::open(app.store.open_sealed(&blob)?, &target)?;
        let names = Names::of(&app.catalog);
        let given = given(&mut reader, &request, &names)?;
        Ok(Found { given, summary: reader.summary().clone(), names })
    });
    Ok(Some(opened.await.map_err(|_| Error::Broken("reading records failed"))??))
}

/// Counts what is given: what was found without what a person left out.
fn given(reader: &mut Reader, request: &Request, names: &Names) -> Result<Vec<Given>, StoreError> {
    let mut left_out: BTreeMap<(String, String), Out> = BTreeMap::new();
    for mark in request.marks.iter().take(MOST_MARKS) {
        let MarkScope::Record(id) = mark.scope else { continue };
        let Some(record) = reader.record(id)? else { continue };
        let last = request.verdict(id, &record.dataset, &record.collection);
        if last.is_some_and(|last| std::ptr::eq(last, mark)) {
            let place = (record.dataset.to_string(), record.collection.to_string());
            left_out.entry(place).or_default().add(&mark.verdict, 1);
        }
    }
    let counted = reader.summary().collections.iter().map(|count| {
        let place = (count.dataset.to_string(), count.collection.to_string());
        let mut out = left_out.remove(&place).unwrap_or_default();
        // A number no record has: what was said of the collection as a whole.
        if let Some(mark) = request.verdict(u64::MAX, &count.dataset, &count.collection) {
            out.add(&mark.verdict, count.records);
        }
        Given {
            collection: names.collection(&count.dataset, &count.collection),
            source: names.source(&count.dataset),
            dataset: place.0,
            record_count: count.records.saturating_sub(out.all),
            untold_count: out.untold.min(count.records),
        }
    });
    Ok(counted.collect())
}

/// Records a person left out, and those of them that aren't even spoken of.
#[derive(Default)]
struct Out {
    all: u64,
    untold: u64,
}

impl Out {
    fn add(&mut self, verdict: &Verdict, count: u64) {
        if let Verdict::Exclude { is_told, .. } = verdict {
            self.all += count;
            self.untold += if *is_told { 0 } else { count };
        }
    }
}

impl Found {
    /// Returns the coverage statement, one line a source: what failed or was left out is never shown as
    /// empty.
    pub(super) fn coverage(&self, request: &Request) -> Coverage {
        let mut sources: Vec<&str> = Vec::new();
        for entry in &self.summary.coverage {
            if !sources.contains(&&*entry.dataset) {
                sources.push(&entry.dataset);
            }
        }
        let mut rows: Vec<CoverageRow> = sources.iter().map(|source| self.row(request, source)).collect();
        for excuse in request.excuses.iter().filter(|excuse| !sources.contains(&excuse.source.as_str())) {
            rows.push(CoverageRow {
                source: self.names.source(&excuse.source),
                search: Search::Skipped,
                searched_with: None,
                record_count: 0,
                as_of: None,
                note: Some(excuse.reason.reveal().clone()),
            });
        }
        Coverage { rows }
    }

    fn row(&self, request: &Request, source: &str) -> CoverageRow {
        let of_source = || self.summary.coverage.iter().filter(|entry| &*entry.dataset == source);
        let excuse = request.excuses.iter().find(|excuse| excuse.source == source);
        let has_failed = of_source().any(|entry| matches!(entry.outcome, Outcome::Failed { .. }));
        let was_searched = of_source().any(|entry| entry.outcome == Outcome::Searched);
        let search = match (has_failed, excuse, was_searched) {
            (true, None, _) => Search::Failed,
            (true, Some(_), _) | (false, _, false) => Search::Skipped,
            (false, _, true) => Search::Searched,
        };
        let reason = of_source().find_map(|entry| match &entry.outcome {
            Outcome::Searched => None,
            Outcome::Failed { .. } => Some("It could not be reached.".to_owned()),
            Outcome::Skipped { reason } | Outcome::Unreached { reason } => Some(reason.clone()),
        });
        let note = excuse.map(|excuse| excuse.reason.reveal().clone()).or(reason);
        let mut kinds: Vec<String> = Vec::new();
        for hop in of_source().flat_map(|entry| &entry.reached_by) {
            let kind = match &hop.from {
                Origin::Identity(kind) => words(kind),
                Origin::Field { .. } => "links between records".to_owned(),
            };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        let found: u64 = of_source().map(|entry| entry.rows).sum();
        let untold: u64 =
            self.given.iter().filter(|given| given.dataset == source).map(|given| given.untold_count).sum();
        CoverageRow {
            source: self.names.source(source),
            search,
            searched_with: (!kinds.is_empty()).then(|| kinds.join(", ")),
            record_count: found.saturating_sub(untold),
            as_of: of_source().filter_map(|entry| entry.as_of).min().map(|at| case::moment(request, at)),
            note: note.filter(|_| search != Search::Searched),
        }
    }
}

/// What people call sources and collections.
struct Names(Vec<Dataset>);

impl Names {
    fn of(catalog: &Catalog) -> Self {
        let problems = Problems::new();
        let texts = catalog.texts(Kind::Dataset);
        Self(
            texts
                .iter()
                .flat_map(|text| habeas_dataset::read::read(&text.name, &text.text, &problems))
                .collect(),
        )
    }

    fn source(&self, key: &str) -> String {
        let known = self.0.iter().find(|dataset| &*dataset.key == key);
        known.and_then(|dataset| dataset.name.clone()).unwrap_or_else(|| words(key))
    }

    fn collection(&self, dataset: &str, name: &str) -> String {
        let known = self.0.iter().find(|known| &*known.key == dataset);
        let known = known.and_then(|known| known.collections.iter().find(|found| &*found.name == name));
        known.and_then(|found| found.description.clone()).unwrap_or_else(|| words(name))
    }
}

/// Turns a name of code into words: `order_items` into `Order items`.
fn words(name: &str) -> String {
    let spaced = name.replace(['_', '-', '.'], " ");
    let mut chars = spaced.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
