//! What the driver's errors mean. Their messages may quote documents: only codes and kinds are read.

use std::sync::Arc;

use mongodb::error::{self, ErrorKind, WriteFailure};

use crate::error::{Error, Problem};

/// What was being done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doing<'a> {
    pub(super) source: &'a Arc<str>,
    /// Where the source is, without name and password.
    pub(super) address: &'a str,
    /// The collection.
    pub(super) table: &'a str,
    pub(super) limit_ms: u64,
    pub(super) writes: bool,
}

impl Doing<'_> {
    /// Reads an error of the driver.
    pub(super) fn error(&self, cause: &error::Error) -> Error {
        Error::new(self.source, self.problem(cause))
    }

    /// Says that no answer came in time.
    pub(super) fn late(&self) -> Error {
        Error::new(self.source, Problem::TimedOut { limit_ms: self.limit_ms })
    }

    fn problem(&self, cause: &error::Error) -> Problem {
        let driver = |code: &str| Problem::Database { table: self.table.to_owned(), code: code.to_owned() };
        let unreachable =
            |cause: &str| Problem::Unreachable { address: self.address.to_owned(), cause: cause.to_owned() };
        match &*cause.kind {
            ErrorKind::Authentication { .. } => Problem::Credentials,
            _ if is_passing(cause) => Problem::Busy("it had to break off for other work".to_owned()),
            ErrorKind::Command(error) => self.refused(error.code),
            ErrorKind::Write(WriteFailure::WriteError(error)) => self.refused(error.code),
            ErrorKind::Write(WriteFailure::WriteConcernError(error)) => self.refused(error.code),
            ErrorKind::Io(_) | ErrorKind::ConnectionPoolCleared { .. } => Problem::Lost,
            ErrorKind::ServerSelection { message, .. } => match () {
                () if message.contains("uthentication") => Problem::Credentials,
                () if message.contains("ertificate")
                    || message.contains("TLS")
                    || message.contains("tls") =>
                {
                    Problem::Tls("its certificate is not trusted, or it does not speak TLS".to_owned())
                }
                () => unreachable("no server that can be used answered"),
            },
            ErrorKind::DnsResolve { .. } => unreachable("its name can't be resolved"),
            ErrorKind::InvalidTlsConfig { .. } => {
                Problem::Tls("the file of the authority can't be used".to_owned())
            }
            ErrorKind::InvalidArgument { .. } => driver("argument"),
            _ => driver("driver"),
        }
    }

    /// The numbers are the server's own, the same in all versions.
    pub(super) fn refused(&self, code: i32) -> Problem {
        let table = self.table.to_owned();
        match code {
            18 => Problem::Credentials,
            13 | 8000 if self.writes => Problem::NotChangeable { table },
            13 | 8000 => Problem::NotAllowed { table },
            24 | 46 => Problem::Locked { table, limit_ms: self.limit_ms },
            50 | 262 => Problem::TimedOut { limit_ms: self.limit_ms },
            121 => Problem::Constraint { table, constraint: "validator".to_owned() },
            11000 | 11001 => Problem::Constraint { table, constraint: "unique index".to_owned() },
            239 | 246 => Problem::Busy("it no longer has the state that was being read".to_owned()),
            91 | 189 | 10107 | 11600 | 11602 | 13435 | 13436 => {
                Problem::Busy("it is starting, stopping or choosing another primary".to_owned())
            }
            112 | 225 | 251 | 244 | 256 => Problem::Busy("it had to break off for other work".to_owned()),
            166 | 26 => Problem::MissingTable { table, nearest: None },
            _ => Problem::Database { table, code: code.to_string() },
        }
    }
}

fn is_passing(cause: &error::Error) -> bool {
    cause.contains_label(error::TRANSIENT_TRANSACTION_ERROR)
}
