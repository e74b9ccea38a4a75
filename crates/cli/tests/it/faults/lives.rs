//! Random lives through the real store, worker and sources, with everything breaking that can break on the way.
//!
//! The people are those of core's simulator: they answer late or never, withdraw, write, reject, are away. The
//! same rules must hold of each life as in memory, the log must verify, the rows must follow from it, and
//! nothing may be done twice; a mail may be handed over twice, as the same mail. Time jumps from one happening to
//! the next.
//!
//! `cargo xtask simulate --store` lives more of them: `HABEAS_LIVES` says how many, `HABEAS_SEED` with which seed.

mod after;
mod base;
mod people;
mod town;

use town::{Plan, Town};

const SEED: u64 = 11;

/// How many requests one installation gets; more make further installations.
const TOWN: u64 = 100;

#[tokio::test]
async fn random_lives_hold_whatever_breaks_on_sqlite() {
    let (lives, seed) = (number("HABEAS_LIVES").unwrap_or(TOWN), number("HABEAS_SEED").unwrap_or(SEED));
    for place in 0..lives.div_ceil(TOWN) {
        let count = TOWN.min(lives - place * TOWN);
        let plan = Plan { seed: seed.wrapping_add(place), lives: count, is_on_postgres: false };
        println!("{plan:?}");
        Town::live(&plan).await;
    }
}

#[tokio::test]
async fn random_lives_hold_whatever_breaks_on_postgres() {
    let lives = number("HABEAS_LIVES").map_or(TOWN / 5, |lives| lives / 20);
    let seed = number("HABEAS_SEED").unwrap_or(SEED);
    let plan = Plan { seed, lives, is_on_postgres: true };
    println!("{plan:?}");
    Town::live(&plan).await;
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}
