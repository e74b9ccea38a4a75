//! The executor: walks a plan over its sources, for many people at once.
//!
//! Values found lead from collection to collection as keys in inboxes, each key with the people it was found for and
//! the chain of links it came by. A collection is read with one statement for all of them; each row is
//! then given back to those whose keys it holds. Rows stream from the source into the sink, which may
//! take its time: only keys stay in memory.
//!
//! A source that fails is never reported as empty: [`collect`] then returns a [`Failure`].

mod inbox;
mod prepare;
mod read;
mod report;
mod routes;
mod schedule;
mod select;
mod shared;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use habeas_core::context::Chance;
use habeas_core::pii::Pii;
use habeas_core::record::{Coverage, Record};
use habeas_core::value::Value;
use habeas_dataset::erasure::Own;
use habeas_dataset::plan::{NodeId, Plan};

use crate::error::{Error, Kind};
use crate::source::Table;
use crate::sources::Sources;

/// A person to search for.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Their identities; several of one kind are all used.
    pub identities: Vec<Identity>,
}

/// One identity of a person.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The kind, such as `email`.
    pub kind: Arc<str>,
    /// The value.
    pub value: Pii<String>,
}

/// Takes records as they are found.
#[async_trait]
pub trait RecordSink: Send {
    /// Keeps a record. The source is not read on before this is done.
    async fn push(&mut self, record: Record) -> Result<(), SinkError>;

    /// Returns whether it wants rows as they stand in their sources instead of records: what erasing and
    /// correcting start from. The plan must then read whole rows.
    fn takes_rows(&self) -> bool {
        false
    }

    /// Keeps a row as it stands in its source.
    async fn push_row(&mut self, _: FoundRow) -> Result<(), SinkError> {
        Ok(())
    }
}

/// A row as it stands in its source.
#[derive(Clone)]
pub struct FoundRow {
    /// The collection it was found in.
    pub node: NodeId,
    /// The subject it was found for.
    pub subject: u32,
    /// Its table.
    pub table: Arc<Table>,
    /// Its values, one for each column of the table.
    pub values: Vec<Value>,
    /// The same with documents taken apart, where there are any.
    pub apart: Option<Vec<Value>>,
    /// The elements of lists that are the subject's, where the others are not.
    pub own: Vec<Own>,
    /// Whether it was reached over a link to other people.
    pub third_party: bool,
}

/// Why a sink can't keep a record.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// What to collect.
pub struct Run<'a> {
    /// The order and the means.
    pub plan: &'a Plan,
    /// The sources.
    pub sources: &'a Sources,
    /// The people.
    pub subjects: &'a [Subject],
    /// The chance that spreads repeated attempts.
    pub chance: &'a dyn Chance,
    /// How often links may lead round a cycle.
    pub rounds: u32,
}

/// How often links may lead round a cycle unless told otherwise: the depth of the deepest tree followed.
pub const ROUNDS: u32 = 1_000;

/// What a run did.
#[derive(Debug, Clone, Default)]
pub struct Collected {
    /// How many records went to the sink.
    pub records: u64,
    /// What was searched for whom.
    pub coverage: Vec<Coverage>,
    /// Records that were pushed as one person's and turned out to be another's too in a later round of a
    /// cycle: to be treated as shared.
    pub shared_later: Vec<u64>,
}

/// A run that could not search everything.
#[derive(Debug)]
pub struct Failure {
    /// Why, one error a source.
    pub errors: Vec<Error>,
    /// The sink's complaint, if it was that.
    pub sink: Option<SinkError>,
    /// What was done nevertheless; its coverage says which collections failed.
    pub collected: Collected,
}

impl Failure {
    /// Returns what to do: wait only if that can help with every source.
    pub fn kind(&self) -> Kind {
        let kinds = || self.errors.iter().map(Error::kind);
        let lasting = kinds().find(|kind| matches!(kind, Kind::Permanent | Kind::Credentials));
        match (lasting, kinds().max_by_key(|kind| matches!(kind, Kind::RateLimited { .. }))) {
            (Some(kind), _) | (None, Some(kind)) => kind,
            (None, None) => Kind::Permanent,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sink.is_some() {
            return f.write_str("failed to keep a record");
        }
        for (place, error) in self.errors.iter().enumerate() {
            if place > 0 {
                f.write_str("; ")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.sink {
            Some(sink) => Some(&**sink),
            None => None,
        }
    }
}

/// Collects everything the plan leads to.
///
/// # Errors
///
/// Returns a [`Failure`] if any collection could not be read, or the sink refused a record. Passing errors
/// are tried again while a source is opened; once rows have come from it, they end the run, since a second
/// reading would be as of another instant.
pub async fn collect(run: &Run<'_>, sink: &mut dyn RecordSink) -> Result<Collected, Failure> {
    schedule::run(run, &[], sink).await
}

/// Collects everything the plan leads to, also from rows that were found before and may be gone now.
///
/// # Errors
///
/// As [`collect`].
pub async fn collect_from(
    run: &Run<'_>,
    known: &[FoundRow],
    sink: &mut dyn RecordSink,
) -> Result<Collected, Failure> {
    schedule::run(run, known, sink).await
}
