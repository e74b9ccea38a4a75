//! What the executor needs of a source that it may change: its constraints, and one transaction.
//!
//! Rows are named by the values of key columns, or by all they hold where a table has no key. Everything is
//! set-based: one statement serves any number of rows. A [`Writer`] that is dropped has changed nothing.

use async_trait::async_trait;

use habeas_core::value::Value;

use crate::error::Error;
use crate::source::{Table, TableName};

/// What a table's catalogue says about changing it.
#[derive(Debug, Clone, Default)]
pub struct Constraints {
    /// Columns whose values together differ from row to row, primary key included.
    pub unique: Vec<Vec<usize>>,
    /// Foreign keys of this table.
    pub refers_to: Vec<ForeignKey>,
    /// Foreign keys of other tables, or its own, that lead to this one.
    pub referred_by: Vec<ForeignKey>,
    /// What runs when rows are changed or deleted.
    pub triggers: Vec<Trigger>,
    /// Columns the source computes itself.
    pub generated: Vec<usize>,
    /// Columns we may change.
    pub writable: Vec<usize>,
    /// Columns nobody may change once a row is there.
    pub fixed: Vec<usize>,
    /// Whether changes are made row by row, each for itself.
    pub lacks_transactions: bool,
    /// Whether we may delete rows.
    pub may_delete: bool,
    /// Whether it is a table whose rows can be changed, and not a view.
    pub is_table: bool,
    /// Why no row of it may be changed although it is a table, and what to do.
    pub refusal: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name; empty where the source gives none.
    pub name: String,
    /// The table that refers.
    pub from: TableName,
    /// Its columns.
    pub from_columns: Vec<String>,
    /// The table referred to.
    pub to: TableName,
    /// Its columns.
    pub to_columns: Vec<String>,
    /// What becomes of referring rows when the row referred to is deleted.
    pub on_delete: OnDelete,
}

/// What becomes of rows whose referred row is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// The deletion is refused.
    Refuse,
    /// They are deleted too.
    Cascade,
    /// They lose the reference.
    Clear,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// Whether it runs on updates.
    pub on_update: bool,
    /// Whether it runs on deletions.
    pub on_delete: bool,
}

/// What names the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowKey {
    /// The values of these columns.
    Columns(Vec<usize>),
    /// All it holds.
    WholeRow,
}

impl RowKey {
    /// Returns the places of the columns compared.
    pub fn columns(&self, table: &Table) -> Vec<usize> {
        match self {
            Self::Columns(columns) => columns.clone(),
            Self::WholeRow => (0..table.columns.len()).collect(),
        }
    }

    /// Returns the values that name a row.
    pub fn values(&self, row: &[Value]) -> Vec<Value> {
        match self {
            Self::Columns(columns) => {
                columns.iter().map(|place| row.get(*place).cloned().unwrap_or(Value::Null)).collect()
            }
            Self::WholeRow => row.to_vec(),
        }
    }
}

/// Some rows of a table.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// The table.
    pub table: &'a Table,
    /// What names its rows.
    pub key: &'a RowKey,
    /// The key values of each.
    pub keys: &'a [Vec<Value>],
}

/// How a transaction ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Commit {
    /// Everything is changed.
    Done,
    /// Nothing is changed.
    Refused(Error),
    /// The connection was lost while the source was ending the transaction: it is one or the other.
    Unknown(Error),
}

/// One transaction that changes rows.
#[async_trait]
pub trait Writer: Send {
    /// Locks rows against others and returns them as they are now, all columns of each.
    async fn lock(&mut self, rows: &Rows<'_>) -> Result<Vec<Vec<Value>>, Error>;

    /// Sets columns of rows, to the values given for each row. Returns how many rows were changed.
    async fn update(&mut self, rows: &Rows<'_>, columns: &[usize], to: &[Vec<Value>]) -> Result<u64, Error>;

    /// Deletes rows. Returns how many were.
    async fn delete(&mut self, rows: &Rows<'_>) -> Result<u64, Error>;

    /// Returns whether foreign keys are checked with each row, and not when all is done.
    fn checks_at_once(&self) -> bool {
        false
    }

    /// Takes references to rows of these tables off rows that are all about to be deleted, where the source would
    /// otherwise not delete either of them.
    async fn release(&mut self, _rows: &Rows<'_>, _gone: &[&Table]) -> Result<(), Error> {
        Ok(())
    }

    /// Ends the transaction.
    async fn commit(self: Box<Self>) -> Commit;

    /// Undoes everything and gives the connection back.
    async fn undo(self: Box<Self>);
}

/// Returns whether a foreign key's end is a table.
pub(crate) fn is_same(name: &TableName, table: &Table) -> bool {
    name == &table.full_name
}
