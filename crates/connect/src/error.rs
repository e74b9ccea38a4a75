//! Why a data source could not be read or changed, in words a person can act on.
//!
//! Databases quote values in their messages (`invalid input syntax for type integer: "ada@…"`), so no
//! driver error is ever passed on: it is read here once, for its code, and forgotten. What is left
//! names the source, the table, the column, the cause and the cure.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::mysql;

/// A source that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    source: Arc<str>,
    problem: Problem,
}

/// What to do about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It may work in a while.
    Transient,
    /// Somebody has to change something first.
    Permanent,
    /// The source does not let us in.
    Credentials,
    /// The source asks to be left alone for a while.
    RateLimited {
        /// For how long, if it said so.
        retry_after: Option<Duration>,
    },
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nothing answers at the address.
    #[error("does not answer at {address} ({cause}): check that it runs and can be reached from here")]
    Unreachable {
        /// Host and port, socket or file; without name and password.
        address: String,
        /// What the operating system says.
        cause: String,
    },
    /// The name or password is wrong.
    #[error("refused the user name or password: check both, and password_file")]
    Credentials,
    /// The server does not speak TLS, or its certificate is not trusted.
    #[error(
        "can't be reached over TLS ({0}): give it a trusted certificate, name its authority in tls_ca_file, or set tls = \"off\" if the network is safe"
    )]
    Tls(String),
    /// The url can't be used.
    #[error(
        "has a url that can't be used: write it as postgres://user@host:port/database, mysql://user@host:port/database or mongodb://user@host:port/database"
    )]
    BadUrl,
    /// There is no such database.
    #[error("has no database named in its url: check the last part of the url")]
    NoDatabase,
    /// The file is not there or can't be opened.
    #[error("can't open the file {path}: {cause}")]
    File {
        /// The file.
        path: String,
        /// Why.
        cause: String,
    },
    /// There is no such table.
    #[error("has no table {table}{}: correct the dataset, or the namespace in its fides_meta", hint(.nearest.as_deref()))]
    MissingTable {
        /// The table looked for.
        table: String,
        /// The most similar name there is.
        nearest: Option<String>,
    },
    /// There is no such column.
    #[error("has no column {column} in table {table}{}: correct the dataset", hint(.nearest.as_deref()))]
    MissingColumn {
        /// The table.
        table: String,
        /// The column looked for.
        column: String,
        /// The most similar name there is.
        nearest: Option<String>,
    },
    /// The user may not read the table.
    #[error("does not let this user read {table}: grant SELECT on it (in MongoDB the role read)")]
    NotAllowed {
        /// The table.
        table: String,
    },
    /// The source shows this user only some rows.
    #[error(
        "hides rows of {table} from this user (row-level security): let the user bypass it, or set row_level_security = \"accept\" if what it sees is all there is to give"
    )]
    RowsHidden {
        /// The table.
        table: String,
    },
    /// A pooler stands between us and the source.
    #[error(
        "is reached through a pooler that moves statements between connections: connect past it, or use its session mode"
    )]
    Pooled,
    /// The connection ended while reading.
    #[error("closed the connection while it was read")]
    Lost,
    /// No answer within the limit.
    #[error(
        "did not answer within {limit_ms} ms: raise timeout_ms, or add an index on the columns looked up"
    )]
    TimedOut {
        /// The limit.
        limit_ms: u64,
    },
    /// The server has no room for another connection, or shuts down.
    #[error("has no room at the moment ({0})")]
    Busy(String),
    /// The source asks to wait.
    #[error("asks to wait")]
    RateLimited {
        /// For how long.
        retry_after: Option<Duration>,
    },
    /// More rows than the limit allows.
    #[error("gave more than {limit} rows from {table}: raise limits.rows if that is right")]
    TooManyRows {
        /// The table.
        table: String,
        /// The limit.
        limit: u64,
    },
    /// A value or a link that can't be carried exactly.
    #[error("holds in {table}.{column} {what}")]
    Unsupported {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What it is and what to do.
        what: String,
    },
    /// The database stopped the statement.
    #[error("stopped reading {table} with error code {code}")]
    Database {
        /// The table.
        table: String,
        /// The database's code; its message may hold personal data.
        code: String,
    },
    /// Links go round and round.
    #[error("has links that lead round more than {rounds} times: look for a cycle that invents new values")]
    EndlessLinks {
        /// How often they were followed.
        rounds: u32,
    },
    /// More people than a run can number.
    #[error("asks for too many people at once: divide it")]
    TooManySubjects,
    /// No connection is configured for the dataset.
    #[error("has no connection: add [{0}] to the connections file, or name it in the datasets of another")]
    NotConfigured(String),
    /// This kind of source is only read so far.
    #[error("can only be read: changing data in this kind of source is not built yet")]
    KindNotWritable,
    /// The server is older than what writing needs.
    #[error("is too old to be changed safely: it takes MySQL 8.0 or MariaDB 10.6, or newer")]
    TooOld,
    /// The source or its file is read-only.
    #[error("is read-only: nothing was changed")]
    NotWritable,
    /// The user may not change the table.
    #[error(
        "does not let this user change {table}: grant UPDATE and DELETE on it (in MongoDB the role readWrite); nothing was changed"
    )]
    NotChangeable {
        /// The table.
        table: String,
    },
    /// The grant does not allow changes.
    #[error("may not be changed: its grant lacks \"write\"")]
    WritingNotGranted,
    /// Somebody else holds rows for longer than we wait.
    #[error(
        "has rows of {table} locked by another program for longer than {limit_ms} ms: nothing was changed, try again later"
    )]
    Locked {
        /// The table.
        table: String,
        /// How long we waited.
        limit_ms: u64,
    },
    /// A trigger or rule of the source says no.
    #[error("refused to change {table} (a trigger or rule said no, code {code}): nothing was changed")]
    Refused {
        /// The table.
        table: String,
        /// The database's code; its message may hold personal data.
        code: String,
    },
    /// Something swallowed the change.
    #[error(
        "did not change {rows} rows of {table} although it reported no error: a trigger or rule holds them back; nothing was changed"
    )]
    HeldBack {
        /// The table.
        table: String,
        /// How many rows.
        rows: u64,
    },
    /// A constraint forbids the new values.
    #[error(
        "forbids the change of {table} (constraint {constraint}): nothing was changed; override the field, or keep the row"
    )]
    Constraint {
        /// The table.
        table: String,
        /// The constraint, by name where the source gives one.
        constraint: String,
    },
    /// What the dataset calls a key doesn't tell rows apart.
    #[error(
        "has several rows of {table} with the same {key}: what names one row isn't known, and nothing was changed; name the primary key in the dataset"
    )]
    Ambiguous {
        /// The table.
        table: String,
        /// The columns.
        key: String,
    },
    /// Another source has to be done first and is not.
    #[error(
        "was not changed: its rows lead to rows of source {on}, which is not done yet; run the same again once that is mended"
    )]
    Waits {
        /// The other source.
        on: String,
    },
    /// A source without transactions was not changed to the end.
    #[error(
        "has no transactions and made {done} of {of} changes, or somewhat more: documents were changed by others meanwhile, or it broke off; run the same again, what is done is not done twice"
    )]
    PartlyDone {
        /// How many changes are known to be made.
        done: u64,
        /// How many there were to be.
        of: u64,
    },
    /// This program was built without the kind of source.
    #[error("is of a kind this program was built without: build it with the feature {0}")]
    NotBuilt(&'static str),
    /// The connection was lost while the transaction was being ended.
    #[error(
        "closed the connection while it was ending the transaction: whether it is done isn't known; run the same again, what is done is not done twice"
    )]
    LostAtEnd,
    /// There is no connection to it.
    #[error("has no connection: its owner is asked by hand")]
    ByHand,
    /// The grant does not allow it.
    #[error("may not be read: its grant lacks \"read\"")]
    NotGranted,
}

fn hint(name: Option<&str>) -> String {
    name.map(|name| format!(" (the nearest is {name})")).unwrap_or_default()
}

impl Error {
    /// Makes an error about a source.
    pub fn new(source: &Arc<str>, problem: Problem) -> Self {
        Self { source: Arc::clone(source), problem }
    }

    /// Returns the name of the source.
    pub fn source_name(&self) -> &str {
        &self.source
    }

    /// Returns what is wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Returns what to do about it.
    pub fn kind(&self) -> Kind {
        match &self.problem {
            Problem::Unreachable { .. }
            | Problem::Lost
            | Problem::TimedOut { .. }
            | Problem::Locked { .. }
            | Problem::Waits { .. }
            | Problem::Busy(_) => Kind::Transient,
            Problem::Credentials => Kind::Credentials,
            Problem::RateLimited { retry_after } => Kind::RateLimited { retry_after: *retry_after },
            Problem::Tls(_)
            | Problem::BadUrl
            | Problem::NoDatabase
            | Problem::File { .. }
            | Problem::MissingTable { .. }
            | Problem::MissingColumn { .. }
            | Problem::NotAllowed { .. }
            | Problem::RowsHidden { .. }
            | Problem::Pooled
            | Problem::TooManyRows { .. }
            | Problem::Unsupported { .. }
            | Problem::Database { .. }
            | Problem::EndlessLinks { .. }
            | Problem::TooManySubjects
            | Problem::NotConfigured(_)
            | Problem::KindNotWritable
            | Problem::TooOld
            | Problem::NotWritable
            | Problem::NotChangeable { .. }
            | Problem::WritingNotGranted
            | Problem::Refused { .. }
            | Problem::HeldBack { .. }
            | Problem::Constraint { .. }
            | Problem::Ambiguous { .. }
            | Problem::PartlyDone { .. }
            | Problem::NotBuilt(_)
            | Problem::LostAtEnd
            | Problem::ByHand
            | Problem::NotGranted => Kind::Permanent,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "source {} {}", self.source, self.problem)
    }
}

impl std::error::Error for Error {}

/// Reads a driver's error for its code. `table` is what was being read, for messages.
pub(crate) fn from_driver(source: &Arc<str>, table: &str, limit_ms: u64, error: &sqlx::Error) -> Error {
    let problem = match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Problem::Lost,
        sqlx::Error::Tls(cause) => Problem::Tls(cause.to_string()),
        sqlx::Error::Database(cause) => match cause.try_downcast_ref() {
            Some(error) => mysql::failure::problem(error, table, limit_ms),
            None => by_code(cause.code().as_deref().unwrap_or("none"), table, limit_ms),
        },
        sqlx::Error::Protocol(_) => {
            Problem::Database { table: table.to_owned(), code: "protocol".to_owned() }
        }
        _ => Problem::Database { table: table.to_owned(), code: "driver".to_owned() },
    };
    Error::new(source, problem)
}

/// Reads a driver's error from a statement that changes rows.
pub(crate) fn from_writing(source: &Arc<str>, table: &str, limit_ms: u64, error: &sqlx::Error) -> Error {
    let sqlx::Error::Database(cause) = error else { return from_driver(source, table, limit_ms, error) };
    if let Some(error) = cause.try_downcast_ref() {
        return Error::new(source, mysql::failure::writing(error, table, limit_ms));
    }
    let code = cause.code().unwrap_or_default();
    let on = || cause.table().filter(|_| table.is_empty()).unwrap_or(table).to_owned();
    let problem = match &*code {
        "55P03" | "5" | "261" | "517" => Problem::Locked { table: on(), limit_ms },
        "25006" | "8" | "1032" => Problem::NotWritable,
        // The name of a constraint is the source's own, never a value.
        _ if code.starts_with("23") => Problem::Constraint {
            table: on(),
            constraint: cause.constraint().unwrap_or("without a name").to_owned(),
        },
        "19" | "275" | "787" | "1299" | "1555" | "2067" | "2579" | "3091" => {
            Problem::Constraint { table: on(), constraint: sqlite_constraint(&code).to_owned() }
        }
        "1811" => Problem::Refused { table: on(), code: code.into_owned() },
        _ if code.starts_with("P0") || code.starts_with("27") || code.starts_with("09") => {
            Problem::Refused { table: on(), code: code.into_owned() }
        }
        "42501" => Problem::NotChangeable { table: on() },
        _ => return from_driver(source, table, limit_ms, error),
    };
    Error::new(source, problem)
}

fn sqlite_constraint(code: &str) -> &'static str {
    match code {
        "275" => "CHECK",
        "787" => "FOREIGN KEY",
        "1299" => "NOT NULL",
        "1555" | "2579" => "PRIMARY KEY",
        "2067" => "UNIQUE",
        "3091" => "STRICT type",
        _ => "without a name",
    }
}

/// PostgreSQL gives SQLSTATE codes of five characters, SQLite result codes as numbers.
fn by_code(code: &str, table: &str, limit_ms: u64) -> Problem {
    let table = table.to_owned();
    match code {
        "28000" | "28P01" => Problem::Credentials,
        "3D000" => Problem::NoDatabase,
        "42501" => Problem::NotAllowed { table },
        "26000" | "42P05" => Problem::Pooled,
        // Statements are made from what the catalogue said: they fit no more when it says otherwise.
        "0A000" | "3F000" | "42703" | "42804" | "42883" | "42P01" => {
            Problem::Busy("its tables were changed meanwhile".to_owned())
        }
        "57014" => Problem::TimedOut { limit_ms },
        "57P01" | "57P02" => Problem::Lost,
        "53300" | "57P03" => Problem::Busy("it is starting, stopping or has too many connections".to_owned()),
        "40001" | "40P01" => Problem::Busy("it had to break off for other work".to_owned()),
        _ if code.starts_with("08") => Problem::Lost,
        _ if code.starts_with("53") => Problem::Busy("it lacks memory, disk or connections".to_owned()),
        "5" | "6" | "261" | "517" => Problem::Busy("another program has locked it".to_owned()),
        _ => Problem::Database { table, code: code.to_owned() },
    }
}

/// Returns the most similar of the known names, if it is similar at all.
pub(crate) fn nearest_name<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let lower = name.to_lowercase();
    known
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(name.len()).div_ceil(2).min(8))
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}
