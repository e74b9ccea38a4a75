//! Carries a plan out: one transaction a source, set by set.

use std::collections::HashMap;
use std::sync::Arc;

use habeas_core::value::Value;
use habeas_dataset::erasure::Decision;

use crate::error::{Error, Kind, Problem};
use crate::source::Table;
use crate::write::{Commit, RowKey, Rows, Writer};

use super::found::named;
use super::{CollectionPlan, Erasure, Fingerprint, Planned, RowPlan, SourcePlan};

/// How many rows one statement serves.
const ROWS_PER_STATEMENT: usize = 5_000;

/// Takes note of what is about to be done and what is done, so that a run that was killed can go on.
pub trait Journal: Send {
    /// A source's transaction is about to be ended. What is told must be on the disk when this returns: afterwards
    /// nobody could say whether these rows are masked.
    fn before_commit(&mut self, source: &str, masked: &[Fingerprint]) -> std::io::Result<()>;

    /// A source's transaction is ended.
    fn committed(&mut self, source: &str) -> std::io::Result<()>;
}

/// What became of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceOutcome {
    /// Its name.
    pub source: Arc<str>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How the work on a source ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All that was planned is done.
    Done {
        /// How many rows were deleted.
        deleted: u64,
        /// How many rows were masked.
        masked: u64,
    },
    /// There was nothing to do.
    Nothing,
    /// Rows are not as they were planned: nothing was written. The plan is to be made again.
    Changed {
        /// How many rows.
        rows: u64,
        /// The first of their collections.
        collection: String,
    },
    /// Nothing was changed.
    Failed(Error),
    /// The connection was lost while the source was ending the transaction.
    Unknown(Error),
    /// The journal could not be written: nothing was changed.
    Unrecorded(String),
}

/// Carries a plan out. A source that fails doesn't keep the others from being done, except those whose rows lead to
/// its own: once they were gone, nobody would find what is left.
pub async fn execute(
    erasure: &Erasure<'_>,
    planned: &Planned,
    journal: &mut dyn Journal,
    progress: &mut (dyn FnMut(&str, u64) + Send),
) -> Vec<SourceOutcome> {
    let mut outcomes = Vec::with_capacity(planned.sources.len());
    for source in &planned.sources {
        let outcome = match undone(source, &outcomes) {
            Some(on) => Outcome::Failed(Error::new(&source.name, Problem::Waits { on })),
            None => one(erasure, source, journal, progress).await,
        };
        outcomes.push(SourceOutcome { source: Arc::clone(&source.name), outcome });
    }
    outcomes
}

/// Returns a source that must be done before this one and is not.
fn undone(source: &SourcePlan, outcomes: &[SourceOutcome]) -> Option<String> {
    let is_done = |name: &Arc<str>| {
        outcomes
            .iter()
            .any(|one| one.source == *name && matches!(one.outcome, Outcome::Done { .. } | Outcome::Nothing))
    };
    source.waits_for.iter().find(|name| !is_done(name)).map(ToString::to_string)
}

/// Works on a source; passing refusals (a deadlock, a lock somebody holds) are tried again from the start.
async fn one(
    erasure: &Erasure<'_>,
    source: &SourcePlan,
    journal: &mut dyn Journal,
    progress: &mut (dyn FnMut(&str, u64) + Send),
) -> Outcome {
    if !source.collections.iter().flat_map(|collection| &collection.rows).any(RowPlan::is_change) {
        return Outcome::Nothing;
    }
    let retries = match erasure.sources.connector(source.number) {
        Ok(connector) => connector.limits().retries,
        Err(error) => return Outcome::Failed(error),
    };
    let mut attempt = 0;
    loop {
        let outcome = attempted(erasure, source, journal, progress).await;
        let Outcome::Failed(error) = &outcome else { return outcome };
        if error.kind() != Kind::Transient || attempt >= retries {
            return outcome;
        }
        erasure.sources.pause(attempt, error, erasure.chance).await;
        attempt += 1;
    }
}

async fn attempted(
    erasure: &Erasure<'_>,
    source: &SourcePlan,
    journal: &mut dyn Journal,
    progress: &mut (dyn FnMut(&str, u64) + Send),
) -> Outcome {
    let mut writer = match erasure.sources.open_writer(source.number, erasure.chance).await {
        Ok(writer) => writer,
        Err(error) => return Outcome::Failed(error),
    };
    let done = match changes(&mut *writer, source, progress).await {
        Ok(done) => done,
        Err(Stop::Error(error)) => {
            writer.undo().await;
            return Outcome::Failed(error);
        }
        Err(Stop::Changed { rows, collection }) => {
            writer.undo().await;
            return Outcome::Changed { rows, collection };
        }
    };
    let masked: Vec<Fingerprint> = source
        .collections
        .iter()
        .flat_map(|collection| &collection.rows)
        .filter(|row| !row.to.is_empty())
        .filter_map(|row| row.fingerprint)
        .collect();
    if let Err(cause) = journal.before_commit(&source.name, &masked) {
        writer.undo().await;
        return Outcome::Unrecorded(cause.to_string());
    }
    match writer.commit().await {
        Commit::Done => match journal.committed(&source.name) {
            // What is done is done, and the next run sees it.
            Ok(()) | Err(_) => done,
        },
        Commit::Refused(error) => Outcome::Failed(error),
        Commit::Unknown(error) => Outcome::Unknown(error),
    }
}

enum Stop {
    Error(Error),
    Changed { rows: u64, collection: String },
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Locks and compares everything first, then masks, then deletes.
async fn changes(
    writer: &mut dyn Writer,
    source: &SourcePlan,
    progress: &mut (dyn FnMut(&str, u64) + Send),
) -> Result<Outcome, Stop> {
    for collection in &source.collections {
        for rows in chunks(collection, RowPlan::is_change) {
            compare(writer, source, collection, &rows).await?;
        }
    }
    let (mut masked, mut deleted) = (0, 0);
    for collection in &source.collections {
        for (columns, rows) in by_columns(collection) {
            for rows in rows.chunks(ROWS_PER_STATEMENT) {
                let keys: Vec<Vec<Value>> =
                    rows.iter().map(|row| collection.key.values(&row.before)).collect();
                let to: Vec<Vec<Value>> =
                    rows.iter().map(|row| row.to.iter().map(|(_, value)| value.clone()).collect()).collect();
                let set = Rows { table: &collection.table, key: &collection.key, keys: &keys };
                let done = writer.update(&set, &columns, &to).await?;
                ensure(source, collection, expected(rows), done)?;
                masked += done;
                progress(&collection.collection, done);
            }
        }
    }
    let is_deleted = |row: &RowPlan| matches!(row.decision, Decision::Delete { .. });
    if writer.checks_at_once() {
        release(writer, source, &is_deleted).await?;
    }
    for collection in &source.collections {
        for rows in chunks(collection, is_deleted) {
            let keys: Vec<Vec<Value>> = rows.iter().map(|row| collection.key.values(&row.before)).collect();
            let set = Rows { table: &collection.table, key: &collection.key, keys: &keys };
            let done = writer.delete(&set).await?;
            if done != expected(&rows) {
                // A foreign key may have taken rows of the plan along; what is still there was held back.
                let there = writer.lock(&set).await?.len() as u64;
                ensure(source, collection, there, 0)?;
            }
            deleted += expected(&rows);
            progress(&collection.collection, expected(&rows));
        }
    }
    Ok(Outcome::Done { deleted, masked })
}

/// Rows that go may refer to each other in a circle. What refers to rows of its own table, or to rows that are deleted
/// before it, lets go of them first.
async fn release(
    writer: &mut dyn Writer,
    source: &SourcePlan,
    is_deleted: &(dyn Fn(&RowPlan) -> bool + Sync),
) -> Result<(), Stop> {
    let mut gone: Vec<&Table> = Vec::new();
    for collection in &source.collections {
        let deleted = chunks(collection, is_deleted);
        if deleted.is_empty() {
            continue;
        }
        gone.push(&collection.table);
        for rows in deleted {
            let keys: Vec<Vec<Value>> = rows.iter().map(|row| collection.key.values(&row.before)).collect();
            let set = Rows { table: &collection.table, key: &collection.key, keys: &keys };
            writer.release(&set, &gone).await?;
        }
    }
    Ok(())
}

fn expected(rows: &[&RowPlan]) -> u64 {
    rows.iter().map(|row| row.copies.max(1) as u64).sum()
}

fn ensure(source: &SourcePlan, collection: &CollectionPlan, expected: u64, done: u64) -> Result<(), Stop> {
    if done == expected {
        return Ok(());
    }
    let problem =
        Problem::HeldBack { table: collection.table.name.to_string(), rows: expected.abs_diff(done) };
    Err(Stop::Error(Error::new(&source.name, problem)))
}

fn chunks(collection: &CollectionPlan, wanted: impl Fn(&RowPlan) -> bool) -> Vec<Vec<&RowPlan>> {
    let rows: Vec<&RowPlan> = collection.rows.iter().filter(|row| wanted(row)).collect();
    rows.chunks(ROWS_PER_STATEMENT).map(<[_]>::to_vec).collect()
}

/// Rows that change the same columns go together.
fn by_columns(collection: &CollectionPlan) -> Vec<(Vec<usize>, Vec<&RowPlan>)> {
    let mut groups: Vec<(Vec<usize>, Vec<&RowPlan>)> = Vec::new();
    let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
    for row in collection.rows.iter().filter(|row| !row.to.is_empty()) {
        let columns: Vec<usize> = row.to.iter().map(|(place, _)| *place).collect();
        let place = *known.entry(columns.clone()).or_insert_with(|| {
            groups.push((columns, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, rows)) = groups.get_mut(place) {
            rows.push(row);
        }
    }
    groups
}

/// Locks rows and compares them with what was planned.
async fn compare(
    writer: &mut dyn Writer,
    source: &SourcePlan,
    collection: &CollectionPlan,
    rows: &[&RowPlan],
) -> Result<(), Stop> {
    let keys: Vec<Vec<Value>> = rows.iter().map(|row| collection.key.values(&row.before)).collect();
    let set = Rows { table: &collection.table, key: &collection.key, keys: &keys };
    let mut now: HashMap<String, usize> = HashMap::new();
    let mut count = 0_u64;
    for row in writer.lock(&set).await? {
        *now.entry(named(&row)).or_default() += 1;
        count += 1;
    }
    let mut changed = 0_u64;
    for row in rows {
        // Rows that can't be told apart come back once for each time they are asked for.
        let there = now.get(&named(&row.before)).copied().unwrap_or(0);
        let is_same = match collection.key {
            RowKey::Columns(_) => there == 1,
            RowKey::WholeRow => there == row.copies.max(1),
        };
        changed += u64::from(!is_same);
    }
    if changed == 0 && count > expected(rows) || (!collection.is_certain && count > rows.len() as u64) {
        let columns = collection.key.columns(&collection.table);
        let names: Vec<&str> = columns
            .iter()
            .filter_map(|place| collection.table.columns.get(*place))
            .map(|c| &*c.name)
            .collect();
        let problem = Problem::Ambiguous { table: collection.table.name.to_string(), key: names.join(", ") };
        return Err(Stop::Error(Error::new(&source.name, problem)));
    }
    if changed > 0 {
        let collection = format!("{}:{}", collection.dataset, collection.collection);
        return Err(Stop::Changed { rows: changed, collection });
    }
    Ok(())
}
