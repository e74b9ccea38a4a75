//! A worker killed at any instant loses nothing and does nothing twice.
//!
//! The worker is the test itself, run again in a process of its own: it files requests, claims their
//! jobs, appends each job's effect in the transaction that finishes it, sequences and stores files, as
//! fast as it can, until the parent kills it (`SIGKILL`, no chance to tidy up) after a random number of
//! steps.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use habeas_core::context::{SharedChance, below};
use habeas_core::event::{Actor, Record};
use habeas_core::id::{Reference, RequestId};
use habeas_core::job::NewJob;
use habeas_core::request::RequestRow;
use habeas_store::jobs::Claimed;
use habeas_store::log::Append;
use habeas_store::requests::{Filter, Paging, Scope};
use habeas_store::{Options, RootKey, SealTarget, Store};
use habeas_testkit::postgres::fresh_database;
use habeas_testkit::{ManualClock, SeededChance};
use serde_json::json;

const ROUNDS: u32 = 55;
const JOBS_OF_A_REQUEST: u64 = 2;
const KIND: &str = "effect";

const URL: &str = "HABEAS_KILL_URL";
const FOLDER: &str = "HABEAS_KILL_FOLDER";
const ROUND: &str = "HABEAS_KILL_ROUND";

#[tokio::test]
async fn a_killed_worker_leaves_nothing_half_on_sqlite() {
    if let Some(worker) = Worker::of_this_process() {
        return worker.work().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("habeas.db").display().to_string();
    kill_and_check("a_killed_worker_leaves_nothing_half_on_sqlite", &url, folder.path()).await;
}

#[tokio::test]
async fn a_killed_worker_leaves_nothing_half_on_postgres() {
    if let Some(worker) = Worker::of_this_process() {
        return worker.work().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let database = fresh_database().await;
    kill_and_check("a_killed_worker_leaves_nothing_half_on_postgres", database.url(), folder.path()).await;
}

async fn kill_and_check(test: &str, url: &str, folder: &Path) {
    Store::migrate(url).await.unwrap();
    let chance = SeededChance::new(42).shared();
    let mut killed = 0;
    for round in 1..=ROUNDS {
        // The clock of every worker is further on, so that the leases of the one before have expired.
        let worker = Worker { url: url.to_owned(), folder: folder.to_owned(), round };
        killed += u32::from(worker.run_and_kill(test, below(&*chance, 60)));
        if is_postgres(url) {
            expire_leases(url).await;
        }
    }
    assert!(killed >= 50, "only {killed} workers were killed while they worked");

    let store = open(url, folder, ROUNDS + 1).await;
    assert_eq!(store.verify().await.unwrap(), []);
    let before = effects(&store).await;
    assert!(before.values().all(|count| *count == 1), "an effect happened twice");
    while work(&store, &|| ()).await > 0 {}
    assert_eq!(store.verify().await.unwrap(), []);
    let after = effects(&store).await;
    let mut read = store.read().await.unwrap();
    let requests = read.list(&Filter::default(), Paging::default(), &Scope::Everything).await.unwrap().total;
    assert!(requests > 0 && !before.is_empty(), "nothing was done at all");
    assert_eq!(after.len() as u64, requests * JOBS_OF_A_REQUEST, "a job was lost");
    assert!(after.values().all(|count| *count == 1), "an effect happened twice");
    assert_eq!(read.list_stopped_jobs(10).await.unwrap(), []);
    drop(read);
    store.close().await;
}

/// A worker in a process of its own.
struct Worker {
    url: String,
    folder: PathBuf,
    round: u32,
}

impl Worker {
    /// Returns the worker this process is to be; none in the test that starts workers.
    fn of_this_process() -> Option<Self> {
        let var = |name| std::env::var(name).ok();
        Some(Self { url: var(URL)?, folder: var(FOLDER)?.into(), round: var(ROUND)?.parse().unwrap() })
    }

    /// Runs it and kills it after so many of its steps; no, where it ended before.
    fn run_and_kill(&self, test: &str, steps: u32) -> bool {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("kill::{test}"), "--nocapture", "--test-threads=1"])
            .env(URL, &self.url)
            .env(FOLDER, &self.folder)
            .env(ROUND, self.round.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut seen = 0;
        while seen <= steps {
            let Some(Ok(line)) = lines.next() else { break };
            seen += u32::from(line == "step");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        seen > steps
    }

    /// Works until it is killed.
    async fn work(&self) {
        let store = open(&self.url, &self.folder, self.round).await;
        let chance = SeededChance::new(1_000 + u64::from(self.round)).shared();
        let step = || println!("step");
        for _ in 0..10_000 {
            let id = file(&store, &chance).await;
            step();
            store_file(&store, id, &step).await;
            store.sequence(store.now()).await.unwrap();
            step();
            work(&store, &step).await;
        }
    }
}

/// Opens the store as one of several processes: the round gives time and chance.
async fn open(url: &str, folder: &Path, round: u32) -> Store {
    let clock = ManualClock::at("2026-01-15T09:00:00Z");
    clock.advance_days(round.into());
    let options =
        Options { url: url.to_owned(), blobs: folder.join("blobs"), keys: RootKey::from_bytes([5; 32]) };
    let chance = SeededChance::new(round.into()).shared();
    Store::open(options, clock.shared(), chance).await.unwrap()
}

async fn file(store: &Store, chance: &SharedChance) -> RequestId {
    let now = store.now();
    let row = RequestRow {
        id: RequestId::new(now, &**chance),
        entity: "acme".to_owned(),
        reference: Reference::new(&**chance),
        activity: "access".to_owned(),
        right: "access".to_owned(),
        law: "gdpr".to_owned(),
        status: "received".to_owned(),
        stage: None,
        received_at: now,
        due_on: None,
        owner: None,
        readers: habeas_core::request::Readers::default(),
        waits_on: "nothing".to_owned(),
        is_verified: false,
        is_closed: false,
        is_spam: false,
        needs_attention: false,
        closed_at: None,
        seq: 1,
        subject: None,
        index: Vec::new(),
        tasks: Vec::new(),
    };
    let jobs = (0..JOBS_OF_A_REQUEST).map(|number| NewJob {
        kind: KIND,
        payload: json!({ "number": number }),
        run_at: now,
        unique_key: Some(format!("{}:{number}", row.id)),
        max_attempts: 1_000,
    });
    let jobs: Vec<_> = jobs.collect();
    let records = [record("received", 0)];
    let append = Append {
        actor: Actor::Subject,
        at: now,
        expected_seq: 0,
        records: &records,
        follow_count: 0,
        row: &row,
        jobs: &jobs,
    };
    let mut tx = store.begin().await.unwrap();
    tx.create_request(append).await.unwrap();
    tx.commit().await.unwrap();
    row.id
}

async fn store_file(store: &Store, id: RequestId, step: &(dyn Fn() + Sync)) {
    let keys = store.read().await.unwrap().lookup_keys(id).await.unwrap().unwrap();
    let target = SealTarget::of(&keys).unwrap();
    let stored = store.store_bytes(&target, id, "upload", b"a small file").await.unwrap();
    step();
    let mut tx = store.begin().await.unwrap();
    tx.add_blob(&stored, None).await.unwrap();
    tx.commit().await.unwrap();
    step();
}

/// Claims a few jobs and does each; returns how many it claimed.
async fn work(store: &Store, step: &(dyn Fn() + Sync)) -> usize {
    let claimed = store.claim(&[KIND], 3).await.unwrap();
    step();
    for job in &claimed {
        store.heartbeat(job).await.unwrap();
        apply(store, job).await;
        step();
    }
    claimed.len()
}

/// The effect of a job is an event of its request, once, in the transaction that finishes the job.
async fn apply(store: &Store, job: &Claimed) {
    let id = job.request_id.unwrap();
    let mut tx = store.begin().await.unwrap();
    let row = tx.lookup_row(id, &Scope::Everything).await.unwrap().unwrap();
    let records = [record("effect", job.payload["number"].as_u64().unwrap())];
    let row = RequestRow { seq: row.seq + 1, ..row };
    let expected_seq = row.seq - 1;
    let at = store.now();
    let append = Append {
        actor: Actor::System,
        at,
        expected_seq,
        records: &records,
        follow_count: 0,
        row: &row,
        jobs: &[],
    };
    tx.append(append).await.unwrap();
    tx.finish(job).await.unwrap();
    tx.commit().await.unwrap();
}

fn record(kind: &str, number: u64) -> Record {
    Record { kind: kind.to_owned(), version: 1, body: json!({ "number": number }), sealed: None }
}

/// Returns how often each job's effect happened, by request and number.
async fn effects(store: &Store) -> HashMap<(RequestId, u64), u32> {
    let mut read = store.read().await.unwrap();
    let mut found = HashMap::new();
    for offset in (0..).step_by(100) {
        let paging = Paging { offset, limit: 100, ..Paging::default() };
        let page = read.list(&Filter::default(), paging, &Scope::Everything).await.unwrap();
        if page.rows.is_empty() {
            break;
        }
        for row in page.rows {
            for entry in read.lookup_entries(row.id).await.unwrap().unwrap() {
                if entry.record.kind == "effect" {
                    *found.entry((row.id, entry.record.body["number"].as_u64().unwrap())).or_default() += 1;
                }
            }
        }
    }
    found
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres")
}

/// On PostgreSQL leases run by the server's own clock, which no test can move.
async fn expire_leases(url: &str) {
    use sqlx::Connection as _;
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let sql = "UPDATE jobs SET lease_until = 1 WHERE state = 'running'";
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
