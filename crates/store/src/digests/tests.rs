//! Movement is what somebody or something did, not the passing of time.

use habeas_core::context::Clock as _;
use habeas_core::event::Actor;
use habeas_core::request::RequestRow;
use jiff::SignedDuration;

use crate::bench::both;
use crate::log::Append;
use crate::testing::record;

#[tokio::test]
async fn time_alone_moves_nothing_and_assigning_begins_anew() {
    both(async |bench| {
        let row = bench.row();
        bench.file(&row).await;
        let start = bench.clock.now();
        let mut closed = bench.row();
        closed.is_closed = true;
        bench.file(&closed).await;
        let check = async |seq: u64, kind: &str, since_days: i64, moved_days: i64| {
            bench.clock.advance_days(1);
            let records = [record(kind)];
            let mut tx = bench.store.begin().await.unwrap();
            tx.append(Append {
                actor: Actor::System,
                at: bench.clock.now(),
                expected_seq: seq - 1,
                follow_count: 0,
                records: &records,
                row: &RequestRow { seq, ..row.clone() },
                jobs: &[],
            })
            .await
            .unwrap();
            tx.commit().await.unwrap();
            let pending = bench.store.read().await.unwrap().list_pending().await.unwrap();
            let [pending] = &pending[..] else { panic!("one open request") };
            let day = |days: i64| start + SignedDuration::from_hours(24 * days);
            assert_eq!((pending.since, pending.moved_at), (day(since_days), day(moved_days)), "{kind}");
        };
        check(2, "task_overdue", 0, 0).await;
        check(3, "task_completed", 0, 2).await;
        check(4, "assigned", 3, 3).await;
        check(5, "due_computed", 3, 3).await;
    })
    .await;
}

#[tokio::test]
async fn the_last_digest_of_a_reader_counts() {
    both(async |bench| {
        let first = bench.clock.now();
        for days in [0, 5] {
            let mut tx = bench.store.begin().await.unwrap();
            tx.note_digest("ada", first + SignedDuration::from_hours(24 * days)).await.unwrap();
            tx.commit().await.unwrap();
        }
        let digests = bench.store.read().await.unwrap().list_digests().await.unwrap();
        assert_eq!(
            digests.into_iter().collect::<Vec<_>>(),
            [("ada".to_owned(), first + SignedDuration::from_hours(120))]
        );
    })
    .await;
}
