//! Looks besides collecting: catalogues, and rows that tell whose another row is.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;

use habeas_core::context::Chance;
use habeas_core::value::Value;

use crate::connections::Limits;
use crate::error::{Error, Problem};
use crate::source::{Lookup, Part, Query, Snapshot, Table, TableName};
use crate::sources::{Opened, Sources};
use crate::write::Constraints;

/// One view of each source, opened when it is first needed.
pub(crate) struct Views<'a> {
    sources: &'a Sources,
    chance: &'a dyn Chance,
    open: HashMap<usize, Opened<'a>>,
}

impl<'a> Views<'a> {
    pub(crate) fn new(sources: &'a Sources, chance: &'a dyn Chance) -> Self {
        Self { sources, chance, open: HashMap::new() }
    }

    async fn snapshot(&mut self, source: usize) -> Result<&mut dyn Snapshot, Error> {
        let opened = match self.open.entry(source) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(self.sources.open(source, self.chance).await?)
            }
        };
        Ok(&mut *opened.snapshot)
    }

    pub(crate) async fn table(&mut self, source: usize, name: &TableName) -> Result<Arc<Table>, Error> {
        let snapshot = self.snapshot(source).await?;
        let tables = snapshot.tables(std::slice::from_ref(name)).await?;
        let missing = Problem::MissingTable { table: name.to_string(), nearest: None };
        tables.into_iter().next().ok_or_else(|| Error::new(&Arc::from("?"), missing))
    }

    pub(crate) async fn constraints(
        &mut self,
        source: usize,
        tables: &[Arc<Table>],
    ) -> Result<Vec<Constraints>, Error> {
        self.snapshot(source).await?.constraints(tables).await
    }

    /// Reads the rows of a table that match all parts, until there are no more or the visitor has seen enough.
    pub(crate) async fn search(
        &mut self,
        source: usize,
        table: &Table,
        parts: &[Part],
        visit: &mut (dyn FnMut(Vec<Value>) -> bool + Send),
    ) -> Result<(), Error> {
        let connector = self.sources.connector(source)?;
        let (limits, name) = (*connector.limits(), Arc::clone(connector.name()));
        // Only one part may be divided: a row must match all of them.
        let most = limits.keys_per_statement.max(1);
        let Some((first, rest)) = parts.split_first() else { return Ok(()) };
        for keys in first.keys.chunks(most) {
            let mut parts = vec![Part { keys: keys.to_vec(), ..first.clone() }];
            parts.extend(rest.iter().cloned());
            let lookups = [Lookup { parts, filters: Vec::new() }];
            let columns: Vec<usize> = (0..table.columns.len()).collect();
            let query = Query { table, columns: &columns, lookups: &lookups, filters: &[], limit: None };
            let snapshot = self.snapshot(source).await?;
            if !read(snapshot, &query, (&limits, &name), visit).await? {
                // The answer was not read to its end: the connection is of no more use.
                self.open.remove(&source);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads some columns of all rows of a table, until the visitor has seen enough.
    pub(crate) async fn scan(
        &mut self,
        source: usize,
        table: &Table,
        columns: &[usize],
        visit: &mut (dyn FnMut(Vec<Value>) -> bool + Send),
    ) -> Result<(), Error> {
        let connector = self.sources.connector(source)?;
        let (limits, name) = (*connector.limits(), Arc::clone(connector.name()));
        let query = Query { table, columns, lookups: &[], filters: &[], limit: None };
        if !read(self.snapshot(source).await?, &query, (&limits, &name), visit).await? {
            self.open.remove(&source);
        }
        Ok(())
    }

    pub(crate) fn name(&self, source: usize) -> Result<&'a Arc<str>, Error> {
        self.sources.connector(source).map(crate::source::Connector::name)
    }

    pub(crate) async fn finish(self) {
        for opened in self.open.into_values() {
            // All was read: a source that can't end its transaction any more has lost nothing of ours.
            let _ = opened.snapshot.finish().await;
        }
    }
}

/// Returns whether all was read.
async fn read(
    snapshot: &mut dyn Snapshot,
    query: &Query<'_>,
    (limits, name): (&Limits, &Arc<str>),
    visit: &mut (dyn FnMut(Vec<Value>) -> bool + Send),
) -> Result<bool, Error> {
    let patience = Duration::from_millis(limits.timeout_ms);
    let mut rows = snapshot.read(query);
    let mut count = 0_u64;
    loop {
        let late = |_| Error::new(name, Problem::TimedOut { limit_ms: limits.timeout_ms });
        let Some(row) = tokio::time::timeout(patience, rows.next()).await.map_err(late)? else {
            return Ok(true);
        };
        count += 1;
        if count > limits.rows {
            let table = query.table.name.to_string();
            return Err(Error::new(name, Problem::TooManyRows { table, limit: limits.rows }));
        }
        if !visit(row?) {
            return Ok(false);
        }
    }
}
