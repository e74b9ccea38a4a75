//! What can go wrong in the store. Not found is `Ok(None)`, never an error.
//!
//! No message holds personal data, SQL or a payload: ids, table names and the causes' own words only.

use std::borrow::Cow;
use std::fmt::Display;
use std::io;

use object_store::Error as BlobError;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Someone else was first: another append to the same chain, a lost lease, a used token.
    #[error("someone else changed this first")]
    Conflict,
    /// A row says what no row may say; a person must look.
    #[error("row of {table} does not hold together: {id}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The row's id or place.
        id: String,
    },
    /// A legal hold stands against it.
    #[error("a legal hold stands against it")]
    Held,
    /// The disk or the quota is used up; nothing was written.
    #[error("no space left for data; free some space and try again")]
    Full,
    /// The database was not migrated by `habeas migrate` yet, or by an older one.
    #[error("the database is not migrated to this version")]
    Unmigrated,
    /// The database was written by a newer version that excludes this one.
    #[error("the database needs version {needed} of the reader, this one is {have}")]
    TooNew {
        /// The oldest reader the database allows.
        needed: i64,
        /// What this binary is.
        have: i64,
    },
    /// Sealed content could not be opened: wrong root key, destroyed key, or changed bytes.
    #[error("sealed content could not be opened: {0}")]
    Sealed(&'static str),
    /// The key file could not be read or made.
    #[error("the root key could not be used: {reason}")]
    Key {
        /// What is wrong with it.
        reason: String,
    },
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    /// The migrations failed.
    #[error("the migration failed")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The storage of files failed.
    #[error("the file storage failed")]
    Blob(#[source] BlobError),
    /// A local file failed.
    #[error("a file could not be read or written")]
    File(#[source] io::Error),
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn inconsistent(table: &'static str, id: &dyn Display) -> Self {
        Self::Inconsistent { table, id: id.to_string() }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).map(Cow::into_owned);
        match code.as_deref() {
            // SQLITE_FULL, and PostgreSQL's disk_full and configuration_limit_exceeded.
            Some("13" | "53100" | "53400") => return Self::Full,
            // Lost a race: serialization failure, deadlock.
            Some("40001" | "40P01") => return Self::Conflict,
            _ => {}
        }
        if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
            return Self::Conflict;
        }
        match error {
            sqlx::Error::Io(io) => Self::from(io),
            other => Self::Database(other),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::File(error),
        }
    }
}

impl From<BlobError> for Error {
    fn from(error: BlobError) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            if let Some(io) = inner.downcast_ref::<io::Error>()
                && matches!(io.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            {
                return Self::Full;
            }
            cause = inner.source();
        }
        Self::Blob(error)
    }
}
