//! What changed between two versions of datasets.
//!
//! A change of a category or reference changes what people are given, so each is listed by itself.

#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

use crate::model::{Collection, Dataset, Direction, Field, Reference};
use crate::path::FieldPath;
use crate::plan::{DataKind, DataType};
use crate::taxonomy::Category;

/// What happened to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// Where: `dataset`, `dataset.collection` or `dataset.collection.field`.
    pub place: String,
    /// What: `dataset`, `collection`, `field`, `category`, `reference`, `identity`...
    pub what: &'static str,
    /// What happened.
    pub kind: ChangeKind,
    /// What it was.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, what, kind, old, new } = self;
        match (kind, old.as_deref(), new.as_deref()) {
            (ChangeKind::Added, _, Some(new)) => write!(f, "{place}: {what} {new} added"),
            (ChangeKind::Removed, Some(old), _) => write!(f, "{place}: {what} {old} removed"),
            (ChangeKind::Added, _, None) => write!(f, "{place}: {what} added"),
            (ChangeKind::Removed, None, _) => write!(f, "{place}: {what} removed"),
            (ChangeKind::Changed, old, new) => {
                write!(f, "{place}: {what} was {}, is {}", old.unwrap_or("unset"), new.unwrap_or("unset"))
            }
        }
    }
}

/// Returns the differences, by place.
pub fn diff(old: &[Dataset], new: &[Dataset]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (old, new) in pairs(old, new, |dataset| dataset.key.to_string()) {
        let key = old.or(new).map_or("", |dataset| &dataset.key);
        match (old, new) {
            (Some(old), Some(new)) => dataset(key, old, new, &mut changes),
            (old, _) => whole(key, "dataset", old.is_none(), &mut changes),
        }
    }
    changes.sort();
    changes
}

fn dataset(place: &str, old: &Dataset, new: &Dataset, changes: &mut Vec<Change>) {
    categories(place, &old.categories, &new.categories, changes);
    for (old, new) in pairs(&old.collections, &new.collections, |collection| collection.name.to_string()) {
        let name = old.or(new).map_or("", |collection| &collection.name);
        let place = format!("{place}.{name}");
        match (old, new) {
            (Some(old), Some(new)) => collection(&place, old, new, changes),
            (old, _) => whole(&place, "collection", old.is_none(), changes),
        }
    }
}

fn collection(place: &str, old: &Collection, new: &Collection, changes: &mut Vec<Change>) {
    categories(place, &old.categories, &new.categories, changes);
    let names = |list: &[crate::model::Named]| {
        let names: Vec<&str> = list.iter().map(|named| &*named.name).collect();
        names.join(", ")
    };
    changed(place, "after", (&names(&old.after), &names(&new.after)), changes);
    changed(place, "erase_after", (&names(&old.erase_after), &names(&new.erase_after)), changes);
    flag(place, "skip_processing", old.skips_processing, new.skips_processing, changes);
    flag(place, "third_party", old.third_party, new.third_party, changes);
    flag(place, "one_person", old.one_person, new.one_person, changes);
    let is_same_filter = old.filter == new.filter && old.soft_delete == new.soft_delete;
    if !is_same_filter {
        changes.push(change(place, "filter", ChangeKind::Changed, None, None));
    }
    for (old, new) in pairs(&listed(old), &listed(new), |(path, _)| path.to_string()) {
        let Some((path, _)) = old.or(new) else { continue };
        let place = format!("{place}.{path}");
        match (old, new) {
            (Some((_, old)), Some((_, new))) => field(&place, old, new, changes),
            (old, _) => whole(&place, "field", old.is_none(), changes),
        }
    }
}

fn listed(collection: &Collection) -> Vec<(FieldPath, &Field)> {
    let mut listed = Vec::new();
    collection.each_field(|path, field| listed.push((path.clone(), field)));
    listed
}

fn field(place: &str, old: &Field, new: &Field, changes: &mut Vec<Change>) {
    categories(place, &old.categories, &new.categories, changes);
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    changed(place, "identity", (&text(old.identity.as_deref()), &text(new.identity.as_deref())), changes);
    changed(place, "data_type", (&type_name(old.data_type), &type_name(new.data_type)), changes);
    let length = |field: &Field| field.length.map(|n| n.to_string()).unwrap_or_default();
    changed(place, "length", (&length(old), &length(new)), changes);
    flag(place, "primary_key", old.is_primary_key, new.is_primary_key, changes);
    flag(place, "read_only", old.is_read_only, new.is_read_only, changes);
    flag(place, "return_all_elements", old.returns_all_elements, new.returns_all_elements, changes);
    let credential = |field: &Field| field.credential.map(|c| c.to_string()).unwrap_or_default();
    changed(place, "credential", (&credential(old), &credential(new)), changes);
    if old.masking != new.masking {
        changes.push(change(place, "masking_strategy_override", ChangeKind::Changed, None, None));
    }
    for (old, new) in pairs(&old.references, &new.references, reference) {
        let words = old.or(new).map(reference);
        match (old, new) {
            (Some(_), Some(_)) => {}
            (None, _) => changes.push(change(place, "reference", ChangeKind::Added, None, words)),
            (Some(_), None) => changes.push(change(place, "reference", ChangeKind::Removed, words, None)),
        }
    }
}

fn reference(reference: &Reference) -> String {
    let direction = match reference.direction {
        Direction::From => "from",
        Direction::To => "to",
        Direction::Either => "from or to",
    };
    let third_party = if reference.third_party { " (third party)" } else { "" };
    let when = if reference.when.is_empty() { "" } else { " (conditional)" };
    format!("{direction} {}.{}{third_party}{when}", reference.dataset, reference.field)
}

fn type_name(data_type: Option<DataType>) -> String {
    let Some(data_type) = data_type else { return String::new() };
    let name = match data_type.kind {
        DataKind::String => "string",
        DataKind::Integer => "integer",
        DataKind::Float => "float",
        DataKind::Boolean => "boolean",
        DataKind::ObjectId => "object_id",
        DataKind::Object => "object",
    };
    format!("{name}{}", if data_type.is_array { "[]" } else { "" })
}

fn categories(place: &str, old: &[Category], new: &[Category], changes: &mut Vec<Change>) {
    for category in new.iter().filter(|category| !old.contains(category)) {
        changes.push(change(place, "category", ChangeKind::Added, None, Some(category.to_string())));
    }
    for category in old.iter().filter(|category| !new.contains(category)) {
        changes.push(change(place, "category", ChangeKind::Removed, Some(category.to_string()), None));
    }
}

/// Adds a change of a value; empty stands for unset.
fn changed(place: &str, what: &'static str, (old, new): (&str, &str), changes: &mut Vec<Change>) {
    let set = |value: &str| if value.is_empty() { None } else { Some(value.to_owned()) };
    if old != new {
        changes.push(change(place, what, ChangeKind::Changed, set(old), set(new)));
    }
}

fn flag(place: &str, what: &'static str, old: bool, new: bool, changes: &mut Vec<Change>) {
    changed(place, what, (&old.to_string(), &new.to_string()), changes);
}

fn whole(place: &str, what: &'static str, is_new: bool, changes: &mut Vec<Change>) {
    let kind = if is_new { ChangeKind::Added } else { ChangeKind::Removed };
    changes.push(change(place, what, kind, None, None));
}

fn change(
    place: &str,
    what: &'static str,
    kind: ChangeKind,
    old: Option<String>,
    new: Option<String>,
) -> Change {
    Change { place: place.to_owned(), what, kind, old, new }
}

/// Pairs what has the same name; the first of two of one side with the same name stands for both.
fn pairs<'a, T>(
    old: &'a [T],
    new: &'a [T],
    name: impl Fn(&T) -> String,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let by_name = |list: &'a [T]| -> std::collections::BTreeMap<String, &'a T> {
        list.iter().rev().map(|item| (name(item), item)).collect()
    };
    let (old, mut new) = (by_name(old), by_name(new));
    let mut pairs: Vec<_> = old.into_iter().map(|(name, item)| (Some(item), new.remove(&name))).collect();
    pairs.extend(new.into_values().map(|item| (None, Some(item))));
    pairs
}
