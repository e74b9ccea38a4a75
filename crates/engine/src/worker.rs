//! The loop that claims jobs and runs them, a bounded number at once.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use habeas_core::find;
use habeas_core::request::kind;
use habeas_store::jobs::{Claimed, LEASE};

use crate::error::Error;
use crate::{Engine, digest, lease, outbox, reports, upkeep};

/// The kinds of jobs an engine runs.
pub const KINDS: [&str; 12] = [
    find::JOB,
    kind::FOLLOW_MAIN,
    kind::RUN_TASK,
    kind::SEND_CODE,
    kind::WRITE_MAIL,
    kind::TIMER,
    outbox::HAND_OVER,
    upkeep::SEQUENCE,
    upkeep::SWEEP,
    digest::DIGEST,
    reports::MAIL_REPORTS,
    upkeep::REFRESH_ROWS,
];

/// How long the worker waits before it looks again although nothing woke it.
const POLL: Duration = Duration::from_millis(500);

impl Engine {
    /// Runs jobs until told to stop, then waits for those under way.
    pub async fn run(&self, stop: CancellationToken) {
        let tracker = TaskTracker::new();
        let most = usize::try_from(self.inner.options.concurrency.max(1)).unwrap_or(1);
        let room = Arc::new(Semaphore::new(most));
        while !stop.is_cancelled() {
            let free = room.available_permits();
            let limit = u32::try_from(free).unwrap_or(u32::MAX);
            let claimed = if free == 0 { Vec::new() } else { self.claim(limit).await };
            let is_idle = claimed.is_empty();
            for job in claimed {
                let engine = self.clone();
                let place = Arc::clone(&room).try_acquire_owned();
                tracker.spawn(async move {
                    Box::pin(engine.run_one(job)).await;
                    drop(place);
                });
            }
            if is_idle {
                tokio::select! {
                    () = stop.cancelled() => {}
                    // With every place taken, the end of a job is what lets the next begin.
                    _ = room.acquire(), if free == 0 => {}
                    () = self.inner.store.wait_for_work(POLL), if free > 0 => {}
                }
            }
        }
        tracker.close();
        tracker.wait().await;
    }

    /// Runs every job that is due, and those they bring, until none is; returns how many ran.
    pub async fn run_due(&self) -> usize {
        let mut count = 0;
        loop {
            let claimed = self.claim(16).await;
            if claimed.is_empty() {
                return count;
            }
            for job in claimed {
                count += 1;
                Box::pin(self.run_one(job)).await;
            }
        }
    }

    async fn claim(&self, limit: u32) -> Vec<Claimed> {
        match self.inner.store.claim(&KINDS, limit).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::error!(%error, "failed to claim jobs");
                Vec::new()
            }
        }
    }

    /// Runs a claimed job under a heartbeat: a worker that loses its lease drops what it does.
    #[tracing::instrument(skip_all, fields(job.id = %job.id, job.kind = %job.kind))]
    pub async fn run_one(&self, job: Claimed) {
        tracing::debug!("job begins");
        let every = Duration::try_from(LEASE / 3).unwrap_or(POLL);
        let beat = || self.inner.store.heartbeat(&job);
        let engine = self.refreshed().await;
        match lease::hold(every, beat, Box::pin(engine.dispatch(&job))).await {
            Some(Ok(())) => {}
            Some(Err(error)) => self.give_back(&job, &error).await,
            None => tracing::warn!("the lease was lost, the work is dropped"),
        }
    }

    async fn dispatch(&self, job: &Claimed) -> Result<(), Error> {
        match job.kind.as_str() {
            kind::RUN_TASK => self.run_task(job).await,
            kind::SEND_CODE => self.send_code(job).await,
            kind::WRITE_MAIL => self.write_mail(job).await,
            kind::TIMER => self.wake(job).await,
            kind::FOLLOW_MAIN => self.follow_main(job).await,
            outbox::HAND_OVER => self.hand_over(job).await,
            find::JOB => self.find_subject(job).await,
            upkeep::SEQUENCE => self.sequence(job).await,
            upkeep::SWEEP => self.sweep(job).await,
            digest::DIGEST => self.digest(job).await,
            reports::MAIL_REPORTS => self.mail_reports(job).await,
            upkeep::REFRESH_ROWS => self.refresh_rows(job).await,
            _ => Err(Error::Payload("unknown")),
        }
    }

    /// Puts a job back to run later, or stops it where trying again can't help.
    async fn give_back(&self, job: &Claimed, error: &Error) {
        let lasting = error.is_lasting();
        let done = async {
            let mut tx = self.inner.store.begin().await?;
            if lasting {
                tx.park(job, &error.to_string()).await?;
            } else {
                tx.retry(job, &error.to_string()).await?;
            }
            tx.commit().await
        };
        match done.await {
            Ok(()) if lasting => tracing::error!(%error, "job waits for a person"),
            Ok(()) => tracing::warn!(%error, "job is tried again"),
            Err(after) => tracing::error!(%error, %after, "job could not be put back; its lease will expire"),
        }
    }
}

/// Reads a field of a payload.
pub(crate) fn field<T: serde::de::DeserializeOwned>(
    job: &Claimed,
    kind: &'static str,
    name: &str,
) -> Result<T, Error> {
    let value = job.payload.get(name).cloned().unwrap_or(Value::Null);
    serde_json::from_value(value).map_err(|_| Error::Payload(kind))
}
