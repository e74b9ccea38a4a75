//! A code has its tries and its time, and passes once.

use habeas_core::context::Clock as _;

use super::*;
use crate::bench::{Bench, both};

async fn set(bench: &Bench, request_id: RequestId, minutes: i64) -> Uuid {
    let expires_at = bench.clock.now() + SignedDuration::from_mins(minutes);
    let new = NewChallenge { request_id, purpose: "email", code_hash: "$argon2id$x", expires_at, tries: 3 };
    let mut tx = bench.store.begin().await.unwrap();
    let id = tx.set_challenge(&new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn attempt(bench: &Bench, request: RequestId, purpose: &str) -> Option<Attempt> {
    let mut tx = bench.store.begin().await.unwrap();
    let attempt = tx.try_challenge(request, purpose).await.unwrap();
    tx.commit().await.unwrap();
    attempt
}

#[tokio::test]
async fn tries_are_paid_for_before_the_hash_is_given_out() {
    both(async |bench| {
        let request = bench.file(&bench.row()).await;
        let id = set(bench, request, 10).await;
        for left in [2, 1, 0] {
            let expected = Attempt { id, code_hash: "$argon2id$x".to_owned(), tries_left: left };
            assert_eq!(attempt(bench, request, "email").await, Some(expected));
        }
        assert_eq!(attempt(bench, request, "email").await, None);
        assert_eq!(attempt(bench, request, "phone").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_challenge_passes_once_and_in_time() {
    both(async |bench| {
        let request = bench.file(&bench.row()).await;
        let replaced = set(bench, request, 10).await;
        let id = set(bench, request, 60).await;
        let mut tx = bench.store.begin().await.unwrap();
        assert!(matches!(tx.pass_challenge(replaced).await, Err(Error::Conflict)), "replaced");
        tx.pass_challenge(id).await.unwrap();
        assert!(matches!(tx.pass_challenge(id).await, Err(Error::Conflict)), "passed");
        tx.commit().await.unwrap();

        let late = set(bench, request, 60).await;
        bench.clock.advance(LONGEST);
        assert_eq!(attempt(bench, request, "email").await, None, "ten minutes are over, whatever was asked");
        let mut tx = bench.store.begin().await.unwrap();
        assert!(matches!(tx.pass_challenge(late).await, Err(Error::Conflict)));
    })
    .await;
}

#[tokio::test]
async fn a_code_is_good_for_its_request_only() {
    both(async |bench| {
        let (one, other) = (bench.file(&bench.row()).await, bench.file(&bench.row()).await);
        set(bench, one, 10).await;
        assert_eq!(attempt(bench, other, "email").await, None);
    })
    .await;
}
