//! The definitions in force, kept up to date while a process runs.
//!
//! Any process may publish, and all of them read: each asks the database, before it begins something, whether
//! what it holds is still what is published. Whoever begins works with one state of the definitions to the
//! end.

use std::sync::{Arc, PoisonError, RwLock};

use habeas_core::definition::{Catalog, Size};

use crate::error::Result;
use crate::store::Store;

/// The definitions in force; cheap to clone.
#[derive(Clone)]
pub struct Live {
    store: Store,
    current: Arc<RwLock<Known>>,
}

/// What was read last.
#[derive(Clone)]
struct Known {
    catalog: Arc<Catalog>,
    /// What was published when it was looked at last, in force here or not.
    looked_at: Size,
}

impl Live {
    /// Starts from what was read before.
    pub fn new(store: Store, catalog: Arc<Catalog>) -> Self {
        let looked_at = catalog.size();
        Self { store, current: Arc::new(RwLock::new(Known { catalog, looked_at })) }
    }

    /// Returns the definitions as they were when last looked at.
    pub fn current(&self) -> Arc<Catalog> {
        self.known().catalog
    }

    /// Reads the definitions anew where something was published or retired since. Returns, once, what keeps
    /// newer ones from holding together: those before them then stay in force.
    ///
    /// # Errors
    /// When the database doesn't answer.
    pub async fn refresh(&self) -> Result<Vec<String>> {
        let known = self.known();
        let mut read = self.store.read().await?;
        let size = read.count_published().await?;
        if size == known.looked_at {
            return Ok(Vec::new());
        }
        let texts = read.list_published_texts().await?;
        drop(read);
        let (catalog, problems) = match Catalog::new(texts) {
            Ok(catalog) => (Arc::new(catalog), Vec::new()),
            Err(problems) => (known.catalog, problems),
        };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Known { catalog, looked_at: size };
        Ok(problems)
    }

    fn known(&self) -> Known {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests;
