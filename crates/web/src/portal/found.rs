//! What was found and where it was looked for, as the sealed file of the records tells.

use std::collections::BTreeMap;

use habeas_core::record::{Outcome, handed_in};
use habeas_core::request::{MarkScope, Request, Verdict};
use habeas_render::page::part::{Coverage, CoverageRow, Search};
use habeas_store::records::{Reader, SealTarget, Summary};
use habeas_store::requests::Scope;
use habeas_store::{Error as StoreError, Result as StoreResult};

use crate::App;
use crate::coverage::{self, Line};
use crate::error::{Error, Result};
use crate::names::Names;

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
        let summary = coverage::whole(reader.summary(), &request);
        Ok(Found { given, summary, names })
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
    /// Returns the coverage statement: causes in words for people, and without what they aren't told of.
    pub(super) fn coverage(&self, request: &Request) -> Coverage {
        let lines = coverage::lines(&self.summary, request, &self.names).into_iter();
        let rows = lines.map(|Line { source, row }| {
            let of_source = self.given.iter().filter(|given| given.dataset == source);
            let untold: u64 = of_source.map(|given| given.untold_count).sum();
            CoverageRow {
                record_count: row.record_count.saturating_sub(untold),
                note: row.note.or_else(|| self.cause(source)).filter(|_| row.search != Search::Searched),
                ..row
            }
        });
        Coverage { rows: rows.collect() }
    }

    fn cause(&self, source: &str) -> Option<String> {
        coverage::of_source(&self.summary, source).into_iter().find_map(|entry| match &entry.outcome {
            Outcome::Searched => None,
            Outcome::ByHand { file_count, .. } => Some(handed_in(*file_count)),
            Outcome::Failed { .. } => Some("It could not be reached.".to_owned()),
            Outcome::Skipped { reason } | Outcome::Unreached { reason } => Some(reason.clone()),
        })
    }
}
