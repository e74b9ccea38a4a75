//! What of a row leaves, and whose it is.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;

use habeas_core::value::{Row, Value};
use habeas_dataset::erasure::Own;
use habeas_dataset::filter::{Match, keep_matching};
use habeas_dataset::path::FieldPath;

use crate::key::{Key, Unfollowable};
use crate::nested;

use super::inbox::{Owner, Wanted, joined};
use super::prepare::{Comparison, Field, Given, Link, Prepared};

impl Comparison {
    /// Appends the keys of a value for this comparison.
    pub(super) fn keys(&self, value: &Value, to: &mut Vec<Key>) -> Result<(), Unfollowable> {
        let Some(normaliser) = self.normaliser else { return self.class.keys(value, to) };
        let mut spelled = Vec::new();
        crate::key::Class::Text.keys(value, &mut spelled)?;
        to.extend(
            spelled.iter().map(|text| normaliser.apply(text)).filter(|form| !form.is_empty()).map(Key::from),
        );
        Ok(())
    }
}

impl Field {
    /// Appends the keys of all values at this field of a row.
    pub(super) fn keys(
        &self,
        row: &[Value],
        how: &Comparison,
        to: &mut Vec<Key>,
    ) -> Result<(), Unfollowable> {
        let Some(value) = row.get(self.position) else { return Ok(()) };
        if self.path.is_empty() {
            return how.keys(value, to);
        }
        let mut result = Ok(());
        nested::visit(value, &self.path, &mut |value| result = result.and(how.keys(value, to)));
        result
    }
}

/// How many combinations of values one row may make for a composite key, as lists in it have several.
const COMBINATIONS: usize = 1_000;

/// Returns every combination of the fields' keys; none if any field has none.
pub(super) fn combinations(
    row: &[Value],
    fields: &mut dyn Iterator<Item = (&Field, &Comparison)>,
) -> Result<Vec<Vec<Key>>, Unfollowable> {
    let mut all: Vec<Vec<Key>> = vec![Vec::new()];
    for (field, how) in fields {
        let mut keys = Vec::new();
        field.keys(row, how, &mut keys)?;
        if all.len().saturating_mul(keys.len()) > COMBINATIONS && all.len() > 1 {
            return Err(Unfollowable);
        }
        all = all
            .iter()
            .flat_map(|before| {
                keys.iter().map(|key| {
                    let mut parts = before.clone();
                    parts.push(Arc::clone(key));
                    parts
                })
            })
            .collect();
    }
    Ok(all)
}

/// Adds the owners of a row by one link.
pub(super) fn owners(link: &Link<'_>, wanted: &Wanted, row: &[Value], to: &mut Vec<Owner>) {
    if wanted.is_empty() || !link.checks.iter().all(|check| check.holds(row)) {
        return;
    }
    let mut add = |key: &str| {
        for owner in wanted.owners(key) {
            match to.iter_mut().find(|known| known.subject == owner.subject) {
                Some(known) if known.third_party && !owner.third_party => *known = *owner,
                Some(_) => {}
                None => to.push(*owner),
            }
        }
    };
    if let [term] = link.terms.as_slice() {
        let mut keys = Vec::new();
        // A value that can't be written can't have been looked up.
        let _ = term.field.keys(row, &term.comparison, &mut keys);
        for key in &keys {
            add(key);
        }
        return;
    }
    let mut fields = link.terms.iter().map(|term| (&term.field, &term.comparison));
    for parts in combinations(row, &mut fields).unwrap_or_default() {
        add(&joined(&parts));
    }
}

impl Prepared<'_> {
    /// Takes documents apart that paths lead into; `false` where a column holds none.
    pub(super) fn take_apart(&self, row: &mut [Value]) -> Result<(), usize> {
        let apart = row.iter_mut().zip(&self.is_apart).enumerate().filter(|(_, (_, is_apart))| **is_apart);
        for (position, (value, _)) in apart {
            let parsed = match &*value {
                Value::Json(text) | Value::Text(text) => nested::parse(text),
                _ => continue,
            };
            match parsed {
                Some(parsed) => *value = parsed,
                None => return Err(position),
            }
        }
        Ok(())
    }

    /// Returns what of a row leaves for a subject; `None` where nothing does.
    pub(super) fn given(&self, row: &[Value], wanted: &[Wanted], owner: Owner) -> Option<Row> {
        let named =
            |position: &usize| Some((Arc::clone(self.names.get(*position)?), row.get(*position)?.clone()));
        let partial =
            self.lookups.iter().flat_map(|link| &link.terms).any(|term| term.only_matching_elements);
        let is_plain =
            |position: &usize| !matches!(row.get(*position), Some(Value::Array(_) | Value::Object(_)));
        let given = match &self.given {
            Given::Nothing => return None,
            Given::Columns(positions) if !partial && positions.iter().all(is_plain) => {
                Row::new(positions.iter().filter_map(named).collect())
            }
            Given::Columns(_) | Given::Selected => {
                let whole = Row::new((0..row.len()).filter_map(|position| named(&position)).collect());
                let own = if partial { self.keep_own(&whole, wanted, owner) } else { whole };
                self.node.selection.select(&own)
            }
        };
        (!given.is_empty()).then_some(given)
    }

    /// Returns the places of the elements that are the subject's, in lists of which not all are.
    pub(super) fn own_places(&self, row: &[Value], wanted: &[Wanted], owner: Owner) -> Vec<Own> {
        let mut all: Vec<Own> = Vec::new();
        for (link, wanted) in self.lookups.iter().zip(wanted) {
            let ([term], [planned]) = (link.terms.as_slice(), link.plan.terms.as_slice()) else { continue };
            let Some(value) = row.get(term.field.position).filter(|_| term.only_matching_elements) else {
                continue;
            };
            let mut places = Vec::new();
            let is_theirs = |value: &Value| {
                let mut keys = Vec::new();
                let _ = term.comparison.keys(value, &mut keys); // what has no key is nobody's
                keys.iter().any(|key| wanted.owners(key).any(|known| known.subject == owner.subject))
            };
            matching(value, &term.field.path, &is_theirs, &mut Vec::new(), &mut places);
            all.push(Own { path: planned.to.clone(), places });
        }
        all
    }

    /// Drops the elements of lists that are other people's.
    fn keep_own(&self, row: &Row, wanted: &[Wanted], owner: Owner) -> Row {
        let mut tests: Vec<(&FieldPath, Test<'_>)> = Vec::new();
        for (link, wanted) in self.lookups.iter().zip(wanted) {
            // Of a composite key the parts can't be told apart by element: the whole list stays.
            let ([term], [planned]) = (link.terms.as_slice(), link.plan.terms.as_slice()) else { continue };
            if term.only_matching_elements {
                tests.push((
                    &planned.to,
                    Box::new(move |value| {
                        let mut keys = Vec::new();
                        let _ = term.comparison.keys(value, &mut keys);
                        keys.iter().any(|key| wanted.owners(key).any(|known| known.subject == owner.subject))
                    }),
                ));
            }
        }
        let matches: Vec<Match<'_>> = tests.iter().map(|(path, test)| (*path, &**test)).collect();
        keep_matching(row, &matches)
    }
}

/// Finds the places of matching values: one number for each list on the way.
fn matching(
    value: &Value,
    path: &[Arc<str>],
    test: &dyn Fn(&Value) -> bool,
    at: &mut Vec<usize>,
    found: &mut Vec<Vec<usize>>,
) {
    match (value, path.split_first()) {
        (Value::Array(items), _) => {
            for (place, item) in items.iter().enumerate() {
                at.push(place);
                matching(item, path, test, at, found);
                at.pop();
            }
        }
        (Value::Object(fields), Some((first, rest))) => {
            for (_, inner) in fields.iter().filter(|(name, _)| name == first) {
                matching(inner, rest, test, at, found);
            }
        }
        (value, None) if test(value) => found.push(at.clone()),
        (_, None | Some(_)) => {}
    }
}

/// Whether an element is the subject's.
type Test<'t> = Box<dyn Fn(&Value) -> bool + 't>;

/// Rows seen before, by their content: rows that say the same and are found by the same keys can't be told
/// apart anyway. Needed only where several statements may give the same row.
pub(super) struct Seen {
    hashers: [RandomState; 2],
    buffer: String,
    rows: HashMap<u128, Vec<Sighting>>,
}

/// A row given to a subject.
#[derive(Clone, Copy)]
pub(super) struct Sighting {
    pub(super) subject: u32,
    /// The statement that gave it.
    pub(super) statement: u64,
    /// The record made of it.
    pub(super) record: Option<u64>,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self {
            hashers: [RandomState::new(), RandomState::new()],
            buffer: String::new(),
            rows: HashMap::new(),
        }
    }

    /// Returns who was given a row of this content.
    pub(super) fn sightings(&mut self, row: &[Value]) -> &mut Vec<Sighting> {
        self.buffer.clear();
        for value in row {
            value.write_json(&mut self.buffer);
            self.buffer.push('\n');
        }
        let [low, high] = self.hashers.each_ref().map(|state| {
            let mut hasher = state.build_hasher();
            hasher.write(self.buffer.as_bytes());
            u128::from(hasher.finish())
        });
        self.rows.entry(low | high << 64).or_default()
    }
}
