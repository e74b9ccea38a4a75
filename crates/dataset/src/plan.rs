//! What is read in which order to find a person's data: the contract between planning and collecting.
//!
//! A [`Plan`] is made by [`crate::graph::Graph::plan`] and executed by `habeas-connect`. How to read it:
//!
//! - [`Plan::groups`] are units of execution in a valid order. A group starts when all groups of
//!   [`Group::waits_for`] are complete; groups that don't wait for each other may run at the same time.
//!   A group with [`Group::repeats`] is a cycle (or a tree within one table): its nodes run in turn, with
//!   values that are new only, until nothing new is found or the executor's bound is reached.
//! - A row belongs to the subject when **any** of its node's [`Node::lookups`] finds it (OR). A lookup finds
//!   it when **all** its [`Lookup::terms`] match values of one and the same source row (AND), and its
//!   [`Lookup::when`] holds. Every lookup leads from one identity or one other node.
//! - [`Node::filter`] holds for every row of the node, whatever lookup finds it.
//! - [`Node::columns`] are all that is read, unless [`Node::reads_all`].
//! - [`Node::selection`] is what the person is given of a row; all else is keys.
//! - `third_party` on a lookup or node marks what is reached over it, and all that is reached from there.

use std::collections::BTreeMap;
use std::sync::Arc;

use habeas_core::value::Value;
use serde::Serialize;

use crate::filter::Selection;
use crate::normalise::Normaliser;
use crate::path::FieldPath;

/// The order and the means of finding a person's data.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// What is read, in a valid order. A [`NodeId`] is a place in this list.
    pub nodes: Vec<Node>,
    /// Units of execution in a valid order; every node is in exactly one.
    pub groups: Vec<Group>,
    /// The kinds of identity the request gives and some dataset knows.
    pub identities: Vec<Arc<str>>,
    /// The kinds of identity the request gives and no dataset knows: to be explained.
    pub unknown_identities: Vec<Arc<str>>,
    /// The collections nothing leads to with these identities: to be explained.
    pub unreached: Vec<Unreached>,
    /// The collections that are left out on purpose.
    pub skipped: Vec<Skipped>,
}

impl Plan {
    /// Returns a node.
    pub fn lookup(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    /// Returns the node of a collection.
    pub fn find(&self, dataset: &str, collection: &str) -> Option<(NodeId, &Node)> {
        let at = self.nodes.iter().position(|n| *n.dataset == *dataset && *n.collection == *collection)?;
        self.nodes.get(at).map(|node| (NodeId(at), node))
    }

    /// Returns the ids of all nodes, in a valid order.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId)
    }
}

/// The place of a node in [`Plan::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct NodeId(pub usize);

/// Nodes that run as one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The nodes, in the order they run (and in which rounds are repeated).
    pub nodes: Vec<NodeId>,
    /// Whether values found by one round may lead to more in the next.
    pub repeats: bool,
    /// The places in [`Plan::groups`] of the groups that must be complete before.
    pub waits_for: Vec<usize>,
}

/// A collection to be read.
#[derive(Debug, Clone, Serialize)]
pub struct Node {
    /// The dataset's key.
    pub dataset: Arc<str>,
    /// The collection's name: a table, a document collection, an endpoint.
    pub collection: Arc<str>,
    /// Where the source keeps the collection (`schema`, `database`...), as the dataset says.
    pub namespace: BTreeMap<String, String>,
    /// The columns to be read, in the order of the dataset: those given, keys, those looked up and those
    /// other nodes are reached by.
    pub columns: Vec<Column>,
    /// Whether every column is read because the dataset categorises the collection as a whole.
    pub reads_all: bool,
    /// The fields that name a row, in order; empty where the dataset names none.
    pub primary_key: Vec<FieldPath>,
    /// The ways rows are found: any of them.
    pub lookups: Vec<Lookup>,
    /// The nodes that must be complete before although nothing is taken from them.
    pub after: Vec<NodeId>,
    /// What every row must satisfy: all of them.
    pub filter: Vec<Condition>,
    /// What a person is given of a row.
    pub selection: Selection,
    /// Whether its rows are about other people, so that a person must decide on them.
    pub third_party: bool,
    /// Identities of the person that rows of this node hold and that are not followed: for a person to judge.
    pub further_identities: Vec<FurtherIdentity>,
    /// Fields no category is given for: not included, and told.
    pub uncategorised: Vec<FieldPath>,
    /// Fields never included because they hold or look like credentials.
    pub credentials: Vec<FieldPath>,
}

/// A column to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The name.
    pub name: Arc<str>,
    /// The type, where the dataset gives one.
    pub data_type: Option<DataType>,
    /// Whether paths lead into it: it holds a document, as text where the source has no type for one.
    pub is_json: bool,
}

/// The type the dataset gives a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct DataType {
    /// The type of a value.
    pub kind: DataKind,
    /// Whether the field holds a list of them.
    pub is_array: bool,
}

/// The type of a single value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A truth value.
    Boolean,
    /// A MongoDB object id.
    ObjectId,
    /// A nested record.
    Object,
}

/// One way rows of a node are found.
#[derive(Debug, Clone, Serialize)]
pub struct Lookup {
    /// Where the values come from.
    pub from: Source,
    /// What must match, all of them on values of one source row. Never empty; from an identity there is one.
    pub terms: Vec<Term>,
    /// What must hold besides, on the source row or on the row looked up (a type column next to an id column).
    pub when: Vec<When>,
    /// Whether it leads to other people.
    pub third_party: bool,
    /// Whether the value is an identity found in a row and followed as the subject's own. It is never
    /// followed from a row that was reached over a third-party link.
    pub is_found_identity: bool,
}

/// Where the values of a lookup come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An identity of the subject, of this kind.
    Identity(Arc<str>),
    /// Rows of another node, or of the same one.
    Node(NodeId),
}

/// A pair of fields whose values must match.
#[derive(Debug, Clone, Serialize)]
pub struct Term {
    /// The field of the source row; `None` where the value is the identity itself.
    pub from: Option<FieldPath>,
    /// The field looked up.
    pub to: FieldPath,
    /// The type of the field looked up, where the dataset gives one.
    pub data_type: Option<DataType>,
    /// How both values are brought into one form before they are compared; `None` compares them exactly.
    pub normaliser: Option<Normaliser>,
    /// Whether only the matching elements of a list on the way to `to` belong to the subject.
    pub only_matching_elements: bool,
}

/// A condition that belongs to one lookup.
#[derive(Debug, Clone, Serialize)]
pub struct When {
    /// The row it is about.
    pub on: Side,
    /// What must hold.
    pub condition: Condition,
}

/// An end of a lookup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The row values are taken from.
    Source,
    /// The row that is looked up.
    Target,
}

/// What a row must satisfy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Condition {
    /// The field.
    pub field: FieldPath,
    /// The test.
    pub test: Test,
}

/// The test of a [`Condition`]. Values are only text, whole numbers and truth values.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// The value is one of these.
    In(Vec<Value>),
    /// The value is none of these; no value at all passes.
    NotIn(Vec<Value>),
    /// There is no value.
    IsNull,
    /// There is a value.
    IsNotNull,
}

/// An identity that stands in a row of the subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FurtherIdentity {
    /// The kind.
    pub kind: Arc<str>,
    /// The field.
    pub field: FieldPath,
}

/// A collection that nothing leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unreached {
    /// The dataset's key.
    pub dataset: Arc<str>,
    /// The collection's name.
    pub collection: Arc<str>,
    /// Why.
    pub reason: String,
    /// The kinds of identity that would lead to it.
    pub reached_with: Vec<Arc<str>>,
}

/// A collection that is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The dataset's key.
    pub dataset: Arc<str>,
    /// The collection's name.
    pub collection: Arc<str>,
    /// Why.
    pub reason: String,
}
