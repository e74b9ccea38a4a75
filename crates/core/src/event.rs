//! Events as they are kept: kind, version and body, with what must be sealed split off.
//!
//! The stored bytes of a body are what the chain hashes, and they never change. Personal data and
//! free text stand in [`Record::sealed`]; the store encrypts that part under the request's key, so
//! that destroying the key leaves a chain that still verifies.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::id::UserId;
use crate::pii::MARK;

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Habeas itself: a job or a timer.
    System,
    /// The person the data is about, or whoever asks in their name.
    Subject,
    /// A member of staff.
    Staff(UserId),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Subject => f.write_str("subject"),
            Self::Staff(id) => write!(f, "staff:{id}"),
        }
    }
}

/// A text that names no actor.
#[derive(Debug, thiserror::Error)]
#[error("not a valid actor")]
pub struct InvalidActor;

impl FromStr for Actor {
    type Err = InvalidActor;

    fn from_str(text: &str) -> Result<Self, InvalidActor> {
        match text {
            "system" => Ok(Self::System),
            "subject" => Ok(Self::Subject),
            other => {
                let id = other.strip_prefix("staff:").ok_or(InvalidActor)?;
                id.parse().map(Self::Staff).map_err(|_| InvalidActor)
            }
        }
    }
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Actor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One event in the form it is kept in.
#[derive(Clone, PartialEq)]
pub struct Record {
    /// What happened, such as `task_completed`.
    pub kind: String,
    /// The version of the body's shape.
    pub version: u16,
    /// The part that is kept in clear: ids, dates, kinds, counts.
    pub body: Value,
    /// The part to be sealed, by JSON pointer into the body; `None` where the event has none.
    pub sealed: Option<Value>,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({} v{})", self.kind, self.version)
    }
}

/// One entry of a request's log.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The place in the request's chain, from 1.
    pub seq: u64,
    /// When it was appended.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub record: Record,
}

/// Splits every value marked by [`crate::pii::sealed`] off a body.
///
/// Returns the body with `null` where sealed values stood, and a map from JSON pointer to value.
pub fn split(mut body: Value) -> (Value, Option<Value>) {
    let mut sealed = Map::new();
    take_marked(&mut body, &mut String::new(), &mut sealed);
    let sealed = (!sealed.is_empty()).then_some(Value::Object(sealed));
    (body, sealed)
}

/// Puts opened values back where [`split`] took them from.
pub fn join(mut body: Value, sealed: Option<Value>) -> Value {
    if let Some(Value::Object(values)) = sealed {
        for (pointer, value) in values {
            if let Some(place) = body.pointer_mut(&pointer) {
                let mut marked = Map::new();
                marked.insert(MARK.to_owned(), value);
                *place = Value::Object(marked);
            }
        }
    }
    body
}

fn take_marked(node: &mut Value, pointer: &mut String, sealed: &mut Map<String, Value>) {
    match node {
        Value::Object(map) => {
            if map.len() == 1
                && let Some(value) = map.remove(MARK)
            {
                sealed.insert(pointer.clone(), value);
                *node = Value::Null;
                return;
            }
            for (key, child) in map.iter_mut() {
                let length = pointer.len();
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                take_marked(child, pointer, sealed);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (place, child) in items.iter_mut().enumerate() {
                let length = pointer.len();
                pointer.push('/');
                pointer.push_str(&place.to_string());
                take_marked(child, pointer, sealed);
                pointer.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests;
