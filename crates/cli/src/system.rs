//! The machine's clock and random source: the one place that asks for them.
//!
//! Everything else takes [`Clock`] and [`Chance`] as parameters.

use std::sync::Arc;

use habeas_core::context::{Chance, Clock, SharedChance, SharedClock};
use jiff::Timestamp;

/// Returns the machine's clock.
pub(crate) fn clock() -> SharedClock {
    Arc::new(SystemClock)
}

/// Returns the operating system's random source.
pub(crate) fn chance() -> SharedChance {
    Arc::new(SystemChance)
}

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "the one place that draws on the machine's random source")]
    fn fill(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_err() {
            // Going on would mean keys and tokens that anyone can guess.
            std::process::abort();
        }
    }
}
