//! The rows a run starts from, each once, with what names it in its table.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;

use habeas_core::record::Record;
use habeas_core::value::{Row, Value};
use habeas_dataset::erasure::Own;
use habeas_dataset::path::FieldPath;
use habeas_dataset::plan::{Node, NodeId};

use crate::collect::{FoundRow, RecordSink, SinkError};
use crate::nested;
use crate::source::Table;
use crate::write::{Constraints, RowKey};

/// Keeps rows as they stand in their sources.
#[derive(Default)]
pub(crate) struct RowSink {
    pub(super) rows: Vec<FoundRow>,
}

#[async_trait]
impl RecordSink for RowSink {
    async fn push(&mut self, _: Record) -> Result<(), SinkError> {
        Ok(())
    }

    fn takes_rows(&self) -> bool {
        true
    }

    async fn push_row(&mut self, row: FoundRow) -> Result<(), SinkError> {
        self.rows.push(row);
        Ok(())
    }
}

/// The rows found in one collection.
pub(crate) struct NodeRows {
    pub(crate) id: NodeId,
    pub(crate) table: Arc<Table>,
    pub(crate) constraints: Constraints,
    pub(crate) key: RowKey,
    /// Whether the source itself vouches that a key names one row.
    pub(crate) is_certain: bool,
    pub(crate) rows: Vec<RowState>,
    index: HashMap<String, usize>,
}

/// A row, once for everybody it was found for.
pub(crate) struct RowState {
    /// As it stands in the source, all columns.
    pub(crate) before: Vec<Value>,
    /// The same with documents taken apart.
    pub(crate) row: Row,
    pub(crate) subjects: Vec<u32>,
    pub(crate) own: Vec<Own>,
    /// Whether every way to it leads over other people.
    pub(crate) third_party: bool,
    /// The fields that say that it is the subject's.
    pub(crate) found_by: Vec<FieldPath>,
    /// Whether it holds an identity of the subject itself.
    pub(crate) is_direct: bool,
    /// Why it is other people's too.
    pub(crate) others: Option<String>,
    /// How often the table holds it, where nothing tells its rows apart.
    pub(crate) copies: usize,
}

impl NodeRows {
    pub(super) fn new(id: NodeId, node: &Node, table: Arc<Table>, constraints: Constraints) -> Self {
        let (key, is_certain) = key(node, &table, &constraints);
        Self { id, table, constraints, key, is_certain, rows: Vec::new(), index: HashMap::new() }
    }

    /// Returns the name of a row of this table, as text.
    pub(crate) fn name(&self, row: &[Value]) -> String {
        named(&self.key.values(row))
    }

    /// Returns whether a row is among those found.
    pub(super) fn holds(&self, row: &[Value]) -> bool {
        self.index.contains_key(&self.name(row))
    }

    /// Returns whether a row is among those found and nobody else's.
    pub(super) fn owns(&self, row: &[Value]) -> bool {
        self.place(row).and_then(|place| self.rows.get(place)).is_some_and(|state| state.others.is_none())
    }

    /// Returns the place of a row among those found.
    pub(super) fn place(&self, row: &[Value]) -> Option<usize> {
        self.index.get(&self.name(row)).copied()
    }

    pub(super) fn add(&mut self, found: FoundRow, seen: &mut HashMap<(u32, usize), usize>) {
        let name = self.name(&found.values);
        let known = self.index.get(&name).copied();
        let place = known.unwrap_or(self.rows.len());
        if known.is_none() {
            let names = self.table.columns.iter().map(|column| Arc::clone(&column.name));
            let apart = found.apart.unwrap_or_else(|| found.values.clone());
            self.index.insert(name, place);
            self.rows.push(RowState {
                row: Row::new(names.zip(apart).collect()),
                before: found.values,
                subjects: Vec::new(),
                own: Vec::new(),
                third_party: true,
                found_by: Vec::new(),
                is_direct: false,
                others: None,
                copies: 0,
            });
        }
        let Some(state) = self.rows.get_mut(place) else { return };
        let copies = seen.entry((found.subject, place)).or_default();
        *copies += 1;
        state.copies = state.copies.max(*copies);
        if !state.subjects.contains(&found.subject) {
            state.subjects.push(found.subject);
        }
        state.third_party &= found.third_party;
        for own in found.own {
            match state.own.iter_mut().find(|known| known.path == own.path) {
                Some(known) => known.places.extend(own.places),
                None => state.own.push(own),
            }
        }
    }
}

/// Returns values as one text.
pub(crate) fn named(values: &[Value]) -> String {
    let mut text = String::new();
    for value in values {
        value.write_json(&mut text);
        text.push('\n');
    }
    text
}

/// What names a row: the primary key, else other columns that are unique and always there, else what the
/// dataset says, else all of it.
fn key(node: &Node, table: &Table, constraints: &Constraints) -> (RowKey, bool) {
    if !table.primary_key.is_empty() {
        return (RowKey::Columns(table.primary_key.clone()), true);
    }
    let is_there = |place: &usize| table.columns.get(*place).is_some_and(|column| column.is_not_null);
    let unique = constraints.unique.iter().find(|key| !key.is_empty() && key.iter().all(is_there));
    if let Some(unique) = unique {
        return (RowKey::Columns(unique.clone()), true);
    }
    let said: Vec<usize> = node
        .primary_key
        .iter()
        .filter(|path| !path.is_nested())
        .filter_map(|path| table.lookup(path.top()))
        .collect();
    if said.is_empty() { (RowKey::WholeRow, true) } else { (RowKey::Columns(said), false) }
}

/// Calls with every value at a field of a row.
pub(super) fn values<'r>(row: &'r Row, path: &FieldPath, found: &mut dyn FnMut(&'r Value)) {
    if let Some(value) = row.lookup(path.top()) {
        nested::visit(value, path.below_top(), &mut |value| match value {
            Value::Array(items) => items.iter().for_each(&mut *found),
            value => found(value),
        });
    }
}
