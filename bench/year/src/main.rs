//! A year of requests in memory: random people, every built-in flow, several laws, and what must hold of each.
//!
//! The seed is printed; the same seed lives the same year again. A request that breaks a rule is printed with
//! all its events.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::Parser;
use habeas_core::clock::Mode;
use habeas_core::definition::{Activity, Targets, builtin_activities};
use habeas_core::flow::{Flow, builtin};
use habeas_core::law::{self, Pack};
use habeas_core::request::{Settings, Subject, Terms};
use habeas_core::simulate::{Crowd, Dice, Setting, live, violations};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

#[derive(Debug, Parser)]
#[command(about = "Lives a year of requests with random people, and checks what must hold of each")]
struct Args {
    /// How many requests
    #[arg(long, default_value_t = 100_000)]
    requests: u64,
    /// The seed; by chance if left out
    #[arg(long)]
    seed: Option<u64>,
}

/// The first instant of the year.
const START: &str = "2026-01-01T00:00:00Z";

/// The minutes of a year.
const MINUTES: u64 = 365 * 24 * 60;

/// After so many days a request is looked at as it is.
const DAYS: u16 = 300;

/// What may be asked for: an activity's terms with flow and law.
struct Offer {
    activity: Activity,
    flow: Flow,
    law: Pack,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let seed = args.seed.unwrap_or_else(|| RandomState::new().build_hasher().finish());
    let offers = offers()?;
    say(&format!("{} requests under {} activities, seed {seed}", args.requests, offers.len()))?;
    let (count, seconds) = timed(|| year(&offers, seed, args.requests))?;
    say(&format!(
        "{} closed, {} open; {} events, {} mails; {:.1} s",
        count.closed, count.open, count.events, count.mails, seconds
    ))
}

#[expect(clippy::disallowed_methods, reason = "time is what is measured here")]
fn timed<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(T, f64)> {
    let began = Instant::now();
    let done = work()?;
    Ok((done, began.elapsed().as_secs_f64()))
}

/// Lives all requests, shared among as many threads as there are processors.
fn year(offers: &[Offer], seed: u64, requests: u64) -> anyhow::Result<Count> {
    let threads = std::thread::available_parallelism()?.get().min(16) as u64;
    let counts = std::thread::scope(|scope| {
        let chunks = (0..threads).map(|chunk| {
            scope.spawn(move || {
                let mut count = Count::default();
                for number in (chunk..requests).step_by(threads.try_into().unwrap_or(1)) {
                    count.add(&one(offers, seed, number)?);
                }
                anyhow::Ok(count)
            })
        });
        let running: Vec<_> = chunks.collect();
        running
            .into_iter()
            .map(|thread| thread.join().map_err(|_| anyhow::anyhow!("a thread broke"))?)
            .collect::<anyhow::Result<Vec<Count>>>()
    })?;
    let mut count = Count::default();
    for part in counts {
        count.add(&part);
    }
    Ok(count)
}

/// What was lived.
#[derive(Default)]
struct Count {
    closed: u64,
    open: u64,
    events: u64,
    mails: u64,
}

impl Count {
    fn add(&mut self, other: &Self) {
        self.closed += other.closed;
        self.open += other.open;
        self.events += other.events;
        self.mails += other.mails;
    }
}

fn offers() -> anyhow::Result<Vec<Offer>> {
    let mut offers = Vec::new();
    for (name, text) in builtin_activities() {
        let activity = Activity::parse(name, text).map_err(|_| anyhow::anyhow!("activity {name}"))?;
        let (_, text) = builtin().iter().find(|(known, _)| *known == activity.flow).context("no flow")?;
        let flow = Flow::parse(name, text).map_err(|_| anyhow::anyhow!("flow of {name}"))?;
        let id = activity.regulation.as_deref().unwrap_or_default();
        let (_, text) = law::builtin().iter().find(|(known, _)| *known == id).context("no law")?;
        let law = Pack::parse(text).map_err(|_| anyhow::anyhow!("law of {name}"))?;
        offers.push(Offer { activity, flow, law });
    }
    Ok(offers)
}

/// Lives one request; breaks off with its events where something doesn't hold.
fn one(offers: &[Offer], seed: u64, number: u64) -> anyhow::Result<Count> {
    let dice = Dice::new(seed.rotate_left(32) ^ number);
    let place = usize::try_from(dice.below(offers.len() as u64))?;
    let offer = offers.get(place).context("no activity")?;
    let start: Timestamp = START.parse()?;
    let minutes = i64::try_from(dice.below(MINUTES))?;
    let setting = Setting {
        flow: &offer.flow,
        law: &offer.law,
        calendar: None,
        zone: TimeZone::UTC,
        settings: Settings::default(),
        terms: Terms {
            entity: "acme".to_owned(),
            activity: offer.activity.name.clone(),
            right: offer.activity.right,
            law: offer.law.id().to_owned(),
            law_hash: String::new(),
            calendar: None,
            zone: "UTC".to_owned(),
            flow: offer.flow.name.clone(),
            flow_version: 1,
            language: "en".to_owned(),
            reading: Mode::Strict,
            also: Vec::new(),
            targets: Targets::default(),
        },
        subject: Subject {
            given_name: "Ada".to_owned(),
            email: "ada@example.org".to_owned(),
            ..Subject::default()
        },
        received_at: start.checked_add(SignedDuration::from_mins(minutes))?,
        days: DAYS,
    };
    let life = live(&setting, &mut Crowd(&dice), &dice)
        .map_err(|denied| anyhow::anyhow!("request {number} under {}: {denied}", offer.activity.name))?;
    let found = violations(&life, &setting);
    if !found.is_empty() {
        for happened in &life.happened {
            say(&format!("{} {:?} {:?}", happened.at, happened.actor, happened.event))?;
        }
        bail!("request {number} under {} with seed {seed}: {}", offer.activity.name, found.join("; "));
    }
    let is_closed = life.request.status.is_closed();
    Ok(Count {
        closed: u64::from(is_closed),
        open: u64::from(!is_closed),
        events: life.happened.len() as u64,
        mails: life.mails.len() as u64,
    })
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("failed to print")
}
