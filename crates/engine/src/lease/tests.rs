//! What happens to work when its heartbeat waits, fails or is refused.

use std::cell::Cell;
use std::time::Duration;

use habeas_store::Error;
use tokio::sync::Mutex;

use super::hold;

const EVERY: Duration = Duration::from_millis(1);

/// Works for so many heartbeats.
async fn beats_long(count: u64) {
    let mut ticks = tokio::time::interval(EVERY);
    for _ in 0..=count {
        ticks.tick().await;
    }
}

#[tokio::test]
async fn a_heartbeat_that_waits_for_the_work_does_not_stop_it() {
    let writer = Mutex::new(());
    let beats = Cell::new(0);
    let beat = || async {
        drop(writer.lock().await);
        beats.set(beats.get() + 1);
        Ok(())
    };
    let work = async {
        let held = writer.lock().await;
        beats_long(20).await;
        drop(held);
        beats_long(20).await;
        "done"
    };
    let outcome = tokio::time::timeout(Duration::from_secs(10), hold(EVERY, beat, work)).await;
    assert_eq!(outcome, Ok(Some("done")));
    assert!(beats.get() > 0);
}

#[tokio::test]
async fn a_heartbeat_that_fails_is_tried_again() {
    let beats = Cell::new(0);
    let beat = || async {
        beats.set(beats.get() + 1);
        Err(Error::Full)
    };
    let work = async {
        while beats.get() < 5 {
            beats_long(1).await;
        }
    };
    let outcome = tokio::time::timeout(Duration::from_secs(10), hold(EVERY, beat, work)).await;
    assert_eq!(outcome, Ok(Some(())));
}

#[tokio::test]
async fn work_whose_lease_was_lost_is_dropped() {
    let is_dropped = Cell::new(false);
    let work = async {
        let _dropped = Dropped(&is_dropped);
        std::future::pending::<()>().await;
    };
    assert_eq!(hold(EVERY, || async { Err(Error::Conflict) }, work).await, None);
    assert!(is_dropped.get());
}

/// Notes that it was dropped.
struct Dropped<'a>(&'a Cell<bool>);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.set(true);
    }
}
