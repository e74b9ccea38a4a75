//! What people call sources, collections, fields and categories: the words of the dataset files, and names
//! of code turned into words where those say nothing.

use habeas_core::definition::{Catalog, Kind};
use habeas_core::record::{Hop, Origin};
use habeas_core::yaml::Problems;
use habeas_dataset::model::{Collection, Dataset, Field};
use habeas_render::package::label;

/// A description is a name up to this length, in characters.
const NAME_LIMIT: usize = 60;

/// The names in the dataset files.
pub(crate) struct Names(Vec<Dataset>);

impl Names {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let problems = Problems::new();
        let texts = catalog.texts(Kind::Dataset);
        let read =
            texts.iter().flat_map(|text| habeas_dataset::read::read(&text.name, &text.text, &problems));
        Self(read.collect())
    }

    pub(crate) fn datasets(&self) -> &[Dataset] {
        &self.0
    }

    pub(crate) fn source(&self, key: &str) -> String {
        let known = self.0.iter().find(|dataset| &*dataset.key == key);
        known.and_then(|dataset| dataset.name.clone()).unwrap_or_else(|| words(key))
    }

    pub(crate) fn collection(&self, dataset: &str, name: &str) -> String {
        let known = self.lookup(dataset, name);
        described(known.and_then(|found| found.description.as_deref())).unwrap_or_else(|| words(name))
    }

    /// Returns what a field is called, by its path in its collection.
    pub(crate) fn field(&self, dataset: &str, collection: &str, path: &str) -> String {
        let known = self.lookup(dataset, collection).and_then(|found| field(&found.fields, path));
        described(known.and_then(|found| found.description.as_deref())).unwrap_or_else(|| words(path))
    }

    /// Returns the categories of a field, in words.
    pub(crate) fn category(&self, dataset: &str, collection: &str, path: &str) -> Option<String> {
        let field = field(&self.lookup(dataset, collection)?.fields, path)?;
        let categories: Vec<String> =
            field.categories.iter().map(|category| category_words(category.as_str())).collect();
        (!categories.is_empty()).then(|| categories.join(", "))
    }

    /// Returns how a record was reached, in plain words, with the names of code behind them.
    pub(crate) fn hop(&self, hop: &Hop) -> String {
        let place = |dataset: &str, collection: &str, name: &str| {
            format!(
                "{} of {} in {} ({collection}.{name})",
                self.field(dataset, collection, name),
                self.collection(dataset, collection),
                self.source(dataset)
            )
        };
        let to = place(&hop.dataset, &hop.collection, &hop.field);
        match &hop.from {
            Origin::Identity(kind) => {
                format!("The {} of the request was looked up as {to}", identity(kind))
            }
            Origin::Field { dataset, collection, field } => {
                format!("{} was looked up as {to}", place(dataset, collection, field))
            }
        }
    }

    fn lookup(&self, dataset: &str, collection: &str) -> Option<&Collection> {
        let dataset = self.0.iter().find(|known| &*known.key == dataset)?;
        dataset.collections.iter().find(|found| &*found.name == collection)
    }
}

fn field<'a>(fields: &'a [Field], path: &str) -> Option<&'a Field> {
    if let Some(found) = fields.iter().find(|field| &*field.name == path) {
        return Some(found);
    }
    let (first, rest) = path.split_once('.')?;
    field(&fields.iter().find(|field| &*field.name == first)?.fields, rest)
}

fn described(description: Option<&str>) -> Option<String> {
    let fits = |text: &&str| !text.is_empty() && text.chars().count() <= NAME_LIMIT;
    description.map(|text| text.trim().trim_end_matches('.')).filter(fits).map(str::to_owned)
}

/// Returns a category of the taxonomy as staff read it: `user.contact.address.postal_code` is
/// "Address: postal code".
pub(crate) fn category_words(category: &str) -> String {
    let own = category.strip_prefix("user.").unwrap_or(category);
    let mut parts = own.rsplit('.');
    let last = parts.next().unwrap_or(own);
    match parts.next() {
        Some(above) => format!("{}: {}", words(above), words(last).to_lowercase()),
        None => words(last),
    }
}

/// Returns categories as staff read them, those of one kind together: "Contact: email, phone number; Name".
/// What only runs the system comes last.
pub(crate) fn grouped_categories<'a>(categories: impl Iterator<Item = &'a str>) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for category in categories {
        let own = category.strip_prefix("user.").unwrap_or(category);
        let mut parts = own.rsplit('.');
        let last = words(parts.next().unwrap_or(own));
        let (above, last) = match parts.next() {
            Some(above) => (words(above), Some(last.to_lowercase())),
            None => (last, None),
        };
        let place = groups.iter().position(|(known, _)| *known == above).unwrap_or(groups.len());
        if place == groups.len() {
            groups.push((above, Vec::new()));
        }
        if let (Some(last), Some((_, group))) = (last, groups.get_mut(place))
            && !group.contains(&last)
        {
            group.push(last);
        }
    }
    groups.sort_by_key(|(above, _)| above == "System");
    let told = groups.into_iter().map(|(above, group)| {
        if group.is_empty() { above } else { format!("{above}: {}", group.join(", ")) }
    });
    told.collect::<Vec<_>>().join("; ")
}

/// Returns what people call a kind of identity, within a sentence.
pub(crate) fn identity(kind: &str) -> String {
    match kind {
        "email" => "e-mail address".to_owned(),
        other => words(other).to_lowercase(),
    }
}

/// Turns a name of code into words: `order_items` into "Order items".
pub(crate) fn words(name: &str) -> String {
    label(name)
}

#[cfg(test)]
mod tests;
