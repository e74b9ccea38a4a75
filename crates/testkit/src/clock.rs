//! A clock that moves only when told to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use habeas_core::context::{Clock, SharedClock};
use jiff::{SignedDuration, Timestamp};

/// A clock set by hand. Clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<Timestamp>>);

impl ManualClock {
    /// Starts a clock at an instant.
    pub fn new(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Starts a clock at an instant written like `2026-01-15T09:00:00Z`.
    #[expect(
        clippy::expect_used,
        reason = "a test's own instant that doesn't parse is a mistake in the test"
    )]
    pub fn at(now: &str) -> Self {
        Self::new(now.parse().expect("an instant such as 2026-01-15T09:00:00Z"))
    }

    /// Moves the clock; a negative duration sets it back. It stops at the ends of time.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.lock();
        let end = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        *now = now.checked_add(by).unwrap_or(end);
    }

    /// Moves the clock by days of 24 hours.
    pub fn advance_days(&self, days: i64) {
        self.advance(SignedDuration::from_secs(days.saturating_mul(86_400)));
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        *self.lock() = now;
    }

    /// Returns the clock as the code under test takes it.
    pub fn shared(&self) -> SharedClock {
        Arc::new(self.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.lock()
    }
}

#[cfg(test)]
mod tests {
    //! The clock moves when told to, in all its clones.
    use super::*;

    #[test]
    fn clones_move_together() {
        let clock = ManualClock::at("2026-01-15T09:00:00Z");
        let shared = clock.shared();
        clock.advance_days(2);
        clock.advance(SignedDuration::from_mins(-30));
        assert_eq!(shared.now().to_string(), "2026-01-17T08:30:00Z");
        clock.set(Timestamp::UNIX_EPOCH);
        assert_eq!(shared.now(), Timestamp::UNIX_EPOCH);
        clock.advance_days(i64::MAX);
        assert_eq!(shared.now(), Timestamp::MAX);
    }
}
