//! Jobs beside the state: claimed under a lease, fenced, retried with persisted back-off.
//!
//! A claim raises the job's epoch; finishing checks it in the transaction of the job's effect, so that
//! a worker that lost its lease can't write. Leases run by the database's clock on PostgreSQL, where
//! many nodes share them, and by the store's clock on SQLite, where there is one process. `run_at` is
//! compared with the store's clock on both, so that a manual clock moves every timer.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::postgres::PgListener;
use tokio::sync::Mutex;

use habeas_core::context::below;
use habeas_core::id::{JobId, RequestId};
use habeas_core::job::NewJob;

use crate::db::{Row, args, is_postgres};
use crate::error::{Error, Result};
use crate::store::{Read, Store, Tx};

/// How long a claim holds without a heartbeat.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// How many jobs one claim takes at most.
const CLAIM_LIMIT: u32 = 100;

/// The first pause after a failed attempt; it doubles with every further one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(10);

/// No pause is longer, jitter aside.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// A job this worker holds the lease of.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The job.
    pub id: JobId,
    /// What to run.
    pub kind: String,
    /// Ids and numbers the run needs.
    pub payload: Value,
    /// The request it belongs to, if any.
    pub request_id: Option<RequestId>,
    /// Which attempt this is, from 1.
    pub attempt: u16,
    /// After so many the job stops.
    pub max_attempts: u16,
    /// The fence: a later claim has a higher one.
    epoch: i64,
}

/// A job that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The job.
    pub id: JobId,
    /// What it runs.
    pub kind: String,
    /// Ids and numbers the run needs.
    pub payload: Value,
    /// The request it belongs to, if any.
    pub request_id: Option<RequestId>,
    /// Whether it was parked on purpose; else its attempts are used up.
    pub is_parked: bool,
    /// How many attempts there were.
    pub attempts: u16,
    /// Why it stopped, in words that hold no personal data.
    pub reason: String,
}

impl Tx {
    /// Inserts a job outside an append: recurring work, work asked for in the console. Where its unique
    /// key is taken nothing happens, and the answer is no.
    pub async fn add_job(&mut self, job: &NewJob) -> Result<bool> {
        self.insert_job(job, None).await
    }

    pub(crate) async fn insert_job(&mut self, job: &NewJob, request_id: Option<RequestId>) -> Result<bool> {
        let now = self.now();
        let id = JobId::new(now, &*self.inner.chance);
        let sql = "INSERT INTO jobs (id, kind, payload, request_id, state, run_at, created_at, attempts,
                max_attempts, epoch, unique_key)
            VALUES ($1, $2, $3, $4, 'ready', $5, $6, 0, $7, 0, $8)
            ON CONFLICT (unique_key) DO NOTHING";
        let values = args![
            id.to_string(),
            job.kind,
            job.payload.to_string(),
            request_id.map(|id| id.to_string()),
            job.run_at,
            now,
            job.max_attempts.max(1),
            job.unique_key.clone()
        ];
        let is_new = self.conn.execute(sql, values).await? == 1;
        self.wakes |= is_new;
        Ok(is_new)
    }

    /// Has the waiting job of a unique key run at an instant at the latest: a clock that was wrong for a
    /// while may have put it off for years.
    pub async fn bring_forward(&mut self, unique_key: &str, latest: Timestamp) -> Result<()> {
        let sql = "UPDATE jobs SET run_at = $2 WHERE unique_key = $1 AND state = 'ready' AND run_at > $2";
        self.conn.execute(sql, args![unique_key, latest]).await?;
        Ok(())
    }

    /// Marks a claimed job as done, in the transaction of its effect.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the lease was lost: the effect must then not be committed.
    pub async fn finish(&mut self, job: &Claimed) -> Result<()> {
        let sql = "UPDATE jobs SET state = 'done', lease_until = NULL, last_error = NULL, finished_at = $3
            WHERE id = $1 AND epoch = $2 AND state = 'running'";
        let now = self.now();
        held(self.conn.execute(sql, args![job.id.to_string(), job.epoch, now]).await?)
    }

    /// Puts a claimed job back to run again at the given instant; this attempt is not counted: the source
    /// said when, or what it waits for isn't there yet.
    pub async fn retry_at(&mut self, job: &Claimed, at: Timestamp, reason: &str) -> Result<()> {
        self.put_back(job, at, Some(reason), job.attempt.saturating_sub(1)).await
    }

    /// Puts a recurring job back for its next time, in the transaction of what it did.
    pub async fn reschedule(&mut self, job: &Claimed, at: Timestamp) -> Result<()> {
        self.put_back(job, at, None, 0).await
    }

    async fn put_back(
        &mut self,
        job: &Claimed,
        at: Timestamp,
        reason: Option<&str>,
        attempts: u16,
    ) -> Result<()> {
        let sql =
            "UPDATE jobs SET state = 'ready', lease_until = NULL, run_at = $3, last_error = $4, attempts = $5
            WHERE id = $1 AND epoch = $2 AND state = 'running'";
        let values = args![job.id.to_string(), job.epoch, at, reason.map(str::to_owned), attempts];
        held(self.conn.execute(sql, values).await?)
    }

    /// Puts a claimed job back after a failure, with a pause that doubles, or stops it where its
    /// attempts are used up. Returns when it runs again; `None` where it stopped.
    pub async fn retry(&mut self, job: &Claimed, reason: &str) -> Result<Option<Timestamp>> {
        if job.attempt >= job.max_attempts {
            self.fail(job, reason).await?;
            return Ok(None);
        }
        let doubled = FIRST_PAUSE.saturating_mul(1 << i32::from(job.attempt.saturating_sub(1)).min(20));
        let pause = doubled.min(LONGEST_PAUSE);
        // Up to a quarter more, so that what failed together doesn't come back together.
        let span = u32::try_from(pause.as_millis() / 4).unwrap_or(0);
        let jitter = SignedDuration::from_millis(i64::from(below(&*self.inner.chance, span)));
        let at = self.now().checked_add(pause + jitter).map_err(|_| Error::inconsistent("jobs", &job.id))?;
        self.put_back(job, at, Some(reason), job.attempt).await?;
        Ok(Some(at))
    }

    /// Stops a claimed job until a person has looked.
    pub async fn park(&mut self, job: &Claimed, reason: &str) -> Result<()> {
        self.stop(job, "parked", reason).await
    }

    /// Stops a claimed job for good, unless a person has it tried again.
    pub async fn fail(&mut self, job: &Claimed, reason: &str) -> Result<()> {
        self.stop(job, "failed", reason).await
    }

    async fn stop(&mut self, job: &Claimed, state: &str, reason: &str) -> Result<()> {
        let sql = "UPDATE jobs SET state = $3, lease_until = NULL, last_error = $4
            WHERE id = $1 AND epoch = $2 AND state = 'running'";
        held(self.conn.execute(sql, args![job.id.to_string(), job.epoch, state, reason]).await?)
    }

    /// Has a stopped job tried again at once, with all its attempts.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the job is not stopped, or there is none.
    pub async fn resume(&mut self, id: JobId) -> Result<()> {
        let now = self.now();
        let sql = "UPDATE jobs SET state = 'ready', run_at = $2, attempts = 0
            WHERE id = $1 AND state IN ('parked', 'failed')";
        self.wakes = true;
        held(self.conn.execute(sql, args![id.to_string(), now]).await?)
    }

    /// Parks every job that is still to run: after a restore mails and erasures must not repeat.
    pub async fn park_all(&mut self, reason: &str) -> Result<u64> {
        let sql = "UPDATE jobs SET state = 'parked', lease_until = NULL, epoch = epoch + 1, last_error = $1
            WHERE state IN ('ready', 'running')";
        self.conn.execute(sql, args![reason]).await
    }

    /// Forgets jobs done before the instant; those with a unique key stay, as the key must stay taken.
    pub async fn forget_done_jobs(&mut self, before: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM jobs WHERE state = 'done' AND unique_key IS NULL AND finished_at < $1";
        self.conn.execute(sql, args![before]).await
    }

    /// Keeps what a job made for a person to look at, sealed, until it expires.
    pub async fn put_result(&mut self, id: JobId, content: &Value, expires_at: Timestamp) -> Result<()> {
        let (now, key) = (self.now(), id.to_string());
        let text = content.to_string();
        let sealed = self.inner.root.seal(&result_place(id), text.as_bytes(), &*self.inner.chance);
        let sql = "INSERT INTO results (job_id, content, created_at, expires_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (job_id) DO UPDATE SET content = excluded.content, expires_at = excluded.expires_at";
        self.conn.execute(sql, args![key, sealed, now, expires_at]).await?;
        Ok(())
    }
}

fn held(changed: u64) -> Result<()> {
    if changed == 1 { Ok(()) } else { Err(Error::Conflict) }
}

fn result_place(id: JobId) -> String {
    format!("result {id}")
}

impl Read {
    /// Returns jobs that wait for a person, oldest first.
    pub async fn list_stopped_jobs(&mut self, limit: u32) -> Result<Vec<Stopped>> {
        let sql = "SELECT id, kind, payload, request_id, state, attempts, last_error FROM jobs
            WHERE state IN ('parked', 'failed') ORDER BY id LIMIT $1";
        let rows = self.conn.all(sql, args![limit.min(CLAIM_LIMIT)]).await?;
        rows.iter().map(stopped).collect()
    }

    /// Returns what a job made for a person to look at, while it has not expired.
    pub async fn lookup_result(&mut self, id: JobId) -> Result<Option<Value>> {
        let sql = "SELECT content FROM results WHERE job_id = $1 AND expires_at > $2";
        let now = self.now();
        let Some(row) = self.conn.optional(sql, args![id.to_string(), now]).await? else { return Ok(None) };
        let opened = self.inner.root.open(&result_place(id), &row.bytes("content")?)?;
        serde_json::from_slice(&opened).map(Some).map_err(|_| Error::inconsistent("results", &id))
    }

    /// Returns when the next job is due; `None` where none waits.
    pub async fn next_run_at(&mut self) -> Result<Option<Timestamp>> {
        let sql = "SELECT MIN(run_at) AS at FROM jobs WHERE state = 'ready'";
        self.conn.one(sql, Vec::new()).await?.opt_instant("at")
    }
}

fn stopped(row: &Row) -> Result<Stopped> {
    Ok(Stopped {
        id: row.parsed("id")?,
        kind: row.text("kind")?,
        payload: row.json("payload")?,
        request_id: row.opt_parsed("request_id")?,
        is_parked: row.text("state")? == "parked",
        attempts: u16::try_from(row.int("attempts")?).unwrap_or(u16::MAX),
        reason: row.opt_text("last_error")?.unwrap_or_default(),
    })
}

const CLAIM_SQLITE: &str = "UPDATE jobs SET state = 'running', epoch = epoch + 1, attempts = attempts + 1,
        lease_until = $1 + $2
    WHERE id IN (
        SELECT id FROM jobs
        WHERE ((state = 'ready' AND run_at <= $1) OR (state = 'running' AND lease_until < $1))
            AND kind IN (SELECT value FROM json_each($3))
        ORDER BY run_at, id LIMIT $4)
    RETURNING id, kind, payload, request_id, attempts, max_attempts, epoch, run_at";

const CLAIM_POSTGRES: &str = "UPDATE jobs SET state = 'running', epoch = epoch + 1, attempts = attempts + 1,
        lease_until = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + $2
    WHERE id IN (
        SELECT id FROM jobs
        WHERE ((state = 'ready' AND run_at <= $1)
                OR (state = 'running' AND lease_until < (extract(epoch FROM clock_timestamp()) * 1000000)::bigint))
            AND kind IN (SELECT json_array_elements_text($3::json))
        ORDER BY run_at, id LIMIT $4
        FOR UPDATE SKIP LOCKED)
    RETURNING id, kind, payload, request_id, attempts, max_attempts, epoch, run_at";

impl Store {
    /// Claims due jobs of the kinds this worker knows, oldest first, under a lease of [`LEASE`].
    ///
    /// Expired leases are claimed again. A job whose worker died at its last attempt stops instead.
    pub async fn claim(&self, kinds: &[&str], limit: u32) -> Result<Vec<Claimed>> {
        let mut tx = self.begin().await?;
        let kinds = Value::from(kinds.to_vec()).to_string();
        let sql = if tx.conn.is_postgres() { CLAIM_POSTGRES } else { CLAIM_SQLITE };
        let values = args![self.now(), lease_micros(), kinds, limit.min(CLAIM_LIMIT)];
        let mut rows = tx.conn.all(sql, values).await?;
        // RETURNING keeps no order.
        let mut keyed = Vec::with_capacity(rows.len());
        for row in rows.drain(..) {
            keyed.push((row.int("run_at")?, claimed(&row)?));
        }
        keyed.sort_by_key(|(run_at, job)| (*run_at, job.id));
        let mut held = Vec::with_capacity(keyed.len());
        for (_, job) in keyed {
            if job.attempt > job.max_attempts {
                tx.fail(&job, "the worker died at every attempt").await?;
            } else {
                held.push(job);
            }
        }
        tx.commit().await?;
        Ok(held)
    }

    /// Prolongs the lease of a claimed job.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it is lost: the worker must drop what it does.
    pub async fn heartbeat(&self, job: &Claimed) -> Result<()> {
        let mut tx = self.begin().await?;
        let changed = if tx.conn.is_postgres() {
            let sql = "UPDATE jobs
                SET lease_until = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + $3
                WHERE id = $1 AND epoch = $2 AND state = 'running'";
            tx.conn.execute(sql, args![job.id.to_string(), job.epoch, lease_micros()]).await?
        } else {
            let sql = "UPDATE jobs SET lease_until = $3
                WHERE id = $1 AND epoch = $2 AND state = 'running'";
            let until = self.now().as_microsecond() + lease_micros();
            tx.conn.execute(sql, args![job.id.to_string(), job.epoch, until]).await?
        };
        held(changed)?;
        tx.commit().await
    }

    /// Waits until there may be work: a commit here or on another node brought some, or the time is up.
    pub async fn wait_for_work(&self, timeout: Duration) {
        let woken = self.inner.work.notified();
        let _ = tokio::time::timeout(timeout, async {
            tokio::select! {
                () = woken => {}
                () = self.inner.listener.heard() => {}
            }
        })
        .await;
    }
}

fn lease_micros() -> i64 {
    i64::try_from(LEASE.as_micros()).unwrap_or(i64::MAX)
}

fn claimed(row: &Row) -> Result<Claimed> {
    let id: JobId = row.parsed("id")?;
    let small = |column| {
        let value = row.int(column)?;
        u16::try_from(value).map_err(|_| Error::inconsistent("jobs", &id))
    };
    Ok(Claimed {
        id,
        kind: row.text("kind")?,
        payload: row.json("payload")?,
        request_id: row.opt_parsed("request_id")?,
        attempt: small("attempts")?,
        max_attempts: small("max_attempts")?,
        epoch: row.int("epoch")?,
    })
}

/// Hears what other nodes announce; one waiter of this process listens for all.
pub(crate) struct Listener {
    url: Option<String>,
    connection: Mutex<Option<PgListener>>,
}

impl Listener {
    pub(crate) fn new(url: &str) -> Self {
        Self { url: is_postgres(url).then(|| url.to_owned()), connection: Mutex::new(None) }
    }

    /// Returns when something was announced; never, where nothing can be: polling is the fallback.
    async fn heard(&self) {
        let Some(url) = &self.url else { return std::future::pending().await };
        let mut connection = self.connection.lock().await;
        if connection.is_none()
            && let Ok(mut fresh) = PgListener::connect(url).await
            && fresh.listen("habeas_jobs").await.is_ok()
        {
            *connection = Some(fresh);
        }
        let is_heard = match connection.as_mut() {
            Some(listener) => listener.recv().await.is_ok(),
            None => false,
        };
        if !is_heard {
            *connection = None;
            drop(connection);
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests;
