//! What was searched for whom: the coverage of a run.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use habeas_core::record::{Coverage, Hop, Outcome as Ending};
use habeas_dataset::plan::{Node, NodeId, Plan, Source};

use super::schedule::Outcome;
use super::shared::{Shared, Tally};
use super::{Identity, Subject};

/// Returns the coverage of every collection for every subject.
pub(super) fn coverage(shared: &Shared<'_>, outcome: &Outcome) -> Vec<Coverage> {
    let plan = shared.run.plan;
    let reasons = reasons(plan, outcome);
    let mut reachable: HashMap<Vec<Arc<str>>, Vec<bool>> = HashMap::new();
    let mut all = Vec::with_capacity(plan.nodes.len() * shared.run.subjects.len());
    for (subject, person) in (0_u32..).zip(shared.run.subjects) {
        let kinds = kinds(person);
        let reached = reachable.entry(kinds).or_insert_with_key(|kinds| reached_with(plan, kinds));
        for (id, node) in plan.ids().zip(&plan.nodes) {
            let tally = shared.tallies.get(id.0).map(|tallies| {
                tallies
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .get(&subject)
                    .copied()
                    .unwrap_or_default()
            });
            let tally = tally.unwrap_or_default();
            let ending = match reasons.get(id.0).and_then(Option::as_ref) {
                Some(reason) => Ending::Failed { reason: reason.clone() },
                None if !reached.get(id.0).copied().unwrap_or(false) => {
                    Ending::Unreached { reason: "no identity given for this person leads to it".to_owned() }
                }
                None => Ending::Searched,
            };
            all.push(Coverage {
                subject,
                dataset: Arc::clone(&node.dataset),
                collection: Arc::clone(&node.collection),
                rows: tally.rows,
                as_of: shared.source_of(id).and_then(|number| outcome.as_of.get(&number).copied()),
                reached_by: hops(plan, node, tally),
                outcome: ending,
            });
        }
        all.extend(left_out(plan, subject));
    }
    all
}

fn left_out(plan: &Plan, subject: u32) -> impl Iterator<Item = Coverage> {
    let make = move |dataset: &Arc<str>, collection: &Arc<str>, outcome: Ending| Coverage {
        subject,
        dataset: Arc::clone(dataset),
        collection: Arc::clone(collection),
        rows: 0,
        as_of: None,
        reached_by: Vec::new(),
        outcome,
    };
    let skipped = plan.skipped.iter().map(move |left| {
        make(&left.dataset, &left.collection, Ending::Skipped { reason: left.reason.clone() })
    });
    let unreached = plan.unreached.iter().map(move |left| {
        make(&left.dataset, &left.collection, Ending::Unreached { reason: left.reason.clone() })
    });
    skipped.chain(unreached)
}

fn hops(plan: &Plan, node: &Node, tally: Tally) -> Vec<Hop> {
    let looked =
        node.lookups.iter().enumerate().filter(|(number, _)| tally.lookups & 1 << (*number).min(63) != 0);
    looked.map(|(_, lookup)| super::prepare::hop(plan, node, lookup)).collect()
}

fn kinds(person: &Subject) -> Vec<Arc<str>> {
    let mut kinds: Vec<Arc<str>> =
        person.identities.iter().map(|Identity { kind, .. }| Arc::clone(kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Which nodes some chain of links leads to from these kinds of identity.
fn reached_with(plan: &Plan, kinds: &[Arc<str>]) -> Vec<bool> {
    let mut reached = vec![false; plan.nodes.len()];
    loop {
        let mut is_done = true;
        for (id, node) in plan.ids().zip(&plan.nodes) {
            let leads = |from: &Source| match from {
                Source::Identity(kind) => kinds.contains(kind),
                Source::Node(NodeId(other)) => reached.get(*other).copied().unwrap_or(false),
            };
            let is_reached = node.lookups.iter().any(|lookup| leads(&lookup.from));
            if let Some(known) = reached.get_mut(id.0).filter(|known| is_reached && !**known) {
                *known = true;
                is_done = false;
            }
        }
        if is_done {
            return reached;
        }
    }
}

/// Why nodes are not complete: they failed, or something that leads to them did.
fn reasons(plan: &Plan, outcome: &Outcome) -> Vec<Option<String>> {
    let mut reasons: Vec<Option<String>> =
        outcome.failed.iter().map(|error| error.as_ref().map(ToString::to_string)).collect();
    loop {
        let mut is_done = true;
        for (id, node) in plan.ids().zip(&plan.nodes) {
            if reasons.get(id.0).is_none_or(Option::is_some) {
                continue;
            }
            let broken = node.lookups.iter().find_map(|lookup| match &lookup.from {
                Source::Node(from) if reasons.get(from.0).is_some_and(Option::is_some) => plan.lookup(*from),
                Source::Node(_) | Source::Identity(_) => None,
            });
            if let (Some(from), Some(place)) = (broken, reasons.get_mut(id.0)) {
                *place =
                    Some(format!("{}:{} leads here and could not be read", from.dataset, from.collection));
                is_done = false;
            }
        }
        if is_done {
            return reasons;
        }
    }
}
