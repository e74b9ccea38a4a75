//! Where everything goes: collections in groups, each with its files and pages.

use std::collections::{BTreeMap, BTreeSet};

use habeas_core::register::Processing;
use habeas_core::request::MarkGround;

use super::given;
use super::name::Folder;
use super::survey::{Survey, Surveyed};
use super::{Input, Key};
use crate::text;

/// Up to this many records of a collection stand on the first page itself.
const INLINE: u64 = 12;

/// How many records stand on a page of their own.
pub(super) const PER_PAGE: u64 = 100;

/// How many pages a collection gets; what is beyond stands in the data files.
const MOST_PAGES: u64 = 200;

/// The whole package.
pub(super) struct Plan<'a> {
    pub(super) groups: Vec<Group<'a>>,
}

/// Collections that are shown under one heading.
pub(super) struct Group<'a> {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: Option<&'a str>,
    pub(super) tables: Vec<Table<'a>>,
}

/// One collection.
pub(super) struct Table<'a> {
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) source_name: String,
    pub(super) surveyed: &'a Surveyed<'a>,
    pub(super) json: String,
    pub(super) csv: String,
    pub(super) layout: Layout,
}

/// How the records of a collection are shown.
pub(super) enum Layout {
    /// On the first page.
    Inline,
    /// On pages of their own.
    Paged {
        /// Their paths.
        paths: Vec<String>,
        /// How many records stand on none of them.
        beyond: u64,
    },
}

impl<'a> Plan<'a> {
    pub(super) fn new(input: &'a Input, survey: &'a Survey<'a>) -> Self {
        let mut folders = Folders::default();
        let mut groups: Vec<(Option<&'a Processing>, Vec<Table<'a>>)> = Vec::new();
        for (key, surveyed) in ordered(input, survey) {
            let categories: Vec<&str> = surveyed.categories().into_iter().collect();
            let processing = input.register.group(&key.dataset, &key.collection, &categories);
            let table = folders.table(key, surveyed);
            match groups.iter_mut().find(|(known, _)| known.map(|p| &p.key) == processing.map(|p| &p.key)) {
                Some((_, tables)) => tables.push(table),
                None => groups.push((processing, vec![table])),
            }
        }
        let place = |processing: Option<&Processing>| {
            let is_it = |entry: &Processing| processing.is_some_and(|one| one.key == entry.key);
            input.register.processing.iter().position(is_it).unwrap_or(usize::MAX)
        };
        groups.sort_by_key(|(processing, _)| place(*processing));
        let groups = groups.into_iter().enumerate().map(|(number, (processing, tables))| Group {
            id: format!("group-{}", number + 1),
            name: processing.map_or_else(|| "Other data".to_owned(), |entry| entry.name.clone()),
            description: processing.and_then(|entry| entry.description.as_deref()),
            tables,
        });
        Self { groups: groups.collect() }
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &Table<'a>> {
        self.groups.iter().flat_map(|group| &group.tables)
    }

    /// Returns how many records are given.
    pub(super) fn given(&self) -> u64 {
        self.tables().map(|table| table.surveyed.given).sum()
    }
}

impl Group<'_> {
    /// Returns what the group holds: "Clients (1), Invoices (3)".
    pub(super) fn summary(&self) -> String {
        let words: Vec<String> =
            self.tables.iter().map(|table| format!("{} ({})", table.name, table.given())).collect();
        words.join(", ")
    }
}

impl Table<'_> {
    /// Returns how many records are given.
    pub(super) fn given(&self) -> String {
        text::thousands(self.surveyed.given)
    }

    /// Returns "1,204 records on 13 pages".
    pub(super) fn given_on_pages(&self) -> String {
        let pages = text::count(self.pages().len() as u64, "page", "pages");
        format!("{} on {pages}", text::count(self.surveyed.given, "record", "records"))
    }

    /// Returns the paths of its pages; none if it stands on the first page.
    pub(super) fn pages(&self) -> &[String] {
        match &self.layout {
            Layout::Inline => &[],
            Layout::Paged { paths, .. } => paths,
        }
    }

    /// Returns how many records no page shows: "204 records are".
    pub(super) fn beyond(&self) -> Option<String> {
        match &self.layout {
            Layout::Paged { beyond, .. } if *beyond > 0 => {
                Some(text::count(beyond, "record is", "records are"))
            }
            Layout::Paged { .. } | Layout::Inline => None,
        }
    }

    /// Returns what is told of records that are left out.
    pub(super) fn left_out(&self) -> Vec<String> {
        let line = |(ground, records): (&MarkGround, &u64)| {
            format!("{} left out: {}", text::count(records, "record", "records"), given::words(*ground))
        };
        self.surveyed.withheld.iter().map(line).collect()
    }
}

/// Collections that give records: those described in their order, then the others by name.
fn ordered<'a>(input: &Input, survey: &'a Survey<'a>) -> Vec<(&'a Key, &'a Surveyed<'a>)> {
    let place = |key: &Key| {
        input
            .collections
            .iter()
            .position(|one| one.dataset == key.dataset && one.collection == key.collection)
    };
    let mut tables: Vec<_> = survey.tables.iter().filter(|(_, table)| table.given > 0).collect();
    tables.sort_by_key(|(key, _)| place(key).unwrap_or(usize::MAX));
    tables
}

/// Gives out names no two of which are the same.
#[derive(Default)]
struct Folders {
    sources: Folder,
    names: BTreeMap<String, String>,
    tables: BTreeMap<String, Folder>,
}

impl Folders {
    fn table<'a>(&mut self, key: &Key, surveyed: &'a Surveyed<'a>) -> Table<'a> {
        let sources = &mut self.sources;
        let source = self.names.entry(key.dataset.to_string()).or_insert_with(|| sources.name(&key.dataset));
        let file = self.tables.entry(source.clone()).or_default().name(&key.collection);
        let described = surveyed.fields.collection();
        let spoken = |given: Option<&str>, name: &str| match given.map(str::trim) {
            Some(given) if !given.is_empty() => given.to_owned(),
            _ => super::shown::label(name),
        };
        Table {
            name: spoken(described.map(|one| one.name.as_str()), &key.collection),
            source_name: spoken(described.map(|one| one.source_name.as_str()), &key.dataset),
            key: key.clone(),
            surveyed,
            json: format!("data/{source}/{file}.json"),
            csv: format!("data/{source}/{file}.csv"),
            layout: layout(surveyed.given, source, &file),
        }
    }
}

fn layout(given: u64, source: &str, file: &str) -> Layout {
    if given <= INLINE {
        return Layout::Inline;
    }
    let pages = given.div_ceil(PER_PAGE).min(MOST_PAGES);
    let paths = (1..=pages).map(|number| format!("pages/{source}/{file}-{number}.html")).collect();
    Layout::Paged { paths, beyond: given.saturating_sub(pages * PER_PAGE) }
}

/// Returns the names of the systems that give records, each once, in order.
pub(super) fn systems<'p>(plan: &'p Plan<'_>) -> Vec<&'p str> {
    let mut seen = BTreeSet::new();
    plan.tables().map(|table| table.source_name.as_str()).filter(|name| seen.insert(*name)).collect()
}
