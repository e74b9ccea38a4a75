//! What is given of a record once every decision on it is carried out.

use std::collections::BTreeSet;
use std::sync::Arc;

use habeas_core::record::{Hop, Record};
use habeas_core::register::is_within;
use habeas_core::value::{Row, Value};
use serde::Serialize;

use super::survey::Fields;
use super::{Error, Input};

/// What a person decided on a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// All of it is given.
    Give,
    /// It is given without these parts.
    Redact(Vec<Removal>),
    /// It is not given.
    Exclude {
        /// Why.
        reason: Reason,
        /// Whether the package may tell that there was such a record. Not telling is for the case where it would
        /// defeat what the exclusion protects.
        is_told: bool,
    },
}

/// A part of a record that is not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The field; for a part of a nested one, its path with dots.
    pub field: String,
    /// Why.
    pub reason: Reason,
}

/// Why something is not given, as far as the person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Art. 15(4): it is about someone else.
    OtherPerson,
    /// It is not about the person at all.
    NotAboutYou,
    /// A password, token or key.
    Credential,
    /// Legal professional privilege.
    Privilege,
    /// Art. 15(4): a trade secret or someone's intellectual property.
    TradeSecret,
    /// It would harm an investigation.
    Investigation,
    /// It would endanger the security of data or people.
    Security,
}

impl Reason {
    /// Returns the reason in words that stand after "removed:" or "left out:".
    pub fn words(self) -> &'static str {
        match self {
            Self::OtherPerson => "about another person",
            Self::NotAboutYou => "not about you",
            Self::Credential => "password or key",
            Self::Privilege => "legal privilege",
            Self::TradeSecret => "trade secret",
            Self::Investigation => "ongoing investigation",
            Self::Security => "security",
        }
    }

    /// Returns what stands in place of a removed value.
    pub fn placeholder(self) -> String {
        format!("[removed: {}]", self.words())
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
    Withheld { reason: Reason, is_told: bool },
}

/// Carries out what was decided on a record.
pub(super) fn decide(input: &Input, fields: &Fields<'_>, record: Record) -> Result<Fate, Error> {
    let removals: &[Removal] = match input.marks.get(&record.id) {
        None if record.third_party => return Err(Error::Undecided { record: record.id }),
        Some(&Mark::Exclude { reason, is_told }) => return Ok(Fate::Withheld { reason, is_told }),
        Some(Mark::Redact(removals)) => removals,
        Some(Mark::Give) | None => &[],
    };
    let mut row = record.row.fields().to_vec();
    let mut removed = BTreeSet::new();
    for removal in removals {
        match strike(&mut row, &removal.field, removal.reason) {
            Struck::Part => {}
            Struck::Whole(name) => {
                removed.insert(name);
            }
            Struck::Absent => return Err(Error::NoSuchField { record: record.id }),
        }
    }
    for path in fields.credentials() {
        if let Struck::Whole(name) = strike(&mut row, path, Reason::Credential) {
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
fn strike(row: &mut [(Arc<str>, Value)], path: &str, reason: Reason) -> Struck {
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

fn strike_each(values: &mut [Value], path: &str, reason: Reason) -> Struck {
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
fn blank(value: &mut Value, reason: Reason) {
    if !value.is_null() {
        *value = Value::Text(reason.placeholder());
    }
}

/// Returns whether a category is one of credentials, which no package may hold.
pub(super) fn is_credential(category: &str) -> bool {
    is_within(category, "user.authorization") || is_within(category, "user.credentials")
}
