//! The erase executor: plans what is done with every row of some people, does it, and looks whether it is done.
//!
//! [`plan`] collects afresh, decides on each row, and finds in advance what the sources would refuse. [`execute`]
//! carries a plan out, one transaction a source. A row that is not as it was planned stops its source: nothing is
//! written over. [`verify`] reads back every row and collects again. No before-image is ever kept.

pub mod account;
mod blocked;
mod depend;
mod execute;
mod fitting;
pub(crate) mod found;
mod planning;
mod recognise;
pub mod record;
mod sharing;
#[cfg(test)]
mod tests;
mod verify;
pub(crate) mod views;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use habeas_core::context::Chance;
use habeas_core::value::Value;
use habeas_dataset::erasure::Decision;
use habeas_dataset::graph::Graph;
use habeas_dataset::masking::Secrets;
use habeas_dataset::path::FieldPath;
use habeas_dataset::plan::{NodeId, Plan};
use habeas_dataset::policy::Policy;
use habeas_dataset::retention::Retention;

use crate::collect::{Collected, Subject};
use crate::error::Error;
use crate::source::Table;
use crate::sources::Sources;
use crate::write::RowKey;

pub(crate) use fitting::{facts, stored};
pub(crate) use planning::group;
pub(crate) use sharing::mark;
pub(crate) use verify::read_back;

pub use execute::{Journal, Outcome, SourceOutcome, execute};
pub use planning::plan;
pub use recognise::{one_form, recognise};
pub use verify::{Residue, verify};

/// A keyed hash that stands for a masked row.
pub type Fingerprint = [u8; 32];

/// What is to be erased, and under which rules.
pub struct Erasure<'a> {
    /// All datasets.
    pub graph: &'a Graph,
    /// How the people's rows are found, whole: [`Graph::plan_whole`] for their kinds of identity.
    pub plan: &'a Plan,
    /// The same for every kind of identity: by what others would be found.
    pub whole: &'a Plan,
    /// What is done.
    pub policy: &'a Policy,
    /// Whether fields that only tell rows apart or link them are left alone.
    pub spares_keys: bool,
    /// What is kept.
    pub retention: &'a Retention,
    /// What masking draws on.
    pub secrets: &'a Secrets,
    /// The key of fingerprints.
    pub fingerprint_key: [u8; 32],
    /// Whether a row with this fingerprint was masked by an earlier run.
    pub is_done: &'a (dyn Fn(&Fingerprint) -> bool + Send + Sync),
    /// The present day.
    pub today: Date,
    /// The sources.
    pub sources: &'a Sources,
    /// The people.
    pub subjects: &'a [Subject],
    /// The chance that spreads repeated attempts.
    pub chance: &'a dyn Chance,
}

/// What is going to be done.
#[derive(Debug, Clone, Default)]
pub struct Planned {
    /// The sources, in the order they are worked on.
    pub sources: Vec<SourcePlan>,
    /// What was searched for whom.
    pub collected: Collected,
    /// What is in the way: with any, nothing is carried out.
    pub troubles: Vec<Trouble>,
    /// What somebody should look at.
    pub warnings: Vec<String>,
    /// The places of the retention rules that applied.
    pub used_rules: BTreeSet<usize>,
}

/// What is going to be done in one source.
#[derive(Debug, Clone)]
pub struct SourcePlan {
    pub(crate) number: usize,
    /// Its name in the connections file.
    pub name: Arc<str>,
    /// Its collections, in the order rows are deleted.
    pub collections: Vec<CollectionPlan>,
    /// The sources that must be done before: its rows lead to theirs.
    pub waits_for: Vec<Arc<str>>,
}

/// What is going to be done in one collection.
#[derive(Debug, Clone)]
pub struct CollectionPlan {
    /// Its place in the plan of finding.
    pub node: NodeId,
    /// The dataset.
    pub dataset: Arc<str>,
    /// The collection.
    pub collection: Arc<str>,
    /// Its table.
    pub table: Arc<Table>,
    /// What names its rows.
    pub key: RowKey,
    pub(crate) is_certain: bool,
    /// How a deleted row would be marked if it weren't really deleted.
    pub soft_delete: Option<FieldPath>,
    /// Whether no rule is about some personal field of it: a masked row then isn't anonymous.
    pub(crate) leaves_personal: bool,
    /// The rows.
    pub rows: Vec<RowPlan>,
}

/// What is going to be done with one row.
#[derive(Debug, Clone)]
pub struct RowPlan {
    /// The people it was found for, by their place.
    pub subjects: Vec<u32>,
    /// How often the table holds it, where nothing tells its rows apart.
    pub copies: usize,
    /// As it was found, all columns. Never written anywhere.
    pub before: Vec<Value>,
    /// What is done.
    pub decision: Decision,
    /// The columns that change, with their new values.
    pub to: Vec<(usize, Value)>,
    /// What stands for it once it is masked.
    pub fingerprint: Option<Fingerprint>,
    /// Why something else is done than was asked for.
    pub note: Option<String>,
}

/// Something in the way, or worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// The dataset.
    pub dataset: String,
    /// The collection.
    pub collection: String,
    /// The field, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The masking strategy, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<&'static str>,
    /// How many rows it is about.
    pub rows: u64,
    /// What it is, and what to do.
    pub message: String,
}

impl RowPlan {
    /// Returns whether the row changes or goes.
    pub fn is_change(&self) -> bool {
        matches!(self.decision, Decision::Delete { .. }) || !self.to.is_empty()
    }
}

impl CollectionPlan {
    /// Returns what names a row among the rows of all sources, as text. It holds values of the row.
    pub fn name_of(&self, row: &RowPlan) -> String {
        format!("{}:{}:{}", self.dataset, self.collection, found::named(&self.key.values(&row.before)))
    }

    /// Returns the values that name a row, with the names of their columns.
    pub fn key_of(&self, row: &RowPlan) -> Vec<(Arc<str>, Value)> {
        let columns = self.key.columns(&self.table);
        let names =
            columns.iter().filter_map(|place| self.table.columns.get(*place)).map(|c| Arc::clone(&c.name));
        names.zip(self.key.values(&row.before)).collect()
    }
}

impl Planned {
    /// Returns all collections with their rows.
    pub fn collections(&self) -> impl Iterator<Item = (&SourcePlan, &CollectionPlan)> {
        self.sources
            .iter()
            .flat_map(|source| source.collections.iter().map(move |collection| (source, collection)))
    }

    /// Returns how many rows change or go.
    pub fn changes(&self) -> usize {
        self.collections().flat_map(|(_, collection)| &collection.rows).filter(|row| row.is_change()).count()
    }
}

impl Erasure<'_> {
    /// Returns the identities of some of the people.
    fn identities_of(&self, subjects: &[u32]) -> Vec<(Arc<str>, String)> {
        let people = subjects.iter().filter_map(|subject| self.subjects.get(*subject as usize));
        people
            .flat_map(|person| &person.identities)
            .map(|identity| (Arc::clone(&identity.kind), identity.value.reveal().clone()))
            .collect()
    }

    fn name_of(&self, source: usize) -> Result<Arc<str>, Error> {
        self.sources.connector(source).map(|connector| Arc::clone(connector.name()))
    }
}
