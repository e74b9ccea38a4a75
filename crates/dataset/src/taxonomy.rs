//! Data categories: what kind of data a field holds, as a path from the general to the particular.
//!
//! A category stands for itself and all below it: `user.contact` for `user.contact.email`, but not for
//! `user.contacts`. The known keys are those of the fideslang taxonomy; a dataset may declare its own
//! under `habeas: {categories: […]}`.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use habeas_core::yaml;
use serde::{Serialize, Serializer};

/// A data category.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(Arc<str>);

impl Category {
    /// Makes a category of a key; whether it is known is for the reader to check.
    pub fn new(key: impl Into<Arc<str>>) -> Self {
        Self(key.into())
    }

    /// Returns the key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether it is the other category or below it.
    pub fn is_within(&self, other: &Self) -> bool {
        match self.0.strip_prefix(&*other.0) {
            Some(rest) => rest.is_empty() || rest.starts_with('.'),
            None => false,
        }
    }

    /// Returns the number of steps from the root: of two that apply, the deeper one is more specific.
    pub fn depth(&self) -> usize {
        self.0.split('.').count()
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Category {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

/// Returns the keys of the taxonomy.
pub fn keys() -> impl Iterator<Item = &'static str> {
    include_str!("taxonomy/categories.txt").lines().filter(|line| !line.is_empty())
}

/// Returns whether a key is in the taxonomy.
pub fn is_known(key: &str) -> bool {
    keys().any(|known| known == key)
}

/// Returns the key that may have been meant: one whose last word is the same or spelt alike (so also keys
/// of older taxonomies are found), or else one spelt alike as a whole.
pub fn nearest(key: &str) -> Option<&'static str> {
    let last_of = |key: &'static str| key.rsplit('.').next();
    let word = key.rsplit('.').next()?;
    let same: Vec<&str> = keys().filter(|known| last_of(known) == Some(word)).collect();
    let alike = || {
        let last = yaml::nearest(word, keys().filter_map(last_of))?;
        keys().find(|known| last_of(known) == Some(last))
    };
    yaml::nearest(key, same.iter().copied())
        .or(same.first().copied())
        .or_else(alike)
        .or_else(|| yaml::nearest(key, keys()))
}
