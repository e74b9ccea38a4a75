//! Jobs as values: what [`crate::request`]'s `react` asks for and the store keeps.
//!
//! A payload holds ids, kinds and numbers only, never personal data.

use jiff::Timestamp;
use serde_json::Value;

/// A job to be inserted in the transaction of the events that ask for it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// A stable name of what to run.
    pub kind: &'static str,
    /// Ids and numbers the run needs.
    pub payload: Value,
    /// The earliest instant to run at.
    pub run_at: Timestamp,
    /// No second job with the same key is inserted while this row exists, done ones included.
    pub unique_key: Option<String>,
    /// After so many attempts the job stops and waits for a person.
    pub max_attempts: u16,
}
