//! What a source has that its dataset doesn't say, and the other way round.
//!
//! A column the dataset doesn't know is data no reply will hold; a field the source doesn't have makes
//! every read of its collection fail.

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::model::{Collection, Dataset};

/// A table as its source describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name.
    pub name: String,
    /// The names of its columns.
    pub columns: Vec<String>,
}

/// What a dataset and its source differ in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// Tables of the source that no collection stands for.
    pub unknown_tables: Vec<String>,
    /// Columns of the source that their collection doesn't list.
    pub unknown_columns: Vec<Column>,
    /// Collections that no table of the source stands for.
    pub missing_tables: Vec<String>,
    /// Fields whose table has no such column.
    pub missing_columns: Vec<Column>,
}

/// A column by its table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The collection.
    pub collection: String,
    /// The column or field.
    pub name: String,
}

impl Drift {
    /// Returns whether dataset and source agree.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Compares a dataset with the tables of its source. A collection categorised as a whole needs no fields,
/// so its columns are never unknown.
pub fn drift(dataset: &Dataset, tables: &[Table]) -> Drift {
    let mut drift = Drift::default();
    for table in tables {
        let collection = dataset.collections.iter().find(|collection| *collection.name == *table.name);
        let Some(collection) = collection else {
            drift.unknown_tables.push(table.name.clone());
            continue;
        };
        if !collection.skips_processing {
            compare(collection, table, &mut drift);
        }
    }
    for collection in dataset.collections.iter().filter(|collection| !collection.skips_processing) {
        if !tables.iter().any(|table| *table.name == *collection.name) {
            drift.missing_tables.push(collection.name.to_string());
        }
    }
    drift
}

fn compare(collection: &Collection, table: &Table, drift: &mut Drift) {
    let column = |name: &str| Column { collection: table.name.clone(), name: name.to_owned() };
    for name in &table.columns {
        let is_listed = collection.fields.iter().any(|field| *field.name == **name);
        if !is_listed && collection.categories.is_empty() {
            drift.unknown_columns.push(column(name));
        }
    }
    for field in &collection.fields {
        if !table.columns.iter().any(|name| **name == *field.name) {
            drift.missing_columns.push(column(&field.name));
        }
    }
}
