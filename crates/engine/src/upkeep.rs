//! Recurring work: the log's sequencer, and what has expired.

use jiff::SignedDuration;
use serde_json::json;

use habeas_core::flow::TaskKey;
use habeas_core::job::NewJob;
use habeas_core::request::{Command, Failure, Outcome, kind};
use habeas_store::jobs::{Claimed, Stopped};
use habeas_store::reports::Span;
use habeas_store::requests::Scope;
use habeas_store::{Result, Store};

use crate::Engine;
use crate::digest::{DIGEST, DIGEST_EVERY};
use crate::error::Error;
use crate::reports::MAIL_REPORTS;

/// Appends committed events to the tree and signs a checkpoint.
pub(crate) const SEQUENCE: &str = "sequence";
/// Deletes what has expired.
pub(crate) const SWEEP: &str = "sweep";

/// How many stopped jobs are looked through at once.
const STOPPED_LIMIT: u32 = 100;

/// Makes the rows of open requests anew, once after a release that brought new ones.
pub(crate) const REFRESH_ROWS: &str = "refresh_rows";

/// Which rows there are: a further number has those of open requests made anew at the next start.
const ROWS: u32 = 1;

/// How many requests are looked up at once.
const REFRESH_BATCH: u32 = 200;

const SEQUENCE_EVERY: SignedDuration = SignedDuration::from_secs(60);
const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Inserts the recurring jobs where they are missing; every start does so.
///
/// # Errors
/// When the store fails.
pub async fn start_recurring(store: &Store) -> Result<()> {
    let mut tx = store.begin().await?;
    for (kind, every) in [
        (SEQUENCE, SEQUENCE_EVERY),
        (SWEEP, SWEEP_EVERY),
        (DIGEST, DIGEST_EVERY),
        (MAIL_REPORTS, DIGEST_EVERY),
    ] {
        let key = format!("recurring:{kind}");
        if !tx.add_job(&recurring(kind, key.clone(), store.now())).await? {
            let latest = store.now().saturating_add(every).unwrap_or(jiff::Timestamp::MAX);
            tx.bring_forward(&key, latest).await?;
        }
    }
    let refresh = NewJob {
        kind: REFRESH_ROWS,
        payload: json!({}),
        run_at: store.now(),
        unique_key: Some(format!("{REFRESH_ROWS}:{ROWS}")),
        max_attempts: u16::MAX,
    };
    tx.add_job(&refresh).await?;
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
        self.end_dead_tasks().await?;
        self.again(job, SWEEP_EVERY).await
    }

    /// Makes the rows of every open request anew. One that this version can't read stays as it is.
    pub(crate) async fn refresh_rows(&self, job: &Claimed) -> std::result::Result<(), Error> {
        let open = Span { open_from: Some(jiff::Timestamp::MAX), ..Span::default() };
        let mut after = None;
        loop {
            let mut read = self.inner.store.read().await?;
            let ids = read.list_ids(open, &Scope::Everything, after, REFRESH_BATCH).await?;
            drop(read);
            let Some(last) = ids.last().copied() else { break };
            for (_, id) in ids {
                let mut tx = self.inner.store.begin().await?;
                match tx.refresh_row(id).await {
                    Ok(_) => tx.commit().await?,
                    Err(error) => tracing::error!(request.id = %id, %error, "a row could not be made anew"),
                }
            }
            after = Some(last);
        }
        self.finish(job).await
    }

    /// A task whose worker died at every try ends as a failed one, so that a person is told.
    async fn end_dead_tasks(&self) -> std::result::Result<(), Error> {
        let stopped = self.inner.store.read().await?.list_stopped_jobs(STOPPED_LIMIT).await?;
        for job in stopped.into_iter().filter(|job| job.kind == kind::RUN_TASK) {
            match self.end_dead_task(&job).await {
                Ok(false) => {}
                Ok(true) => tracing::error!(job.id = %job.id, "a task whose worker died waits for a person"),
                Err(error) => tracing::error!(job.id = %job.id, %error, "a dead task could not be ended"),
            }
        }
        Ok(())
    }

    /// Ends the try of a task as failed; no, where it is over already.
    async fn end_dead_task(&self, job: &Stopped) -> std::result::Result<bool, Error> {
        let read = |name: &str| job.payload.get(name).cloned().unwrap_or_default();
        let unreadable = |_| Error::Payload(kind::RUN_TASK);
        let task: TaskKey = serde_json::from_value(read("task")).map_err(unreadable)?;
        let attempt: u32 = serde_json::from_value(read("attempt")).map_err(unreadable)?;
        let id = job.request_id.ok_or(Error::Payload(kind::RUN_TASK))?;
        let mut tx = self.inner.store.begin().await?;
        let Some(request) = tx.lookup_request(id, &Scope::Everything).await? else { return Ok(false) };
        let is_wanted = request.running(&task).is_some_and(|run| run.attempt == attempt);
        if !is_wanted || request.status.is_closed() {
            return Ok(false);
        }
        let ctx = self.inner.context(&request)?;
        let failure = Failure { code: "internal".to_owned(), source: None, message: job.reason.clone() };
        let end = Command::Finish { task, attempt, outcome: Outcome::Failed(failure) };
        tx.act(&request, end, &ctx).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Puts a recurring job back: it is one row for ever.
    async fn again(&self, job: &Claimed, pause: SignedDuration) -> std::result::Result<(), Error> {
        let at = self.inner.clock.now().saturating_add(pause).unwrap_or(jiff::Timestamp::MAX);
        let mut tx = self.inner.store.begin().await?;
        tx.reschedule(job, at).await?;
        Ok(tx.commit().await?)
    }
}
