//! Runs the groups of a plan as their inputs become complete.
//!
//! All of it is one task: groups of different sources take turns at waiting, and the statements of one
//! source follow one another on its one connection, so that all it gives is as of one instant.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use jiff::Timestamp;
use tokio::sync::Mutex as AsyncMutex;

use habeas_dataset::plan::{Group, NodeId};

use crate::connections::Limits;
use crate::error::{Error, Problem};
use crate::source::{Table, TableName};
use crate::sources::Opened;

use super::prepare::{self, Prepared};
use super::read::{self, Progress};
use super::shared::{Shared, Stop, name_of};
use super::{Collected, Failure, FoundRow, RecordSink, Run, report};

/// A source during a run.
enum Slot<'r> {
    Open(Opened<'r>),
    Failed(Error),
}

/// What is known of a run's nodes and sources at the end.
pub(super) struct Outcome {
    /// Why a node was not read, by node.
    pub(super) failed: Vec<Option<Error>>,
    /// The instant of every source.
    pub(super) as_of: HashMap<usize, Timestamp>,
}

pub(super) async fn run<'r>(
    run: &'r Run<'r>,
    known: &[FoundRow],
    sink: &'r mut dyn RecordSink,
) -> Result<Collected, Failure> {
    let mut outcome = Outcome { failed: vec![None; run.plan.nodes.len()], as_of: HashMap::new() };
    let sources = assign(run, &mut outcome);
    let slots = open(run, &sources, &mut outcome).await;
    let prepared = prepare_all(run, &sources, &slots, &mut outcome).await;
    let shared = Shared::new(run, sources, sink);
    shared.seed(&prepared)?;
    shared.seed_from(&prepared, known);
    let is_stopped = run_groups(&shared, &prepared, &slots, &mut outcome).await;
    finish(run, slots).await;
    conclude(shared, &outcome, is_stopped)
}

/// Finds the source of every node.
fn assign(run: &Run<'_>, outcome: &mut Outcome) -> Vec<Option<usize>> {
    let mut sources = Vec::with_capacity(run.plan.nodes.len());
    for (node, failed) in run.plan.nodes.iter().zip(&mut outcome.failed) {
        match run.sources.serving(&node.dataset) {
            Ok(number) => sources.push(Some(number)),
            Err(error) => {
                *failed = Some(error);
                sources.push(None);
            }
        }
    }
    sources
}

type Slots<'r> = HashMap<usize, AsyncMutex<Slot<'r>>>;

/// Opens a view of every source, all at once.
async fn open<'r>(run: &'r Run<'r>, sources: &[Option<usize>], outcome: &mut Outcome) -> Slots<'r> {
    let mut numbers: Vec<usize> = sources.iter().flatten().copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    let opening =
        numbers.into_iter().map(|number| async move { (number, run.sources.open(number, run.chance).await) });
    let mut slots = HashMap::new();
    for (number, opened) in join_all(opening).await {
        let slot = match opened {
            Ok(opened) => {
                outcome.as_of.insert(number, opened.snapshot.as_of());
                Slot::Open(opened)
            }
            Err(error) => Slot::Failed(error),
        };
        slots.insert(number, AsyncMutex::new(slot));
    }
    slots
}

/// Looks up the tables of all nodes and prepares them.
async fn prepare_all<'r>(
    run: &'r Run<'r>,
    sources: &[Option<usize>],
    slots: &Slots<'r>,
    outcome: &mut Outcome,
) -> Vec<Option<Prepared<'r>>> {
    let mut prepared: Vec<Option<Prepared<'r>>> = (0..sources.len()).map(|_| None).collect();
    for (number, slot) in slots {
        let ids: Vec<NodeId> =
            run.plan.ids().filter(|id| sources.get(id.0) == Some(&Some(*number))).collect();
        let mut slot = slot.lock().await;
        let mut ready = prepare_source(run, *number, &mut slot, &ids).await;
        if let (Slot::Open(opened), true) = (&mut *slot, ready.iter().any(Result::is_err)) {
            // The catalogue may have changed since it was last asked.
            opened.snapshot.forget();
            ready = prepare_source(run, *number, &mut slot, &ids).await;
        }
        for (id, ready) in ids.into_iter().zip(ready) {
            match ready {
                Ok(ready) => set(&mut prepared, id, Some(ready)),
                Err(error) => set(&mut outcome.failed, id, Some(error)),
            }
        }
    }
    let name = |id: NodeId| name_of(run, sources.get(id.0).copied().flatten());
    for (id, error) in prepare::feeds(&name, &mut prepared) {
        set(&mut prepared, id, None);
        set(&mut outcome.failed, id, Some(error));
    }
    prepared
}

async fn prepare_source<'r>(
    run: &'r Run<'r>,
    number: usize,
    slot: &mut Slot<'_>,
    ids: &[NodeId],
) -> Vec<Result<Prepared<'r>, Error>> {
    let patience = patience(run, number);
    let described = tokio::time::timeout(patience, describe(run, slot, ids)).await;
    let tables = described.unwrap_or_else(|_| {
        let limit_ms = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
        let error = Error::new(&name_of(run, Some(number)), Problem::TimedOut { limit_ms });
        *slot = Slot::Failed(error.clone());
        ids.iter().map(|_| Err(error.clone())).collect()
    });
    let ready = ids.iter().zip(tables).map(|(id, table)| prepare_one(run, number, *id, &table?));
    ready.collect()
}

fn set<T>(list: &mut [T], id: NodeId, value: T) {
    if let Some(place) = list.get_mut(id.0) {
        *place = value;
    }
}

fn prepare_one<'r>(
    run: &'r Run<'r>,
    number: usize,
    id: NodeId,
    table: &Arc<Table>,
) -> Result<Prepared<'r>, Error> {
    let name = name_of(run, Some(number));
    let missing =
        || Error::new(&name, Problem::MissingTable { table: table.name.to_string(), nearest: None });
    let node = run.plan.lookup(id).ok_or_else(missing)?;
    prepare::prepare(&name, run.plan, id, node, table)
}

/// Asks for all tables at once, and one by one if any is missing, so that each gets its own error.
async fn describe(run: &Run<'_>, slot: &mut Slot<'_>, ids: &[NodeId]) -> Vec<Result<Arc<Table>, Error>> {
    let opened = match slot {
        Slot::Open(opened) => opened,
        Slot::Failed(error) => return ids.iter().map(|_| Err(error.clone())).collect(),
    };
    let nodes = ids.iter().filter_map(|id| run.plan.lookup(*id));
    let names: Vec<TableName> = nodes.map(|node| TableName::of(&node.namespace, &node.collection)).collect();
    if let Ok(tables) = opened.snapshot.tables(&names).await {
        return tables.into_iter().map(Ok).collect();
    }
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let table = opened.snapshot.tables(std::slice::from_ref(&name)).await;
        found.push(table.and_then(|tables| {
            let missing = Problem::MissingTable { table: name.to_string(), nearest: None };
            tables.into_iter().next().ok_or_else(|| Error::new(&Arc::from("?"), missing))
        }));
    }
    found
}

/// Runs every group when all it waits for are complete. Returns whether the sink stopped the run.
async fn run_groups<'r>(
    shared: &Shared<'r>,
    prepared: &[Option<Prepared<'r>>],
    slots: &Slots<'r>,
    outcome: &mut Outcome,
) -> bool {
    let groups = &shared.run.plan.groups;
    let mut waiting: Vec<usize> = (0..groups.len()).collect();
    let mut complete = vec![false; groups.len()];
    let mut running = FuturesUnordered::new();
    loop {
        waiting.retain(|number| {
            let number = *number;
            let Some(group) = groups.get(number) else { return false };
            let is_ready = group.waits_for.iter().all(|other| complete.get(*other).copied().unwrap_or(true));
            if is_ready {
                running.push(async move { (number, run_group(shared, prepared, slots, group).await) });
            }
            !is_ready
        });
        let Some((number, failures)) = running.next().await else { return false };
        if let Some(place) = complete.get_mut(number) {
            *place = true;
        }
        for (id, stop) in failures {
            match stop {
                Stop::Source(error) => set(&mut outcome.failed, id, Some(error)),
                Stop::Sink => return true,
            }
        }
    }
}

/// Reads the collections of a group, round after round where it is a cycle.
async fn run_group<'r>(
    shared: &Shared<'r>,
    prepared: &[Option<Prepared<'r>>],
    slots: &Slots<'r>,
    group: &Group,
) -> Vec<(NodeId, Stop)> {
    let mut failures = Vec::new();
    let mut nodes: Vec<(&Prepared<'r>, Progress)> = group
        .nodes
        .iter()
        .filter_map(|id| prepared.get(id.0)?.as_ref())
        .map(|prepared| (prepared, Progress::new(group.repeats)))
        .collect();
    let mut rounds = 0;
    loop {
        let mut is_done = true;
        for (node, progress) in &mut nodes {
            if failures.iter().any(|(id, _)| *id == node.id) {
                continue;
            }
            match read_node(shared, node, slots, progress).await {
                Ok(was_empty) => is_done &= was_empty,
                Err(stop) => failures.push((node.id, stop)),
            }
        }
        rounds += 1;
        if is_done || !group.repeats {
            return failures;
        }
        if rounds > shared.run.rounds {
            let problem = || Problem::EndlessLinks { rounds: shared.run.rounds };
            failures
                .extend(nodes.iter().map(|(node, _)| (node.id, Stop::Source(shared.error(node, problem())))));
            return failures;
        }
    }
}

/// Reads a collection once for what stands in its inbox. Returns whether that was nothing.
async fn read_node<'r>(
    shared: &Shared<'r>,
    node: &Prepared<'r>,
    slots: &Slots<'r>,
    progress: &mut Progress,
) -> Result<bool, Stop> {
    let number = shared.source_of(node.id);
    let Some(slot) = number.and_then(|number| slots.get(&number)) else { return Ok(true) };
    let mut slot = slot.lock().await;
    let opened = match &mut *slot {
        Slot::Open(opened) => opened,
        Slot::Failed(error) => return Err(Stop::Source(error.clone())),
    };
    let Some(wanted) = shared.take_wanted(node) else { return Ok(true) };
    match read::read(shared, node, &mut *opened.snapshot, &wanted, progress).await {
        Ok(()) => Ok(false),
        Err(stop) => {
            // The connection may stand in the middle of an answer: it is not used again.
            if let Stop::Source(error) = &stop {
                *slot = Slot::Failed(error.clone());
            }
            Err(stop)
        }
    }
}

async fn finish(run: &Run<'_>, slots: Slots<'_>) {
    for (number, slot) in slots {
        if let Slot::Open(opened) = slot.into_inner() {
            // All was read: a source that can't end its transaction any more has lost nothing of ours.
            let _ = tokio::time::timeout(patience(run, number), opened.snapshot.finish()).await;
        }
    }
}

fn patience(run: &Run<'_>, number: usize) -> Duration {
    let limits = run.sources.connector(number).map_or_else(|_| Limits::default(), |known| *known.limits());
    Duration::from_millis(limits.timeout_ms)
}

fn conclude(shared: Shared<'_>, outcome: &Outcome, is_stopped: bool) -> Result<Collected, Failure> {
    let coverage = report::coverage(&shared, outcome);
    let (records, shared_later, complaint) = shared.end();
    let collected = Collected { records, coverage, shared_later };
    let mut errors: Vec<Error> = Vec::new();
    for error in outcome.failed.iter().flatten() {
        if !errors.contains(error) {
            errors.push(error.clone());
        }
    }
    if errors.is_empty() && !is_stopped {
        return Ok(collected);
    }
    Err(Failure { errors, sink: complaint, collected })
}
