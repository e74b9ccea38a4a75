//! Time and chance, passed in from outside.
//!
//! The binary gives a system clock and the operating system's random source; tests give a manual
//! clock and seeded chance (`habeas-testkit`), so that years run in seconds and runs repeat exactly.

use std::sync::Arc;

use jiff::Timestamp;

/// Tells the present instant.
pub trait Clock: Send + Sync {
    /// Returns the present instant.
    fn now(&self) -> Timestamp;
}

/// Gives random bytes fit for secrets.
pub trait Chance: Send + Sync {
    /// Fills the whole buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// A shared clock.
pub type SharedClock = Arc<dyn Clock>;

/// A shared random source.
pub type SharedChance = Arc<dyn Chance>;

/// Returns `N` random bytes.
pub fn random<const N: usize>(chance: &dyn Chance) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill(&mut bytes);
    bytes
}

/// Returns a random index below `bound` without modulo bias; 0 for a bound of 0 or 1.
pub fn below(chance: &dyn Chance, bound: u32) -> u32 {
    if bound < 2 {
        return 0;
    }
    let zone = u32::MAX - (u32::MAX % bound);
    loop {
        let drawn = u32::from_le_bytes(random(chance));
        if drawn < zone {
            return drawn % bound;
        }
    }
}
