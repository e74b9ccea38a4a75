//! Why a package could not be built.

use std::io;

use habeas_core::register::Gap;
use zip::result::ZipError;

/// Why records could not be read.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a package could not be built. Messages hold ids and names of tables, never data.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The records could not be read.
    #[error("failed to read the records")]
    Records(#[source] Cause),
    /// A record reached over a link to other people has no decision.
    #[error("record {record} was reached over a link to other people and nobody has decided on it")]
    Undecided {
        /// The record.
        record: u64,
    },
    /// A redaction names a field that its record doesn't have.
    #[error("the redaction of record {record} names a field it doesn't have")]
    NoSuchField {
        /// The record.
        record: u64,
    },
    /// Decisions name records that aren't there, so they were made on another collection run.
    #[error("there are decisions on {} that are not there", crate::text::count(*count as u64, "record", "records"))]
    StrayMarks {
        /// How many.
        count: usize,
    },
    /// The search counted fewer rows than there are records.
    #[error("{dataset}.{collection} has more records than the search counted")]
    Uncounted {
        /// The dataset.
        dataset: String,
        /// The collection.
        collection: String,
    },
    /// The records were others on a later reading than on the first.
    #[error("the records changed while the package was built")]
    Changed,
    /// What Art. 15 wants told is not in the register.
    #[error("the register of processing has {} for the data in this package: {}", crate::text::count(.0.len() as u64, "gap", "gaps"), listed(.0))]
    Gaps(Vec<Gap>),
    /// A limit was reached.
    #[error("too many {0}")]
    TooMany(&'static str),
    /// The archive could not be written.
    #[error("failed to write the package")]
    Write(#[from] io::Error),
    /// The archive could not be put together.
    #[error("failed to write the package")]
    Zip(#[from] ZipError),
    /// A page could not be rendered.
    #[error(transparent)]
    Template(#[from] crate::Error),
}

fn listed(gaps: &[Gap]) -> String {
    gaps.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
