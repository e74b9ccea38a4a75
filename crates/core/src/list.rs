//! Lists that an organisation makes for itself: what a choice on a form offers.
//!
//! What people chose is kept by its key. So a key stays for ever: an entry nobody should choose any more is
//! switched off, and its value still explains old answers.

use std::collections::BTreeSet;

use crate::yaml::{self, Cursor, Problem, Problems};

/// No list is longer.
pub const MOST_ENTRIES: usize = 500;
/// No key or name of a list is longer.
const LONGEST_KEY: usize = 64;
/// No value is longer, in characters.
const LONGEST_VALUE: usize = 200;

/// A list of things to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its name in definitions and flows.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it offers, in this order.
    pub entries: Vec<Entry>,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is kept.
    pub key: String,
    /// What people read.
    pub value: String,
    /// Whether it can be chosen now.
    pub is_active: bool,
}

impl List {
    /// Reads a list file.
    ///
    /// # Errors
    /// Every mistake with file, line and path.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::new();
        let list = yaml::parse(file, text, &problems).and_then(|document| read(&document.root(&problems)));
        match list {
            Some(list) if !problems.has_errors() => Ok(list),
            Some(_) | None => Err(problems.into_vec()),
        }
    }

    /// Returns the list as a file: what [`Self::parse`] reads back.
    pub fn to_yaml(&self) -> String {
        let mut lines = vec![
            format!("list: {}", yaml::quoted(&self.name)),
            format!("title: {}", yaml::quoted(&self.title)),
        ];
        lines.push("entries:".to_owned());
        for entry in &self.entries {
            let (key, value) = (yaml::quoted(&entry.key), yaml::quoted(&entry.value));
            let active = if entry.is_active { "" } else { ", active: false" };
            lines.push(format!("  - {{ key: {key}, value: {value}{active} }}"));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    /// Returns what can be chosen now.
    pub fn choices(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.is_active)
    }

    /// Returns what a key means, chosen now or long ago.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.as_str())
    }
}

fn read(at: &Cursor<'_>) -> Option<List> {
    let mut map = at.mapping()?;
    let name = map.require("list").and_then(|at| slug(&at));
    let title = map.require("title").and_then(|at| short(&at));
    let items = map.require("entries").and_then(|at| at.sequence()).unwrap_or_default();
    if items.is_empty() || items.len() > MOST_ENTRIES {
        at.report(format!("a list has between 1 and {MOST_ENTRIES} entries"));
    }
    let mut entries = Vec::new();
    let mut seen = BTreeSet::new();
    for item in items.iter().take(MOST_ENTRIES) {
        let Some(entry) = read_entry(item) else { continue };
        if !seen.insert(entry.key.clone()) {
            item.report(format!("another entry has the key '{}'", entry.key));
        }
        entries.push(entry);
    }
    map.finish();
    Some(List { name: name?, title: title?, entries })
}

fn read_entry(at: &Cursor<'_>) -> Option<Entry> {
    let mut map = at.mapping()?;
    let key = map.require("key").and_then(|at| slug(&at));
    let value = map.require("value").and_then(|at| short(&at));
    let is_active = map.take("active").and_then(|at| at.boolean()).unwrap_or(true);
    map.finish();
    Some(Entry { key: key?, value: value?, is_active })
}

/// Says whether a text can be the key of an entry or the name of a list.
pub fn is_key(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    !text.is_empty() && text.len() <= LONGEST_KEY && text.chars().all(fits)
}

fn slug(at: &Cursor<'_>) -> Option<String> {
    let text = at.name()?;
    if is_key(text) {
        Some(text.to_owned())
    } else {
        at.mismatch("a name of at most 64 small letters, digits, '_' and '-'")
    }
}

fn short(at: &Cursor<'_>) -> Option<String> {
    let text = at.name()?;
    if text.chars().count() <= LONGEST_VALUE && !text.contains(char::is_control) {
        Some(text.to_owned())
    } else {
        at.mismatch("one line of at most 200 characters")
    }
}

#[cfg(test)]
mod tests;
