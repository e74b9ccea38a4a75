//! Jobs run once, by whoever holds the lease, and come back when a worker dies.

use jiff::SignedDuration;
use serde_json::json;

use habeas_core::context::Clock as _;

use super::*;
use crate::bench::{Bench, both, sqlite};
use crate::testing::job;

async fn add(bench: &Bench, new: &NewJob) -> bool {
    let mut tx = bench.store.begin().await.unwrap();
    let is_new = tx.add_job(new).await.unwrap();
    tx.commit().await.unwrap();
    is_new
}

async fn claim_one(bench: &Bench) -> Option<Claimed> {
    bench.store.claim(&["send_mail"], 10).await.unwrap().into_iter().next()
}

async fn state_of(bench: &Bench, id: JobId) -> String {
    let mut read = bench.store.read().await.unwrap();
    read.conn
        .one("SELECT state FROM jobs WHERE id = $1", args![id.to_string()])
        .await
        .unwrap()
        .text("state")
        .unwrap()
}

/// Lets a lease run out: by the clock on SQLite, in the database's own time on PostgreSQL.
async fn expire_leases(bench: &Bench) {
    let mut tx = bench.store.begin().await.unwrap();
    tx.conn.execute("UPDATE jobs SET lease_until = 1 WHERE state = 'running'", Vec::new()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_job_runs_at_its_time_and_once() {
    both(async |bench| {
        let now = bench.clock.now();
        let later = NewJob {
            run_at: now + SignedDuration::from_hours(1),
            payload: json!({"n": 1}),
            ..job("send_mail", now)
        };
        assert!(add(bench, &later).await);
        assert!(add(bench, &job("other_kind", now)).await);
        assert_eq!(claim_one(bench).await, None);
        assert_eq!(bench.store.read().await.unwrap().next_run_at().await.unwrap(), Some(now));

        bench.clock.advance(SignedDuration::from_hours(1));
        let claimed = claim_one(bench).await.unwrap();
        assert_eq!((claimed.attempt, claimed.payload.clone()), (1, json!({"n": 1})));
        assert_eq!(claim_one(bench).await, None, "a claimed job is claimed again");

        let mut tx = bench.store.begin().await.unwrap();
        tx.finish(&claimed).await.unwrap();
        assert!(matches!(tx.finish(&claimed).await, Err(Error::Conflict)));
        tx.commit().await.unwrap();
        expire_leases(bench).await;
        assert_eq!(claim_one(bench).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_dead_worker_loses_its_job_and_can_write_nothing_more() {
    both(async |bench| {
        add(bench, &job("send_mail", bench.clock.now())).await;
        let dead = claim_one(bench).await.unwrap();
        bench.store.heartbeat(&dead).await.unwrap();
        expire_leases(bench).await;
        let second = claim_one(bench).await.unwrap();
        assert_eq!((second.id, second.attempt), (dead.id, 2));

        assert!(matches!(bench.store.heartbeat(&dead).await, Err(Error::Conflict)));
        let mut tx = bench.store.begin().await.unwrap();
        assert!(matches!(tx.finish(&dead).await, Err(Error::Conflict)));
        assert!(matches!(tx.park(&dead, "late").await, Err(Error::Conflict)));
        tx.finish(&second).await.unwrap();
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn on_sqlite_a_lease_runs_by_the_clock() {
    let bench = sqlite().await;
    add(&bench, &job("send_mail", bench.clock.now())).await;
    let first = claim_one(&bench).await.unwrap();
    bench.clock.advance(SignedDuration::from_secs(50));
    bench.store.heartbeat(&first).await.unwrap();
    bench.clock.advance(SignedDuration::from_secs(50));
    assert_eq!(claim_one(&bench).await, None, "the heartbeat didn't prolong the lease");
    bench.clock.advance(SignedDuration::from_secs(11));
    assert_eq!(claim_one(&bench).await.unwrap().id, first.id);
}

#[tokio::test]
async fn a_job_that_kills_its_worker_each_time_stops() {
    both(async |bench| {
        add(bench, &job("send_mail", bench.clock.now())).await;
        for _ in 0..3 {
            assert!(claim_one(bench).await.is_some());
            expire_leases(bench).await;
        }
        assert_eq!(claim_one(bench).await, None);
        let stopped = bench.store.read().await.unwrap().list_stopped_jobs(10).await.unwrap();
        assert_eq!(stopped.len(), 1);
        assert!(!stopped[0].is_parked);
    })
    .await;
}

#[tokio::test]
async fn failures_come_back_later_and_later_and_then_stop() {
    both(async |bench| {
        add(bench, &job("send_mail", bench.clock.now())).await;
        let mut pauses = Vec::new();
        loop {
            let claimed = claim_one(bench).await.unwrap();
            let mut tx = bench.store.begin().await.unwrap();
            let next = tx.retry(&claimed, "the mail server is away").await.unwrap();
            tx.commit().await.unwrap();
            let Some(at) = next else { break };
            pauses.push(at.duration_since(bench.clock.now()).as_secs());
            assert_eq!(claim_one(bench).await, None);
            bench.clock.set(at);
        }
        assert!(matches!(pauses.as_slice(), [10..=12, 20..=25]), "{pauses:?}");
        let stopped = bench.store.read().await.unwrap().list_stopped_jobs(10).await.unwrap();
        assert_eq!(stopped[0].reason, "the mail server is away");

        let mut tx = bench.store.begin().await.unwrap();
        tx.resume(stopped[0].id).await.unwrap();
        assert!(matches!(tx.resume(stopped[0].id).await, Err(Error::Conflict)));
        tx.commit().await.unwrap();
        assert_eq!(claim_one(bench).await.unwrap().attempt, 1);
    })
    .await;
}

#[tokio::test]
async fn a_unique_key_stays_taken_when_its_job_is_done() {
    both(async |bench| {
        let keyed =
            NewJob { unique_key: Some("receipt:1".to_owned()), ..job("send_mail", bench.clock.now()) };
        assert!(add(bench, &keyed).await);
        assert!(!add(bench, &keyed).await);
        let claimed = claim_one(bench).await.unwrap();
        let mut tx = bench.store.begin().await.unwrap();
        tx.finish(&claimed).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(state_of(bench, claimed.id).await, "done");
        assert!(!add(bench, &keyed).await);

        bench.clock.advance_days(30);
        let mut tx = bench.store.begin().await.unwrap();
        tx.forget_done_jobs(bench.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!add(bench, &keyed).await);
    })
    .await;
}

#[tokio::test]
async fn after_a_restore_nothing_runs_by_itself() {
    both(async |bench| {
        add(bench, &job("send_mail", bench.clock.now())).await;
        add(bench, &job("send_mail", bench.clock.now())).await;
        let running = claim_one(bench).await.unwrap();
        let mut tx = bench.store.begin().await.unwrap();
        assert_eq!(tx.park_all("restored").await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(claim_one(bench).await, None);
        let mut tx = bench.store.begin().await.unwrap();
        assert!(matches!(tx.finish(&running).await, Err(Error::Conflict)));
        assert_eq!(tx.list_stopped_jobs(10).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn two_nodes_never_claim_the_same_job() {
    both(async |bench| {
        for _ in 0..20 {
            add(bench, &job("send_mail", bench.clock.now())).await;
        }
        let other = bench.second_node().await;
        let kinds = ["send_mail"];
        let (one, two) = tokio::join!(bench.store.claim(&kinds, 15), other.claim(&kinds, 15));
        let (mut ids, two) = (one.unwrap(), two.unwrap());
        ids.extend(two);
        let mut ids: Vec<_> = ids.into_iter().map(|job| job.id).collect();
        assert_eq!(ids.len(), 20);
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 20);
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_commit_wakes_whoever_waits_also_on_another_node() {
    let bench = crate::bench::postgres().await;
    let other = bench.second_node().await;
    let waits = async {
        let limit = Duration::from_secs(20);
        for store in [&bench.store, &other] {
            // Once for listening to be set up, then until the announcement comes.
            store.wait_for_work(Duration::from_millis(300)).await;
            let woken = tokio::time::timeout(limit, store.wait_for_work(limit * 2)).await;
            assert!(woken.is_ok(), "nobody woke the worker");
        }
    };
    let commits = async {
        loop {
            add(&bench, &job("send_mail", bench.clock.now())).await;
            let _ = tokio::time::timeout(Duration::from_millis(100), std::future::pending::<()>()).await;
        }
    };
    tokio::select! {
        () = waits => {}
        () = commits => {}
    }
    other.close().await;
    bench.store.close().await;
}

#[tokio::test]
async fn a_result_is_there_until_it_expires() {
    both(async |bench| {
        add(bench, &job("send_mail", bench.clock.now())).await;
        let id = claim_one(bench).await.unwrap().id;
        let sample = json!({"rows": ["ada@example.org"]});
        let mut tx = bench.store.begin().await.unwrap();
        tx.put_result(id, &sample, bench.clock.now() + SignedDuration::from_mins(5)).await.unwrap();
        assert_eq!(tx.lookup_result(id).await.unwrap(), Some(sample));
        bench.clock.advance(SignedDuration::from_mins(5));
        assert_eq!(tx.lookup_result(id).await.unwrap(), None);
        assert_eq!(tx.expire().await.unwrap(), 1);
    })
    .await;
}
