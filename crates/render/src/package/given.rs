//! What is given of a record once every decision on it is carried out.

use std::collections::BTreeSet;
use std::sync::Arc;

use habeas_core::record::{Hop, Record};
use habeas_core::register::is_within;
use habeas_core::request::{MarkGround, Verdict};
use habeas_core::value::{Row, Value};

use super::survey::Fields;
use super::{Error, Input};

/// Why nobody's credentials are given, in the words of [`words`].
const CREDENTIAL: &str = "password or key";

/// Returns a ground in the words that stand after "removed:" or "left out:".
pub(super) fn words(ground: MarkGround) -> &'static str {
    match ground {
        MarkGround::OtherPerson => "about another person",
        MarkGround::NotAboutSubject => "not about you",
        MarkGround::Privilege => "legal privilege",
        MarkGround::TradeSecret => "trade secret",
        MarkGround::Investigation => "ongoing investigation",
        MarkGround::Security => "security of data or people",
    }
}

/// A record as it is given.
pub(super) struct Given {
    pub(super) row: Row,
    /// The fields of which nothing is left.
    pub(super) removed: BTreeSet<Arc<str>>,
    pub(super) reached_by: Arc<[Hop]>,
}

/// What becomes of a record.
pub(super) enum Fate {
    Given(Given),
    Withheld { ground: MarkGround, is_told: bool },
}

/// Carries out what was decided on a record.
pub(super) fn decide(input: &Input, fields: Fields<'_>, record: Record) -> Result<Fate, Error> {
    let mut row = record.row.fields().to_vec();
    let mut removed = BTreeSet::new();
    match input.marks.get(&record.id) {
        None if record.third_party => return Err(Error::Undecided { record: record.id }),
        None | Some(Verdict::Give) => {}
        Some(&Verdict::Exclude { ground, is_told }) => {
            return Ok(Fate::Withheld { ground, is_told });
        }
        Some(Verdict::Redact { fields, ground }) => {
            for path in fields {
                match strike(&mut row, path, words(*ground)) {
                    Struck::Part => {}
                    Struck::Whole(name) => {
                        removed.insert(name);
                    }
                    Struck::Absent => return Err(Error::NoSuchField { record: record.id }),
                }
            }
        }
    }
    for path in fields.credentials() {
        if let Struck::Whole(name) = strike(&mut row, path, CREDENTIAL) {
            removed.insert(name);
        }
    }
    Ok(Fate::Given(Given { row: Row::new(row), removed, reached_by: record.reached_by }))
}

/// What became of a field that was to be removed.
enum Struck {
    /// Nothing of it is left, or nothing was there.
    Whole(Arc<str>),
    /// A part of it is gone.
    Part,
    /// There is no such field.
    Absent,
}

/// Removes a field, or the part of it that a path with dots names. Where the path leads into a value that
/// can't be taken apart (a document kept as text), the whole field goes.
fn strike(row: &mut [(Arc<str>, Value)], path: &str, reason: &str) -> Struck {
    // Field names may hold dots themselves, so the longest name that fits is taken.
    let fits =
        |name: &str| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let fitting = row.iter_mut().filter(|(name, _)| fits(name)).max_by_key(|(name, _)| name.len());
    let Some((name, value)) = fitting else { return Struck::Absent };
    let inner = path.get(name.len() + 1..).unwrap_or_default();
    if inner.is_empty() {
        blank(value, reason);
        return Struck::Whole(Arc::clone(name));
    }
    match value {
        Value::Object(fields) => match strike(fields, inner, reason) {
            Struck::Whole(_) | Struck::Part => Struck::Part,
            Struck::Absent => Struck::Absent,
        },
        Value::Array(values) => strike_each(values, inner, reason),
        _ => {
            blank(value, reason);
            Struck::Whole(Arc::clone(name))
        }
    }
}

fn strike_each(values: &mut [Value], path: &str, reason: &str) -> Struck {
    let mut struck = Struck::Absent;
    for value in values {
        match value {
            Value::Object(fields) => {
                if !matches!(strike(fields, path, reason), Struck::Absent) {
                    struck = Struck::Part;
                }
            }
            Value::Array(inner) => {
                if !matches!(strike_each(inner, path, reason), Struck::Absent) {
                    struck = Struck::Part;
                }
            }
            other => {
                blank(other, reason);
                struck = Struck::Part;
            }
        }
    }
    struck
}

/// An empty field stays empty: that there is nothing is no secret, and saying otherwise would be untrue.
fn blank(value: &mut Value, reason: &str) {
    if !value.is_null() {
        *value = Value::Text(format!("[removed: {reason}]"));
    }
}

/// Returns whether a category is one of credentials, which no package may hold.
pub(super) fn is_credential(category: &str) -> bool {
    is_within(category, "user.authorization") || is_within(category, "user.credentials")
}
