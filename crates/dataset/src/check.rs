//! Checks datasets against each other: everything wrong is told at once.
//!
//! Errors make the datasets unusable: a dangling reference would leave data unfound without a word.
//! Warnings are for a person to look at: columns without category, collections nothing leads to.

mod order;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use habeas_core::yaml::{Problem, nearest};

use crate::graph::Graph;
use crate::index::{At, Index, Target};
use crate::model::{Collection, Dataset, Direction, Field, Place, Reference};
use crate::path::FieldPath;
use crate::plan::{DataKind, DataType};
use crate::policy::is_credential;

/// Returns everything wrong with datasets that form one installation, by file and line.
pub fn check(datasets: &[Dataset]) -> Vec<Problem> {
    let index = Index::new(datasets);
    let mut problems = Vec::new();
    duplicates(datasets, &mut problems);
    for (at, _, collection) in index.all() {
        names_inside(collection, &mut problems);
        collection.each_field(|path, field| {
            for reference in &field.references {
                check_reference(&index, at, (path, field), reference, &mut problems);
            }
        });
        composite_keys(&index, collection, &mut problems);
        categories(datasets.get(at.0), collection, &mut problems);
    }
    order::check(&index, datasets, &mut problems);
    if !problems.iter().any(Problem::is_error) {
        unreached(datasets, &mut problems);
    }
    problems.sort();
    problems.dedup();
    problems
}

fn duplicates(datasets: &[Dataset], problems: &mut Vec<Problem>) {
    let mut seen: HashMap<&str, &Place> = HashMap::new();
    for dataset in datasets {
        match seen.get(&*dataset.key) {
            Some(other) => problems.push(dataset.at.error(format!(
                "there is another dataset '{}' in {} on line {}",
                dataset.key, other.file, other.line
            ))),
            None => {
                seen.insert(&dataset.key, &dataset.at);
            }
        }
    }
}

/// Checks that what a collection says about its own fields names fields it has.
fn names_inside(collection: &Collection, problems: &mut Vec<Problem>) {
    let mut expect = |path: &FieldPath, at: &Place, what: &str| {
        if collection.lookup(path).is_none() {
            let mut known = Vec::new();
            collection.each_field(|path, _| known.push(path.to_string()));
            let message =
                format!("{what} names the field '{path}', which '{}' doesn't have", collection.name);
            let problem = at.error(message);
            problems.push(match nearest(&path.to_string(), known.iter().map(String::as_str)) {
                Some(near) => problem.with_hint(format!("did you mean '{near}'?")),
                None => problem,
            });
        }
    };
    for condition in &collection.filter {
        expect(&condition.field, &collection.at, "habeas.filter");
    }
    if let Some(condition) = &collection.soft_delete {
        expect(&condition.field, &collection.at, "habeas.soft_delete");
    }
    for key in &collection.composite_keys {
        for path in &key.fields {
            expect(path, &key.at, "a composite key");
        }
    }
    collection.each_field(|_, field| {
        for path in &field.derived_from {
            expect(path, &field.at, "habeas.derived_from");
        }
        for reference in &field.references {
            for condition in &reference.when {
                expect(&condition.field, &reference.at, "habeas.when");
            }
        }
    });
}

fn check_reference(
    index: &Index<'_>,
    at: At,
    (path, field): (&FieldPath, &Field),
    reference: &Reference,
    problems: &mut Vec<Problem>,
) {
    let target = match index.target(reference) {
        Ok(target) => target,
        Err(problem) => return problems.push(problem),
    };
    if target.at == at {
        if target.path == *path {
            problems.push(reference.at.error("the field refers to itself"));
        } else if reference.direction == Direction::Either {
            let message = "a reference within one collection needs a direction";
            let hint = "'from' follows from the other field to this one, 'to' the other way";
            problems.push(reference.at.error(message).with_hint(hint));
        }
    }
    if index.collection(target.at).is_some_and(|collection| collection.skips_processing) {
        let message = format!("the reference leads to '{}', which says skip_processing", reference.field);
        problems.push(reference.at.error(message).with_hint("without it records would be missed"));
    }
    problems.extend(types(field, &target, reference));
}

/// Checks that values of two linked fields can be equal.
fn types(field: &Field, target: &Target<'_>, reference: &Reference) -> Option<Problem> {
    let (here, there) = (field.data_type?, target.field.data_type?);
    let words = |t: DataType| {
        let name = match t.kind {
            DataKind::String => "string",
            DataKind::Integer => "integer",
            DataKind::Float => "float",
            DataKind::Boolean => "boolean",
            DataKind::ObjectId => "object_id",
            DataKind::Object => "object",
        };
        format!("{name}{}", if t.is_array { "[]" } else { "" })
    };
    let is_number = |kind| matches!(kind, DataKind::Integer | DataKind::Float);
    let fits = match (here.kind, there.kind) {
        (DataKind::Object, _) | (_, DataKind::Object) => false,
        (a, b) if a == b => true,
        (DataKind::Boolean, _) | (_, DataKind::Boolean) => false,
        (DataKind::ObjectId, other) | (other, DataKind::ObjectId) => other == DataKind::String,
        (a, b) if is_number(a) && is_number(b) => true,
        // Numbers are often kept as text on one side; values are compared as text then.
        _ => true,
    };
    if fits {
        return None;
    }
    let message = format!("{} can't equal {} of '{}'", words(here), words(there), reference.field);
    Some(reference.at.error(message))
}

/// Checks that the fields of a composite key refer to the same collections, each of them.
fn composite_keys(index: &Index<'_>, collection: &Collection, problems: &mut Vec<Problem>) {
    for key in &collection.composite_keys {
        let targets: Vec<Vec<(At, Direction)>> = key
            .fields
            .iter()
            .filter_map(|path| collection.lookup(path))
            .map(|field| {
                let found =
                    field.references.iter().filter_map(|r| Some((index.target(r).ok()?.at, r.direction)));
                found.collect()
            })
            .collect();
        let all: Vec<(At, Direction)> = targets.concat();
        if all.is_empty() {
            problems.push(key.at.error("no field of the composite key has a reference"));
        }
        if let Some((at, _)) = all.iter().find(|one| !targets.iter().all(|of_field| of_field.contains(one))) {
            let name = index.collection(*at).map_or("", |collection| &collection.name);
            let message =
                format!("not every field of the composite key refers to '{name}' in the same direction");
            problems.push(key.at.error(message));
        }
    }
}

fn categories(dataset: Option<&Dataset>, collection: &Collection, problems: &mut Vec<Problem>) {
    let has_around =
        !collection.categories.is_empty() || dataset.is_some_and(|dataset| !dataset.categories.is_empty());
    if collection.skips_processing {
        return;
    }
    for field in &collection.fields {
        uncategorised(field, &FieldPath::of(field.name.clone()), (collection, has_around), problems);
    }
    collection.each_field(|path, field| {
        if field.credential.is_none() && is_credential(field) {
            let message =
                format!("'{}.{path}' is taken for a credential and never given to anybody", collection.name);
            let hint = "say so with habeas: {credential: true}, or deny it with false";
            problems.push(field.at.warning(message).with_hint(hint));
        }
    });
}

fn uncategorised(
    field: &Field,
    path: &FieldPath,
    (collection, has_around): (&Collection, bool),
    problems: &mut Vec<Problem>,
) {
    if has_around || !field.categories.is_empty() {
        return;
    }
    if field.fields.is_empty() {
        let message = format!("'{}.{path}' has no data category, so no reply includes it", collection.name);
        problems.push(field.at.warning(message));
    }
    for inner in &field.fields {
        uncategorised(inner, &path.join(inner.name.clone()), (collection, has_around), problems);
    }
}

fn unreached(datasets: &[Dataset], problems: &mut Vec<Problem>) {
    let index = Index::new(datasets);
    for (at, reason) in Graph::unchecked(datasets.to_vec()).never_reached() {
        if let Some(collection) = index.collection(at) {
            let message = format!("nothing leads to '{}': {reason}", collection.name);
            problems.push(collection.at.warning(message));
        }
    }
}
