//! What a person is given of a row.
//!
//! Two steps, both pure: [`keep_matching`] drops the elements of lists that are other people's, and
//! [`Selection::select`] takes the fields a policy includes. Documents inside a column must have been taken
//! apart before (arrays and objects, not JSON text). Empty lists and objects are left out: they say nothing
//! about a person, and a document whose fields are all left out would otherwise show as `{}`.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use habeas_core::value::{Row, Value};
use serde::Serialize;

use crate::path::FieldPath;

/// The part of a row or nested value that is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// All of it.
    All,
    /// Some fields of it. Lists are passed through; of a value without fields nothing is given.
    Fields {
        /// What is given of each of these, in the order of the dataset.
        named: Vec<(Arc<str>, Selection)>,
        /// Whether fields not named are given too.
        others: bool,
    },
}

impl Selection {
    /// Selects nothing.
    pub fn nothing() -> Self {
        Self::Fields { named: Vec::new(), others: false }
    }

    /// Selects the fields of some paths.
    pub fn of<'p>(paths: impl IntoIterator<Item = &'p FieldPath>) -> Self {
        let mut selection = Self::nothing();
        for path in paths {
            selection.add(path.names());
        }
        selection
    }

    /// Returns whether nothing is given.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::All => false,
            Self::Fields { named, others } => !others && named.iter().all(|(_, inner)| inner.is_empty()),
        }
    }

    /// Returns what is given of a row, in the order of the row.
    pub fn select(&self, row: &Row) -> Row {
        Row::new(full_fields(&self.pick_fields(row.fields())))
    }

    fn add(&mut self, names: &[Arc<str>]) {
        let Some((first, rest)) = names.split_first() else {
            *self = Self::All;
            return;
        };
        let Self::Fields { named, .. } = self else { return };
        if let Some((_, inner)) = named.iter_mut().find(|(name, _)| name == first) {
            inner.add(rest);
        } else {
            let mut inner = Self::nothing();
            inner.add(rest);
            named.push((first.clone(), inner));
        }
    }

    fn pick_fields(&self, fields: &[(Arc<str>, Value)]) -> Vec<(Arc<str>, Value)> {
        let pick = |(name, value): &(Arc<str>, Value)| {
            let selection = match self {
                Self::All => Some(&Self::All),
                Self::Fields { named, others } => match named.iter().find(|(known, _)| known == name) {
                    Some((_, inner)) => Some(inner),
                    None => others.then_some(&Self::All),
                },
            };
            selection?.pick(value).map(|value| (name.clone(), value))
        };
        fields.iter().filter_map(pick).collect()
    }

    /// Returns what is given of a value; `None` where nothing is.
    fn pick(&self, value: &Value) -> Option<Value> {
        if *self == Self::All {
            return Some(value.clone());
        }
        match value {
            Value::Object(fields) => {
                let picked = self.pick_fields(fields);
                if picked.is_empty() { None } else { Some(Value::Object(picked)) }
            }
            Value::Array(items) => {
                let picked: Vec<Value> = items.iter().filter_map(|item| self.pick(item)).collect();
                if picked.is_empty() { None } else { Some(Value::Array(picked)) }
            }
            _ => None,
        }
    }
}

/// Returns the fields that hold something, without what is empty inside them.
fn full_fields(fields: &[(Arc<str>, Value)]) -> Vec<(Arc<str>, Value)> {
    fields.iter().filter_map(|(name, value)| full(value).map(|value| (name.clone(), value))).collect()
}

fn full(value: &Value) -> Option<Value> {
    match value {
        Value::Object(fields) => {
            let full = full_fields(fields);
            if full.is_empty() { None } else { Some(Value::Object(full)) }
        }
        Value::Array(items) => {
            let full: Vec<Value> = items.iter().filter_map(full).collect();
            if full.is_empty() { None } else { Some(Value::Array(full)) }
        }
        other => Some(other.clone()),
    }
}

/// A field with the test whether one of its values is the subject's.
pub type Match<'m> = (&'m FieldPath, &'m dyn Fn(&Value) -> bool);

/// Drops the elements of lists that the row was not found by. Give every lookup of the row's node with
/// `only_matching_elements`: an element stays when any of them matches inside it.
pub fn keep_matching(row: &Row, matches: &[Match<'_>]) -> Row {
    let paths: Vec<Way<'_>> = matches.iter().map(|(path, test)| (path.names(), *test)).collect();
    Row::new(narrow_fields(row.fields(), &paths))
}

type Way<'m> = (&'m [Arc<str>], &'m dyn Fn(&Value) -> bool);

fn narrow_fields(fields: &[(Arc<str>, Value)], ways: &[Way<'_>]) -> Vec<(Arc<str>, Value)> {
    fields.iter().map(|(name, value)| (name.clone(), narrow(value, &inside(ways, name)))).collect()
}

fn inside<'m>(ways: &[Way<'m>], name: &Arc<str>) -> Vec<Way<'m>> {
    ways.iter()
        .filter_map(|(names, test)| match names.split_first() {
            Some((first, rest)) if first == name => Some((rest, *test)),
            _ => None,
        })
        .collect()
}

fn narrow(value: &Value, ways: &[Way<'_>]) -> Value {
    if ways.is_empty() {
        return value.clone();
    }
    match value {
        Value::Array(items) => {
            let kept = items.iter().filter(|item| ways.iter().any(|way| is_found(item, *way)));
            Value::Array(kept.map(|item| narrow(item, ways)).collect())
        }
        Value::Object(fields) => Value::Object(narrow_fields(fields, ways)),
        other => other.clone(),
    }
}

fn is_found(value: &Value, (names, test): Way<'_>) -> bool {
    match (value, names.split_first()) {
        (Value::Array(items), _) => items.iter().any(|item| is_found(item, (names, test))),
        (Value::Object(fields), Some((first, rest))) => {
            fields.iter().any(|(name, inner)| name == first && is_found(inner, (rest, test)))
        }
        (other, None) => test(other),
        (_, Some(_)) => false,
    }
}
