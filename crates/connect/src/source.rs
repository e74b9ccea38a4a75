//! What the executor needs of a kind of source: to say what it holds, and to read it as of one instant. What
//! it needs to change rows is in [`crate::write`].
//!
//! The kinds are PostgreSQL, MySQL with MariaDB, SQLite and MongoDB. Names that reach SQL come only from the source's own catalogue
//! (a [`Table`] can be had from [`Snapshot::tables`] alone), so a hostile dataset can't write SQL.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use jiff::Timestamp;

use habeas_core::value::Value;
use habeas_dataset::normalise::Normaliser;

use crate::connections::{Connection, Limits, Target};
use crate::error::{Error, Problem, nearest_name};
use crate::key::{Class, Key};
#[cfg(feature = "mongodb")]
use crate::mongo;
use crate::mysql;
use crate::postgres::{self, Decode};
use crate::sqlite;
use crate::write::{Constraints, Writer};

/// A kind of source.
#[async_trait]
pub trait Connector: Send + Sync {
    /// Returns the name of the source in the connections file.
    fn name(&self) -> &Arc<str>;

    /// Returns what may be asked of the source.
    fn limits(&self) -> &Limits;

    /// Opens a consistent view of the source: everything read through it is as of one instant.
    async fn open(&self) -> Result<Box<dyn Snapshot>, Error>;

    /// Returns why rows may not be changed; `None` where they may.
    fn write_refusal(&self) -> Option<Problem>;

    /// Begins a transaction that changes rows.
    async fn open_writer(&self) -> Result<Box<dyn Writer>, Error>;
}

/// A consistent, read-only view of a source. Dropping it after an error closes its connection.
#[async_trait]
pub trait Snapshot: Send {
    /// Returns the instant whose state is seen, by the source's own clock.
    fn as_of(&self) -> Timestamp;

    /// Returns what the source calls itself, such as `PostgreSQL 17.2`.
    async fn version(&mut self) -> Result<String, Error>;

    /// Returns the names of all tables and views a user would see.
    async fn list(&mut self) -> Result<Vec<TableName>, Error>;

    /// Forgets what the catalogue said, so that it is asked again.
    fn forget(&mut self);

    /// Looks tables up in the source's catalogue, in the order asked. What it said a short while ago may
    /// be remembered.
    async fn tables(&mut self, names: &[TableName]) -> Result<Vec<Arc<Table>>, Error>;

    /// Looks up what the catalogue says about changing tables, in the order asked.
    async fn constraints(&mut self, tables: &[Arc<Table>]) -> Result<Vec<Constraints>, Error>;

    /// Reads rows: the values of the asked columns, in their order.
    fn read<'a>(&'a mut self, query: &Query<'a>) -> BoxStream<'a, Result<Vec<Value>, Error>>;

    /// Ends the view and gives its connection back.
    async fn finish(self: Box<Self>) -> Result<(), Error>;
}

/// The name of a table as a dataset gives it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    /// The schema, where the dataset's namespace names one.
    pub schema: Option<String>,
    /// The table.
    pub table: String,
}

/// A table as the source's catalogue describes it.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name, with the schema where one was asked for.
    pub name: Arc<str>,
    /// Its name with the schema the source has it in.
    pub full_name: TableName,
    /// Its columns in their order.
    pub columns: Vec<Column>,
    /// The places of the columns of its primary key.
    pub primary_key: Vec<usize>,
    /// Whether the source shows us only some of its rows.
    pub hides_rows: bool,
    /// The name as it stands in a statement.
    pub(crate) sql: String,
}

/// A column as the source's catalogue describes it.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: Arc<str>,
    /// Its type in the source's words.
    pub type_name: String,
    /// Whether we are allowed to read it.
    pub is_readable: bool,
    /// Whether it must have a value.
    pub is_not_null: bool,
    /// How many characters it takes at most.
    pub max_length: Option<u32>,
    pub(crate) class: Class,
    pub(crate) decode: Decode,
    /// The name as it stands in a statement.
    pub(crate) sql: String,
    /// The type as it stands in a cast.
    pub(crate) cast: String,
}

impl TableName {
    /// Returns the table of a collection. The schema is the namespace's, or stands before a dot.
    pub fn of(namespace: &BTreeMap<String, String>, collection: &str) -> Self {
        let schema = namespace.get("schema").or_else(|| namespace.get("schema_name")).cloned();
        match (schema, collection.split_once('.')) {
            (None, Some((schema, table))) => {
                Self { schema: Some(schema.to_owned()), table: table.to_owned() }
            }
            (schema, _) => Self { schema, table: collection.to_owned() },
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.table),
            None => f.write_str(&self.table),
        }
    }
}

impl Table {
    /// The name of the column for all fields of a document that no other is for.
    pub const FURTHER_FIELDS: &'static str = "(further fields)";

    /// Returns whether rows may have fields that the source didn't list.
    pub fn is_open(&self) -> bool {
        self.columns.iter().any(|column| column.decode == Decode::BsonRest)
    }

    /// Returns the table with columns for these fields too, where rows may have fields that the source didn't list.
    pub(crate) fn with<'n>(self: &Arc<Self>, names: impl Iterator<Item = &'n str>) -> Arc<Self> {
        let mut table = Arc::clone(self);
        if !self.is_open() {
            return table;
        }
        for name in names {
            if table.lookup(name).is_none() {
                let rest = table.columns.len() - 1;
                Arc::make_mut(&mut table).columns.insert(rest, Column::absent(name));
            }
        }
        table
    }

    /// Returns the place of a column.
    pub fn lookup(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| &*known.name == column)
    }

    /// Returns the place of a column of this source's table, or an error with the nearest name.
    pub fn ensure_column(&self, source: &Arc<str>, column: &str) -> Result<usize, Error> {
        self.lookup(column).ok_or_else(|| {
            Error::new(
                source,
                Problem::MissingColumn {
                    table: self.name.to_string(),
                    column: column.to_owned(),
                    nearest: nearest_name(column, self.columns.iter().map(|known| &*known.name)),
                },
            )
        })
    }
}

impl Column {
    /// A field that no document looked at has.
    fn absent(name: &str) -> Self {
        Self {
            name: Arc::from(name),
            type_name: "absent".to_owned(),
            is_readable: true,
            is_not_null: false,
            max_length: None,
            class: Class::Document,
            decode: Decode::Bson { unsets: false },
            sql: String::new(),
            cast: String::new(),
        }
    }

    /// Returns how values at a path inside the column are compared.
    pub(crate) fn class_at(&self, path: &[Arc<str>]) -> Class {
        match self.class {
            Class::Document => Class::Document,
            _ if path.is_empty() => self.class.clone(),
            _ => Class::Text,
        }
    }
}

/// One statement: the rows of a table that match any of the lookups; all rows where there is none.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// The table.
    pub table: &'a Table,
    /// The places of the columns wanted.
    pub columns: &'a [usize],
    /// What to look up; a row matches if any of them does.
    pub lookups: &'a [Lookup],
    /// What every row must satisfy besides.
    pub filters: &'a [Filter],
    /// How many rows at most.
    pub limit: Option<u64>,
}

/// A search for values in one column, or for combinations in several.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// The columns, each with the values looked for: a row matches if every part does.
    pub parts: Vec<Part>,
    /// What the row must satisfy besides.
    pub filters: Vec<Filter>,
}

/// A column looked into.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its place in the table.
    pub column: usize,
    /// The path inside the JSON the column holds; empty for the column itself.
    pub path: Vec<Arc<str>>,
    /// How values are made comparable first. With it, and with a path, a source may give rows
    /// that do not match: the executor compares again.
    pub normaliser: Option<Normaliser>,
    /// The values looked for, each once.
    pub keys: Vec<Key>,
}

/// A fixed condition on a column.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Its place in the table.
    pub column: usize,
    /// What it must satisfy.
    pub test: Test,
}

/// The test of a [`Filter`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// The value is one of these.
    In(Vec<Key>),
    /// The value is none of these, or there is none.
    NotIn(Vec<Key>),
    /// There is no value.
    IsNull,
    /// There is a value.
    IsNotNull,
}

/// Makes the connector of a configured source.
pub fn connector(connection: &Connection) -> Result<Box<dyn Connector>, Error> {
    if !connection.may_read {
        return Err(Error::new(&connection.name, Problem::NotGranted));
    }
    Ok(match &connection.target {
        Target::Postgres { .. } => Box::new(postgres::Source::new(connection)?),
        Target::Mysql { .. } => Box::new(mysql::Source::new(connection)?),
        Target::Manual => return Err(Error::new(&connection.name, Problem::ByHand)),
        #[cfg(feature = "mongodb")]
        Target::Mongodb { .. } => Box::new(mongo::Source::new(connection)?),
        #[cfg(not(feature = "mongodb"))]
        Target::Mongodb { .. } => return Err(Error::new(&connection.name, Problem::NotBuilt("mongodb"))),
        Target::Sqlite { path } => Box::new(sqlite::Source::new(connection, path)),
    })
}
