//! The connections file: where each data source is and what we may do there.
//!
//! One table a source. Its name is the dataset it serves unless `datasets` says otherwise. Unknown keys
//! are errors, so that a misspelt limit can't pass for a limit. Passwords stand in files of their own;
//! neither `Debug` nor any message shows a url.

mod mongodb;
mod reader;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use reader::Reader;

/// All configured sources.
#[derive(Debug, Clone, Default)]
pub struct Connections {
    by_name: BTreeMap<Arc<str>, Connection>,
}

/// One configured source.
#[derive(Clone)]
pub struct Connection {
    /// Its name in the file.
    pub name: Arc<str>,
    /// What it is and where.
    pub(crate) target: Target,
    /// The datasets it serves.
    pub datasets: Vec<String>,
    /// Whether we may read.
    pub may_read: bool,
    /// Whether we may write.
    pub may_write: bool,
    /// Its limits.
    pub limits: Limits,
    /// Who answers for it, where somebody is to be asked.
    pub owner: Option<Owner>,
}

/// Who answers for a source by hand: the addresses they sign in with.
#[derive(Clone, PartialEq, Eq)]
pub struct Owner {
    /// The owner.
    pub email: String,
    /// Who answers while the owner is away.
    pub stand_in: Option<String>,
    /// What the source holds, for the owner to look for.
    pub holds: Option<String>,
}

/// What kind of source it is and how to reach it.
#[derive(Clone)]
pub(crate) enum Target {
    Postgres {
        url: Url,
        password: Option<String>,
        tls: Tls,
        accepts_hidden_rows: bool,
    },
    Mysql {
        url: Url,
        password: Option<String>,
        tls: Tls,
    },
    Sqlite {
        path: PathBuf,
    },
    /// There is no connection: the owner is asked.
    Manual,
    /// The url may name several hosts, so it is kept as text.
    Mongodb {
        url: String,
        address: String,
        database: String,
        password: Option<String>,
        tls: Tls,
    },
}

/// How a network connection is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tls {
    /// No TLS: the host is this machine, or the file says so.
    Off,
    /// TLS with a verified certificate, by the given authority or the public ones.
    Verified { ca_file: Option<PathBuf> },
}

/// What a source may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many runs may read it at once.
    pub concurrency: u32,
    /// How long a connection may take.
    pub connect_timeout_ms: u64,
    /// How long the next row may take.
    pub timeout_ms: u64,
    /// How many rows one collection may give in one run.
    pub rows: u64,
    /// How many values one statement looks up.
    pub keys_per_statement: usize,
    /// How often a passing error is tried again.
    pub retries: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: 4,
            connect_timeout_ms: 10_000,
            timeout_ms: 60_000,
            rows: 50_000_000,
            keys_per_statement: 20_000,
            retries: 3,
        }
    }
}

/// A connections file that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Invalid {
    /// The file can't be read.
    #[error("failed to read the connections file {path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the connections file is not valid TOML at line {line}")]
    Syntax {
        /// Where.
        line: usize,
    },
    /// A key nobody knows.
    #[error("[{name}]: unknown key {key}{}", .nearest.as_deref().map(|near| format!(", did you mean {near}?")).unwrap_or_default())]
    UnknownKey {
        /// The connection.
        name: String,
        /// The key.
        key: String,
        /// The most similar known key.
        nearest: Option<String>,
    },
    /// A value that makes no sense.
    #[error("[{name}]: {what}")]
    Value {
        /// The connection.
        name: String,
        /// What is wrong; never the value of url or password.
        what: String,
    },
    /// The password file can't be read.
    #[error("[{name}]: failed to read password_file {path}")]
    PasswordFile {
        /// The connection.
        name: String,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
}

impl Connections {
    /// Reads a connections file. Relative paths in it are relative to its folder.
    pub fn load(path: &Path) -> Result<Self, Invalid> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| Invalid::Unreadable { path: path.to_owned(), cause })?;
        Self::parse(&text, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads the text of a connections file; relative paths in it are relative to `folder`.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Invalid> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            let before = text.get(..at).unwrap_or_default();
            Invalid::Syntax { line: before.matches('\n').count() + 1 }
        })?;
        let mut by_name = BTreeMap::new();
        for (name, value) in &table {
            let toml::Value::Table(entry) = value else {
                return Err(invalid(name, "must be a table such as [name] with a url"));
            };
            let connection = Reader { name, entry, folder }.connection()?;
            by_name.insert(Arc::clone(&connection.name), connection);
        }
        let connections = Self { by_name };
        connections.ensure_unambiguous()?;
        Ok(connections)
    }

    /// Returns the datasets that no connection leads to, since their source's owner is asked by hand.
    pub fn by_hand(&self) -> Vec<String> {
        let manual = self.iter().filter(|connection| connection.is_manual());
        manual.flat_map(|connection| connection.datasets.iter().cloned()).collect()
    }

    /// Returns all connections by name.
    pub fn iter(&self) -> impl Iterator<Item = &Connection> {
        self.by_name.values()
    }

    /// Returns the connection of this name.
    pub fn lookup(&self, name: &str) -> Option<&Connection> {
        self.by_name.get(name)
    }

    /// Returns the connection that serves a dataset.
    pub fn serving(&self, dataset: &str) -> Option<&Connection> {
        self.iter().find(|connection| connection.datasets.iter().any(|known| known == dataset))
    }

    fn ensure_unambiguous(&self) -> Result<(), Invalid> {
        let mut served: BTreeMap<&str, &str> = BTreeMap::new();
        for connection in self.iter() {
            for dataset in &connection.datasets {
                if let Some(other) = served.insert(dataset, &connection.name) {
                    let what = format!("dataset {dataset} is already served by [{other}]");
                    return Err(invalid(&connection.name, &what));
                }
            }
        }
        Ok(())
    }
}

impl Connection {
    /// Returns the word for the kind of source.
    pub fn kind(&self) -> &'static str {
        match self.target {
            Target::Postgres { .. } => "postgres",
            Target::Mysql { .. } => "mysql",
            Target::Sqlite { .. } => "sqlite",
            Target::Manual => "manual",
            Target::Mongodb { .. } => "mongodb",
        }
    }

    /// Says whether there is no connection and its owner is asked by hand.
    pub fn is_manual(&self) -> bool {
        matches!(self.target, Target::Manual)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("name", &self.name)
            .field("kind", &self.kind())
            .field("datasets", &self.datasets)
            .finish_non_exhaustive()
    }
}

fn invalid(name: &str, what: &str) -> Invalid {
    Invalid::Value { name: name.to_owned(), what: what.to_owned() }
}

/// Whether a host is this machine.
fn is_local(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.starts_with('/')
        || bare == "localhost"
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
