//! A token, a nonce and an idempotency key each work once.

use jiff::SignedDuration;

use habeas_core::context::Clock as _;

use super::*;
use crate::bench::both;

#[tokio::test]
async fn a_token_works_once_for_its_purpose_and_in_time() {
    both(async |bench| {
        let [good, late, other] = [(); 3].map(|()| Token::new(&*bench.chance));
        let expires_at = bench.clock.now() + SignedDuration::from_hours(1);
        let mut tx = bench.store.begin().await.unwrap();
        for (token, purpose) in [(&good, "invite"), (&late, "invite"), (&other, "confirm")] {
            tx.add_token(token, purpose, "subject", expires_at).await.unwrap();
        }
        assert_eq!(tx.peek_token(&good, "invite").await.unwrap().as_deref(), Some("subject"));
        assert_eq!(tx.take_token(&good, "invite").await.unwrap().as_deref(), Some("subject"));
        assert_eq!(tx.take_token(&good, "invite").await.unwrap(), None, "used");
        assert_eq!(tx.take_token(&other, "invite").await.unwrap(), None, "for something else");
        bench.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(tx.take_token(&late, "invite").await.unwrap(), None, "late");
    })
    .await;
}

#[tokio::test]
async fn a_nonce_is_used_once() {
    both(async |bench| {
        let expires_at = bench.clock.now() + SignedDuration::from_hours(1);
        let mut tx = bench.store.begin().await.unwrap();
        assert!(tx.use_nonce("form", b"one", expires_at).await.unwrap());
        assert!(!tx.use_nonce("form", b"one", expires_at).await.unwrap());
        assert!(tx.use_nonce("work", b"one", expires_at).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn the_same_call_gets_the_same_answer() {
    both(async |bench| {
        let expires_at = bench.clock.now() + SignedDuration::from_hours(1);
        let mut tx = bench.store.begin().await.unwrap();
        assert_eq!(tx.lookup_answer("key", &[1; 32]).await.unwrap(), None);
        tx.keep_answer("key", &[1; 32], b"created", expires_at).await.unwrap();
        assert_eq!(
            tx.lookup_answer("key", &[1; 32]).await.unwrap(),
            Some(KeptAnswer::Same(b"created".to_vec()))
        );
        assert_eq!(tx.lookup_answer("key", &[2; 32]).await.unwrap(), Some(KeptAnswer::OtherCall));
        let second = tx.keep_answer("key", &[1; 32], b"again", expires_at).await;
        assert!(matches!(second, Err(Error::Conflict)));
        bench.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(tx.lookup_answer("key", &[1; 32]).await.unwrap(), None);
        tx.keep_answer("key", &[2; 32], b"new", expires_at + SignedDuration::from_hours(1)).await.unwrap();
    })
    .await;
}
