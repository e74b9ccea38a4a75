//! MySQL and MariaDB as sources.
//!
//! A view is one read-only transaction with a consistent snapshot on one connection; tables of engines without
//! transactions (MyISAM, Aria) are read as they are at the moment of each statement. Whole numbers, binary
//! floats, text and bytes come as the wire has them; the database writes all else as text, dates among it,
//! since it holds dates (`0000-00-00`) no date type can.

mod constraints;
mod decode;
mod exact;
pub(crate) mod failure;
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
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow, MySqlSslMode};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, Row as _, ValueRef as _};

use habeas_core::value::Value;

use crate::catalogue::Catalogue;
use crate::connections::{Connection, Limits, Target, Tls};
use crate::error::{Error, Problem, from_driver};
use crate::postgres::Decode;
use crate::source::{Connector, Query, Snapshot, Table, TableName};
use crate::write::{Constraints, Writer};

pub(crate) use decode::Form;

/// A configured MySQL or MariaDB database.
pub(crate) struct Source {
    shared: Arc<Shared>,
    options: MySqlConnectOptions,
    address: String,
}

struct Shared {
    name: Arc<str>,
    limits: Limits,
    may_write: bool,
    idle: Mutex<Vec<Session>>,
}

/// A connection and what its catalogue said.
struct Session {
    connection: MySqlConnection,
    catalogue: Catalogue,
}

impl Source {
    pub(crate) fn new(connection: &Connection) -> Result<Self, Error> {
        let unfit = || Error::new(&connection.name, Problem::BadUrl);
        let Target::Mysql { url, password, tls } = &connection.target else { return Err(unfit()) };
        let mut options = MySqlConnectOptions::from_url(url)
            .map_err(|_| unfit())?
            .charset("utf8mb4")
            .timezone(Some("+00:00".to_owned()))
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .statement_cache_capacity(256)
            .disable_statement_logging();
        if let Some(password) = password {
            options = options.password(password);
        }
        options = match tls {
            Tls::Off => options.ssl_mode(MySqlSslMode::Disabled),
            Tls::Verified { ca_file: None } => options.ssl_mode(MySqlSslMode::VerifyIdentity),
            Tls::Verified { ca_file: Some(file) } => {
                options.ssl_mode(MySqlSslMode::VerifyIdentity).ssl_ca(file)
            }
        };
        let address = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let shared = Shared {
            name: Arc::clone(&connection.name),
            limits: connection.limits,
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
        match tokio::time::timeout(limit, MySqlConnection::connect_with(&self.options)).await {
            Ok(Ok(connection)) => self.settle(connection).await,
            Ok(Err(sqlx::Error::Io(cause))) => Err(unreachable(cause.kind().to_string())),
            // The driver says so itself when the server does not speak TLS, or when the file of the authority
            // can't be read.
            Ok(Err(error @ (sqlx::Error::Tls(_) | sqlx::Error::Configuration(_)))) => {
                let cause = std::error::Error::source(&error).map_or_else(String::new, ToString::to_string);
                Err(Error::new(&self.shared.name, Problem::Tls(cause)))
            }
            Ok(Err(error)) => Err(from_driver(&self.shared.name, "", self.shared.limits.timeout_ms, &error)),
            Err(_) => Err(unreachable(format!("no answer within {} ms", limit.as_millis()))),
        }
    }

    /// Settings that a server may have for all, and that change what is read or written, are put right.
    async fn settle(&self, mut connection: MySqlConnection) -> Result<Session, Error> {
        const SETTINGS: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION', \
                                sql_select_limit = 18446744073709551615, sql_big_selects = 1";
        let settled = connection.execute(sqlx::raw_sql(SETTINGS)).await;
        settled.map_err(|cause| {
            from_driver(&self.shared.name, "its settings", self.shared.limits.timeout_ms, &cause)
        })?;
        Ok(Session { connection, catalogue: Catalogue::default() })
    }

    fn idle(&self) -> Option<Session> {
        self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
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
        Ok(Box::new(write::Transaction::begin(&self.shared, self.connect().await?).await?))
    }
}

/// A transaction on one connection.
struct View {
    shared: Arc<Shared>,
    session: Session,
    as_of: Timestamp,
}

/// The snapshot is taken after the clock was asked: nothing committed before that instant is missed.
const CLOCK: &str = "SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)";
const LEVEL: &str = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
const BEGIN: &str = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

impl View {
    async fn begin(shared: &Arc<Shared>, mut session: Session) -> Result<Self, Error> {
        let error = |cause: &sqlx::Error| from_driver(&shared.name, "", shared.limits.timeout_ms, cause);
        let row = session.connection.fetch_one(sqlx::raw_sql(CLOCK)).await.map_err(|cause| error(&cause))?;
        let micros: i64 = row.try_get_unchecked(0).map_err(|cause| error(&cause))?;
        for statement in [LEVEL, BEGIN] {
            session.connection.execute(sqlx::raw_sql(statement)).await.map_err(|cause| error(&cause))?;
        }
        let as_of = Timestamp::from_microsecond(micros).map_err(|_| {
            Error::new(&shared.name, Problem::Database { table: "the clock".into(), code: "range".into() })
        })?;
        Ok(Self { shared: Arc::clone(shared), session, as_of })
    }

    fn error(&self, table: &str, cause: &sqlx::Error) -> Error {
        from_driver(&self.shared.name, table, self.shared.limits.timeout_ms, cause)
    }

    async fn missing(&mut self, name: &TableName) -> Result<Error, Error> {
        let known = self.list().await?;
        let nearest = crate::error::nearest_name(&name.table, known.iter().map(|known| known.table.as_str()));
        let table = name.to_string();
        Ok(Error::new(&self.shared.name, Problem::MissingTable { table, nearest }))
    }
}

#[async_trait]
impl Snapshot for View {
    fn as_of(&self) -> Timestamp {
        self.as_of
    }

    async fn version(&mut self) -> Result<String, Error> {
        let row = self.session.connection.fetch_one(sqlx::raw_sql("SELECT VERSION()")).await;
        let row = row.map_err(|cause| self.error("its version", &cause))?;
        let version: String = row.try_get_unchecked(0).map_err(|cause| self.error("its version", &cause))?;
        let number = version.split('-').next().unwrap_or(&version);
        let maker = if version.contains("MariaDB") { "MariaDB" } else { "MySQL" };
        Ok(format!("{maker} {number}"))
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
                Err(cause) => Err(from_driver(&shared.name, &table.name, shared.limits.timeout_ms, &cause)),
            })
            .boxed()
    }

    async fn finish(self: Box<Self>) -> Result<(), Error> {
        let Self { shared, mut session, .. } = *self;
        let ended = session.connection.execute(sqlx::raw_sql("ROLLBACK")).await;
        ended.map_err(|cause| from_driver(&shared.name, "", shared.limits.timeout_ms, &cause))?;
        let mut idle = shared.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < shared.limits.concurrency as usize {
            idle.push(session);
        }
        Ok(())
    }
}

fn values(row: &MySqlRow, table: &Table, columns: &[usize]) -> Result<Vec<Value>, Problem> {
    let mut values = Vec::with_capacity(columns.len());
    for (place, column) in columns.iter().enumerate() {
        let Some(column) = table.columns.get(*column) else { continue };
        let raw = row.try_get_raw(place).ok().filter(|raw| !raw.is_null());
        let Some(raw) = raw else {
            values.push(Value::Null);
            continue;
        };
        let value = match &column.decode {
            Decode::Mysql(form) => form.value(raw),
            _ => None,
        };
        values.push(value.ok_or_else(|| Problem::Unsupported {
            table: table.name.to_string(),
            column: column.name.to_string(),
            what: format!("a value of type {} that can't be read", column.type_name),
        })?);
    }
    Ok(values)
}
