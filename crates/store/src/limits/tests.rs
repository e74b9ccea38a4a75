//! A caller gets a burst, then as many calls as time allows; others are not touched.

use habeas_core::context::Clock as _;

use super::*;
use crate::bench::both;

const LIMIT: Limit = Limit { name: "portal_form", burst: 3, per: SignedDuration::from_mins(3) };

#[tokio::test]
async fn a_burst_is_let_through_and_then_one_call_a_minute() {
    both(async |bench| {
        let call = async |who: &[u8]| bench.store.throttle(LIMIT, who).await.unwrap();
        for _ in 0..3 {
            assert_eq!(call(b"192.0.2.1").await, Throttle::Allowed);
        }
        let retry_at = bench.clock.now() + SignedDuration::from_mins(1);
        for _ in 0..5 {
            assert_eq!(
                call(b"192.0.2.1").await,
                Throttle::Refused { retry_at },
                "refused calls cost nothing"
            );
        }
        assert_eq!(call(b"192.0.2.2").await, Throttle::Allowed);
        bench.clock.set(retry_at);
        assert_eq!(call(b"192.0.2.1").await, Throttle::Allowed);
        assert_ne!(call(b"192.0.2.1").await, Throttle::Allowed);
        bench.clock.advance(SignedDuration::from_mins(10));
        for expected in [true, true, true, false] {
            assert_eq!(call(b"192.0.2.1").await == Throttle::Allowed, expected);
        }
    })
    .await;
}

#[tokio::test]
async fn forgotten_calls_count_no_more_and_others_go_on_counting() {
    both(async |bench| {
        let call = async |who: &[u8]| bench.store.throttle(LIMIT, who).await.unwrap();
        for who in [b"192.0.2.1", b"192.0.2.2"] {
            for expected in [true, true, true, false] {
                assert_eq!(call(who).await == Throttle::Allowed, expected);
            }
        }
        let mut tx = bench.store.begin().await.unwrap();
        tx.forget_calls(LIMIT, b"192.0.2.1").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(call(b"192.0.2.1").await, Throttle::Allowed);
        assert_ne!(call(b"192.0.2.2").await, Throttle::Allowed);
    })
    .await;
}

#[tokio::test]
async fn calls_at_once_on_two_nodes_share_one_limit() {
    both(async |bench| {
        let other = bench.second_node().await;
        let calls = (0..10).map(|place| {
            let store = if place % 2 == 0 { &bench.store } else { &other };
            store.throttle(LIMIT, b"192.0.2.1")
        });
        let answers = futures_util::future::join_all(calls).await;
        let allowed = answers.into_iter().filter(|answer| matches!(answer, Ok(Throttle::Allowed))).count();
        assert_eq!(allowed, 3);
        other.close().await;
    })
    .await;
}
