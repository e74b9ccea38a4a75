//! Sessions end by either limit, with their account, and are no good elsewhere.

use serde_json::json;

use habeas_core::context::Clock as _;

use super::*;
use crate::bench::{Bench, both};

const IDLE: SignedDuration = SignedDuration::from_mins(15);

async fn open(bench: &Bench) -> Token {
    let token = Token::new(&*bench.chance);
    let data = json!({"csrf": "x"});
    let expires_at = bench.clock.now() + SignedDuration::from_hours(1);
    let new = NewSession {
        audience: Audience::Portal,
        user_id: None,
        request_id: None,
        data: &data,
        idle: IDLE,
        expires_at,
    };
    let mut tx = bench.store.begin().await.unwrap();
    tx.open_session(&token, &new).await.unwrap();
    tx.commit().await.unwrap();
    token
}

async fn look(bench: &Bench, token: &Token) -> Option<Value> {
    let mut read = bench.store.read().await.unwrap();
    read.lookup_session(token, Audience::Portal).await.unwrap().map(|session| session.data)
}

#[tokio::test]
async fn a_session_is_good_where_it_was_opened_only() {
    both(async |bench| {
        let token = open(bench).await;
        assert_eq!(look(bench, &token).await, Some(json!({"csrf": "x"})));
        let mut read = bench.store.read().await.unwrap();
        assert_eq!(read.lookup_session(&token, Audience::Console).await.unwrap(), None);
        assert_eq!(look(bench, &Token::new(&*bench.chance)).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_idle_and_in_any_case_after_an_hour() {
    both(async |bench| {
        let token = open(bench).await;
        for _ in 0..5 {
            bench.clock.advance(SignedDuration::from_mins(11));
            let mut tx = bench.store.begin().await.unwrap();
            tx.save_session(&token, Audience::Portal, &json!({"n": 1}), IDLE).await.unwrap();
            tx.commit().await.unwrap();
        }
        assert_eq!(look(bench, &token).await, Some(json!({"n": 1})));
        bench.clock.advance(SignedDuration::from_mins(5));
        assert_eq!(look(bench, &token).await, None, "an hour is over");
        let mut tx = bench.store.begin().await.unwrap();
        let late = tx.save_session(&token, Audience::Portal, &json!({}), IDLE).await;
        assert!(matches!(late, Err(Error::Conflict)));
        drop(tx);

        let idle = open(bench).await;
        bench.clock.advance(IDLE);
        assert_eq!(look(bench, &idle).await, None, "nobody was there for a quarter of an hour");
    })
    .await;
}

#[tokio::test]
async fn a_rotated_session_keeps_its_data_and_loses_its_old_token() {
    both(async |bench| {
        let (old, new) = (open(bench).await, Token::new(&*bench.chance));
        let mut tx = bench.store.begin().await.unwrap();
        tx.rotate_session(&old, &new, Audience::Portal).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(look(bench, &old).await, None);
        assert_eq!(look(bench, &new).await, Some(json!({"csrf": "x"})));
        let mut tx = bench.store.begin().await.unwrap();
        tx.end_session(&new).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(look(bench, &new).await, None);
    })
    .await;
}
