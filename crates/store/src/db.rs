//! One thin face over the two databases: arguments, rows and connections as plain enums.
//!
//! No generics over the database, so that every query is compiled once. `$1` places and the types
//! TEXT, BIGINT and bytes are all the queries use, which both databases read alike.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{
    AssertSqlSafe, ColumnIndex, Connection as _, PgPool, Postgres, Row as _, SqlSafeStr, Sqlite, SqlitePool,
    Transaction,
};

use crate::error::{Error, Result};

/// A value bound to a place of a query.
#[derive(Clone)]
pub(crate) enum Arg {
    Text(Option<String>),
    Int(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! into_arg {
    ($($kind:ty, $name:ident, $value:ident => $shape:expr;)*) => {
        $(
            impl From<$kind> for Arg {
                fn from($value: $kind) -> Self {
                    Self::$name(Some($shape))
                }
            }
            impl From<Option<$kind>> for Arg {
                fn from(value: Option<$kind>) -> Self {
                    Self::$name(value.map(|$value| $shape))
                }
            }
        )*
    };
}

into_arg! {
    &str, Text, v => v.to_owned();
    String, Text, v => v;
    i64, Int, v => v;
    bool, Int, v => i64::from(v);
    u16, Int, v => i64::from(v);
    u32, Int, v => i64::from(v);
    u64, Int, v => i64::try_from(v).unwrap_or(i64::MAX);
    usize, Int, v => i64::try_from(v).unwrap_or(i64::MAX);
    Timestamp, Int, v => v.as_microsecond();
    Date, Text, v => v.to_string();
    Vec<u8>, Bytes, v => v;
    &[u8], Bytes, v => v.to_vec();
    [u8; 32], Bytes, v => v.to_vec();
}

macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Arg::from($value)),*] };
}
pub(crate) use args;

/// A row of either database.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(crate) fn text(&self, column: &str) -> Result<String> {
        self.take(column)
    }

    pub(crate) fn opt_text(&self, column: &str) -> Result<Option<String>> {
        self.take(column)
    }

    pub(crate) fn int(&self, column: &str) -> Result<i64> {
        self.take(column)
    }

    pub(crate) fn opt_int(&self, column: &str) -> Result<Option<i64>> {
        self.take(column)
    }

    pub(crate) fn bytes(&self, column: &str) -> Result<Vec<u8>> {
        self.take(column)
    }

    pub(crate) fn opt_bytes(&self, column: &str) -> Result<Option<Vec<u8>>> {
        self.take(column)
    }

    pub(crate) fn count(&self, column: &str) -> Result<u64> {
        u64::try_from(self.int(column)?).map_err(|_| malformed(column))
    }

    pub(crate) fn is(&self, column: &str) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    pub(crate) fn instant(&self, column: &str) -> Result<Timestamp> {
        instant(self.int(column)?)
    }

    pub(crate) fn opt_instant(&self, column: &str) -> Result<Option<Timestamp>> {
        self.opt_int(column)?.map(instant).transpose()
    }

    pub(crate) fn hash(&self, column: &str) -> Result<[u8; 32]> {
        self.bytes(column)?.try_into().map_err(|_| malformed(column))
    }

    /// Reads a text column as any type that is written as text: ids, references, actors, dates.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, column: &str) -> Result<T> {
        self.text(column)?.parse().map_err(|_| malformed(column))
    }

    pub(crate) fn opt_parsed<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>> {
        self.opt_text(column)?.map(|text| text.parse().map_err(|_| malformed(column))).transpose()
    }

    pub(crate) fn json(&self, column: &str) -> Result<serde_json::Value> {
        serde_json::from_str(&self.text(column)?).map_err(|_| malformed(column))
    }

    fn take<T>(&self, column: &str) -> Result<T>
    where
        T: for<'r> sqlx::Decode<'r, Sqlite> + sqlx::Type<Sqlite>,
        T: for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
        for<'c> &'c str: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }
}

fn malformed(column: &str) -> Error {
    Error::inconsistent("column", &column)
}

fn instant(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|_| malformed("instant"))
}

/// The pools of one database.
#[derive(Clone)]
pub(crate) enum Pool {
    /// SQLite allows one writer at a time: a pool of one, so that waiting is ours and in order.
    Sqlite {
        writer: SqlitePool,
        reader: SqlitePool,
    },
    Postgres(PgPool),
}

impl Pool {
    pub(crate) async fn connect(url: &str) -> Result<Self> {
        if is_postgres(url) {
            let options: PgConnectOptions = url.parse()?;
            let pool = PgPoolOptions::new()
                .max_connections(10)
                .idle_timeout(Duration::from_mins(1))
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(options.application_name("habeas"))
                .await?;
            return Ok(Self::Postgres(pool));
        }
        let path = url.strip_prefix("sqlite:").unwrap_or(url);
        // A page cache of 2 MB a connection keeps the idle process small; the kernel caches the rest.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("cache_size", "-2000")
            .pragma("trusted_schema", "OFF");
        let writer = sqlite_pool()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(30))
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        let reader = sqlite_pool()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .idle_timeout(Duration::from_mins(1))
            .connect_with(options.pragma("query_only", "ON"))
            .await?;
        Ok(Self::Sqlite { writer, reader })
    }

    pub(crate) async fn read(&self) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite { reader, .. } => Conn::Sqlite(reader.begin().await?),
            Self::Postgres(pool) => {
                Conn::Postgres(begun(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }

    pub(crate) async fn begin(&self) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Conn::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Conn::Postgres(begun(pool, "BEGIN").await?),
        })
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Begins a transaction in a task of its own. A caller may be given up at any instant; a beginning that was given up
/// halfway would leave its connection in a transaction that nobody ends, to be met by whoever is given it next.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever began waits for it, or nobody is given its transaction"
)]
async fn begun(pool: &PgPool, how: &'static str) -> Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(how).await });
    Ok(begun.await.map_err(|_| sqlx::Error::WorkerCrashed)??)
}

/// On a full disk SQLite ends a transaction by itself. The driver doesn't hear of it, and could begin no other
/// on that connection for ever: it is closed instead, and the next one is a new one.
fn sqlite_pool() -> SqlitePoolOptions {
    SqlitePoolOptions::new().after_release(|connection, _| {
        Box::pin(async move {
            // A transaction that was dropped is rolled back only now.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}

/// Whether a database URL names a PostgreSQL server.
pub(crate) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// An open transaction of either database.
pub(crate) enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

macro_rules! bound {
    ($sql:expr, $args:expr) => {{
        let mut query = sqlx::query($sql);
        for arg in $args {
            query = match arg {
                Arg::Text(value) => query.bind(value),
                Arg::Int(value) => query.bind(value),
                Arg::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

impl Conn {
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Runs a statement and returns how many rows it changed.
    pub(crate) async fn execute(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64> {
        Ok(match self {
            Self::Sqlite(tx) => bound!(sql, args).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => bound!(sql, args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    pub(crate) async fn all(&mut self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<Vec<Row>> {
        let sql = sql.into_sql_str();
        Ok(match self {
            Self::Sqlite(tx) => {
                bound!(sql, args).fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                bound!(sql, args).fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(crate) async fn optional(&mut self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<Option<Row>> {
        let sql = sql.into_sql_str();
        Ok(match self {
            Self::Sqlite(tx) => bound!(sql, args).fetch_optional(&mut **tx).await?.map(Row::Sqlite),
            Self::Postgres(tx) => bound!(sql, args).fetch_optional(&mut **tx).await?.map(Row::Postgres),
        })
    }

    pub(crate) async fn one(&mut self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<Row> {
        self.optional(sql, args).await?.ok_or(Error::Database(sqlx::Error::RowNotFound))
    }

    /// Runs a query whose text was put together here from our own words; values are still bound.
    pub(crate) async fn all_built(&mut self, sql: String, args: Vec<Arg>) -> Result<Vec<Row>> {
        self.all(AssertSqlSafe(sql), args).await
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
