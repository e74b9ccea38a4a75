//! The sealed file of a request's records, read where blocking is fine and one frame at a time.

use std::collections::BTreeSet;

use habeas_core::record::{Outcome, Record, handed_in};
use habeas_core::request::{MarkScope, Request};
use habeas_render::page::part::{Coverage, CoverageRow};
use habeas_store::Result as StoreResult;
use habeas_store::records::{Reader, SealTarget, Summary};
use habeas_store::requests::Scope;

use crate::App;
use crate::coverage::{self, Line};
use crate::error::{Error, Result};
use crate::names::Names;

/// Opens the file and has it read; `None` before the search, or once the file is gone.
pub(in crate::console) async fn read<T: Send + 'static>(
    app: &App,
    request: &Request,
    work: impl FnOnce(&mut Reader) -> StoreResult<T> + Send + 'static,
) -> Result<Option<T>> {
    let Some(found) = &request.found else { return Ok(None) };
    let mut read = app.store.read().await?;
    let blob = read.lookup_blob(found.blob, &Scope::Request(request.id)).await?;
    let keys = read.lookup_keys(request.id).await?;
    drop(read);
    let (Some(blob), Some(keys)) = (blob, keys) else { return Ok(None) };
    let target = SealTarget::of(&keys)?;
    let store = app.store.clone();
    let work = move || work(&mut Reader::open(store.open_sealed(&blob)?, &target)?);
    let done = tokio::task::spawn_blocking(work).await;
    Ok(Some(done.map_err(|_| Error::Broken("reading records failed"))??))
}

/// Counts the records of other people that nobody has decided on.
pub(in crate::console) async fn undecided(app: &App, request: &Request) -> Result<u64> {
    let marked = request.clone();
    Ok(read(app, request, move |reader| count_undecided(reader, &marked)).await?.unwrap_or(0))
}

/// Counts collection by collection, in memory for one frame at a time.
pub(super) fn count_undecided(reader: &mut Reader, request: &Request) -> StoreResult<u64> {
    let decided = Decided::of(request);
    let mut undecided = 0;
    for count in reader.summary().collections.clone() {
        if count.third_party == 0 || decided.is_whole(&count.dataset, &count.collection) {
            continue;
        }
        if decided.records.is_empty() {
            undecided += count.third_party;
            continue;
        }
        for record in reader.iter_collection(&count.dataset, &count.collection) {
            undecided += u64::from(decided.is_wanting(&record?));
        }
    }
    Ok(undecided)
}

/// What was decided on, for asking about many records.
pub(super) struct Decided {
    records: BTreeSet<u64>,
    collections: BTreeSet<(String, String)>,
}

impl Decided {
    pub(super) fn of(request: &Request) -> Self {
        let mut decided = Self { records: BTreeSet::new(), collections: BTreeSet::new() };
        for mark in &request.marks {
            match &mark.scope {
                MarkScope::Record(id) => {
                    decided.records.insert(*id);
                }
                MarkScope::Collection { dataset, collection } => {
                    decided.collections.insert((dataset.clone(), collection.clone()));
                }
            }
        }
        decided
    }

    fn is_whole(&self, dataset: &str, collection: &str) -> bool {
        self.collections.iter().any(|(d, c)| d == dataset && c == collection)
    }

    /// Says whether a person must still decide on a record.
    pub(super) fn is_wanting(&self, record: &Record) -> bool {
        record.third_party
            && !self.records.contains(&record.id)
            && !self.is_whole(&record.dataset, &record.collection)
    }
}

/// Returns what was searched, with the causes as they are: staff act on them.
pub(super) fn coverage(summary: &Summary, request: &Request, names: &Names) -> Coverage {
    let lines = coverage::lines(summary, request, names).into_iter();
    let rows = lines.map(|Line { source, row }| CoverageRow {
        note: row.note.or_else(|| causes(summary, names, source)),
        ..row
    });
    Coverage { rows: rows.collect() }
}

/// Returns why collections of a source weren't searched to their end, each cause once.
fn causes(summary: &Summary, names: &Names, source: &str) -> Option<String> {
    let mut causes: Vec<(String, Vec<String>)> = Vec::new();
    for entry in coverage::of_source(summary, source) {
        let reason = match &entry.outcome {
            Outcome::Searched => continue,
            Outcome::ByHand { file_count, .. } => handed_in(*file_count),
            Outcome::Failed { reason } | Outcome::Skipped { reason } | Outcome::Unreached { reason } => {
                reason.clone()
            }
        };
        let collection = names.collection(source, &entry.collection);
        match causes.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, collections)) => collections.push(collection),
            None => causes.push((reason, vec![collection])),
        }
    }
    let told: Vec<String> =
        causes.iter().map(|(reason, names)| format!("{}: {reason}", names.join(", "))).collect();
    (!told.is_empty()).then(|| told.join("; "))
}
