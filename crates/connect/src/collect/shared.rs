//! What all groups of a run share: the inboxes, the ways records were reached by, the counts, the sink.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Mutex as AsyncMutex;

use habeas_core::record::{Hop, Origin, Record};
use habeas_core::value::Value;
use habeas_dataset::normalise::spellings;
use habeas_dataset::plan::{NodeId, Source as From};

use crate::connections::Limits;
use crate::error::{Error, Problem};
use crate::key::Key;

use super::inbox::{Inbox, Owner, Wanted};
use super::prepare::{Feed, Prepared};
use super::routes::Routes;
use super::{Collected, Failure, FoundRow, RecordSink, Run, SinkError, select};

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

impl<'r> Shared<'r> {
    /// Begins a run with empty inboxes; `sources` is the number of every node's source.
    pub(super) fn new(run: &'r Run<'r>, sources: Vec<Option<usize>>, sink: &'r mut dyn RecordSink) -> Self {
        let repeats =
            |id: NodeId| run.plan.groups.iter().any(|group| group.repeats && group.nodes.contains(&id));
        let lookups = |id: NodeId| run.plan.lookup(id).map_or(0, |node| node.lookups.len());
        Self {
            run,
            takes_rows: sink.takes_rows(),
            sources,
            routes: Mutex::new(Routes::default()),
            inboxes: run.plan.ids().map(|id| Mutex::new(Inbox::new(lookups(id), repeats(id)))).collect(),
            tallies: run.plan.nodes.iter().map(|_| Mutex::new(HashMap::new())).collect(),
            sink: AsyncMutex::new(Sink { to: sink, next_id: 0, complaint: None }),
            shared_later: Mutex::new(Vec::new()),
        }
    }

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
    pub(super) fn seed_from(&self, prepared: &[Option<Prepared<'_>>], known: &[FoundRow]) {
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

    /// Takes what stands in a collection's inbox and notes who is looked for; none where nothing does.
    pub(super) fn take_wanted(&self, node: &Prepared<'_>) -> Option<Vec<Wanted>> {
        let wanted = {
            let mut inbox = lock(self.inboxes.get(node.id.0)?);
            if inbox.is_empty() {
                return None;
            }
            inbox.take()
        };
        self.asked(node, &wanted);
        Some(wanted)
    }

    /// Ends a run: how many records the sink has, which turned out to be shared later, and its complaint.
    pub(super) fn end(self) -> (u64, Vec<u64>, Option<SinkError>) {
        let sink = self.sink.into_inner();
        let shared_later = self.shared_later.into_inner().unwrap_or_else(PoisonError::into_inner);
        (sink.next_id, shared_later, sink.complaint)
    }

    /// Notes who was looked for by which lookup.
    fn asked(&self, node: &Prepared<'_>, wanted: &[Wanted]) {
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
    pub(super) fn seed(&self, prepared: &[Option<Prepared<'_>>]) -> Result<(), Failure> {
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

/// Returns a source's name by its number.
pub(super) fn name_of(run: &Run<'_>, number: Option<usize>) -> Arc<str> {
    number
        .and_then(|number| run.sources.connector(number).ok())
        .map_or_else(|| Arc::from("?"), |connector| Arc::clone(connector.name()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
