//! One value read from a data source, carried exactly.
//!
//! A source may hold what JSON can't say: NaN, bytes, decimals of forty digits, dates before Christ,
//! text that is not UTF-8. A [`Value`] keeps all of it. Inside the house it is written by serde (the
//! record file uses postcard); for people it is written by [`Value::to_json`], which is plain JSON
//! wherever that says the same and an object with one `$` key where it doesn't. `Debug` shows kinds
//! and names, never contents: values are personal data.

mod json;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A value as its source holds it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// No value.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number above the range of [`Value::Int`].
    UInt(u64),
    /// A binary floating-point number; NaN and infinities are kept.
    Float(f64),
    /// A decimal number in its source's own digits, trailing zeros included; also `NaN`, `Infinity`.
    Decimal(String),
    /// Text.
    Text(String),
    /// Text whose bytes are not valid UTF-8, kept as they are.
    TextBytes(#[serde(with = "bytes")] Vec<u8>),
    /// Bytes.
    Bytes(#[serde(with = "bytes")] Vec<u8>),
    /// A date: `2021-01-31`, or whatever else its source says (`infinity`, `0044-03-15 BC`).
    Date(String),
    /// A time of day, with an offset where the source has one.
    Time(String),
    /// A date and time without a zone: `2021-01-31T01:00:00`, or whatever else its source says.
    Timestamp(String),
    /// An instant: `2021-01-31T01:00:00+00:00`, or whatever else its source says.
    TimestampTz(String),
    /// A JSON document in its source's own text.
    Json(String),
    /// A list.
    Array(Vec<Value>),
    /// Named values in order.
    Object(Vec<(Arc<str>, Value)>),
    /// A value of a type we have no kind for, written as text by its source.
    Other {
        /// The source's name of the type.
        type_name: Arc<str>,
        /// The text.
        text: String,
    },
}

impl Value {
    /// Returns whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns the value as JSON for people and programs outside.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// Appends the value as JSON.
    pub fn write_json(&self, out: &mut String) {
        json::write(self, out);
    }

    /// Returns the value as a person would write it: text without quotes, nothing for no value; what
    /// has no such form as its JSON.
    pub fn to_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text)
            | Self::Decimal(text)
            | Self::Date(text)
            | Self::Time(text)
            | Self::Timestamp(text)
            | Self::TimestampTz(text)
            | Self::Json(text)
            | Self::Other { text, .. } => text.clone(),
            Self::Bool(_)
            | Self::Int(_)
            | Self::UInt(_)
            | Self::Float(_)
            | Self::TextBytes(_)
            | Self::Bytes(_)
            | Self::Array(_)
            | Self::Object(_) => self.to_json(),
        }
    }

    /// Returns the name of the kind of value.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::UInt(_) => "int",
            Self::Float(_) => "float",
            Self::Decimal(_) => "decimal",
            Self::Text(_) => "text",
            Self::TextBytes(_) => "text of unknown encoding",
            Self::Bytes(_) => "bytes",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::Timestamp(_) => "timestamp",
            Self::TimestampTz(_) => "timestamp with time zone",
            Self::Json(_) => "json",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
            Self::Other { .. } => "other",
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

/// Named values in the order the dataset lists them.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row(Vec<(Arc<str>, Value)>);

impl Row {
    /// Makes a row of named values.
    pub fn new(fields: Vec<(Arc<str>, Value)>) -> Self {
        Self(fields)
    }

    /// Returns the named values.
    pub fn fields(&self) -> &[(Arc<str>, Value)] {
        &self.0
    }

    /// Returns the value of a field; `None` where the row has no such field.
    pub fn lookup(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| &**known == name).map(|(_, value)| value)
    }

    /// Returns whether the row has no field at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the row as a JSON object for people and programs outside.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// Appends the row as a JSON object. Field names are the dataset's: they are never tagged.
    pub fn write_json(&self, out: &mut String) {
        json::write_fields(&self.0, out);
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(name, value)| (name, value))).finish()
    }
}

/// Writes bytes in one piece instead of one by one.
mod bytes {
    use std::fmt;

    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }

            fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        from.deserialize_byte_buf(Bytes)
    }
}
