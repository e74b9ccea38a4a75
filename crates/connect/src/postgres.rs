//! PostgreSQL as a source.
//!
//! A view is one repeatable-read, read-only transaction on one connection. Connections are kept open
//! between runs, since their prepared statements and the catalogue's answers are worth more than the
//! reads of one person. Columns of types read in binary are; the database writes all others as text.

mod constraints;
mod decode;
mod moment;
mod statement;
mod tables;
#[cfg(test)]
mod tests;
mod write;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use jiff::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow, PgSslMode};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, Row as _};

use habeas_core::value::Value;

use crate::catalogue::Catalogue;
use crate::connections::{Connection, Limits, Target, Tls};
use crate::error::{Error, Problem, from_driver};
use crate::source::{Connector, Query, Snapshot, Table, TableName};
use crate::write::{Constraints, Writer};

pub(crate) use decode::Decode;

/// A configured PostgreSQL database.
pub(crate) struct Source {
    shared: Arc<Shared>,
    options: PgConnectOptions,
    address: String,
}

struct Shared {
    name: Arc<str>,
    limits: Limits,
    accepts_hidden_rows: bool,
    may_write: bool,
    idle: Mutex<Vec<Session>>,
}

/// A connection and what its catalogue said.
struct Session {
    connection: PgConnection,
    catalogue: Catalogue,
}

impl Source {
    pub(crate) fn new(connection: &Connection) -> Result<Self, Error> {
        let unfit = || Error::new(&connection.name, Problem::BadUrl);
        let Target::Postgres { url, password, tls, accepts_hidden_rows } = &connection.target else {
            return Err(unfit());
        };
        let mut options = PgConnectOptions::from_url(url)
            .map_err(|_| unfit())?
            .application_name("habeas")
            .extra_float_digits(1)
            .statement_cache_capacity(512)
            .disable_statement_logging();
        if let Some(password) = password {
            options = options.password(password);
        }
        options = match tls {
            Tls::Off => options.ssl_mode(PgSslMode::Disable),
            Tls::Verified { ca_file: None } => options.ssl_mode(PgSslMode::VerifyFull),
            Tls::Verified { ca_file: Some(file) } => {
                options.ssl_mode(PgSslMode::VerifyFull).ssl_root_cert(file)
            }
        };
        let address = match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let shared = Shared {
            name: Arc::clone(&connection.name),
            limits: connection.limits,
            accepts_hidden_rows: *accepts_hidden_rows,
            may_write: connection.may_write,
            idle: Mutex::new(Vec::new()),
        };
        Ok(Self { shared: Arc::new(shared), options, address })
    }

    async fn connect(&self) -> Result<Session, Error> {
        let limit = Duration::from_millis(self.shared.limits.connect_timeout_ms);
        let unreachable = |cause: String| {
            Error::new(&self.shared.name, Problem::Unreachable { address: self.address.clone(), cause })
        };
        match tokio::time::timeout(limit, PgConnection::connect_with(&self.options)).await {
            Ok(Ok(connection)) => self.settle(connection).await,
            Ok(Err(sqlx::Error::Io(cause))) => Err(unreachable(cause.kind().to_string())),
            Ok(Err(sqlx::Error::Tls(cause))) => {
                Err(Error::new(&self.shared.name, Problem::Tls(cause.to_string())))
            }
            // The driver says so itself when the server answers that it does not speak TLS, or
            // when the file of the authority can't be read.
            Ok(Err(sqlx::Error::Configuration(cause))) => {
                Err(Error::new(&self.shared.name, Problem::Tls(cause.to_string())))
            }
            Ok(Err(error)) => Err(from_driver(&self.shared.name, "", limit_ms(&self.shared), &error)),
            Err(_) => Err(unreachable(format!("no answer within {} ms", limit.as_millis()))),
        }
    }

    /// A database without an encoding would check all it sends against ours, and refuse what does not fit.
    async fn settle(&self, mut connection: PgConnection) -> Result<Session, Error> {
        const ENCODING: &str = "SELECT set_config('client_encoding', 'SQL_ASCII', false) \
                                WHERE current_setting('server_encoding') = 'SQL_ASCII'";
        let settled = connection.execute(sqlx::raw_sql(ENCODING)).await;
        settled.map_err(|cause| {
            from_driver(&self.shared.name, "its settings", limit_ms(&self.shared), &cause)
        })?;
        Ok(Session { connection, catalogue: Catalogue::default() })
    }

    fn idle(&self) -> Option<Session> {
        self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

fn limit_ms(shared: &Shared) -> u64 {
    shared.limits.timeout_ms
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
        // An idle connection may have been closed meanwhile: then a new one is made.
        let patience = Duration::from_millis(self.shared.limits.connect_timeout_ms);
        while let Some(session) = self.idle() {
            let begun = tokio::time::timeout(patience, View::begin(&self.shared, session)).await;
            if let Ok(Ok(view)) = begun {
                return Ok(Box::new(view));
            }
        }
        Ok(Box::new(View::begin(&self.shared, self.connect().await?).await?))
    }

    fn write_refusal(&self) -> Option<Problem> {
        (!self.shared.may_write).then_some(Problem::WritingNotGranted)
    }

    async fn open_writer(&self) -> Result<Box<dyn Writer>, Error> {
        let patience = Duration::from_millis(self.shared.limits.connect_timeout_ms);
        while let Some(session) = self.idle() {
            let begun = write::Transaction::begin(&self.shared, session);
            if let Ok(Ok(transaction)) = tokio::time::timeout(patience, begun).await {
                return Ok(Box::new(transaction));
            }
        }
        Ok(Box::new(write::Transaction::begin(&self.shared, self.connect().await?).await?))
    }
}

/// A transaction on one connection.
struct View {
    shared: Arc<Shared>,
    session: Session,
    as_of: Timestamp,
}

/// One round trip. The snapshot is taken after `now()`: nothing committed before that instant is missed.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
                     SELECT (extract(epoch FROM now()) * 1000000)::int8::text";

impl View {
    async fn begin(shared: &Arc<Shared>, mut session: Session) -> Result<Self, Error> {
        let error = |error: &sqlx::Error| from_driver(&shared.name, "", limit_ms(shared), error);
        let row = session.connection.fetch_one(sqlx::raw_sql(BEGIN)).await.map_err(|cause| error(&cause))?;
        let micros: &str = row.try_get_unchecked(0).map_err(|cause| error(&cause))?;
        let as_of = micros.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
        let as_of = as_of.ok_or_else(|| {
            Error::new(&shared.name, Problem::Database { table: "the clock".into(), code: "range".into() })
        })?;
        Ok(Self { shared: Arc::clone(shared), session, as_of })
    }

    fn error(&self, table: &str, cause: &sqlx::Error) -> Error {
        from_driver(&self.shared.name, table, limit_ms(&self.shared), cause)
    }
}

#[async_trait]
impl Snapshot for View {
    fn as_of(&self) -> Timestamp {
        self.as_of
    }

    async fn version(&mut self) -> Result<String, Error> {
        let row = self.session.connection.fetch_one(sqlx::raw_sql("SHOW server_version")).await;
        let row = row.map_err(|cause| self.error("its version", &cause))?;
        let version: &str = row.try_get_unchecked(0).map_err(|cause| self.error("its version", &cause))?;
        Ok(format!("PostgreSQL {version}"))
    }

    async fn list(&mut self) -> Result<Vec<TableName>, Error> {
        let listed = tables::list(&mut self.session.connection).await;
        listed.map_err(|cause| self.error("the catalogue", &cause))
    }

    fn forget(&mut self) {
        self.session.catalogue.forget();
    }

    async fn tables(&mut self, names: &[TableName]) -> Result<Vec<Arc<Table>>, Error> {
        let unknown = self.session.catalogue.unknown(names, self.as_of);
        if !unknown.is_empty() {
            let found = tables::describe(&mut self.session.connection, &unknown).await;
            self.session.catalogue.learn(found.map_err(|cause| self.error("the catalogue", &cause))?);
        }
        let mut tables = Vec::with_capacity(names.len());
        for name in names {
            match self.session.catalogue.lookup(name) {
                Some(table) if table.hides_rows && !self.shared.accepts_hidden_rows => {
                    let problem = Problem::RowsHidden { table: name.to_string() };
                    return Err(Error::new(&self.shared.name, problem));
                }
                Some(table) => tables.push(Arc::clone(table)),
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
                Err(cause) => Err(from_driver(&shared.name, &table.name, limit_ms(shared), &cause)),
            })
            .boxed()
    }

    async fn finish(self: Box<Self>) -> Result<(), Error> {
        let Self { shared, mut session, .. } = *self;
        let ended = session.connection.execute(sqlx::raw_sql("ROLLBACK")).await;
        ended.map_err(|cause| from_driver(&shared.name, "", limit_ms(&shared), &cause))?;
        give_back(&shared, session);
        Ok(())
    }
}

fn give_back(shared: &Shared, session: Session) {
    let mut idle = shared.idle.lock().unwrap_or_else(PoisonError::into_inner);
    if idle.len() < shared.limits.concurrency as usize {
        idle.push(session);
    }
}

impl View {
    async fn missing(&mut self, name: &TableName) -> Result<Error, Error> {
        let known = self.list().await?;
        let nearest = crate::error::nearest_name(&name.table, known.iter().map(|known| known.table.as_str()));
        let table = name.to_string();
        Ok(Error::new(&self.shared.name, Problem::MissingTable { table, nearest }))
    }
}

fn values(row: &PgRow, table: &Table, columns: &[usize]) -> Result<Vec<Value>, Problem> {
    let mut values = Vec::with_capacity(columns.len());
    for (place, column) in columns.iter().enumerate() {
        let Some(column) = table.columns.get(*column) else { continue };
        let raw = row.try_get_raw(place).ok();
        let bytes = raw.as_ref().and_then(|raw| raw.as_bytes().ok());
        let Some(bytes) = bytes else {
            values.push(Value::Null);
            continue;
        };
        let value = column.decode.value(bytes).ok_or_else(|| Problem::Unsupported {
            table: table.name.to_string(),
            column: column.name.to_string(),
            what: format!("a value of type {} that can't be read", column.type_name),
        })?;
        values.push(value);
    }
    Ok(values)
}
