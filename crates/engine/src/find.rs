//! Looks for somebody in every source, for a colleague to see.

use std::collections::BTreeSet;
use std::sync::Arc;

use habeas_connect::collect::{
    self as executor, Failure as Failed, Identity, RecordSink, Run, SinkError, Subject,
};
use habeas_core::find::{self, Found, FoundRow, MOST_ROWS, Search};
use habeas_core::id::JobId;
use habeas_core::pii::Pii;
use habeas_core::record::{Coverage, Outcome as Searched, Record};
use habeas_render::package::Collection;
use habeas_store::jobs::Claimed;
use jiff::{SignedDuration, Timestamp};

use crate::error::Error;
use crate::worker::field;
use crate::{Engine, Finder, Inner};

/// How long what was found can be looked at.
pub const LIFE: SignedDuration = SignedDuration::from_hours(1);

/// Keeps the first rows in mind, and says when there are more.
#[derive(Default)]
struct Sink {
    records: Vec<Record>,
    is_cut: bool,
}

#[async_trait::async_trait]
impl RecordSink for Sink {
    async fn push(&mut self, record: Record) -> Result<(), SinkError> {
        // A row about somebody else is not the person looked for.
        if record.third_party {
            return Ok(());
        }
        if self.records.len() < MOST_ROWS {
            self.records.push(record);
            return Ok(());
        }
        // The search ends here: whoever typed this must type something closer.
        self.is_cut = true;
        Err("enough".into())
    }
}

impl Engine {
    /// Looks for what a sealed search holds, and seals what it found in its place.
    pub(crate) async fn find_subject(&self, job: &Claimed) -> Result<(), Error> {
        let id: JobId = field(job, find::JOB, "search")?;
        let content = self.inner.store.read().await?.lookup_result(id).await?;
        // It expired before anybody looked, or a worker that died afterwards had done it.
        let search: Option<Search> = content.and_then(|content| serde_json::from_value(content).ok());
        let Some(mut search) = search.filter(|search| search.found.is_none()) else {
            return self.finish(job).await;
        };
        search.found = Some(self.inner.find(&search.query).await);
        let content = serde_json::to_value(&search).map_err(|_| Error::Payload(find::JOB))?;
        let until = self.inner.clock.now().saturating_add(LIFE).unwrap_or(Timestamp::MAX);
        let mut tx = self.inner.store.begin().await?;
        tx.put_result(id, &content, until).await?;
        tx.finish(job).await?;
        Ok(tx.commit().await?)
    }
}

impl Inner {
    async fn find(&self, query: &str) -> Found {
        let finder = &self.finder;
        let known: Vec<&str> = finder.kinds.iter().map(|kind| &**kind).collect();
        let identities: Vec<Identity> = find::identities(query, &known)
            .into_iter()
            .map(|(kind, value)| Identity { kind: Arc::from(kind), value: Pii::new(value) })
            .collect();
        if identities.is_empty() {
            return Found { is_unknown_kind: true, ..Found::default() };
        }
        let subjects = [Subject { identities }];
        let run = Run {
            plan: &finder.first_sight,
            sources: &finder.sources,
            subjects: &subjects,
            chance: &*self.chance,
            rounds: 1,
        };
        let mut sink = Sink::default();
        let coverage = match executor::collect(&run, &mut sink).await {
            Ok(collected) => collected.coverage,
            Err(Failed { collected, errors, .. }) => {
                for error in errors {
                    tracing::warn!(source = error.source_name(), %error, "a source could not be searched");
                }
                collected.coverage
            }
        };
        Found {
            rows: sink.records.iter().map(|record| row(finder, record)).collect(),
            is_cut: sink.is_cut,
            searched: names(finder, &coverage, |outcome| matches!(outcome, Searched::Searched)),
            // A search that was ended for its many rows failed nowhere.
            failed: if sink.is_cut {
                Vec::new()
            } else {
                names(finder, &coverage, |outcome| matches!(outcome, Searched::Failed { .. }))
            },
            is_unknown_kind: false,
        }
    }
}

fn described<'a>(finder: &'a Finder, dataset: &str, collection: &str) -> Option<&'a Collection> {
    finder.collections.iter().find(|known| *known.dataset == *dataset && *known.collection == *collection)
}

/// Returns the names of the sources whose collections ended in one of these ways.
fn names(finder: &Finder, coverage: &[Coverage], is_wanted: impl Fn(&Searched) -> bool) -> Vec<String> {
    let wanted = coverage.iter().filter(|one| is_wanted(&one.outcome));
    let names: BTreeSet<String> = wanted
        .map(|one| {
            let known = finder.collections.iter().find(|known| known.dataset == one.dataset);
            known.map_or_else(|| one.dataset.to_string(), |known| known.source_name.clone())
        })
        .collect();
    names.into_iter().collect()
}

/// Returns what of a record tells who it is about.
fn row(finder: &Finder, record: &Record) -> FoundRow {
    let Some(known) = described(finder, &record.dataset, &record.collection) else {
        return FoundRow {
            source: record.dataset.to_string(),
            collection: record.collection.to_string(),
            ..FoundRow::default()
        };
    };
    let of = |category: &str| -> Vec<String> {
        let is_of = |field: &&habeas_render::package::Field| {
            field
                .categories
                .iter()
                .any(|known| known == category || known.starts_with(&format!("{category}.")))
        };
        let fields = known.fields.iter().filter(is_of).filter(|field| !field.is_credential);
        let texts =
            fields.filter_map(|field| record.row.lookup(&field.name)).map(habeas_core::value::Value::to_text);
        texts.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty() && text != "null").collect()
    };
    FoundRow {
        source: known.source_name.clone(),
        collection: known.name.clone(),
        name: of("user.name").join(" "),
        emails: of("user.contact.email"),
        phones: of("user.contact.phone_number"),
    }
}
