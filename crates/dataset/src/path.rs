//! The path of a field inside a row: `address.city`, `people.passenger_ids`.
//!
//! Lists on the way are passed through: `orders.lines.sku` names the `sku` of every line of every order.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// One or more names, outermost first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Vec<Arc<str>>);

impl FieldPath {
    /// Makes the path of a field of the row itself.
    pub fn of(name: impl Into<Arc<str>>) -> Self {
        Self(vec![name.into()])
    }

    /// Reads names separated by dots; `None` where a name is missing.
    pub fn parse(text: &str) -> Option<Self> {
        let names: Vec<Arc<str>> = text.split('.').map(Arc::from).collect();
        if names.iter().any(|name| name.trim().is_empty()) { None } else { Some(Self(names)) }
    }

    /// Returns the path of a field inside this one.
    pub fn join(&self, name: impl Into<Arc<str>>) -> Self {
        let mut names = self.0.clone();
        names.push(name.into());
        Self(names)
    }

    /// Returns the name in the row itself: the column.
    pub fn top(&self) -> &Arc<str> {
        static NONE: std::sync::LazyLock<Arc<str>> = std::sync::LazyLock::new(|| Arc::from(""));
        self.0.first().unwrap_or(&NONE)
    }

    /// Returns the names below the column.
    pub fn below_top(&self) -> &[Arc<str>] {
        self.0.get(1..).unwrap_or_default()
    }

    /// Returns all names, outermost first.
    pub fn names(&self) -> &[Arc<str>] {
        &self.0
    }

    /// Returns whether the field stands inside another.
    pub fn is_nested(&self) -> bool {
        self.0.len() > 1
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
