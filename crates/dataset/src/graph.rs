//! The identity graph: how identities lead to records over all datasets of an installation.
//!
//! A node is a collection, a link leads from fields of one to fields of another. Which way values flow is
//! the reference's `direction`; where it says none, values flow from the side that is reached first, never
//! back: over `customer.address_id ↔ address.id` a person's address is found, not the neighbours who share
//! it. Links with a direction may make cycles, also within one collection (`parent_id`); such nodes run in
//! rounds.
//!
//! **Identities found in rows** (a second e-mail on the account) are followed only where it is certain whose
//! they are: in collections marked `one_person`, for every kind but telephone numbers, which families share;
//! a field's `feeds_back` says otherwise. All others are listed in the plan for a person to judge. They are
//! never followed from rows reached over a third-party link.

mod columns;
mod links;
mod order;
pub(crate) mod select;
#[cfg(test)]
mod tests;
mod unreached;

use std::collections::BTreeMap;
use std::sync::Arc;

use habeas_core::yaml::Problem;

use crate::check;
use crate::filter::Selection;
use crate::index::{At, Index};
use crate::model::{Collection, Dataset};
use crate::normalise::Normaliser;
use crate::path::FieldPath;
use crate::plan::{FurtherIdentity, Lookup, Node, Plan, Side, Skipped, Source, Term, Unreached, When};
use crate::policy::{Inclusion, Policy, Right, is_credential};

use self::links::{Link, Seed};
use self::order::Order;

/// All collections of an installation and how they lead to each other.
#[derive(Debug, Clone)]
pub struct Graph {
    datasets: Vec<Dataset>,
    /// The collections that take part, in the order of the files. Links and seeds name places in it.
    nodes: Vec<At>,
    links: Vec<Link>,
    seeds: Vec<Seed>,
    /// For each node, the nodes that must be complete before.
    after: Vec<Vec<usize>>,
    /// The keys of datasets that no connection leads to.
    by_hand: Vec<String>,
}

/// A field an identity is looked up in.
#[derive(Debug, Clone)]
pub struct IdentityField {
    /// The dataset's key.
    pub dataset: Arc<str>,
    /// The collection's name.
    pub collection: Arc<str>,
    /// Where the source keeps the collection.
    pub namespace: BTreeMap<String, String>,
    /// The kind of identity.
    pub kind: Arc<str>,
    /// The field.
    pub path: FieldPath,
    /// How values are brought into one form.
    pub normaliser: Option<Normaliser>,
    /// Whether an identity found in it is followed as the subject's own.
    pub is_followed: bool,
}

impl IdentityField {
    /// Returns whether it is a field of a node.
    pub fn is_in(&self, node: &Node) -> bool {
        self.dataset == node.dataset && self.collection == node.collection
    }
}

/// Why nothing is read where no connection leads.
const BY_HAND: &str = "there is no connection to it: its owner has to look by hand";

/// What stands for the collections of a source that no dataset describes.
const UNDESCRIBED: &str = "everything";

/// What a plan is made from.
struct Walk<'a> {
    identities: &'a [&'a str],
    included: &'a Inclusion,
    flows: Vec<Link>,
    order: Order,
}

impl Graph {
    /// Makes the graph of all datasets of an installation.
    ///
    /// # Errors
    /// Returns every error [`check::check`] finds; a graph is never made of datasets that have any.
    pub fn new(datasets: Vec<Dataset>) -> Result<Self, Vec<Problem>> {
        let errors: Vec<Problem> = check::check(&datasets).into_iter().filter(Problem::is_error).collect();
        if errors.is_empty() { Ok(Self::unchecked(datasets)) } else { Err(errors) }
    }

    /// Makes the graph where no connection leads to some datasets: nothing is read there, and plans say so.
    ///
    /// # Errors
    /// As [`Graph::new`].
    pub fn with_by_hand(datasets: Vec<Dataset>, by_hand: &[String]) -> Result<Self, Vec<Problem>> {
        let Self { datasets, .. } = Self::new(datasets)?;
        Ok(Self::of(datasets, by_hand.to_vec()))
    }

    /// Makes the graph of datasets without errors.
    pub(crate) fn unchecked(datasets: Vec<Dataset>) -> Self {
        Self::of(datasets, Vec::new())
    }

    fn of(datasets: Vec<Dataset>, by_hand: Vec<String>) -> Self {
        let index = Index::new(&datasets);
        let nodes: Vec<At> = index
            .all()
            .filter(|(_, dataset, collection)| {
                !collection.skips_processing && !by_hand.iter().any(|key| **key == *dataset.key)
            })
            .map(|(at, _, _)| at)
            .collect();
        let links = links::links(&index, &nodes);
        let seeds = links::seeds(&index, &nodes);
        let after = links::after(&index, &datasets, &nodes);
        drop(index);
        Self { datasets, nodes, links, seeds, after, by_hand }
    }

    /// Returns the datasets.
    pub fn datasets(&self) -> &[Dataset] {
        &self.datasets
    }

    /// Returns the kinds of identity the datasets know.
    pub fn identities(&self) -> Vec<Arc<str>> {
        let mut kinds: Vec<Arc<str>> = self.seeds.iter().map(|seed| seed.kind.clone()).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }

    /// Plans a reply to a request for access, given the kinds of identity of the request.
    ///
    /// # Errors
    /// Returns a problem where `after` asks for an order that can't be had.
    pub fn plan(&self, identities: &[&str], policy: &Policy) -> Result<Plan, Vec<Problem>> {
        self.plan_for(identities, policy, Right::Access)
    }

    /// Plans a reply under one of the rights that give data.
    ///
    /// # Errors
    /// Returns a problem where `after` asks for an order that can't be had.
    pub fn plan_for(&self, identities: &[&str], policy: &Policy, right: Right) -> Result<Plan, Vec<Problem>> {
        let reached = self.reached(|kind| identities.contains(&kind));
        let first = order::visit(self, identities, &reached).map_err(|stuck| self.stuck(&stuck))?;
        let flows = links::flows(&self.links, &first);
        let order = order::order(self, &first, &flows);
        let walk = Walk { identities, included: policy.included(right), flows, order };
        Ok(Plan {
            nodes: walk.order.nodes.iter().filter_map(|place| self.node(*place, &walk)).collect(),
            groups: walk.order.groups(),
            identities: self.kinds(identities, true),
            unknown_identities: self.kinds(identities, false),
            unreached: self.not_read(unreached::unreached(self, identities, &reached)),
            skipped: self.skipped(),
        })
    }

    /// Plans to find whole rows, every column of them: what erasing and correcting start from.
    ///
    /// # Errors
    /// Returns a problem where `after` asks for an order that can't be had.
    pub fn plan_whole(&self, identities: &[&str]) -> Result<Plan, Vec<Problem>> {
        let mut plan = self.plan(identities, &Policy::default())?;
        for node in &mut plan.nodes {
            let place = self.nodes.iter().position(|at| self.is_named(*at, &node.dataset, &node.collection));
            let Some((_, collection)) = place.and_then(|place| self.at(place)) else { continue };
            node.columns = columns::columns(collection, &[], &Selection::All);
            node.selection = Selection::All;
            node.reads_all = true;
        }
        Ok(plan)
    }

    fn is_named(&self, at: At, dataset: &str, collection: &str) -> bool {
        self.datasets.get(at.0).is_some_and(|known| {
            *known.key == *dataset
                && known.collections.get(at.1).is_some_and(|known| *known.name == *collection)
        })
    }

    /// Returns every field an identity is looked up in.
    pub fn identity_fields(&self) -> Vec<IdentityField> {
        let field = |seed: &Seed| {
            let (dataset, collection) = self.at(seed.node)?;
            let field = collection.lookup(&seed.path)?;
            Some(IdentityField {
                dataset: dataset.key.clone(),
                collection: collection.name.clone(),
                namespace: dataset.namespace.clone(),
                kind: seed.kind.clone(),
                path: seed.path.clone(),
                normaliser: field.normaliser,
                is_followed: links::feeds_back(collection, field),
            })
        };
        self.seeds.iter().filter_map(field).collect()
    }

    /// Returns whether the dataset wants one collection erased after another.
    pub fn is_erased_after(&self, one: &(Arc<str>, Arc<str>), other: &(Arc<str>, Arc<str>)) -> bool {
        let index = Index::new(&self.datasets);
        let find = |(dataset, collection): &(Arc<str>, Arc<str>)| {
            index.all().find(|(_, d, c)| d.key == *dataset && c.name == *collection)
        };
        let (Some((_, _, collection)), Some((at, _, _))) = (find(one), find(other)) else { return false };
        collection.erase_after.iter().any(|named| index.named_collection(named).ok() == Some(at))
    }

    /// Returns the collections no identity leads to, with the reason.
    pub(crate) fn never_reached(&self) -> Vec<(At, String)> {
        let reached = self.reached(|_| true);
        unreached::never(self, &reached)
    }

    fn at(&self, place: usize) -> Option<(&Dataset, &Collection)> {
        let (outer, inner) = *self.nodes.get(place)?;
        let dataset = self.datasets.get(outer)?;
        Some((dataset, dataset.collections.get(inner)?))
    }

    /// Returns for each node whether it is reached from identities of some kinds, order left aside.
    fn reached(&self, is_given: impl Fn(&str) -> bool) -> Vec<bool> {
        let mut reached = vec![false; self.nodes.len()];
        let mut open: Vec<usize> =
            self.seeds.iter().filter(|seed| is_given(&seed.kind)).map(|seed| seed.node).collect();
        let onward = links::onward(&self.links, self.nodes.len());
        while let Some(place) = open.pop() {
            if let Some(flag) = reached.get_mut(place)
                && !std::mem::replace(flag, true)
            {
                open.extend(onward.get(place).into_iter().flatten());
            }
        }
        reached
    }

    fn stuck(&self, places: &[usize]) -> Vec<Problem> {
        let name = |place: usize| self.at(place).map(|(d, c)| format!("{}.{}", d.key, c.name));
        let problem = |place: &usize| {
            let (_, collection) = self.at(*place)?;
            let waits: Vec<String> =
                self.after.get(*place)?.iter().filter_map(|after| name(*after)).collect();
            let message = format!(
                "'{}' waits for {} (after), which can be reached only once it is read itself",
                collection.name,
                waits.join(", ")
            );
            Some(collection.at.error(message))
        };
        places.iter().filter_map(problem).collect()
    }

    fn lookups(&self, place: usize, walk: &Walk<'_>) -> Vec<Lookup> {
        let mut lookups: Vec<Lookup> = Vec::new();
        for seed in self.seeds.iter().filter(|s| s.node == place && walk.identities.contains(&&*s.kind)) {
            lookups.push(Lookup {
                from: Source::Identity(seed.kind.clone()),
                terms: self.term(place, None, &seed.path).into_iter().collect(),
                when: Vec::new(),
                third_party: false,
                is_found_identity: false,
            });
        }
        for link in walk.flows.iter().filter(|link| link.to == place) {
            let Some(from) = walk.order.id(link.from) else { continue };
            let pairs = link.pairs.iter();
            lookups.push(Lookup {
                from: Source::Node(from),
                terms: pairs.filter_map(|(from, to)| self.term(place, Some(from), to)).collect(),
                when: link.when.iter().map(|(on, c)| When { on: *on, condition: c.clone() }).collect(),
                third_party: link.third_party,
                is_found_identity: link.is_found_identity,
            });
        }
        lookups
    }

    fn term(&self, place: usize, from: Option<&FieldPath>, to: &FieldPath) -> Option<Term> {
        let (_, collection) = self.at(place)?;
        let field = collection.lookup(to)?;
        Some(Term {
            from: from.cloned(),
            to: to.clone(),
            data_type: field.data_type,
            normaliser: field.normaliser,
            only_matching_elements: select::narrows(collection, to),
        })
    }

    fn node(&self, place: usize, walk: &Walk<'_>) -> Option<Node> {
        let (dataset, collection) = self.at(place)?;
        let lookups = self.lookups(place, walk);
        let selected = select::select(dataset, collection, walk.included);
        let keys = self.keys(place, &lookups, &walk.flows);
        let mut primary_key = Vec::new();
        let mut credentials = Vec::new();
        let mut further_identities = Vec::new();
        collection.each_field(|path, field| {
            if field.is_primary_key {
                primary_key.push(path.clone());
            }
            if is_credential(field) {
                credentials.push(path.clone());
            }
            // Where a row can only be found by this very field, it holds what the request gave.
            let is_given = lookups.iter().all(|lookup| {
                matches!(lookup.from, Source::Identity(_)) && lookup.terms.iter().all(|term| term.to == *path)
            });
            if let Some(kind) = &field.identity
                && !is_given
                && !links::feeds_back(collection, field)
            {
                further_identities.push(FurtherIdentity { kind: kind.clone(), field: path.clone() });
            }
        });
        let after = self.after.get(place).into_iter().flatten().filter_map(|place| walk.order.id(*place));
        Some(Node {
            dataset: dataset.key.clone(),
            collection: collection.name.clone(),
            namespace: dataset.namespace.clone(),
            columns: columns::columns(collection, &keys, &selected.selection),
            reads_all: selected.reads_all,
            primary_key,
            lookups,
            after: after.collect(),
            filter: collection.filter.clone(),
            selection: selected.selection,
            third_party: collection.third_party,
            further_identities,
            uncategorised: selected.uncategorised,
            credentials,
        })
    }

    /// Returns the fields of a node that links and conditions need.
    fn keys(&self, place: usize, lookups: &[Lookup], flows: &[Link]) -> Vec<FieldPath> {
        let mut keys = Vec::new();
        for lookup in lookups {
            keys.extend(lookup.terms.iter().map(|term| term.to.clone()));
        }
        for link in flows {
            if link.from == place {
                keys.extend(link.pairs.iter().map(|(from, _)| from.clone()));
            }
            for (side, condition) in &link.when {
                let is_here = match side {
                    Side::Source => link.from == place,
                    Side::Target => link.to == place,
                };
                if is_here {
                    keys.push(condition.field.clone());
                }
            }
        }
        if let Some((_, collection)) = self.at(place) {
            keys.extend(collection.filter.iter().map(|condition| condition.field.clone()));
            collection.each_field(|path, field| {
                if field.is_primary_key || field.identity.is_some() {
                    keys.push(path.clone());
                }
            });
        }
        keys
    }

    fn kinds(&self, identities: &[&str], known: bool) -> Vec<Arc<str>> {
        let is_known = |kind: &str| self.seeds.iter().any(|seed| &*seed.kind == kind);
        let mut kinds: Vec<Arc<str>> =
            identities.iter().filter(|kind| is_known(kind) == known).map(|kind| Arc::from(*kind)).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }

    /// Adds what no connection leads to. A dataset may describe it or not: it is named in any case.
    fn not_read(&self, mut unreached: Vec<Unreached>) -> Vec<Unreached> {
        let by_hand = |dataset: &str, collection: &str| Unreached {
            dataset: Arc::from(dataset),
            collection: Arc::from(collection),
            reason: BY_HAND.to_owned(),
            reached_with: Vec::new(),
        };
        for key in &self.by_hand {
            match self.datasets.iter().find(|dataset| *dataset.key == **key) {
                Some(dataset) => unreached
                    .extend(dataset.collections.iter().map(|collection| by_hand(key, &collection.name))),
                None => unreached.push(by_hand(key, UNDESCRIBED)),
            }
        }
        unreached
    }

    fn skipped(&self) -> Vec<Skipped> {
        let index = Index::new(&self.datasets);
        let is_read = |dataset: &Dataset| !self.by_hand.iter().any(|key| **key == *dataset.key);
        let skipped =
            index.all().filter(|(_, dataset, collection)| collection.skips_processing && is_read(dataset));
        skipped
            .map(|(_, dataset, collection)| Skipped {
                dataset: dataset.key.clone(),
                collection: collection.name.clone(),
                reason: "the dataset says skip_processing".to_owned(),
            })
            .collect()
    }
}
