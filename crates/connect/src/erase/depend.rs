//! Which source is worked on before which.
//!
//! Each source has a transaction of its own. If rows of one are found only over rows of another, it goes first:
//! whatever then breaks, what leads to it is still there, and the next run finds it again.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use habeas_dataset::plan::{Lookup, Side, Source};

use crate::key::Key;

use super::found::{NodeRows, RowState};
use super::sharing::{foreign, holds, known, sides, tuples, tuples_as};
use super::{Erasure, RowPlan, SourcePlan};

/// By source, those that must be done before.
pub(super) type Waits = BTreeMap<usize, BTreeSet<usize>>;

/// Finds which sources must be done before which.
pub(super) fn waits(
    erasure: &Erasure<'_>,
    nodes: &[NodeRows],
    plans: &[Vec<RowPlan>],
    sources: &[Option<usize>],
) -> Waits {
    let is_changed =
        |place: usize| plans.get(place).is_some_and(|plans| plans.iter().any(RowPlan::is_change));
    let changed: BTreeSet<usize> = sources
        .iter()
        .enumerate()
        .filter(|(place, _)| is_changed(*place))
        .filter_map(|(_, source)| *source)
        .collect();
    let mut waits = Waits::new();
    if changed.len() < 2 {
        return waits;
    }
    let leads = leads(erasure, nodes, sources);
    for source in &changed {
        if !has_unanchored(erasure, nodes, plans, sources, *source) {
            continue;
        }
        for other in &changed {
            if other != source && leads.contains(&(*other, *source)) {
                waits.entry(*other).or_default().insert(*source);
            }
        }
    }
    waits
}

/// Puts sources in an order in which none comes before one it waits for. In a circle one has to: it is told.
pub(super) fn ordered(
    sources: Vec<SourcePlan>,
    waits: &Waits,
    warnings: &mut Vec<String>,
) -> Vec<SourcePlan> {
    let mut left = sources;
    let mut ordered: Vec<SourcePlan> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_free = |source: &SourcePlan| {
            let needed = waits.get(&source.number);
            needed.is_none_or(|needed| !left.iter().any(|other| needed.contains(&other.number)))
        };
        let free = left.iter().position(is_free);
        let mut next = left.remove(free.unwrap_or(0));
        if free.is_none() {
            warnings.push(format!(
                "rows of source {} and of others are found only over each other: should the run break off between \
                 their transactions, what is left has to be looked for by hand",
                next.name
            ));
        }
        let needed = waits.get(&next.number);
        next.waits_for = ordered
            .iter()
            .filter(|done| needed.is_some_and(|needed| needed.contains(&done.number)))
            .map(|done| done.name.clone())
            .collect();
        ordered.push(next);
    }
    ordered
}

/// Pairs of sources of which the first leads to the second, also over others.
fn leads(erasure: &Erasure<'_>, nodes: &[NodeRows], sources: &[Option<usize>]) -> BTreeSet<(usize, usize)> {
    let mut pairs = BTreeSet::new();
    let source_of =
        |id| nodes.iter().position(|rows| rows.id == id).and_then(|at| sources.get(at).copied()?);
    for (rows, to) in nodes.iter().zip(sources) {
        let (Some(node), Some(to)) = (erasure.plan.lookup(rows.id), to) else { continue };
        for lookup in &node.lookups {
            if let Source::Node(from) = &lookup.from
                && let Some(from) = source_of(*from)
            {
                pairs.insert((from, *to));
            }
        }
    }
    loop {
        let further: Vec<(usize, usize)> = pairs
            .iter()
            .flat_map(|(first, over)| {
                pairs.iter().filter(move |(from, _)| from == over).map(move |(_, last)| (*first, *last))
            })
            .filter(|pair| !pairs.contains(pair))
            .collect();
        if further.is_empty() {
            return pairs;
        }
        pairs.extend(further);
    }
}

/// Whether some row of a source that changes is not found by the identities and this source's own rows alone.
fn has_unanchored(
    erasure: &Erasure<'_>,
    nodes: &[NodeRows],
    plans: &[Vec<RowPlan>],
    sources: &[Option<usize>],
    source: usize,
) -> bool {
    let fields = erasure.graph.identity_fields();
    // What is followed was found in rows that may be gone: only what the request gives counts.
    let given = known(erasure, &fields, &[]);
    let own: Vec<usize> =
        (0..nodes.len()).filter(|place| sources.get(*place) == Some(&Some(source))).collect();
    let mut anchored: Vec<Vec<bool>> = nodes.iter().map(|rows| vec![false; rows.rows.len()]).collect();
    for place in &own {
        let (Some(rows), Some(flags)) = (nodes.get(*place), anchored.get_mut(*place)) else { continue };
        let Some(node) = erasure.plan.lookup(rows.id) else { continue };
        for (state, flag) in rows.rows.iter().zip(flags) {
            *flag = foreign(node, &fields, &given, &state.row, |_| true).is_direct;
        }
    }
    while own.iter().any(|place| spread(erasure, nodes, &mut anchored, *place)) {}
    own.iter().any(|place| {
        let rows = plans.get(*place).into_iter().flatten().zip(anchored.get(*place).into_iter().flatten());
        rows.into_iter().any(|(plan, is_anchored)| plan.is_change() && !is_anchored)
    })
}

/// Marks the rows of a collection that anchored rows of the same source lead to. Returns whether there were any.
fn spread(erasure: &Erasure<'_>, nodes: &[NodeRows], anchored: &mut [Vec<bool>], place: usize) -> bool {
    let Some(rows) = nodes.get(place) else { return false };
    let Some(node) = erasure.plan.lookup(rows.id) else { return false };
    let mut reached: Vec<usize> = Vec::new();
    for lookup in &node.lookups {
        let Source::Node(from) = &lookup.from else { continue };
        let Some(origin) = nodes.iter().position(|rows| rows.id == *from) else { continue };
        let (Some(origin), Some(flags)) = (nodes.get(origin), anchored.get(origin)) else { continue };
        let keys: HashSet<Vec<Key>> = origin
            .rows
            .iter()
            .zip(flags)
            .filter(|(state, is_anchored)| **is_anchored && fits(lookup, Side::Source, state))
            .flat_map(|(state, _)| tuples_as(lookup, &state.row, &rows.table))
            .collect();
        if keys.is_empty() {
            continue;
        }
        let flags = anchored.get(place).into_iter().flatten();
        for (number, (state, _)) in rows.rows.iter().zip(flags).enumerate().filter(|(_, (_, flag))| !**flag) {
            if fits(lookup, Side::Target, state)
                && tuples(lookup, &state.row, &rows.table, |term| Some(&term.to))
                    .iter()
                    .any(|tuple| keys.contains(tuple))
            {
                reached.push(number);
            }
        }
    }
    for number in &reached {
        if let Some(flag) = anchored.get_mut(place).and_then(|flags| flags.get_mut(*number)) {
            *flag = true;
        }
    }
    !reached.is_empty()
}

fn fits(lookup: &Lookup, side: Side, state: &RowState) -> bool {
    sides(lookup, side).all(|condition| holds(condition, &state.row))
}
