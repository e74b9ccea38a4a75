//! The sealed file of a request's records, read where blocking is fine and one frame at a time.

use std::collections::BTreeSet;

use habeas_core::definition::{Catalog, Kind};
use habeas_core::record::{Hop, Origin, Outcome, Record};
use habeas_core::request::{MarkScope, Request};
use habeas_core::yaml::Problems;
use habeas_dataset::model::Dataset;
use habeas_render::page::part::{Coverage, CoverageRow, Search};
use habeas_store::Result as StoreResult;
use habeas_store::records::{Reader, SealTarget, Summary};
use habeas_store::requests::Scope;

use crate::App;
use crate::console::case;
use crate::console::told::capitalised;
use crate::error::{Error, Result};

/// A description is a name up to this length.
const NAME_LIMIT: usize = 40;

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

/// What people call sources, collections and fields.
pub(in crate::console) struct Names(Vec<Dataset>);

impl Names {
    pub(in crate::console) fn of(catalog: &Catalog) -> Self {
        let problems = Problems::new();
        let texts = catalog.texts(Kind::Dataset);
        let read =
            texts.iter().flat_map(|text| habeas_dataset::read::read(&text.name, &text.text, &problems));
        Self(read.collect())
    }

    pub(in crate::console) fn datasets(&self) -> &[Dataset] {
        &self.0
    }

    pub(in crate::console) fn source(&self, key: &str) -> String {
        let known = self.0.iter().find(|dataset| &*dataset.key == key);
        known.and_then(|dataset| dataset.name.clone()).unwrap_or_else(|| words(key))
    }

    /// Returns what a collection is called: its description where that is short enough to be a name.
    pub(super) fn collection(&self, dataset: &str, name: &str) -> String {
        let known = self.0.iter().find(|known| &*known.key == dataset);
        let known = known.and_then(|known| known.collections.iter().find(|found| &*found.name == name));
        let described = known.and_then(|found| found.description.clone());
        described.filter(|text| text.chars().count() <= NAME_LIMIT).unwrap_or_else(|| words(name))
    }

    /// Returns the categories of a field, in words.
    pub(super) fn category(&self, record: &Record, field: &str) -> Option<String> {
        let dataset = self.0.iter().find(|dataset| dataset.key == record.dataset)?;
        let collection = dataset.collections.iter().find(|found| found.name == record.collection)?;
        let field = collection.fields.iter().find(|found| *found.name == *field)?;
        let categories: Vec<String> =
            field.categories.iter().map(|category| category_words(&category.to_string())).collect();
        (!categories.is_empty()).then(|| categories.join(", "))
    }
}

/// Returns a category of the taxonomy as staff read it: `user.contact.address.postal_code` is
/// "Address: postal code".
pub(in crate::console) fn category_words(category: &str) -> String {
    let own = category.strip_prefix("user.").unwrap_or(category);
    let mut parts = own.rsplit('.');
    let last = parts.next().unwrap_or(own);
    match parts.next() {
        Some(above) => format!("{}: {}", words(above), words(last).to_lowercase()),
        None => words(last),
    }
}

/// Returns how a record was reached, in plain words.
pub(super) fn hop_words(hop: &Hop, names: &Names) -> String {
    let to = format!("{} in {} ({})", hop.field, hop.collection, names.source(&hop.dataset));
    match &hop.from {
        Origin::Identity(kind) => {
            format!("The {} of the request was looked up as {to}", words(kind).to_lowercase())
        }
        Origin::Field { dataset, collection, field } => {
            format!("{field} in {collection} ({}) was looked up as {to}", names.source(dataset))
        }
    }
}

/// Returns what was searched, one line a source, with the causes as they are: staff act on them.
pub(super) fn coverage(summary: &Summary, request: &Request, names: &Names) -> Coverage {
    let mut sources: Vec<&str> = Vec::new();
    for entry in &summary.coverage {
        if !sources.contains(&&*entry.dataset) {
            sources.push(&entry.dataset);
        }
    }
    let mut rows: Vec<CoverageRow> =
        sources.iter().map(|source| coverage_row(summary, request, names, source)).collect();
    for excuse in request.excuses.iter().filter(|excuse| !sources.contains(&excuse.source.as_str())) {
        rows.push(CoverageRow {
            source: names.source(&excuse.source),
            search: Search::Skipped,
            searched_with: None,
            record_count: 0,
            as_of: None,
            note: Some(excuse.reason.reveal().clone()),
        });
    }
    Coverage { rows }
}

fn coverage_row(summary: &Summary, request: &Request, names: &Names, source: &str) -> CoverageRow {
    let of_source = || summary.coverage.iter().filter(|entry| &*entry.dataset == source);
    let excuse = request.excuses.iter().find(|excuse| excuse.source == source);
    let has_failed = of_source().any(|entry| matches!(entry.outcome, Outcome::Failed { .. }));
    let was_searched = of_source().any(|entry| entry.outcome == Outcome::Searched);
    // Where only a link from a source that was left out couldn't be followed, the rest was searched.
    let was_read = was_searched || (excuse.is_none() && of_source().any(|entry| entry.rows > 0));
    let search = match (has_failed, excuse, was_read) {
        (true, None, _) => Search::Failed,
        (true, Some(_), _) | (false, _, false) => Search::Skipped,
        (false, _, true) => Search::Searched,
    };
    let note = excuse.map(|excuse| excuse.reason.reveal().clone()).or_else(|| causes(summary, source));
    let mut kinds: Vec<String> = Vec::new();
    for hop in of_source().flat_map(|entry| &entry.reached_by) {
        let kind = match &hop.from {
            Origin::Identity(kind) => words(kind).to_lowercase(),
            Origin::Field { .. } => "links between records".to_owned(),
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    CoverageRow {
        source: names.source(source),
        search,
        searched_with: (!kinds.is_empty()).then(|| kinds.join(", ")),
        record_count: of_source().map(|entry| entry.rows).sum(),
        as_of: of_source().filter_map(|entry| entry.as_of).min().map(|at| case::moment(request, at)),
        note,
    }
}

/// Returns why collections of a source weren't searched to their end, each cause once.
fn causes(summary: &Summary, source: &str) -> Option<String> {
    let mut causes: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in summary.coverage.iter().filter(|entry| &*entry.dataset == source) {
        let reason = match &entry.outcome {
            Outcome::Searched => continue,
            Outcome::Failed { reason } | Outcome::Skipped { reason } | Outcome::Unreached { reason } => {
                reason
            }
        };
        match causes.iter_mut().find(|(known, _)| known == reason) {
            Some((_, collections)) => collections.push(&entry.collection),
            None => causes.push((reason, vec![&entry.collection])),
        }
    }
    let told: Vec<String> =
        causes.iter().map(|(reason, names)| format!("{}: {reason}", names.join(", "))).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// Turns a name of code into words: `order_items` into `Order items`.
pub(super) fn words(name: &str) -> String {
    capitalised(&name.replace(['_', '-', '.'], " "))
}
