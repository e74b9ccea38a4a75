//! Personal data that can't slip into a log.
//!
//! [`Pii`] has no `Display` and no `Serialize`, and its `Debug` says nothing: leaving it takes a method
//! with a name. Inside events it is written by [`sealed`], which marks the value so that
//! the store seals it under the request's key before anything is hashed or kept.

use std::fmt;

/// A value that is personal data or somebody's free text.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Shows the value to code that is allowed to see it: pages, mails, packages, connectors.
    pub fn reveal(&self) -> &T {
        &self.0
    }

    /// Takes the value out.
    pub fn into_revealed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pii(***)")
    }
}

/// The key under which a sealed value stands in an event's JSON before it is split off.
pub const MARK: &str = "$sealed";

/// Writes and reads a [`Pii`] inside an event (`#[serde(with = "pii::sealed")]`).
pub mod sealed {
    use serde::ser::SerializeMap as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{MARK, Pii};

    /// Writes the value under the mark that makes the store seal it.
    pub fn serialize<T: Serialize, S: Serializer>(pii: &Pii<T>, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(1))?;
        map.serialize_entry(MARK, pii.reveal())?;
        map.end()
    }

    /// Reads a value that was opened again; where the key is destroyed it is the type's empty value, so
    /// that a scrubbed request still folds into the same dates, kinds and outcomes.
    pub fn deserialize<'de, T: Deserialize<'de> + Default, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Pii<T>, D::Error> {
        #[derive(Deserialize)]
        struct Marked<T> {
            #[serde(rename = "$sealed")]
            value: T,
        }
        let marked = Option::<Marked<T>>::deserialize(from)?;
        Ok(Pii::new(marked.map(|marked| marked.value).unwrap_or_default()))
    }
}
