//! Makes links of references, and decides which way those without direction flow.

use std::sync::Arc;

use crate::index::{At, Index};
use crate::model::{Collection, Dataset, Direction, Field};
use crate::path::FieldPath;
use crate::plan::{Condition, Side};

/// A way from fields of one node to fields of another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The fields compared, all of which must match: those of `from`, then those of `to`.
    pub(super) pairs: Vec<(FieldPath, FieldPath)>,
    /// Whether values flow from whichever side is reached first.
    pub(super) is_either: bool,
    pub(super) third_party: bool,
    pub(super) is_found_identity: bool,
    pub(super) when: Vec<(Side, Condition)>,
}

impl Link {
    fn reversed(mut self) -> Self {
        (self.from, self.to) = (self.to, self.from);
        for (from, to) in &mut self.pairs {
            std::mem::swap(from, to);
        }
        for (side, _) in &mut self.when {
            *side = match side {
                Side::Source => Side::Target,
                Side::Target => Side::Source,
            };
        }
        self
    }

    fn is_same_way(&self, other: &Self) -> bool {
        self.from == other.from && self.to == other.to && self.pairs == other.pairs && self.when == other.when
    }
}

/// A field that an identity is looked up in.
#[derive(Debug, Clone)]
pub(super) struct Seed {
    pub(super) node: usize,
    pub(super) path: FieldPath,
    pub(super) kind: Arc<str>,
}

/// Returns the links of all nodes: one per reference, or per composite key, and those over identities found.
pub(super) fn links(index: &Index<'_>, nodes: &[At]) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for (place, at) in nodes.iter().enumerate() {
        let Some(collection) = index.collection(*at) else { continue };
        for link in join(of_collection(index, nodes, place, collection), collection, place) {
            add(&mut links, link);
        }
    }
    for link in found_identities(index, nodes) {
        add(&mut links, link);
    }
    links
}

/// Adds a link unless the other side declares it too; a link either side marks as third-party is one.
fn add(links: &mut Vec<Link>, link: Link) {
    let reversed = link.is_either.then(|| link.clone().reversed());
    let known = links.iter_mut().find(|known| {
        known.is_either == link.is_either
            && (known.is_same_way(&link) || reversed.as_ref().is_some_and(|link| known.is_same_way(link)))
    });
    match known {
        Some(known) => {
            known.third_party |= link.third_party;
            known.is_found_identity &= link.is_found_identity;
        }
        None => links.push(link),
    }
}

fn of_collection(index: &Index<'_>, nodes: &[At], place: usize, collection: &Collection) -> Vec<Link> {
    let mut links = Vec::new();
    collection.each_field(|path, field| {
        for reference in &field.references {
            let Ok(target) = index.target(reference) else { continue };
            let Some(other) = nodes.iter().position(|at| *at == target.at) else { continue };
            let link = Link {
                from: place,
                to: other,
                pairs: vec![(path.clone(), target.path)],
                is_either: reference.direction == Direction::Either,
                third_party: reference.third_party,
                is_found_identity: false,
                when: reference.when.iter().map(|c| (Side::Source, c.clone())).collect(),
            };
            links.push(if reference.direction == Direction::From { link.reversed() } else { link });
        }
    });
    links
}

/// Joins the links of the fields of a composite key that lead to and from the same collection.
fn join(links: Vec<Link>, collection: &Collection, place: usize) -> Vec<Link> {
    let own = |link: &Link, pair: &(FieldPath, FieldPath)| {
        // Within one collection the declaring side can't be told; composite keys there stay apart.
        if link.from == place { pair.0.clone() } else { pair.1.clone() }
    };
    let mut joined: Vec<Link> = Vec::new();
    for link in links {
        let key = collection.composite_keys.iter().find(|key| {
            link.from != link.to && link.pairs.iter().any(|pair| key.fields.contains(&own(&link, pair)))
        });
        let partner = key.and_then(|key| {
            joined.iter_mut().find(|known| {
                (known.from, known.to, known.is_either) == (link.from, link.to, link.is_either)
                    && known.pairs.iter().all(|pair| key.fields.contains(&own(known, pair)))
                    && !known
                        .pairs
                        .iter()
                        .any(|pair| link.pairs.iter().any(|p| own(&link, p) == own(known, pair)))
            })
        });
        match partner {
            Some(known) => {
                known.pairs.extend(link.pairs);
                known.when.extend(link.when);
                known.third_party |= link.third_party;
            }
            None => joined.push(link),
        }
    }
    joined
}

/// Returns the links over identities in rows that are certainly the subject's.
fn found_identities(index: &Index<'_>, nodes: &[At]) -> Vec<Link> {
    let seeds = seeds(index, nodes);
    let mut links = Vec::new();
    for source in &seeds {
        let collection = nodes.get(source.node).and_then(|at| index.collection(*at));
        let feeds = collection.is_some_and(|collection| {
            collection.lookup(&source.path).is_some_and(|field| feeds_back(collection, field))
        });
        for target in seeds.iter().filter(|target| feeds && target.kind == source.kind) {
            links.push(Link {
                from: source.node,
                to: target.node,
                pairs: vec![(source.path.clone(), target.path.clone())],
                is_either: false,
                third_party: false,
                is_found_identity: true,
                when: Vec::new(),
            });
        }
    }
    links
}

/// Returns whether an identity found in a field is followed.
pub(super) fn feeds_back(collection: &Collection, field: &Field) -> bool {
    let Some(kind) = &field.identity else { return false };
    let is_shared_often = matches!(&**kind, "phone" | "phone_number");
    field.feeds_back.unwrap_or(collection.one_person && !collection.third_party && !is_shared_often)
}

/// Returns the fields identities are looked up in.
pub(super) fn seeds(index: &Index<'_>, nodes: &[At]) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (node, at) in nodes.iter().enumerate() {
        let Some(collection) = index.collection(*at) else { continue };
        collection.each_field(|path, field| {
            if let Some(kind) = &field.identity {
                seeds.push(Seed { node, path: path.clone(), kind: kind.clone() });
            }
        });
    }
    seeds
}

/// Returns for each node those that must be complete before, by its own `after` and its dataset's.
pub(super) fn after(index: &Index<'_>, datasets: &[Dataset], nodes: &[At]) -> Vec<Vec<usize>> {
    let of = |at: &At| -> Vec<usize> {
        let (Some(dataset), Some(collection)) = (datasets.get(at.0), index.collection(*at)) else {
            return Vec::new();
        };
        let whole: Vec<usize> =
            dataset.after.iter().filter_map(|named| index.named_dataset(named).ok()).collect();
        let single: Vec<At> =
            collection.after.iter().filter_map(|named| index.named_collection(named).ok()).collect();
        let is_before = |other: &At| whole.contains(&other.0) || single.contains(other);
        nodes.iter().enumerate().filter(|(_, other)| is_before(other)).map(|(place, _)| place).collect()
    };
    nodes.iter().map(of).collect()
}

/// Returns for each node where values may flow next, both ways over links without direction.
pub(super) fn onward(links: &[Link], count: usize) -> Vec<Vec<usize>> {
    let mut onward = vec![Vec::new(); count];
    for link in links {
        if let Some(next) = onward.get_mut(link.from) {
            next.push(link.to);
        }
        if link.is_either
            && let Some(next) = onward.get_mut(link.to)
        {
            next.push(link.from);
        }
    }
    for next in &mut onward {
        next.sort_unstable();
        next.dedup();
    }
    onward
}

/// Returns the links between visited nodes, each with the direction it takes.
pub(super) fn flows(links: &[Link], first: &[usize]) -> Vec<Link> {
    let position = |place: usize| first.iter().position(|visited| *visited == place);
    let mut flows: Vec<Link> = Vec::new();
    for link in links {
        let (Some(from), Some(to)) = (position(link.from), position(link.to)) else { continue };
        let mut link = if link.is_either && to < from { link.clone().reversed() } else { link.clone() };
        link.is_either = false;
        add(&mut flows, link);
    }
    flows
}
