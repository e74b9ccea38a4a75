//! What a server's catalogue said of its tables, remembered for a short while beside the connection it was
//! asked over.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::source::{Table, TableName};

/// How long the catalogue's answers are believed. A column that changes its type meanwhile makes the server
/// refuse the prepared statement.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(1);

/// The tables known of a source.
#[derive(Default)]
pub(crate) struct Catalogue {
    tables: HashMap<TableName, Arc<Table>>,
    /// When they were asked for, by the source's clock.
    asked_at: Option<Timestamp>,
}

impl Catalogue {
    /// Has everything asked for again.
    pub(crate) fn forget(&mut self) {
        self.asked_at = None;
    }

    /// Returns which of the tables must be asked for, at this instant of the source.
    pub(crate) fn unknown(&mut self, names: &[TableName], as_of: Timestamp) -> Vec<TableName> {
        let since = self.asked_at.map(|asked_at| as_of.duration_since(asked_at));
        if since.is_none_or(|since| since > REMEMBERED) {
            self.tables.clear();
            self.asked_at = Some(as_of);
        }
        names.iter().filter(|name| !self.tables.contains_key(name)).cloned().collect()
    }

    /// Takes in what the catalogue said.
    pub(crate) fn learn(&mut self, found: Vec<(TableName, Table)>) {
        self.tables.extend(found.into_iter().map(|(name, table)| (name, Arc::new(table))));
    }

    /// Returns a table, if there is one of this name.
    pub(crate) fn lookup(&self, name: &TableName) -> Option<&Arc<Table>> {
        self.tables.get(name)
    }
}
