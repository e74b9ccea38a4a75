//! What erasure does with each row: pure.
//!
//! [`rules`] says once for a collection what the policy wants of it; [`decide`] says for each row what is done:
//! deleted, fields masked, kept with the reason, or only unlinked because others share it. Order of
//! precedence, strongest first: legal hold, other people's share in the row, retention rule, what the dataset
//! says of the collection, a field's own override, the policy's most specific category.
//! [`fit`] tells before anything runs whether a column takes what a strategy makes.

mod decide;
pub mod fit;
mod rules;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use habeas_core::value::{Row, Value};
use serde::Serialize;

use crate::masking::{Effect, Masking, Pseudonym};
use crate::path::FieldPath;
use crate::retention::Kept;
use crate::taxonomy::Category;

pub use decide::{Decider, NEUTRAL, neutral};
pub use rules::{everything, rules, unknown_categories, unused_rules};

/// What is to be done with the rows of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionRules {
    /// The dataset's key.
    pub dataset: Arc<str>,
    /// The collection's name.
    pub collection: Arc<str>,
    /// What is done with a row as a whole.
    pub row: RowRule,
    /// The fields that are masked where the row stays.
    pub fields: Vec<FieldRule>,
    /// The fields that are masked where a row should be deleted and can't be.
    pub instead: Vec<FieldRule>,
    /// Fields a rule is about and the dataset calls read_only, or that only link rows.
    pub spared: Vec<(FieldPath, Spared)>,
    /// What is done with columns the dataset doesn't list, where the collection has a category as a whole.
    pub others: Option<FieldRule>,
    /// The columns the dataset lists.
    pub listed: Vec<Arc<str>>,
    /// How a deleted row would be marked if it weren't really deleted.
    pub soft_delete: Option<FieldPath>,
}

/// What is done with a row as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowRule {
    /// It is deleted.
    Delete {
        /// What says so.
        because: String,
    },
    /// It is kept.
    Keep {
        /// What says so.
        because: String,
    },
    /// Its fields decide.
    Fields,
}

/// Why a field is left as it is although a rule is about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spared {
    /// The dataset says read_only.
    ReadOnly,
    /// It only tells rows apart or links them, and no policy names it.
    Key,
}

/// What is done with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRule {
    /// The field.
    pub path: FieldPath,
    /// How it is masked.
    pub masking: Masking,
    /// The kind of invented value.
    pub kind: Option<Pseudonym>,
    /// The longest value the dataset allows.
    pub length: Option<u64>,
    /// What says so.
    pub because: String,
    /// Its categories.
    pub categories: Vec<Category>,
    /// Whether another strategy may take the place of one the column can't take: nobody asked for this one.
    pub may_soften: bool,
}

/// A row a decision is to be made on.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// Its values, documents taken apart.
    pub row: &'a Row,
    /// Which elements of lists are the subject's, where not all are.
    pub own: &'a [Own],
    /// The fields it was found by.
    pub found_by: &'a [FieldPath],
    /// Why it is other people's too, if it is.
    pub others: Option<&'a str>,
    /// What names it among all rows.
    pub place: &'a str,
    /// The identities of those it was found for.
    pub identities: &'a [(Arc<str>, String)],
}

/// The elements of a list that are the subject's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The field that was compared.
    pub path: FieldPath,
    /// The places of the elements that matched, one number for each list on the way.
    pub places: Vec<Vec<usize>>,
}

/// What is done with a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It is deleted.
    Delete {
        /// What says so.
        because: String,
    },
    /// Fields are masked.
    Mask(Masks),
    /// It stays for others; the subject is taken out of it.
    Unlink(Masks, Kept),
    /// It is kept.
    Keep(Kept),
    /// No rule is about it, or all is as it should be already.
    Nothing,
}

/// What becomes of the fields of a row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Masks {
    /// The columns that change, with their new values.
    pub columns: Vec<(Arc<str>, Value)>,
    /// The fields that are masked, changed or not.
    pub fields: Vec<MaskedField>,
    /// The fields that are kept, and why.
    pub kept: Vec<KeptField>,
}

/// A masked field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaskedField {
    /// The field.
    pub field: FieldPath,
    /// The strategy.
    pub strategy: &'static str,
    /// What becomes of the value.
    pub effect: Effect,
    /// What says so.
    pub because: String,
}

/// A field that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptField {
    /// The field.
    pub field: FieldPath,
    /// Why.
    #[serde(flatten)]
    pub kept: Kept,
}

/// A rule that can't be carried out on a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// The field.
    pub field: FieldPath,
    /// The strategy.
    pub strategy: &'static str,
    /// What is in the way, and what to do.
    pub message: String,
}
