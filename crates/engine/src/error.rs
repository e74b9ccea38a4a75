//! What can keep a job from ending. No message holds personal data.

use habeas_core::definition::Missing;
use habeas_core::request::Denied;
use habeas_store::acts::ActError;

/// Why a job didn't end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed, or the lease was lost.
    #[error(transparent)]
    Store(#[from] habeas_store::Error),
    /// The request has moved on, so that the effect is no longer wanted.
    #[error("the request has moved on: {0}")]
    Denied(Denied),
    /// Something the request was made under isn't there.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// A payload isn't what its kind promises.
    #[error("the payload of job kind {0} can't be read")]
    Payload(&'static str),
    /// The archive couldn't be made.
    #[error("failed to make the archive: {0}")]
    Package(String),
    /// A mail couldn't be written or handed over; trying again may help.
    #[error("failed to hand a mail over: {0}")]
    Mail(String),
    /// A mail the server refuses for good.
    #[error("the mail server refuses the mail: {0}")]
    MailRefused(String),
    /// A file under way couldn't be read or written.
    #[error("a file under way could not be read or written")]
    File(#[from] std::io::Error),
    /// A code couldn't be hashed.
    #[error("a code could not be hashed")]
    Hash,
    /// A task of the blocking pool was lost.
    #[error("a task was lost")]
    Lost,
}

impl From<ActError> for Error {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Denied(denied) => Self::Denied(denied),
            ActError::Store(error) => Self::Store(error),
        }
    }
}
