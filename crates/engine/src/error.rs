//! What can keep a job from ending. No message holds personal data.

use std::io::ErrorKind;

use habeas_core::definition::Missing;
use habeas_core::request::Denied;
use habeas_store::acts::ActError;

/// Why a job didn't end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed, or the lease was lost.
    #[error(transparent)]
    Store(#[from] habeas_store::Error),
    /// The act may not be, though the request waits for it.
    #[error("the act is not possible: {0}")]
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
    /// What a task is to be done with isn't there.
    #[error("the flow gives no {0} for this task: what it links to is empty")]
    Input(String),
    /// A code couldn't be hashed.
    #[error("a code could not be hashed")]
    Hash,
    /// A task of the blocking pool was lost.
    #[error("a task was lost")]
    Lost,
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Error {
    /// Whether only a change of the world helps, not another try of this job alone.
    pub(crate) fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::Payload(_) | Self::Missing(_) | Self::MailRefused(_) | Self::Denied(_) | Self::Input(_)
        )
    }

    /// Returns the want of space among the causes of a failure, if it is one: it has a cure of its own.
    pub(crate) fn full(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut cause = Some(error);
        while let Some(inner) = cause {
            let kind = inner.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
            let is_io = matches!(kind, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded));
            let store = inner.downcast_ref::<habeas_store::Error>();
            if is_io || matches!(store, Some(habeas_store::Error::Full)) {
                return Some(Self::Store(habeas_store::Error::Full));
            }
            cause = inner.source();
        }
        None
    }
}

impl From<ActError> for Error {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Denied(denied) => Self::Denied(denied),
            ActError::Store(error) => Self::Store(error),
        }
    }
}
