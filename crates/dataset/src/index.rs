//! Finds datasets, collections and fields by the names files use for each other.
//!
//! Keys and names may hold dots, and files join them with dots: every way to split is tried, and the one
//! that names something is meant.

use std::collections::HashMap;

use habeas_core::yaml::{Problem, nearest};

use crate::model::{Collection, Dataset, Field, Named, Reference};
use crate::path::FieldPath;

/// The place of a collection: that of its dataset, and its own within it.
pub(crate) type At = (usize, usize);

/// Where a reference leads.
pub(crate) struct Target<'d> {
    pub(crate) at: At,
    pub(crate) path: FieldPath,
    pub(crate) field: &'d Field,
}

pub(crate) struct Index<'d> {
    datasets: &'d [Dataset],
    by_key: HashMap<&'d str, usize>,
    by_name: HashMap<(usize, &'d str), usize>,
}

impl<'d> Index<'d> {
    pub(crate) fn new(datasets: &'d [Dataset]) -> Self {
        let mut index = Self { datasets, by_key: HashMap::new(), by_name: HashMap::new() };
        for (place, dataset) in datasets.iter().enumerate() {
            index.by_key.entry(&dataset.key).or_insert(place);
            for (inner, collection) in dataset.collections.iter().enumerate() {
                index.by_name.entry((place, &collection.name)).or_insert(inner);
            }
        }
        index
    }

    pub(crate) fn dataset(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    pub(crate) fn collection(&self, at: At) -> Option<&'d Collection> {
        self.datasets.get(at.0)?.collections.get(at.1)
    }

    /// Returns all collections in the order of the files.
    pub(crate) fn all(&self) -> impl Iterator<Item = (At, &'d Dataset, &'d Collection)> + use<'d> {
        self.datasets.iter().enumerate().flat_map(|(place, dataset)| {
            let inner = dataset.collections.iter().enumerate();
            inner.map(move |(own, collection)| ((place, own), dataset, collection))
        })
    }

    /// Finds the dataset a name stands for.
    pub(crate) fn named_dataset(&self, named: &Named) -> Result<usize, Problem> {
        self.dataset(&named.name).ok_or_else(|| {
            let problem = named.at.error(format!("there is no dataset '{}'", named.name));
            problem.with_nearest(&named.name, self.by_key.keys().copied())
        })
    }

    /// Finds the collection a name `dataset.collection` stands for.
    pub(crate) fn named_collection(&self, named: &Named) -> Result<At, Problem> {
        for (key, name) in splits(&named.name) {
            if let Some(place) = self.dataset(key)
                && let Some(own) = self.by_name.get(&(place, name))
            {
                return Ok((place, *own));
            }
        }
        let all: Vec<String> = self.all().map(|(_, d, c)| format!("{}.{}", d.key, c.name)).collect();
        let problem = named
            .at
            .error(format!("there is no collection '{}'; it is named as dataset.collection", named.name));
        Err(problem.with_nearest(&named.name, all.iter().map(String::as_str)))
    }

    /// Finds the field a reference leads to.
    pub(crate) fn target(&self, reference: &Reference) -> Result<Target<'d>, Problem> {
        let Some(place) = self.dataset(&reference.dataset) else {
            let problem = reference.at.error(format!("there is no dataset '{}'", reference.dataset));
            return Err(problem.with_nearest(&reference.dataset, self.by_key.keys().copied()));
        };
        let mut missing = None;
        for (name, rest) in splits(&reference.field) {
            let Some(own) = self.by_name.get(&(place, name)) else { continue };
            let at = (place, *own);
            let (Some(collection), Some(path)) = (self.collection(at), FieldPath::parse(rest)) else {
                continue;
            };
            match collection.lookup(&path) {
                Some(field) => return Ok(Target { at, path, field }),
                None => missing = Some((collection, rest)),
            }
        }
        Err(match missing {
            Some((collection, rest)) => no_field(reference, collection, rest),
            None => self.no_collection(reference, place),
        })
    }

    fn no_collection(&self, reference: &Reference, place: usize) -> Problem {
        let (name, _) = reference.field.split_once('.').unwrap_or((&reference.field, ""));
        let names = self.datasets.get(place).map(|d| d.collections.iter().map(|c| &*c.name));
        let problem = if reference.field.contains('.') {
            reference.at.error(format!("dataset '{}' has no collection '{name}'", reference.dataset))
        } else {
            reference.at.error("a reference names its field as collection.field")
        };
        problem.with_nearest(name, names.into_iter().flatten())
    }
}

fn no_field(reference: &Reference, collection: &Collection, rest: &str) -> Problem {
    let mut paths = Vec::new();
    collection.each_field(|path, _| paths.push(path.to_string()));
    let problem = reference.at.error(format!(
        "collection '{}' of dataset '{}' has no field '{rest}'",
        collection.name, reference.dataset
    ));
    match nearest(rest, paths.iter().map(String::as_str)) {
        Some(near) => problem.with_hint(format!("did you mean '{}.{near}'?", collection.name)),
        None => problem,
    }
}

/// Returns every way to split at a dot, the shortest first part first.
fn splits(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices('.').filter_map(|(at, _)| Some((text.get(..at)?, text.get(at + 1..)?)))
}
