//! Runs the groups of a plan as their inputs become complete, and keeps what they share.
//!
//! All of it is one task: groups of different sources take turns at waiting, and the statements of one
//! source follow one another on its one connection, so that all it gives is as of one instant.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use jiff::Timestamp;
use tokio::sync::Mutex as AsyncMutex;

use habeas_core::record::{Hop, Origin, Record};
use habeas_core::value::Value;
use habeas_dataset::normalise::spellings;
use habeas_dataset::plan::{Group, NodeId, Source as From};

use crate::connections::Limits;
use crate::error::{Error, Problem};
use crate::key::Key;
use crate::source::{Table, TableName};
use crate::sources::Opened;

use super::inbox::{Inbox, Owner};
use super::prepare::{self, Feed, Prepared};
use super::read::{self, Progress};
use super::routes::Routes;
use super::{Collected, Failure, FoundRow, RecordSink, Run, SinkError, report, select};

/// Why a collection was not read to its end.
pub(super) enum Stop {
    Source(Error),
    Sink,
}

/// What all groups of a run share.
pub(super) struct Shared<'r> {
    pub(super) run: &'r Run<'r>,
    /// Whether the sink wants rows as they stand.
    pub(super) takes_rows: bool,
    /// The number of every node's source.
    sources: Vec<Option<usize>>,
    routes: Mutex<Routes>,
    inboxes: Vec<Mutex<Inbox>>,
    pub(super) tallies: Vec<Mutex<HashMap<u32, Tally>>>,
    sink: AsyncMutex<Sink<'r>>,
    shared_later: Mutex<Vec<u64>>,
}

/// What was found for one subject in one collection.
#[derive(Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) rows: u64,
    /// A bit for each lookup that had something to look up.
    pub(super) lookups: u64,
}

struct Sink<'r> {
    to: &'r mut dyn RecordSink,
    next_id: u64,
    complaint: Option<SinkError>,
}

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
    let nodes = run.plan.nodes.len();
    let mut outcome = Outcome { failed: vec![None; nodes], as_of: HashMap::new() };
    let sources = assign(run, &mut outcome);
    let slots = open(run, &sources, &mut outcome).await;
    let prepared = prepare_all(run, &sources, &slots, &mut outcome).await;
    let repeats = |id: NodeId| run.plan.groups.iter().any(|group| group.repeats && group.nodes.contains(&id));
    let shared = Shared {
        run,
        takes_rows: sink.takes_rows(),
        sources,
        routes: Mutex::new(Routes::default()),
        inboxes: run
            .plan
            .ids()
            .map(|id| {
                Mutex::new(Inbox::new(run.plan.lookup(id).map_or(0, |node| node.lookups.len()), repeats(id)))
            })
            .collect(),
        tallies: (0..nodes).map(|_| Mutex::new(HashMap::new())).collect(),
        sink: AsyncMutex::new(Sink { to: sink, next_id: 0, complaint: None }),
        shared_later: Mutex::new(Vec::new()),
    };
    shared.seed(&prepared)?;
    shared.seed_from(&prepared, known);
    let is_stopped = run_groups(&shared, &prepared, &slots, &mut outcome).await;
    finish(run, slots).await;
    conclude(shared, &outcome, is_stopped)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

fn name_of(run: &Run<'_>, number: Option<usize>) -> Arc<str> {
    number
        .and_then(|number| run.sources.connector(number).ok())
        .map_or_else(|| Arc::from("?"), |connector| Arc::clone(connector.name()))
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
    prepare::prepare(&name, run.plan, id, node, Arc::clone(table))
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
    let number = shared.sources.get(node.id.0).copied().flatten();
    let Some(slot) = number.and_then(|number| slots.get(&number)) else { return Ok(true) };
    let mut slot = slot.lock().await;
    let opened = match &mut *slot {
        Slot::Open(opened) => opened,
        Slot::Failed(error) => return Err(Stop::Source(error.clone())),
    };
    let Some(inbox) = shared.inboxes.get(node.id.0) else { return Ok(true) };
    let wanted = {
        let mut inbox = lock(inbox);
        if inbox.is_empty() {
            return Ok(true);
        }
        inbox.take()
    };
    shared.asked(node, &wanted);
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
    let sink = shared.sink.into_inner();
    let shared_later = shared.shared_later.into_inner().unwrap_or_else(PoisonError::into_inner);
    let collected = Collected { records: sink.next_id, coverage, shared_later };
    let mut errors: Vec<Error> = Vec::new();
    for error in outcome.failed.iter().flatten() {
        if !errors.contains(error) {
            errors.push(error.clone());
        }
    }
    if errors.is_empty() && !is_stopped {
        return Ok(collected);
    }
    Err(Failure { errors, sink: sink.complaint, collected })
}

impl<'r> Shared<'r> {
    pub(super) fn source_of(&self, id: NodeId) -> Option<usize> {
        self.sources.get(id.0).copied().flatten()
    }

    pub(super) fn limits(&self, node: &Prepared<'_>) -> Result<&'r Limits, Stop> {
        let number = self.source_of(node.id).unwrap_or(usize::MAX);
        let run: &'r Run<'r> = self.run;
        match run.sources.connector(number) {
            Ok(connector) => Ok(connector.limits()),
            Err(error) => Err(Stop::Source(error)),
        }
    }

    pub(super) fn error(&self, node: &Prepared<'_>, problem: Problem) -> Error {
        Error::new(&name_of(self.run, self.source_of(node.id)), problem)
    }

    pub(super) fn hops(&self, route: u32) -> Arc<[Hop]> {
        lock(&self.routes).hops(route)
    }

    pub(super) fn shared_later(&self, records: impl Iterator<Item = u64>) {
        lock(&self.shared_later).extend(records);
    }

    pub(super) async fn push(&self, mut record: Record) -> Result<u64, Stop> {
        let mut sink = self.sink.lock().await;
        record.id = sink.next_id;
        match sink.to.push(record).await {
            Ok(()) => {
                sink.next_id += 1;
                Ok(sink.next_id - 1)
            }
            Err(complaint) => {
                sink.complaint = Some(complaint);
                Err(Stop::Sink)
            }
        }
    }

    pub(super) async fn push_row(&self, row: FoundRow) -> Result<(), Stop> {
        let mut sink = self.sink.lock().await;
        match sink.to.push_row(row).await {
            Ok(()) => Ok(()),
            Err(complaint) => {
                sink.complaint = Some(complaint);
                Err(Stop::Sink)
            }
        }
    }

    /// Puts what leads on from rows that were found before into the inboxes.
    fn seed_from(&self, prepared: &[Option<Prepared<'_>>], known: &[FoundRow]) {
        for found in known {
            let Some(Some(node)) = prepared.get(found.node.0) else { continue };
            let mut row = found.values.clone();
            // A document that can't be read now led nowhere before.
            if node.take_apart(&mut row).is_err() {
                continue;
            }
            for feed in &node.feeds {
                let mut fields = feed.from.iter().zip(&feed.to);
                let Ok(parts) = select::combinations(&row, &mut fields) else { continue };
                if parts.is_empty() || !feed.checks.iter().all(|check| check.holds(&row)) {
                    continue;
                }
                let route = lock(&self.routes).extend(None, &feed.hop, found.third_party);
                let owner = Owner { subject: found.subject, route, third_party: found.third_party };
                self.deliver(feed, &parts, &[owner]);
            }
        }
    }

    /// Puts values into the inbox of the lookup they lead to. An identity in a row that may be somebody
    /// else's is theirs: it leads to nothing of the subject's.
    pub(super) fn deliver(&self, feed: &Feed, found: &[Vec<Key>], owners: &[Owner]) {
        let Some(inbox) = self.inboxes.get(feed.target.0) else { return };
        let mut inbox = lock(inbox);
        let mut routes = lock(&self.routes);
        for owner in owners.iter().filter(|owner| !(feed.is_found_identity && owner.third_party)) {
            let route = routes.extend(Some(owner.route), &feed.hop, feed.third_party);
            let third_party = routes.is_third_party(route);
            for parts in found {
                inbox.add(feed.lookup, parts, Owner { subject: owner.subject, route, third_party });
            }
        }
    }

    /// Returns the owner of a row that only the source's own idea of equality makes theirs: a near miss of
    /// an address may be another person's, so that somebody must decide on it.
    pub(super) fn doubted(&self, owner: Owner) -> Owner {
        let mut routes = lock(&self.routes);
        let last = routes.hops(owner.route).last().cloned();
        let route = last.map_or(owner.route, |hop| routes.extend(Some(owner.route), &hop, true));
        Owner { route, third_party: true, ..owner }
    }

    /// Counts a row for a subject.
    pub(super) fn found(&self, node: &Prepared<'_>, subject: u32) {
        if let Some(tallies) = self.tallies.get(node.id.0) {
            lock(tallies).entry(subject).or_default().rows += 1;
        }
    }

    /// Notes who was looked for by which lookup.
    fn asked(&self, node: &Prepared<'_>, wanted: &[super::inbox::Wanted]) {
        let Some(tallies) = self.tallies.get(node.id.0) else { return };
        let mut tallies = lock(tallies);
        for (number, wanted) in wanted.iter().enumerate() {
            let bit = 1_u64 << number.min(63);
            for owner in wanted.all_owners() {
                tallies.entry(owner.subject).or_default().lookups |= bit;
            }
        }
    }

    /// Puts everybody's identities into the inboxes.
    fn seed(&self, prepared: &[Option<Prepared<'_>>]) -> Result<(), Failure> {
        for node in prepared.iter().flatten() {
            let Some(inbox) = self.inboxes.get(node.id.0) else { continue };
            let mut inbox = lock(inbox);
            for (number, link) in node.lookups.iter().enumerate() {
                let (From::Identity(kind), [term]) = (&link.plan.from, link.terms.as_slice()) else {
                    continue;
                };
                debug_assert!(matches!(link.hop.from, Origin::Identity(_)));
                let third_party = link.plan.third_party || node.node.third_party;
                let route = lock(&self.routes).extend(None, &link.hop, third_party);
                for (subject, identities) in self.run.subjects.iter().enumerate() {
                    let subject = u32::try_from(subject).map_err(|_| too_many())?;
                    let owner = Owner { subject, route, third_party };
                    for identity in identities.identities.iter().filter(|identity| identity.kind == *kind) {
                        let mut keys = Vec::new();
                        for spelling in spellings(kind, identity.value.reveal()) {
                            // Text from a request is always valid text.
                            let _ = term.comparison.keys(&Value::Text(spelling), &mut keys);
                        }
                        for key in &keys {
                            inbox.add(number, std::slice::from_ref(key), owner);
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

fn too_many() -> Failure {
    Failure {
        errors: vec![Error::new(&Arc::from("request"), Problem::TooManySubjects)],
        sink: None,
        collected: Collected::default(),
    }
}
