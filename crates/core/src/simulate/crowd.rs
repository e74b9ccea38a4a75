//! People who do as they like: late, never, withdraw, write, reject, are away. Seeded, so that a life can be
//! lived again.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::SignedDuration;

use super::{Deed, Rescue, Search, Stuck, Whim, World};
use crate::context::Chance;
use crate::flow::{Ask, Kind, Task, TaskKey};
use crate::request::{Failure, Question, Request};

/// Chance from a seed: the same seed, the same throws. Not fit for secrets.
#[derive(Debug)]
pub struct Dice(AtomicU64);

impl Dice {
    /// Makes dice.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Throws: a number below `bound`; 0 for a bound of 0.
    pub fn below(&self, bound: u64) -> u64 {
        self.throw().checked_rem(bound).unwrap_or(0)
    }

    /// Says whether something happens that does so many times in a thousand.
    fn happens(&self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    fn minutes(&self, from: u64, to: u64) -> SignedDuration {
        let minutes = from + self.below(to.saturating_sub(from) + 1);
        SignedDuration::from_mins(i64::try_from(minutes).unwrap_or(i64::MAX / 60))
    }

    /// The SplitMix64 step.
    fn throw(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut bits = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

impl Chance for Dice {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let bytes = self.throw().to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(bytes) {
                *to = from;
            }
        }
    }
}

/// The minutes of a day.
const DAY: u64 = 24 * 60;

/// A crowd that follows dice.
pub struct Crowd<'a>(pub &'a Dice);

impl World for Crowd<'_> {
    fn deed(&mut self, _: &Request, task: &Task) -> Option<(SignedDuration, Deed)> {
        let dice = self.0;
        let manual = task.manual()?;
        // Some are away for weeks, and some never come back.
        let delay = match dice.below(100) {
            0 => return None,
            1..=9 => dice.minutes(10 * DAY, 60 * DAY),
            10..=39 => dice.minutes(DAY, 6 * DAY),
            _ => dice.minutes(10, DAY),
        };
        if manual.on_reject.is_some() && dice.happens(120) {
            let answers = filled(&manual.asks, |ask| ask.on_reject);
            return Some((delay, Deed::Reject(answers, "It is not right yet".to_owned())));
        }
        Some((delay, Deed::Complete(filled(&manual.asks, |ask| ask.on_complete || dice.happens(500)))))
    }

    fn proof(&mut self, _: &Request) -> Option<SignedDuration> {
        match self.0.below(100) {
            0..=6 => None,
            7..=14 => Some(self.0.minutes(5 * DAY, 30 * DAY)),
            15..=34 => Some(self.0.minutes(60, 3 * DAY)),
            _ => Some(self.0.minutes(1, 60)),
        }
    }

    fn answer(&mut self, _: &Request, _: &Question) -> Option<(SignedDuration, String)> {
        let text = "All of it".to_owned();
        match self.0.below(10) {
            0 => None,
            1..=3 => Some((self.0.minutes(8 * DAY, 25 * DAY), text)),
            _ => Some((self.0.minutes(10, 6 * DAY), text)),
        }
    }

    fn search(&mut self, _: &Request, _: &TaskKey) -> Result<Search, Failure> {
        if self.0.happens(60) {
            let message = "the server refused the connection".to_owned();
            let source = Some("billing".to_owned());
            return Err(Failure { code: "source_failed".to_owned(), source, message });
        }
        let record_count = if self.0.happens(80) { 0 } else { 1 + self.0.below(400) };
        Ok(Search { record_count, source_count: 2 })
    }

    fn rescue(&mut self, _: &Request, stuck: &Stuck) -> Option<(SignedDuration, Rescue)> {
        let dice = self.0;
        let delay = dice.minutes(30, 5 * DAY);
        // Now and then nobody does anything, although they were told.
        if dice.happens(30) {
            return None;
        }
        let rescue = match stuck {
            Stuck::Failed(_) if dice.happens(200) => Rescue::Excuse,
            Stuck::Failed(_) => Rescue::Retry,
            Stuck::Stopped(_) if dice.happens(300) => Rescue::Retry,
            Stuck::Stopped(_) | Stuck::Unproven => Rescue::Refuse,
            Stuck::Unanswered(_) if dice.happens(500) => Rescue::Answer,
            Stuck::Unanswered(_) => Rescue::Refuse,
            Stuck::Near => Rescue::Extend,
        };
        Some((delay, rescue))
    }

    fn whims(&mut self, _: &Request) -> Vec<(SignedDuration, Whim)> {
        let mut whims = Vec::new();
        if self.0.happens(40) {
            whims.push((self.0.minutes(60, 40 * DAY), Whim::Withdraw));
        }
        if self.0.happens(150) {
            whims.push((self.0.minutes(60, 40 * DAY), Whim::Write));
        }
        whims
    }
}

/// Fills questions in with answers of their types.
pub(super) fn filled(asks: &[Ask], is_wanted: impl Fn(&Ask) -> bool) -> BTreeMap<String, String> {
    let wanted = asks.iter().filter(|ask| is_wanted(ask));
    wanted.map(|ask| (ask.name.clone(), sample(ask.kind).to_owned())).collect()
}

fn sample(kind: Kind) -> &'static str {
    match kind {
        Kind::Phone => "+44 117 496 0000",
        Kind::Email => "ada@example.org",
        Kind::YesNo => "yes",
        Kind::Number => "1",
        Kind::Date => "2026-01-31",
        Kind::DateRange => "2026-01-01/2026-01-31",
        Kind::Country => "GB",
        Kind::Text
        | Kind::LongText
        | Kind::Choice
        | Kind::Identifiers
        | Kind::File
        | Kind::Records
        | Kind::Decisions
        | Kind::Package
        | Kind::Correction => "Seen to",
    }
}
