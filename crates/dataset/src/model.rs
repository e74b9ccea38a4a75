//! The described contents of a data source, as its dataset file says.
//!
//! Everything a file can say is kept, with the place where it stands, so that what is checked later
//! (references between files, schema drift, plans) can still point to the line.

use std::collections::BTreeMap;
use std::sync::Arc;

use habeas_core::yaml::Problem;
use serde::Serialize;

use crate::masking::{Masking, Pseudonym};
use crate::normalise::Normaliser;
use crate::path::FieldPath;
use crate::plan::{Condition, DataType};
use crate::taxonomy::Category;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The path of keys.
    pub path: String,
}

impl Place {
    /// Makes an error at this place.
    pub fn error(&self, message: impl Into<String>) -> Problem {
        Problem::error(self.file.clone(), self.line, self.path.clone(), message)
    }

    /// Makes a warning at this place.
    pub fn warning(&self, message: impl Into<String>) -> Problem {
        self.error(message).as_warning()
    }
}

/// A data source.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The key other datasets and connections know it by.
    pub key: Arc<str>,
    /// The name for people.
    pub name: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// The categories of everything in it that has none of its own.
    pub categories: Vec<Category>,
    /// Datasets to be read before this one.
    pub after: Vec<Named>,
    /// Where the source keeps the collections (`schema`, `database`...).
    pub namespace: BTreeMap<String, String>,
    /// The resource it describes.
    pub resource_id: Option<String>,
    /// Whether its name is left out of what people are given.
    pub redacts_name: bool,
    /// Its record sets.
    pub collections: Vec<Collection>,
    /// Where it stands.
    pub at: Place,
}

/// A name with the place where it is used.
#[derive(Debug, Clone)]
pub struct Named {
    /// The name.
    pub name: Arc<str>,
    /// Where it stands.
    pub at: Place,
}

/// A record set of a source: a table, a document collection, an endpoint.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The name.
    pub name: Arc<str>,
    /// What it is.
    pub description: Option<String>,
    /// The categories of everything in it, fields not listed too.
    pub categories: Vec<Category>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Collections (`dataset.collection`) to be read before.
    pub after: Vec<Named>,
    /// Collections (`dataset.collection`) to be erased before.
    pub erase_after: Vec<Named>,
    /// Whether it is left out.
    pub skips_processing: bool,
    /// Whether erasure deletes its rows whatever the policy says.
    pub deletes_rows: bool,
    /// How the source is partitioned, as it stands in the file.
    pub partitioning: Option<serde_json::Value>,
    /// Whether its name is left out of what people are given.
    pub redacts_name: bool,
    /// Whether its rows are about other people than the one they are found for.
    pub third_party: bool,
    /// Whether each row is one person, so that another identity in it is that person's.
    pub one_person: bool,
    /// What every row must satisfy.
    pub filter: Vec<Condition>,
    /// Fields whose references make one link together.
    pub composite_keys: Vec<CompositeKey>,
    /// How a deleted row is marked where rows are not really deleted.
    pub soft_delete: Option<Condition>,
    /// What erasure does with its rows, whatever the policy says.
    pub erasure: Option<ErasureAction>,
    /// Where it stands.
    pub at: Place,
}

impl Collection {
    /// Returns the field of a path.
    pub fn lookup(&self, path: &FieldPath) -> Option<&Field> {
        let (first, rest) = path.names().split_first()?;
        let mut field = self.fields.iter().find(|field| field.name == *first)?;
        for name in rest {
            field = field.fields.iter().find(|field| field.name == *name)?;
        }
        Some(field)
    }

    /// Calls with every field, nested ones too, outer ones first.
    pub fn each_field<'a>(&'a self, mut visit: impl FnMut(&FieldPath, &'a Field)) {
        fn walk<'a>(
            fields: &'a [Field],
            above: Option<&FieldPath>,
            visit: &mut impl FnMut(&FieldPath, &'a Field),
        ) {
            for field in fields {
                let path = match above {
                    Some(above) => above.join(field.name.clone()),
                    None => FieldPath::of(field.name.clone()),
                };
                visit(&path, field);
                walk(&field.fields, Some(&path), visit);
            }
        }
        walk(&self.fields, None, &mut visit);
    }
}

/// Fields whose references make one link together.
#[derive(Debug, Clone)]
pub struct CompositeKey {
    /// The fields.
    pub fields: Vec<FieldPath>,
    /// Where it stands.
    pub at: Place,
}

/// What erasure does with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureAction {
    /// The row is deleted.
    Delete,
    /// Its personal fields are masked.
    Mask,
    /// It is kept.
    Keep,
}

/// A column, or a field inside one.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name.
    pub name: Arc<str>,
    /// What it is.
    pub description: Option<String>,
    /// What kind of data it holds.
    pub categories: Vec<Category>,
    /// Its type.
    pub data_type: Option<DataType>,
    /// Fields inside it.
    pub fields: Vec<Field>,
    /// Links to other fields.
    pub references: Vec<Reference>,
    /// The kind of identity it holds.
    pub identity: Option<Arc<str>>,
    /// Whether it names the row, alone or with others.
    pub is_primary_key: bool,
    /// The longest value it takes.
    pub length: Option<u64>,
    /// Whether a list is given whole where only one element is the person's.
    pub returns_all_elements: bool,
    /// Whether it can't be changed.
    pub is_read_only: bool,
    /// The field of a request whose value it is compared with.
    pub custom_request_field: Option<Arc<str>>,
    /// How erasure masks it, whatever the policy says.
    pub masking: Option<Masking>,
    /// Whether its name is left out of what people are given.
    pub redacts_name: bool,
    /// How values are brought into one form before they are compared.
    pub normaliser: Option<Normaliser>,
    /// Whether it holds a credential; where the file doesn't say, the name and category decide.
    pub credential: Option<bool>,
    /// Whether an identity found in it is followed; where the file doesn't say, the graph decides.
    pub feeds_back: Option<bool>,
    /// The fact about a person that it holds, which a rectification may name.
    pub fact: Option<Arc<str>>,
    /// The fields of the same row that its value is made from.
    pub derived_from: Vec<FieldPath>,
    /// The kind of invented value that replaces it.
    pub pseudonym: Option<Pseudonym>,
    /// Whether it is text that holds a JSON document.
    pub is_json: bool,
    /// Where it stands.
    pub at: Place,
}

impl Field {
    /// Returns whether values are lists.
    pub fn is_array(&self) -> bool {
        self.data_type.is_some_and(|data_type| data_type.is_array)
    }
}

/// A link from a field to another.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The dataset of the other field.
    pub dataset: Arc<str>,
    /// The other field: `collection.field`, as written.
    pub field: Arc<str>,
    /// Which way values flow.
    pub direction: Direction,
    /// Whether it leads to other people.
    pub third_party: bool,
    /// What the row that holds the reference must satisfy for the link to count (a type column).
    pub when: Vec<Condition>,
    /// Where it stands.
    pub at: Place,
}

/// Which way values flow over a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the other field into this one.
    From,
    /// From this field into the other.
    To,
    /// From whichever is reached first.
    Either,
}
