//! Corrections: which columns hold a fact about a person, and what they and all derived from them become. Pure.
//!
//! A request names facts (`city`, `phone`), the datasets say which columns hold them (`habeas: {fact: city}`) and
//! which are made from others (`habeas: {derived_from: [phone]}`). How a derived column is made is told from what
//! stands in the row now: a copy, a normalised form, or a text its sources are part of. What can't be told is an
//! obstacle: a column that would contradict the corrected fact is never left behind without a word.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use habeas_core::value::{Row, Value};

use crate::erasure::Obstacle;
use crate::model::{Collection, Dataset};
use crate::normalise::Normaliser;
use crate::path::FieldPath;

/// A fact to be corrected.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its name.
    pub fact: Arc<str>,
    /// The right value; `None` where there is none.
    pub value: Option<String>,
    /// What it must be now, where only some of several are meant.
    pub was: Option<String>,
}

/// The columns of a collection that hold facts.
#[derive(Debug, Clone, Default)]
pub struct FactRules {
    /// Fields that hold a fact, with its name.
    pub facts: Vec<(FieldPath, Arc<str>)>,
    /// Fields made from others.
    pub derived: Vec<Derived>,
}

/// A field made from others of the same row.
#[derive(Debug, Clone)]
pub struct Derived {
    /// The field.
    pub path: FieldPath,
    /// What it is made from.
    pub from: Vec<FieldPath>,
    /// How values are brought into one form, where the dataset says.
    pub normaliser: Option<Normaliser>,
}

/// A field that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Corrected {
    /// The field.
    pub path: FieldPath,
    /// The fact it holds; `None` where it is derived.
    pub fact: Option<Arc<str>>,
    /// What it is.
    pub before: Value,
    /// What it becomes.
    pub after: Value,
}

/// Returns which fields of a collection hold facts.
pub fn fact_rules(collection: &Collection) -> FactRules {
    let mut rules = FactRules::default();
    collection.each_field(|path, field| {
        if let Some(fact) = &field.fact {
            rules.facts.push((path.clone(), fact.clone()));
        }
        if !field.derived_from.is_empty() {
            let from = field.derived_from.clone();
            rules.derived.push(Derived { path: path.clone(), from, normaliser: field.normaliser });
        }
    });
    rules
}

/// Returns the facts of a request that no field of any dataset holds.
pub fn unknown_facts(wanted: &[Wanted], datasets: &[Dataset]) -> Vec<Arc<str>> {
    let mut unknown: Vec<Arc<str>> = wanted.iter().map(|one| one.fact.clone()).collect();
    for collection in datasets.iter().flat_map(|dataset| &dataset.collections) {
        collection.each_field(|_, field| unknown.retain(|fact| field.fact.as_ref() != Some(fact)));
    }
    unknown
}

/// Returns what changes in a row.
pub fn correct(
    rules: &FactRules,
    row: &Row,
    wanted: &[Wanted],
    obstacles: &mut Vec<Obstacle>,
) -> Vec<Corrected> {
    let mut changes: Vec<Corrected> = Vec::new();
    for (path, fact) in &rules.facts {
        let Some(after) = wanted_for(fact, wanted) else { continue };
        let Some(before) = at(row, path) else {
            if is_in_list(row, path) {
                obstacles.push(obstacle(path, "it stands in a list: which element is meant can't be told"));
            }
            continue;
        };
        let was = wanted.iter().find(|one| one.fact == *fact).and_then(|one| one.was.as_deref());
        if was.is_some_and(|was| !is_same_text(before, was)) {
            continue;
        }
        if before.to_text() != after.to_text() || before.is_null() != after.is_null() {
            changes.push(Corrected {
                path: path.clone(),
                fact: Some(fact.clone()),
                before: before.clone(),
                after,
            });
        }
    }
    derive(rules, row, &mut changes, obstacles);
    changes
}

/// The value of a fact: as requested, or a name put together from its requested parts.
fn wanted_for(fact: &str, wanted: &[Wanted]) -> Option<Value> {
    let value = |one: &Wanted| one.value.clone().map_or(Value::Null, Value::Text);
    let named = |name: &str| wanted.iter().find(|one| *one.fact == *name).map(value);
    named(fact).or_else(|| {
        if fact != "name" {
            return None;
        }
        match (named("first_name")?, named("last_name")?) {
            (Value::Text(first), Value::Text(last)) => Some(Value::Text(format!("{first} {last}"))),
            _ => None,
        }
    })
}

fn is_same_text(value: &Value, text: &str) -> bool {
    value.to_text().trim().eq_ignore_ascii_case(text.trim())
}

fn obstacle(path: &FieldPath, message: &str) -> Obstacle {
    Obstacle { field: path.clone(), strategy: "rectify", message: message.to_owned() }
}

fn at<'r>(row: &'r Row, path: &FieldPath) -> Option<&'r Value> {
    let mut value = row.lookup(path.top())?;
    for name in path.below_top() {
        let Value::Object(fields) = value else { return None };
        value = fields.iter().find(|(known, _)| known == name).map(|(_, inner)| inner)?;
    }
    Some(value)
}

fn is_in_list(row: &Row, path: &FieldPath) -> bool {
    let mut value = row.lookup(path.top());
    for name in path.below_top() {
        match value {
            Some(Value::Array(_)) => return true,
            Some(Value::Object(fields)) => {
                value = fields.iter().find(|(known, _)| known == name).map(|(_, inner)| inner);
            }
            _ => return false,
        }
    }
    false
}

/// Follows what is derived, also from what is derived itself.
fn derive(rules: &FactRules, row: &Row, changes: &mut Vec<Corrected>, obstacles: &mut Vec<Obstacle>) {
    for _ in 0..=rules.derived.len() {
        let before_count = changes.len();
        for derived in &rules.derived {
            let is_known = changes.iter().any(|change| change.path == derived.path)
                || obstacles.iter().any(|known| known.field == derived.path);
            let is_touched =
                derived.from.iter().any(|from| changes.iter().any(|change| change.path == *from));
            let Some(before) = at(row, &derived.path).filter(|_| is_touched && !is_known) else { continue };
            let after = |path: &FieldPath| {
                let changed = changes.iter().find(|change| change.path == *path).map(|change| &change.after);
                changed.or_else(|| at(row, path)).map(Value::to_text).unwrap_or_default()
            };
            let now: Vec<String> = derived
                .from
                .iter()
                .map(|path| at(row, path).map(Value::to_text).unwrap_or_default())
                .collect();
            let then: Vec<String> = derived.from.iter().map(after).collect();
            match derived_value(before, &now, &then, derived.normaliser) {
                Some(value) if value == *before => {}
                Some(value) => changes.push(Corrected {
                    path: derived.path.clone(),
                    fact: None,
                    before: before.clone(),
                    after: value,
                }),
                None => obstacles.push(obstacle(
                    &derived.path,
                    "how it is made from what changes can't be told from what it holds: correct it where it is made",
                )),
            }
        }
        if changes.len() == before_count {
            return;
        }
    }
}

/// The new value of a derived field, made as the present one is made from the present sources.
fn derived_value(
    before: &Value,
    now: &[String],
    then: &[String],
    named: Option<Normaliser>,
) -> Option<Value> {
    let text = before.to_text();
    let filled = |text: String| if text.is_empty() { Value::Null } else { Value::Text(text) };
    if before.is_null() && now.iter().any(|source| !source.is_empty()) {
        // It isn't kept for this row although it could be.
        return Some(Value::Null);
    }
    if let ([now], [then]) = (now, then) {
        if text == *now || before.is_null() {
            return Some(filled(named.map_or_else(|| then.clone(), |how| how.apply(then))));
        }
        for how in named.into_iter().chain([Normaliser::Email, Normaliser::Phone, Normaliser::Name]) {
            if how.apply(now) == text {
                return Some(filled(how.apply(then)));
            }
        }
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        if digits(now) == text {
            return Some(filled(digits(then)));
        }
    }
    for between in [" ", ", ", ""] {
        if now.join(between) == text {
            return Some(filled(then.join(between).trim().to_owned()));
        }
    }
    // A text its sources are part of, such as a display name.
    let mut out = text.clone();
    for (now, then) in now.iter().zip(then).filter(|(now, then)| now != then) {
        if now.is_empty() || !out.contains(now.as_str()) {
            return None;
        }
        out = out.replace(now.as_str(), then);
    }
    Some(filled(out))
}
