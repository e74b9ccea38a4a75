//! Records collected about a person, and what was searched for them.
//!
//! The collect executor makes both, the store writes them to one sealed file a request, `render` makes
//! packages from them. Every record says by which chain of links it was reached, so that a reviewer can
//! judge whether it is that person's at all.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::value::Row;

/// One row found for one subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Names the record within its file: 0, 1, 2...
    pub id: u64,
    /// The subject it was found for: its place in the list the run was given.
    pub subject: u32,
    /// The dataset (data source) it stands in.
    pub dataset: Arc<str>,
    /// The collection (table) it stands in.
    pub collection: Arc<str>,
    /// The fields the policy includes.
    pub row: Row,
    /// The chain of links from an identity of the subject to this record.
    pub reached_by: Arc<[Hop]>,
    /// Whether the same row was also found for another subject of the run.
    pub shared: bool,
    /// Whether it was reached over a link to other people, so that a person must decide on it.
    pub third_party: bool,
}

/// One link of a chain: a value found at `from` was looked up in this field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hop {
    /// Where the value came from.
    pub from: Origin,
    /// The dataset looked into.
    pub dataset: Arc<str>,
    /// The collection looked into.
    pub collection: Arc<str>,
    /// The field compared.
    pub field: Arc<str>,
}

/// Where a looked-up value came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// An identity of the subject of this kind, such as `email`.
    Identity(Arc<str>),
    /// A field of a record found before.
    Field {
        /// Its dataset.
        dataset: Arc<str>,
        /// Its collection.
        collection: Arc<str>,
        /// Its name.
        field: Arc<str>,
    },
}

impl Hop {
    /// Returns the link in words: `identity email -> shop:customer.email`.
    pub fn describe(&self) -> String {
        let Self { from, dataset, collection, field } = self;
        match from {
            Origin::Identity(kind) => format!("identity {kind} -> {dataset}:{collection}.{field}"),
            Origin::Field { dataset: d, collection: c, field: f } => {
                format!("{d}:{c}.{f} -> {dataset}:{collection}.{field}")
            }
        }
    }
}

/// What was searched in one collection for one subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// The subject: its place in the list the run was given.
    pub subject: u32,
    /// The dataset.
    pub dataset: Arc<str>,
    /// The collection.
    pub collection: Arc<str>,
    /// How many rows were found, rows without any included field counted too.
    pub rows: u64,
    /// The instant whose state of the source was read, by the source's own clock.
    pub as_of: Option<Timestamp>,
    /// The links rows were looked up by, whether or not any was found.
    pub reached_by: Vec<Hop>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How the search of a collection ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// All of it was searched.
    Searched,
    /// It could not be searched; what was found before it failed is not complete.
    Failed {
        /// Why, without personal data.
        reason: String,
    },
    /// It was left out on purpose.
    Skipped {
        /// Why.
        reason: String,
    },
    /// Whoever looks after it looked by hand.
    ByHand {
        /// When they answered.
        at: Timestamp,
        /// How many files they handed in; none: they hold nothing.
        file_count: u32,
    },
    /// No identity and no link leads to it.
    Unreached {
        /// What would lead to it.
        reason: String,
    },
}

/// Returns what an owner who looked by hand gave, in words.
pub fn handed_in(file_count: u32) -> String {
    match file_count {
        0 => "looked through by hand: nothing is held".to_owned(),
        1 => "looked through by hand: 1 file".to_owned(),
        count => format!("looked through by hand: {count} files"),
    }
}
