//! Random bytes that repeat from run to run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use habeas_core::context::{Chance, SharedChance};

/// The odd step of SplitMix64, which visits every state before repeating.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64 from a seed: well spread and repeatable, and no secret at all. Clones share one sequence.
#[derive(Debug, Clone)]
pub struct SeededChance(Arc<AtomicU64>);

impl SeededChance {
    /// Starts a sequence.
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(AtomicU64::new(seed)))
    }

    /// Returns the chance as the code under test takes it.
    pub fn shared(&self) -> SharedChance {
        Arc::new(self.clone())
    }

    fn next(&self) -> u64 {
        let state = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Chance for SeededChance {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            for (byte, drawn) in chunk.iter_mut().zip(self.next().to_le_bytes()) {
                *byte = drawn;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    //! The same seed gives the same bytes, and never the same bytes twice.
    use super::*;

    fn draw(chance: &SeededChance) -> [u8; 13] {
        let mut bytes = [0; 13];
        chance.fill(&mut bytes);
        bytes
    }

    #[test]
    fn a_seed_repeats_and_a_sequence_does_not() {
        let (one, same, other) = (SeededChance::new(7), SeededChance::new(7), SeededChance::new(8));
        let first = draw(&one);
        assert_eq!(first, draw(&same));
        assert_ne!(first, draw(&other));
        assert_ne!(first, draw(&one));
        assert_eq!(draw(&one.clone()), {
            draw(&same);
            draw(&same)
        });
    }

    #[test]
    fn follows_the_published_sequence() {
        // The first outputs of SplitMix64 for the seed 1234567.
        let chance = SeededChance::new(1_234_567);
        assert_eq!(chance.next(), 6_457_827_717_110_365_317);
        assert_eq!(chance.next(), 3_203_168_211_198_807_973);
    }
}
