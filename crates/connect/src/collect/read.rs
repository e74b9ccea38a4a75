//! Reads one collection for all people at once and gives each row to those it belongs to.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;

use habeas_core::record::Record;
use habeas_core::value::Value;

use crate::error::{Error, Problem};
use crate::key::Key;
use crate::source::{Lookup, Part, Query, Snapshot};

use super::FoundRow;
use super::inbox::{Owner, Wanted};
use super::prepare::Prepared;
use super::select::{self, Seen, Sighting};
use super::shared::{Shared, Stop};

/// What is kept of a collection between rounds.
pub(super) struct Progress {
    seen: Option<Seen>,
    statements: u64,
    rows: u64,
}

/// One statement: for some lookups, some of their keys.
struct Batch {
    lookups: Vec<(usize, Vec<Key>)>,
    /// Whether the source gives no row that does not match.
    is_exact: bool,
    /// The only person it is for, if it is for one.
    sole: Option<Owner>,
    /// Whether rows that match somebody's keys were dealt with before.
    is_for_strangers: bool,
}

impl Progress {
    pub(super) fn new(repeats: bool) -> Self {
        Self { seen: repeats.then(Seen::new), statements: 0, rows: 0 }
    }
}

/// Reads a collection for all wanted keys.
pub(super) async fn read(
    shared: &Shared<'_>,
    prepared: &Prepared<'_>,
    snapshot: &mut dyn Snapshot,
    wanted: &[Wanted],
    progress: &mut Progress,
) -> Result<(), Stop> {
    let limits = *shared.limits(prepared)?;
    let batches = batches(prepared, wanted, limits.keys_per_statement);
    if batches.len() > 1 && progress.seen.is_none() {
        progress.seen = Some(Seen::new());
    }
    for batch in batches {
        let mut reading = Reading { shared, prepared, wanted, progress, batch: &batch, strangers: 0 };
        reading.run(snapshot).await?;
        if reading.strangers > 0 {
            one_by_one(shared, prepared, snapshot, wanted, progress, &batch).await?;
        }
    }
    Ok(())
}

/// The source found rows equal that we don't (its collation has its own idea of equality): asked for one
/// person at a time it says itself for whom it found them.
async fn one_by_one(
    shared: &Shared<'_>,
    prepared: &Prepared<'_>,
    snapshot: &mut dyn Snapshot,
    wanted: &[Wanted],
    progress: &mut Progress,
    batch: &Batch,
) -> Result<(), Stop> {
    progress.seen.get_or_insert_with(Seen::new);
    for (lookup, keys) in &batch.lookups {
        let Some(all) = wanted.get(*lookup) else { continue };
        let mut owners: Vec<Owner> = keys.iter().flat_map(|key| all.owners(key)).copied().collect();
        owners.sort_by_key(|owner| (owner.subject, owner.third_party));
        owners.dedup_by_key(|owner| owner.subject);
        for owner in owners {
            let is_theirs = |key: &&Key| all.owners(key).any(|known| known.subject == owner.subject);
            let theirs = keys.iter().filter(is_theirs).cloned().collect();
            let batch = Batch {
                lookups: vec![(*lookup, theirs)],
                is_exact: true,
                sole: Some(owner),
                is_for_strangers: true,
            };
            Reading { shared, prepared, wanted, progress, batch: &batch, strangers: 0 }.run(snapshot).await?;
        }
    }
    Ok(())
}

/// Divides the keys into statements: one, where they are few and all compared by the source.
fn batches(prepared: &Prepared<'_>, wanted: &[Wanted], most: usize) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for is_exact in [true, false] {
        let total: usize = wanted
            .iter()
            .zip(&prepared.lookups)
            .filter(|(_, link)| link.is_exact == is_exact)
            .map(|(wanted, _)| wanted.len())
            .sum();
        let mut together = Vec::new();
        for (number, (wanted, link)) in wanted.iter().zip(&prepared.lookups).enumerate() {
            if wanted.is_empty() || link.is_exact != is_exact {
                continue;
            }
            if total <= most {
                together.push((number, wanted.keys().to_vec()));
                continue;
            }
            for keys in wanted.keys().chunks(most.max(1)) {
                let lookups = vec![(number, keys.to_vec())];
                batches.push(Batch {
                    sole: sole(wanted, &lookups),
                    lookups,
                    is_exact,
                    is_for_strangers: false,
                });
            }
        }
        if !together.is_empty() {
            let sole = only(
                together.iter().filter_map(|(number, _)| wanted.get(*number)).flat_map(Wanted::all_owners),
            );
            batches.push(Batch { lookups: together, is_exact, sole, is_for_strangers: false });
        }
    }
    batches
}

fn sole(wanted: &Wanted, lookups: &[(usize, Vec<Key>)]) -> Option<Owner> {
    only(lookups.iter().flat_map(|(_, keys)| keys).flat_map(|key| wanted.owners(key)))
}

fn only<'a>(mut owners: impl Iterator<Item = &'a Owner>) -> Option<Owner> {
    let first = *owners.next()?;
    owners.all(|owner| owner.subject == first.subject).then_some(first)
}

struct Reading<'a, 'r, 'p> {
    shared: &'a Shared<'r>,
    prepared: &'a Prepared<'p>,
    wanted: &'a [Wanted],
    progress: &'a mut Progress,
    batch: &'a Batch,
    /// Rows the source gave and nobody's keys match.
    strangers: u64,
}

impl Reading<'_, '_, '_> {
    async fn run(&mut self, snapshot: &mut dyn Snapshot) -> Result<(), Stop> {
        let limits = *self.shared.limits(self.prepared)?;
        let patience = Duration::from_millis(limits.timeout_ms);
        let lookups = self.lookups();
        let query = Query {
            table: &self.prepared.table,
            columns: &self.prepared.columns,
            lookups: &lookups,
            filters: &self.prepared.filters,
            limit: None,
        };
        self.progress.statements += 1;
        let prepared = self.prepared;
        let fail = |problem: Problem| Stop::Source(self.shared.error(prepared, problem));
        let mut rows = snapshot.read(&query);
        loop {
            let next = tokio::time::timeout(patience, rows.next()).await;
            let Some(row) = next.map_err(|_| fail(Problem::TimedOut { limit_ms: limits.timeout_ms }))? else {
                return Ok(());
            };
            self.progress.rows += 1;
            if self.progress.rows > limits.rows {
                return Err(fail(Problem::TooManyRows {
                    table: prepared.table.name.to_string(),
                    limit: limits.rows,
                }));
            }
            self.row(row.map_err(Stop::Source)?).await?;
        }
    }

    fn lookups(&self) -> Vec<Lookup> {
        let mut lookups = Vec::with_capacity(self.batch.lookups.len());
        for (number, keys) in &self.batch.lookups {
            let (Some(link), Some(wanted)) = (self.prepared.lookups.get(*number), self.wanted.get(*number))
            else {
                continue;
            };
            let parts = link.terms.iter().enumerate().map(|(place, term)| Part {
                column: term.place,
                path: term.field.path.clone(),
                normaliser: term.comparison.normaliser,
                keys: if link.terms.len() == 1 { keys.clone() } else { wanted.part(keys, place) },
            });
            lookups.push(Lookup { parts: parts.collect(), filters: link.filters.clone() });
        }
        lookups
    }

    async fn row(&mut self, mut row: Vec<Value>) -> Result<(), Stop> {
        let raw = (self.shared.takes_rows && self.prepared.is_apart.contains(&true)).then(|| row.clone());
        let is_apart = self.prepared.take_apart(&mut row);
        if !self.prepared.checks.iter().all(|check| check.holds(&row)) {
            return Ok(());
        }
        let mut owners = Vec::new();
        for (link, wanted) in self.prepared.lookups.iter().zip(self.wanted) {
            select::owners(link, wanted, &row, &mut owners);
        }
        if self.batch.is_for_strangers && !owners.is_empty() {
            return Ok(());
        }
        if owners.is_empty() && self.batch.is_exact {
            match self.batch.sole {
                Some(owner) => owners.push(self.shared.doubted(owner)),
                None => self.strangers += 1,
            }
        }
        if owners.is_empty() {
            return Ok(());
        }
        if let Err(position) = is_apart {
            return Err(Stop::Source(
                self.unsupported(position, "text that is not the JSON its dataset describes"),
            ));
        }
        let is_shared = owners.len() > 1;
        let mut earlier = self.earlier(&row, &mut owners);
        self.feed(&row, &owners)?;
        for owner in owners {
            let record = if self.shared.takes_rows {
                self.give_whole(&row, raw.as_deref(), owner).await?;
                None
            } else {
                self.give(&row, owner, is_shared || !earlier.is_empty()).await?
            };
            if let Some(sightings) = self.progress.seen.as_mut().map(|seen| seen.sightings(&row)) {
                let statement = self.progress.statements;
                sightings.push(Sighting { subject: owner.subject, statement, record });
            }
            self.shared.shared_later(earlier.drain(..).filter_map(|sighting| sighting.record));
        }
        Ok(())
    }

    /// Drops owners an earlier statement gave this row to; returns to which others it was given.
    fn earlier(&mut self, row: &[Value], owners: &mut Vec<Owner>) -> Vec<Sighting> {
        let statement = self.progress.statements;
        let Some(seen) = self.progress.seen.as_mut() else { return Vec::new() };
        let sightings = seen.sightings(row);
        let before: Vec<Sighting> =
            sightings.iter().filter(|sighting| sighting.statement != statement).copied().collect();
        owners.retain(|owner| before.iter().all(|sighting| sighting.subject != owner.subject));
        before
            .into_iter()
            .filter(|sighting| owners.iter().all(|owner| owner.subject != sighting.subject))
            .collect()
    }

    /// Gives a row as it stands in the source. `raw` is the row before documents were taken apart.
    async fn give_whole(&self, row: &[Value], raw: Option<&[Value]>, owner: Owner) -> Result<(), Stop> {
        self.shared.found(self.prepared, owner.subject);
        let found = FoundRow {
            node: self.prepared.id,
            subject: owner.subject,
            table: Arc::clone(&self.prepared.table),
            values: raw.unwrap_or(row).to_vec(),
            apart: raw.map(|_| row.to_vec()),
            own: self.prepared.own_places(row, self.wanted, owner),
            third_party: owner.third_party,
        };
        self.shared.push_row(found).await
    }

    async fn give(&self, row: &[Value], owner: Owner, shared: bool) -> Result<Option<u64>, Stop> {
        self.shared.found(self.prepared, owner.subject);
        let Some(given) = self.prepared.given(row, self.wanted, owner) else { return Ok(None) };
        let node = self.prepared.node;
        let record = Record {
            id: 0,
            subject: owner.subject,
            dataset: Arc::clone(&node.dataset),
            collection: Arc::clone(&node.collection),
            row: given,
            reached_by: self.shared.hops(owner.route),
            shared,
            third_party: owner.third_party,
        };
        self.shared.push(record).await.map(Some)
    }

    /// Hands the row's values on to the collections they lead to.
    fn feed(&self, row: &[Value], owners: &[Owner]) -> Result<(), Stop> {
        if owners.is_empty() {
            return Ok(());
        }
        for feed in &self.prepared.feeds {
            if !feed.checks.iter().all(|check| check.holds(row)) {
                continue;
            }
            let mut fields = feed.from.iter().zip(&feed.to);
            let found = select::combinations(row, &mut fields).map_err(|_| {
                let position = feed.from.first().map_or(0, |field| field.position);
                let what =
                    "a value that can't be followed (text of unknown encoding, or too many combinations)";
                Stop::Source(self.unsupported(position, what))
            })?;
            if !found.is_empty() {
                self.shared.deliver(feed, &found, owners);
            }
        }
        Ok(())
    }

    fn unsupported(&self, position: usize, what: &str) -> Error {
        let problem = Problem::Unsupported {
            table: self.prepared.table.name.to_string(),
            column: self.prepared.names.get(position).map(ToString::to_string).unwrap_or_default(),
            what: what.to_owned(),
        };
        self.shared.error(self.prepared, problem)
    }
}
