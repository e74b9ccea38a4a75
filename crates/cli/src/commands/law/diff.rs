//! `habeas law diff`: what differs between two packs, rule by rule.
//!
//! Rules are matched by what they are about (a right, a duty, an id), not by their place, so that moving a
//! rule in the file is no difference.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use habeas_core::law::Pack;
use serde_json::Value;

use super::{Laws, told};
use crate::output::{Output, Tone};

/// Shows how the second pack differs from the first.
pub(super) fn run(
    first: &str,
    second: &str,
    laws: &Laws,
    json: bool,
    out: &mut Output,
) -> anyhow::Result<()> {
    let (old, new) = (flat(&pack(first, laws)?)?, flat(&pack(second, laws)?)?);
    let places: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing: Vec<_> = places
        .into_iter()
        .map(|place| (place, old.get(place), new.get(place)))
        .filter(|(_, old, new)| old != new)
        .collect();
    if json {
        let lines = differing
            .iter()
            .map(|(place, old, new)| serde_json::json!({ "place": place, "old": old, "new": new }));
        return out.json(&serde_json::json!({ "differences": lines.collect::<Vec<_>>() }));
    }
    for (place, old, new) in &differing {
        match (old, new) {
            (Some(old), Some(new)) => out.toned(Tone::Warning, &format!("~ {place}: {old} -> {new}"))?,
            (Some(old), None) => out.toned(Tone::Bad, &format!("- {place}: {old}"))?,
            (None, Some(new)) => out.toned(Tone::Good, &format!("+ {place}: {new}"))?,
            (None, None) => {}
        }
    }
    match differing.len() {
        0 => out.line("They say the same."),
        1 => out.line("1 difference"),
        many => out.line(&format!("{many} differences")),
    }
}

/// Returns a pack by its name, or from a file.
fn pack(named: &str, laws: &Laws) -> anyhow::Result<Pack> {
    let path = Path::new(named);
    if path.extension().is_none_or(|extension| extension != "toml") {
        return laws.pack(named);
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {named}"))?;
    Pack::parse(&text).map_err(|problems| told("the law can't be used", named, &problems))
}

/// Returns each fact of a pack under its place.
fn flat(pack: &Pack) -> anyhow::Result<BTreeMap<String, String>> {
    let mut facts = BTreeMap::new();
    gather(&serde_json::to_value(pack)?, "", &mut facts);
    Ok(facts)
}

fn gather(value: &Value, place: &str, facts: &mut BTreeMap<String, String>) {
    let below = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                gather(value, &below(name), facts);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for item in items {
                let mut about = format!("{place} ({})", identity(item));
                while facts.keys().any(|known| known.starts_with(&format!("{about}."))) {
                    about.push('\'');
                }
                gather(item, &about, facts);
            }
        }
        Value::Array(items) if items.is_empty() => {}
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(shown).collect();
            facts.insert(place.to_owned(), items.join(", "));
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            facts.insert(place.to_owned(), shown(value));
        }
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns what a rule is about: its id, right, duties, name or topic, and the requests it is for.
fn identity(rule: &Value) -> String {
    let joined = |name: &str| {
        let items = rule[name].as_array().into_iter().flatten();
        items.map(shown).collect::<Vec<_>>().join(", ")
    };
    let named = ["id", "right", "name", "topic"].iter().find_map(|key| rule[*key].as_str());
    let mut about = named.map_or_else(|| joined("obligations"), str::to_owned);
    if named.is_none() && !joined("rights").is_empty() {
        about = format!("{about} on {}", joined("rights"));
    }
    if let Some(from) = rule.pointer("/versions/from").and_then(Value::as_str) {
        about = format!("{about}, from {from}");
    }
    if let Some(before) = rule.pointer("/versions/before").and_then(Value::as_str) {
        about = format!("{about}, before {before}");
    }
    about
}
