//! Which fields of a collection a policy includes.
//!
//! A field's own categories decide. What has none takes those of the field around it, of the collection, of
//! the dataset. Where a whole (collection or nested record) is included, all of it is, listed or not, but
//! never credentials and never what the policy excludes by name.

use crate::filter::Selection;
use crate::model::{Collection, Dataset, Field};
use crate::path::FieldPath;
use crate::policy::{Inclusion, is_credential};

pub(crate) struct Selected {
    pub(crate) selection: Selection,
    pub(crate) reads_all: bool,
    pub(crate) uncategorised: Vec<FieldPath>,
}

pub(crate) fn select(dataset: &Dataset, collection: &Collection, included: &Inclusion) -> Selected {
    let around = if collection.categories.is_empty() { &dataset.categories } else { &collection.categories };
    let is_whole = !around.is_empty() && included.takes(around);
    let mut uncategorised = Vec::new();
    if around.is_empty() {
        for field in &collection.fields {
            list_uncategorised(field, &FieldPath::of(field.name.clone()), &mut uncategorised);
        }
    }
    let selection = if is_whole {
        whole(&collection.fields, included)
    } else {
        parts(&collection.fields, included, !around.is_empty())
    };
    Selected { selection, reads_all: is_whole, uncategorised }
}

/// Returns whether a path leads through a list of which only the matching elements are the subject's.
pub(crate) fn narrows(collection: &Collection, path: &FieldPath) -> bool {
    let mut fields = &collection.fields;
    let mut narrows = false;
    for name in path.names() {
        let Some(field) = fields.iter().find(|field| field.name == *name) else { return narrows };
        if field.returns_all_elements {
            return false;
        }
        narrows |= field.is_array();
        fields = &field.fields;
    }
    narrows
}

fn whole(fields: &[Field], included: &Inclusion) -> Selection {
    let mut named = Vec::new();
    for field in fields {
        let inner = if is_credential(field) || included.refuses(&field.categories) {
            Selection::nothing()
        } else {
            whole(&field.fields, included)
        };
        if inner != Selection::All {
            named.push((field.name.clone(), inner));
        }
    }
    if named.is_empty() { Selection::All } else { Selection::Fields { named, others: true } }
}

fn parts(fields: &[Field], included: &Inclusion, has_around: bool) -> Selection {
    let mut named = Vec::new();
    for field in fields.iter().filter(|field| !is_credential(field)) {
        let is_leaf = field.fields.is_empty();
        let is_taken = match field.categories.as_slice() {
            [] => is_leaf && !has_around && included.takes(&[]),
            own => included.takes(own),
        };
        let inner = if is_taken {
            whole(&field.fields, included)
        } else {
            parts(&field.fields, included, has_around || !field.categories.is_empty())
        };
        if !inner.is_empty() {
            named.push((field.name.clone(), inner));
        }
    }
    Selection::Fields { named, others: false }
}

fn list_uncategorised(field: &Field, path: &FieldPath, found: &mut Vec<FieldPath>) {
    if !field.categories.is_empty() {
        return;
    }
    if field.fields.is_empty() {
        found.push(path.clone());
    }
    for inner in &field.fields {
        list_uncategorised(inner, &path.join(inner.name.clone()), found);
    }
}
