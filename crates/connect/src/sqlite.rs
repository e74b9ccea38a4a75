//! SQLite files as a source.
//!
//! A view is one read transaction on one read-only connection. SQLite keeps a type with every value, not
//! with the column, so values are carried as they stand: a number in a text column stays a number.

mod constraints;
mod statement;
mod tables;
#[cfg(test)]
mod tests;
mod write;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use jiff::Timestamp;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteConnection, SqliteRow, SqliteValueRef};
use sqlx::{
    ConnectOptions as _, Connection as _, Decode, Executor as _, Row as _, TypeInfo as _, ValueRef as _,
};

use habeas_core::value::Value;

use crate::connections::{Connection, Limits};
use crate::error::{Error, Problem, from_driver, nearest_name};
use crate::source::{Connector, Query, Snapshot, Table, TableName};
use crate::write::{Constraints, Writer};

/// A configured SQLite file.
pub(crate) struct Source {
    shared: Arc<Shared>,
    path: PathBuf,
}

struct Shared {
    name: Arc<str>,
    limits: Limits,
    may_write: bool,
    idle: Mutex<Vec<Session>>,
}

struct Session {
    connection: SqliteConnection,
    tables: HashMap<TableName, Arc<Table>>,
    /// The file's count of schema changes that `tables` is from.
    schema_version: i64,
}

impl Source {
    pub(crate) fn new(connection: &Connection, path: &Path) -> Self {
        let shared = Shared {
            name: Arc::clone(&connection.name),
            limits: connection.limits,
            may_write: connection.may_write,
            idle: Mutex::new(Vec::new()),
        };
        Self { shared: Arc::new(shared), path: path.to_owned() }
    }

    async fn connect(&self, writes: bool) -> Result<SqliteConnection, Error> {
        let refused = |cause: String| {
            Error::new(&self.shared.name, Problem::File { path: self.path.display().to_string(), cause })
        };
        // SQLite itself says the same for a missing file, a folder and a file without permission.
        std::fs::File::open(&self.path).map_err(|cause| refused(cause.kind().to_string()))?;
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .read_only(!writes)
            .busy_timeout(Duration::from_millis(self.shared.limits.connect_timeout_ms))
            .statement_cache_capacity(512)
            .row_buffer_size(512)
            .disable_statement_logging();
        let connection = SqliteConnection::connect_with(&options).await.map_err(|error| match error {
            sqlx::Error::Database(cause) => match cause.code().as_deref() {
                Some("26" | "11") => refused("it is no SQLite database".to_owned()),
                _ => from_driver(
                    &self.shared.name,
                    "the file",
                    self.shared.limits.timeout_ms,
                    &sqlx::Error::Database(cause),
                ),
            },
            _ => refused("it can't be opened".to_owned()),
        })?;
        Ok(connection)
    }
}

#[async_trait]
impl Connector for Source {
    fn name(&self) -> &Arc<str> {
        &self.shared.name
    }

    fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    async fn open(&self) -> Result<Box<dyn Snapshot>, Error> {
        let idle = self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let session = if let Some(session) = idle {
            session
        } else {
            let connection = self.connect(false).await?;
            Session { connection, tables: HashMap::new(), schema_version: -1 }
        };
        match View::begin(&self.shared, session).await {
            Ok(view) => Ok(Box::new(view)),
            Err(error) => Err(match error.problem() {
                Problem::Database { code, .. } if code == "26" || code == "11" => {
                    let path = self.path.display().to_string();
                    Error::new(
                        &self.shared.name,
                        Problem::File { path, cause: "it is no SQLite database".to_owned() },
                    )
                }
                _ => error,
            }),
        }
    }

    fn write_refusal(&self) -> Option<Problem> {
        (!self.shared.may_write).then_some(Problem::WritingNotGranted)
    }

    async fn open_writer(&self) -> Result<Box<dyn Writer>, Error> {
        let connection = self.connect(true).await?;
        Ok(Box::new(write::Transaction::begin(&self.shared, connection).await?))
    }
}

/// A read transaction on one connection.
struct View {
    shared: Arc<Shared>,
    session: Session,
    as_of: Timestamp,
}

/// The first read takes the snapshot: the time is asked for before, so nothing committed by then is missed.
const NOW: &str = "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

impl View {
    async fn begin(shared: &Arc<Shared>, mut session: Session) -> Result<Self, Error> {
        let error =
            |cause: sqlx::Error| from_driver(&shared.name, "the file", shared.limits.timeout_ms, &cause);
        session.connection.execute("BEGIN").await.map_err(error)?;
        let now = session.connection.fetch_one(NOW).await.map_err(error)?;
        let now: String = now.try_get(0).map_err(error)?;
        let version = session.connection.fetch_one("PRAGMA schema_version").await.map_err(error)?;
        let version: i64 = version.try_get(0).map_err(error)?;
        if version != session.schema_version {
            session.tables.clear();
            session.schema_version = version;
        }
        let as_of = now.parse().map_err(|_| {
            Error::new(&shared.name, Problem::Database { table: "the clock".into(), code: "range".into() })
        })?;
        Ok(Self { shared: Arc::clone(shared), session, as_of })
    }

    fn error(&self, table: &str, cause: &sqlx::Error) -> Error {
        from_driver(&self.shared.name, table, self.shared.limits.timeout_ms, cause)
    }

    async fn missing(&mut self, name: &TableName) -> Result<Error, Error> {
        let known = self.list().await?;
        let nearest = nearest_name(&name.table, known.iter().map(|known| known.table.as_str()));
        Ok(Error::new(&self.shared.name, Problem::MissingTable { table: name.to_string(), nearest }))
    }
}

#[async_trait]
impl Snapshot for View {
    fn as_of(&self) -> Timestamp {
        self.as_of
    }

    async fn version(&mut self) -> Result<String, Error> {
        let row = self.session.connection.fetch_one("SELECT sqlite_version()").await;
        let row = row.map_err(|cause| self.error("its version", &cause))?;
        let version: String = row.try_get(0).map_err(|cause| self.error("its version", &cause))?;
        Ok(format!("SQLite {version}"))
    }

    async fn list(&mut self) -> Result<Vec<TableName>, Error> {
        let listed = tables::list(&mut self.session.connection).await;
        listed.map_err(|cause| self.error("the catalogue", &cause))
    }

    fn forget(&mut self) {
        self.session.tables.clear();
    }

    async fn tables(&mut self, names: &[TableName]) -> Result<Vec<Arc<Table>>, Error> {
        let mut tables = Vec::with_capacity(names.len());
        for name in names {
            if let Some(table) = self.session.tables.get(name) {
                tables.push(Arc::clone(table));
                continue;
            }
            let described = tables::describe(&mut self.session.connection, name).await;
            match described.map_err(|cause| self.error("the catalogue", &cause))? {
                Some(table) => {
                    let table = Arc::new(table);
                    self.session.tables.insert(name.clone(), Arc::clone(&table));
                    tables.push(table);
                }
                None => return Err(self.missing(name).await?),
            }
        }
        Ok(tables)
    }

    async fn constraints(&mut self, tables: &[Arc<Table>]) -> Result<Vec<Constraints>, Error> {
        let described = constraints::describe(&mut self.session.connection, tables).await;
        described.map_err(|cause| self.error("the catalogue", &cause))
    }

    fn read<'a>(&'a mut self, query: &Query<'a>) -> BoxStream<'a, Result<Vec<Value>, Error>> {
        let Self { shared, session, .. } = self;
        let (table, columns) = (query.table, query.columns);
        let statement = match statement::select(query) {
            Ok(statement) => statement,
            Err(problem) => return stream::iter([Err(Error::new(&shared.name, problem))]).boxed(),
        };
        statement
            .fetch(&mut session.connection)
            .map(move |row| match row {
                Ok(row) => values(&row, table, columns).map_err(|problem| Error::new(&shared.name, problem)),
                Err(cause) => Err(from_driver(&shared.name, &table.name, shared.limits.timeout_ms, &cause)),
            })
            .boxed()
    }

    async fn finish(self: Box<Self>) -> Result<(), Error> {
        let Self { shared, mut session, .. } = *self;
        let ended = session.connection.execute("ROLLBACK").await;
        ended.map_err(|cause| from_driver(&shared.name, "the file", shared.limits.timeout_ms, &cause))?;
        let mut idle = shared.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < shared.limits.concurrency as usize {
            idle.push(session);
        }
        Ok(())
    }
}

fn values(row: &SqliteRow, table: &Table, columns: &[usize]) -> Result<Vec<Value>, Problem> {
    let mut values = Vec::with_capacity(columns.len());
    for (place, column) in columns.iter().enumerate() {
        let Some(column) = table.columns.get(*column) else { continue };
        let value = value(row, place).ok_or_else(|| Problem::Unsupported {
            table: table.name.to_string(),
            column: column.name.to_string(),
            what: "a value that can't be read".to_owned(),
        })?;
        values.push(value);
    }
    Ok(values)
}

fn value(row: &SqliteRow, place: usize) -> Option<Value> {
    let raw = row.try_get_raw(place).ok()?;
    if raw.is_null() {
        return Some(Value::Null);
    }
    let info = raw.type_info();
    match info.name() {
        "INTEGER" => read::<i64>(raw).map(Value::Int),
        "REAL" => read::<f64>(raw).map(Value::Float),
        "TEXT" => match String::from_utf8(read(raw)?) {
            Ok(text) => Some(Value::Text(text)),
            Err(invalid) => Some(Value::TextBytes(invalid.into_bytes())),
        },
        "BLOB" => read(raw).map(Value::Bytes),
        _ => None,
    }
}

fn read<'r, T: Decode<'r, Sqlite>>(raw: SqliteValueRef<'r>) -> Option<T> {
    T::decode(raw).ok()
}
