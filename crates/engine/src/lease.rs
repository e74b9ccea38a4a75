//! Working under a lease: the heartbeat goes on beside the work, never instead of it.
//!
//! A heartbeat may have to wait for something the work holds (the one writer of SQLite, the last
//! connection of a pool), so both are polled together. One that merely fails is tried again: as long as
//! nobody else has claimed the job the lease is ours, and the fence keeps out what comes too late.

use std::time::Duration;

use habeas_store::Error;

/// Runs work to its end; `None` where the lease was lost meanwhile, and the work was dropped.
pub(crate) async fn hold<T, Beat: Future<Output = Result<(), Error>>>(
    every: Duration,
    beat: impl Fn() -> Beat,
    work: impl Future<Output = T>,
) -> Option<T> {
    let lost = async {
        let mut ticks = tokio::time::interval(every);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            match beat().await {
                Err(Error::Conflict) => return,
                Err(error) => tracing::warn!(%error, "a heartbeat failed"),
                Ok(()) => {}
            }
        }
    };
    tokio::select! {
        biased;
        outcome = work => Some(outcome),
        () = lost => None,
    }
}

#[cfg(test)]
mod tests;
