//! Recurring work: the log's sequencer, and what has expired.

use jiff::SignedDuration;
use serde_json::json;

use habeas_core::job::NewJob;
use habeas_store::jobs::Claimed;
use habeas_store::{Result, Store};

use crate::Engine;
use crate::error::Error;

/// Appends committed events to the tree and signs a checkpoint.
pub(crate) const SEQUENCE: &str = "sequence";
/// Deletes what has expired.
pub(crate) const SWEEP: &str = "sweep";

const SEQUENCE_EVERY: SignedDuration = SignedDuration::from_secs(60);
const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Inserts the recurring jobs where they are missing; every start does so.
///
/// # Errors
/// When the store fails.
pub async fn start_recurring(store: &Store) -> Result<()> {
    let mut tx = store.begin().await?;
    for (kind, every) in [(SEQUENCE, SEQUENCE_EVERY), (SWEEP, SWEEP_EVERY)] {
        let key = format!("recurring:{kind}");
        if !tx.add_job(&recurring(kind, key.clone(), store.now())).await? {
            let latest = store.now().saturating_add(every).unwrap_or(jiff::Timestamp::MAX);
            tx.bring_forward(&key, latest).await?;
        }
    }
    tx.commit().await
}

fn recurring(kind: &'static str, key: String, run_at: jiff::Timestamp) -> NewJob {
    NewJob {
        kind,
        payload: json!({}),
        run_at,
        unique_key: Some(key),
        // Whatever kept it from running, it must run again once that is over.
        max_attempts: u16::MAX,
    }
}

impl Engine {
    pub(crate) async fn sequence(&self, job: &Claimed) -> std::result::Result<(), Error> {
        self.inner.store.sequence(self.inner.clock.now()).await?;
        self.again(job, SEQUENCE_EVERY).await
    }

    pub(crate) async fn sweep(&self, job: &Claimed) -> std::result::Result<(), Error> {
        self.inner.store.sweep_blobs(self.inner.clock.now()).await?;
        let mut tx = self.inner.store.begin().await?;
        tx.expire().await?;
        tx.commit().await?;
        self.again(job, SWEEP_EVERY).await
    }

    /// Puts a recurring job back: it is one row for ever.
    async fn again(&self, job: &Claimed, pause: SignedDuration) -> std::result::Result<(), Error> {
        let at = self.inner.clock.now().saturating_add(pause).unwrap_or(jiff::Timestamp::MAX);
        let mut tx = self.inner.store.begin().await?;
        tx.reschedule(job, at).await?;
        Ok(tx.commit().await?)
    }
}
