//! A file under way, deleted whatever becomes of the work: on a full disk what is left behind would keep it full.

use std::path::{Path, PathBuf};

use crate::Store;

/// A path in the scratch folder; what stands there goes with this value.
///
/// Kept by whoever writes, on a thread of the blocking pool, too: work that is dropped for a lost lease goes
/// on there until it ends.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Returns a fresh path; nothing stands there yet.
    pub fn new(store: &Store) -> Self {
        Self(store.scratch_path())
    }

    /// Returns the path.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Usually it was moved away already; what can't be deleted is swept later.
        drop(std::fs::remove_file(&self.0));
    }
}
