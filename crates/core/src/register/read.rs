//! Reads a register of processing from its file.

use super::{Item, Processing, Recipient, Register, Source, Transfer};
use crate::yaml::{self, Cursor, Mapping, Problems};

impl Register {
    /// Reads a register; what is wrong with it is reported, and `None` is returned where nothing can be read.
    ///
    /// An item that is absent is a gap, not a mistake: a register may be written bit by bit.
    pub fn parse(file: &str, text: &str, problems: &Problems) -> Option<Self> {
        let document = yaml::parse(file, text, problems)?;
        let mut root = document.root(problems).mapping()?;
        let entries = root.require("register")?;
        let mut processing: Vec<Processing> = Vec::new();
        for entry in entries.sequence()? {
            let Some(read) = processing_at(&entry) else { continue };
            if processing.iter().any(|one| one.key == read.key) {
                entry.report(format!("the key '{}' is used twice", read.key));
            }
            processing.push(read);
        }
        root.finish();
        Some(Self { processing })
    }
}

fn processing_at(at: &Cursor<'_>) -> Option<Processing> {
    let mut map = at.mapping()?;
    let key = map.require("key");
    let name = map.require("name");
    let description = map.take("description");
    let categories = map.require("categories");
    let sources = map.take("sources");
    let read = Processing {
        key: key.as_ref().and_then(Cursor::name).unwrap_or_default().to_owned(),
        name: name.as_ref().and_then(Cursor::name).unwrap_or_default().to_owned(),
        description: description.as_ref().and_then(Cursor::name).map(str::to_owned),
        categories: categories.iter().flat_map(Cursor::texts).map(str::to_owned).collect(),
        sources: sources.iter().flat_map(Cursor::one_or_more).filter_map(|at| source(&at)).collect(),
        purposes: item(&mut map, "purposes", texts),
        legal_basis: item(&mut map, "legal_basis", text),
        recipients: item(&mut map, "recipients", |at| list(at, recipient)),
        retention: item(&mut map, "retention", text),
        origin: item(&mut map, "origin", text),
        automated_decisions: item(&mut map, "automated_decisions", text),
        transfers: item(&mut map, "transfers", |at| list(at, transfer)),
    };
    map.finish();
    Some(read)
}

/// Reads `dataset` or `dataset.collection`.
fn source(at: &Cursor<'_>) -> Option<Source> {
    let text = at.name()?;
    let (dataset, collection) = match text.split_once('.') {
        Some((dataset, collection)) => (dataset, Some(collection.to_owned())),
        None => (text, None),
    };
    Some(Source { dataset: dataset.to_owned(), collection })
}

/// Reads what is stated, or `{none: reason}`.
fn item<T>(map: &mut Mapping<'_>, key: &'static str, read: impl Fn(&Cursor<'_>) -> Option<T>) -> Item<T> {
    let Some(at) = map.take(key) else { return Item::Missing };
    if !is_reasoned(&at) {
        return read(&at).map_or(Item::Missing, Item::Filled);
    }
    let reason = at.mapping().and_then(|mut inner| {
        let reason = inner.require("none").and_then(|at| at.name().map(str::to_owned));
        inner.finish();
        reason
    });
    reason.map_or(Item::Missing, Item::None)
}

fn is_reasoned(at: &Cursor<'_>) -> bool {
    let yaml::Content::Mapping(entries) = at.node().content() else { return false };
    entries.iter().any(|(key, _)| key.text == "none")
}

fn text(at: &Cursor<'_>) -> Option<String> {
    at.name().map(str::to_owned)
}

fn texts(at: &Cursor<'_>) -> Option<Vec<String>> {
    list(at, text)
}

/// Reads a list of at least one; an empty one says nothing, and `{none: reason}` is how to say none.
fn list<T>(at: &Cursor<'_>, read: impl Fn(&Cursor<'_>) -> Option<T>) -> Option<Vec<T>> {
    let entries = at.one_or_more();
    if entries.is_empty() {
        at.report("the list is empty; where there is nothing to state, give the reason as 'none'");
    }
    let read: Vec<T> = entries.iter().filter_map(read).collect();
    (!read.is_empty()).then_some(read)
}

fn recipient(at: &Cursor<'_>) -> Option<Recipient> {
    let mut map = at.mapping()?;
    let (name, purpose, country) = (map.require("name"), map.require("purpose"), map.take("country"));
    map.finish();
    Some(Recipient {
        name: name?.name()?.to_owned(),
        purpose: purpose?.name()?.to_owned(),
        country: country.and_then(|at| at.name().map(str::to_owned)),
    })
}

fn transfer(at: &Cursor<'_>) -> Option<Transfer> {
    let mut map = at.mapping()?;
    let (to, safeguard) = (map.require("to"), map.require("safeguard"));
    map.finish();
    Some(Transfer { to: to?.name()?.to_owned(), safeguard: safeguard?.name()?.to_owned() })
}
