//! Reads dataset files: the fideslang format with our additions under `habeas:`.
//!
//! Everything wrong is reported, and what could be read is returned all the same, so that one mistake
//! doesn't hide those found later. Keys other tools write and we have no use for are let pass by name;
//! any other unknown key is an error, since a misspelt `primary_key` must not go unnoticed.

mod collection;
mod condition;
mod field;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use habeas_core::yaml::{Cursor, Mapping, Problems, parse};

use crate::model::{Dataset, Named, Place};
use crate::taxonomy::{self, Category};

/// Sections of a fideslang file that are not about datasets.
const OTHER_SECTIONS: [&str; 8] = [
    "system",
    "policy",
    "organization",
    "registry",
    "evaluation",
    "data_category",
    "data_subject",
    "data_use",
];

/// Keys that say something about processing, not about where data is.
const LET_PASS: [&str; 12] = [
    "data_uses",
    "data_purposes",
    "data_subjects",
    "data_qualifier",
    "meta",
    "tags",
    "organization_fides_key",
    "retention",
    "joint_controller",
    "third_country_transfers",
    "version",
    "owner",
];

/// Reads the datasets of a file.
pub fn read(file: &str, text: &str, problems: &Problems) -> Vec<Dataset> {
    let Some(document) = parse(file, text, problems) else { return Vec::new() };
    let root = document.root(problems);
    let Some(mut map) = root.mapping() else { return Vec::new() };
    if map.entries().any(|(key, _)| key == "fides_key") {
        return dataset(&root).into_iter().collect();
    }
    let list = map.require("dataset").map(|at| at.one_or_more()).unwrap_or_default();
    for section in OTHER_SECTIONS {
        map.take(section);
    }
    map.finish();
    list.iter().filter_map(dataset).collect()
}

/// What readers of parts need to know about the whole.
struct Context {
    own_categories: Vec<String>,
}

fn dataset(at: &Cursor<'_>) -> Option<Dataset> {
    let mut map = at.mapping()?;
    let context = additions(&mut map);
    let key = map.require("fides_key").and_then(|at| fides_key(&at));
    let name = owned(map.take("name"));
    let description = owned(map.take("description"));
    let categories = categories(map.take("data_categories"), &context);
    let meta = meta(&mut map);
    let list = map.require("collections").and_then(|at| at.sequence()).unwrap_or_default();
    let collections: Vec<_> = list.iter().filter_map(|at| collection::read(at, &context)).collect();
    let_pass(&mut map);
    map.finish();
    twice("collection", collections.iter().map(|c| (&*c.name, &c.at)), at);
    Some(Dataset {
        key: key?,
        name,
        description,
        categories,
        after: meta.after,
        namespace: meta.namespace,
        resource_id: meta.resource_id,
        redacts_name: meta.redacts_name,
        collections,
        at: place(at),
    })
}

fn additions(map: &mut Mapping<'_>) -> Context {
    let mut context = Context { own_categories: Vec::new() };
    let Some(mut own) = map.take("habeas").and_then(|at| at.mapping()) else { return context };
    for key in own.take("categories").map(|at| at.sequence().unwrap_or_default()).unwrap_or_default() {
        match key.name() {
            Some(name) if name.split('.').all(|part| !part.is_empty()) => {
                context.own_categories.push(name.to_owned());
            }
            Some(_) => key.report("a category is words separated by dots"),
            None => {}
        }
    }
    own.finish();
    context
}

#[derive(Default)]
struct Meta {
    after: Vec<Named>,
    namespace: BTreeMap<String, String>,
    resource_id: Option<String>,
    redacts_name: bool,
}

fn meta(map: &mut Mapping<'_>) -> Meta {
    let Some(mut map) = fides_meta(map) else { return Meta::default() };
    let mut meta = Meta {
        after: named(map.take("after")),
        resource_id: owned(map.take("resource_id")),
        redacts_name: redacts_name(&mut map),
        namespace: BTreeMap::new(),
    };
    if let Some(namespace) = map.take("namespace").and_then(|at| at.mapping()) {
        for (key, value) in namespace.entries().filter(|(_, value)| !value.is_null()) {
            if let Some(text) = value.text() {
                meta.namespace.insert(key.to_owned(), text.to_owned());
            }
        }
    }
    map.finish();
    meta
}

fn fides_meta<'a>(map: &mut Mapping<'a>) -> Option<Mapping<'a>> {
    map.take_either(&["fides_meta", "fidesops_meta"])?.mapping()
}

fn redacts_name(map: &mut Mapping<'_>) -> bool {
    map.take("redact").and_then(|at| at.one_of(&[("name", true)])).unwrap_or(false)
}

fn let_pass(map: &mut Mapping<'_>) {
    for key in LET_PASS {
        map.take(key);
    }
}

fn fides_key(at: &Cursor<'_>) -> Option<Arc<str>> {
    let key = at.name()?;
    if key.chars().all(|c| c.is_ascii_alphanumeric() || "_.<>-".contains(c)) {
        return Some(Arc::from(key));
    }
    at.report("a key holds letters, digits and _ . < > - only");
    None
}

fn categories(at: Option<Cursor<'_>>, context: &Context) -> Vec<Category> {
    let mut found = Vec::new();
    for item in at.map(|at| at.sequence().unwrap_or_default()).unwrap_or_default() {
        let Some(key) = item.name() else { continue };
        found.push(Category::new(key));
        if taxonomy::is_known(key) || context.own_categories.iter().any(|own| own == key) {
            continue;
        }
        let problem = item.problem(format!("unknown data category '{key}'"));
        item.push(match taxonomy::nearest(key) {
            Some(near) => problem.with_hint(format!("did you mean '{near}'?")),
            None => {
                problem.with_hint("a category of your own is declared in habeas.categories of the dataset")
            }
        });
    }
    found
}

fn named(at: Option<Cursor<'_>>) -> Vec<Named> {
    let items = at.map(|at| at.sequence().unwrap_or_default()).unwrap_or_default();
    items.iter().filter_map(|item| Some(Named { name: Arc::from(item.name()?), at: place(item) })).collect()
}

fn owned(at: Option<Cursor<'_>>) -> Option<String> {
    at?.text().map(str::to_owned)
}

fn flag(map: &mut Mapping<'_>, key: &'static str) -> bool {
    map.take(key).and_then(|at| at.boolean()).unwrap_or(false)
}

fn place(at: &Cursor<'_>) -> Place {
    Place { file: at.file().clone(), line: at.line(), path: at.path().to_owned() }
}

/// Reports names used more than once among siblings.
fn twice<'n>(what: &str, names: impl Iterator<Item = (&'n str, &'n Place)>, at: &Cursor<'_>) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (name, place) in names {
        match seen.get(name) {
            Some(line) => {
                let message = format!("there is another {what} '{name}' on line {line}");
                at.push(place.error(message));
            }
            None => {
                seen.insert(name, place.line);
            }
        }
    }
}
