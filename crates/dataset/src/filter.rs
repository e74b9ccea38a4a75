//! What a person is given of a row.

use std::sync::Arc;

use serde::Serialize;

/// The part of a row or nested value that is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// All of it.
    All,
    /// These fields of it, in order; of none, nothing. Lists are passed through.
    Fields(Vec<(Arc<str>, Selection)>),
}

impl Selection {
    /// Returns whether nothing is given.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::All => false,
            Self::Fields(fields) => fields.iter().all(|(_, inner)| inner.is_empty()),
        }
    }
}
