//! What a crash or a mistake would leave is found, and nothing else.

use habeas_core::context::Clock as _;
use jiff::SignedDuration;

use crate::bench::{Bench, both};
use crate::challenges::NewChallenge;
use crate::testing::job;

async fn whats(bench: &Bench) -> Vec<&'static str> {
    let mut whats: Vec<_> =
        bench.store.verify().await.unwrap().into_iter().map(|problem| problem.what).collect();
    whats.dedup();
    whats
}

async fn run(bench: &Bench, sql: &'static str) {
    let mut tx = bench.store.begin().await.unwrap();
    assert_ne!(tx.conn.execute(sql, Vec::new()).await.unwrap(), 0, "{sql}");
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_sound_database_has_no_problems() {
    both(async |bench| {
        assert_eq!(whats(bench).await, <[&str; 0]>::default());
        let id = bench.file(&bench.row()).await;
        bench.file(&bench.row()).await;
        assert_eq!(whats(bench).await, <[&str; 0]>::default());
        bench.store.sequence(bench.clock.now()).await.unwrap();
        let mut tx = bench.store.begin().await.unwrap();
        tx.add_job(&job("send_mail", bench.clock.now())).await.unwrap();
        tx.prune(id, 1).await.unwrap();
        tx.destroy(id, bench.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(whats(bench).await, <[&str; 0]>::default());
    })
    .await;
}

#[tokio::test]
async fn each_broken_rule_is_named() {
    const BROKEN: &[(&str, &str)] = &[
        ("UPDATE requests SET seq = 9", "its row is not as far as its log"),
        ("UPDATE chains SET seq = 9 WHERE id <> 'system'", "the head is not the last entry"),
        (
            "DELETE FROM pending_leaves WHERE chain_id = (SELECT MAX(chain_id) FROM pending_leaves)",
            "a committed entry that the sequencer will never see, or sees twice",
        ),
        ("UPDATE tree SET size = size + 1", "the edge is not the tree's"),
        ("UPDATE requests SET is_closed = 1", "a challenge to prove identity for a closed request"),
        ("UPDATE jobs SET request_id = 'nobody'", "a job of a request that is not there"),
        ("UPDATE keys SET wrapped = NULL, destroyed_at = 1", "personal data outlived its key"),
        ("UPDATE blobs SET size = size + 1", "a row without its file"),
        ("UPDATE blobs SET deleted_at = 1", "a file that was said to be deleted"),
        (
            "DELETE FROM requests WHERE id NOT IN (SELECT request_id FROM request_terms)",
            "a request has a log and no row",
        ),
    ];
    for (sql, expected) in BROKEN {
        // Breaking a database can't be undone: each case has its own.
        both(async |bench| {
            prepare(bench).await;
            run(bench, sql).await;
            let found = whats(bench).await;
            assert!(found.contains(expected), "{sql}: {found:?}");
        })
        .await;
    }
}

/// A sequenced request with a file, a challenge and a job, and one that is not sequenced and not
/// searched.
async fn prepare(bench: &Bench) {
    let id = bench.file(&bench.row()).await;
    bench.store.sequence(bench.clock.now()).await.unwrap();
    bench.file(&habeas_core::request::RequestRow { index: Vec::new(), ..bench.row() }).await;
    let mut read = bench.store.read().await.unwrap();
    let target = crate::SealTarget::of(&read.lookup_keys(id).await.unwrap().unwrap()).unwrap();
    drop(read);
    let stored = bench.store.store_bytes(&target, id, "upload", b"data").await.unwrap();
    let expires_at = bench.clock.now() + SignedDuration::from_mins(10);
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_blob(&stored, None).await.unwrap();
    tx.set_challenge(&NewChallenge {
        request_id: id,
        purpose: "verify",
        code_hash: "x",
        expires_at,
        tries: 3,
    })
    .await
    .unwrap();
    tx.add_job(&job("send_mail", bench.clock.now())).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(whats(bench).await, <[&str; 0]>::default());
}
