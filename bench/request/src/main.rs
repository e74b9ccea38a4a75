//! How long the product takes to start, to acknowledge, to go on to the next task and to make a reply
//! ready, and what it holds while idle.
//!
//! Run by `cargo xtask bench request`. The product runs as its own process, compiled for release, on
//! SQLite; this program is the person and the member of staff in front of it, over HTTP. Spans are taken
//! from the product's own database and log lines, read from outside. A limit that is missed fails the run.

mod browser;
mod clock;
mod figure;
mod ledger;
mod page;
mod person;
mod process;
mod staff;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

use self::clock::{ms, pause, wait_for};
use self::figure::{Figures, say};
use self::ledger::Ledger;
use self::person::Person;
use self::process::Habeas;
use self::staff::Staff;

/// How often each start is measured.
const STARTS: u8 = 10;
/// How many requests are carried from the form to the reply; `HABEAS_BENCH_REQUESTS` says otherwise.
const REQUESTS: u8 = 24;
/// Limits people send by are counted by address: the proxy of the bench is this machine.
const CONFIGURATION: &str = "[server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n";
/// Workers tell when they begin a job at this level.
const LOG: &str = "warn,habeas_engine=debug";

fn main() -> anyhow::Result<()> {
    // Named parts run alone: build, starts, requests.
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == part);
    let mut figures = Figures::default();
    let folder = tempfile::tempdir()?;
    if is_wanted("build") {
        from_build(&mut figures, &folder.path().join("built"))?;
    }
    if is_wanted("starts") {
        starts(&mut figures, folder.path())?;
    }
    if is_wanted("requests") {
        requests(&mut figures, &folder.path().join("demo"))?;
    }
    figures.end()
}

/// From the end of cargo's build to the first page of the demonstration.
fn from_build(figures: &mut Figures, folder: &Path) -> anyhow::Result<()> {
    let mut values = Vec::new();
    for round in 0..STARTS {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
        for (name, _) in std::env::vars_os() {
            // What cargo says of this program would make build scripts of the other run again.
            let is_ours = name.to_str().is_some_and(|name| {
                name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "OUT_DIR"
            });
            if is_ours {
                cargo.env_remove(&name);
            }
        }
        cargo.args(["run", "--release", "-p", "habeas-cli", "--", "demo", "--data-dir"]);
        cargo.arg(folder.join(round.to_string()));
        let mut habeas = Habeas::run(cargo)?;
        habeas.wait_for("/")?;
        values.push(habeas.since_build_ms()?);
        habeas.stop()?;
    }
    say("cargo run --release -- demo")?;
    figures.add("build's end to first page", "ms", &values, 2_000.0)
}

/// From the start of the process to the first 200, and what it holds while nothing happens.
fn starts(figures: &mut Figures, folder: &Path) -> anyhow::Result<()> {
    say("habeas serve on SQLite")?;
    let mut values = Vec::new();
    for round in 0..STARTS {
        let mut habeas = Habeas::start("serve", &folder.join(format!("serve{round}")), "warn")?;
        values.push(habeas.wait_for("/readyz")?);
        habeas.stop()?;
    }
    figures.add("start to ready, empty folder", "ms", &values, 300.0)?;
    existing(figures, "start to ready, folder made before", &folder.join("serve0"))?;
    idle(figures, "after the start", &folder.join("serve0"))
}

fn existing(figures: &mut Figures, what: &str, folder: &Path) -> anyhow::Result<()> {
    let (mut values, mut stops) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let mut habeas = Habeas::start("serve", folder, "warn")?;
        values.push(habeas.wait_for("/readyz")?);
        stops.push(habeas.stop()?);
    }
    figures.add(what, "ms", &values, 300.0)?;
    Figures::note("told to stop to ended", "ms", &stops)
}

fn idle(figures: &mut Figures, what: &str, folder: &Path) -> anyhow::Result<()> {
    let mut habeas = Habeas::start("serve", folder, "warn")?;
    habeas.wait_for("/readyz")?;
    watch(figures, what, &habeas)?;
    habeas.stop()?;
    Ok(())
}

/// Five seconds to come to rest, then ten to be looked at.
fn watch(figures: &mut Figures, what: &str, habeas: &Habeas) -> anyhow::Result<()> {
    pause(Duration::from_secs(5));
    let memory = habeas.memory()?;
    let before = habeas.cpu_ms()?;
    pause(Duration::from_secs(10));
    let per_second = (habeas.cpu_ms()? - before) / 10.0;
    figures.add(&format!("resident {what}, idle"), "MB", &[memory.resident], 50.0)?;
    Figures::note("  of which its own (the rest is the program file)", "MB", &[memory.own])?;
    figures.add(&format!("processor time a second {what}, idle"), "ms", &[per_second], 10.0)
}

/// What the requests took.
#[derive(Default)]
struct Spans {
    receipts_sent: Vec<f64>,
    receipts_answered: Vec<f64>,
    posts: Vec<f64>,
    collected: Vec<f64>,
    released: Vec<f64>,
    ready: Vec<f64>,
}

fn requests(figures: &mut Figures, folder: &Path) -> anyhow::Result<()> {
    let count = match std::env::var("HABEAS_BENCH_REQUESTS") {
        Ok(text) => text.parse().context("HABEAS_BENCH_REQUESTS must be a number up to 255")?,
        Err(_) => REQUESTS,
    };
    say(&format!("habeas demo, {count} requests from the form to the reply"))?;
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("habeas.toml"), CONFIGURATION)?;
    let mut habeas = Habeas::start("demo", folder, LOG)?;
    habeas.wait_for("/readyz")?;
    let printed = wait_for("the first link", Duration::from_millis(5), || {
        Ok(Some(habeas.printed()).filter(|printed| printed.contains("/console/first/")))
    })?;
    let token = page::between(&printed, "/console/first/", "\n").context("no first link was printed")?;
    let mut staff = Staff::first(&habeas.host, &format!("/console/first/{}", token.trim()))?;
    let mut ledger = Ledger::open(&folder.join("habeas.db"))?;
    let people = Ledger::open(&folder.join("systems/billing.sqlite"))?.customers(u32::from(count))?;
    let mut spans = Spans::default();
    for (number, email) in (1..=u8::MAX).zip(&people) {
        let person = Person::ask(&habeas.host, number, email)?;
        carry(person, &mut staff, &mut ledger, &mut spans)
            .with_context(|| format!("request {number} got stuck"))?;
    }
    figures.add("form sent to receipt handed over", "ms", &spans.receipts_sent, 1_000.0)?;
    Figures::note("  form answered to receipt handed over", "ms", &spans.receipts_answered)?;
    Figures::note("  form sent to answered", "ms", &spans.posts)?;
    Figures::note("  verified to records collected", "ms", &spans.collected)?;
    Figures::note("  review completed to package released", "ms", &spans.released)?;
    figures.add("verified to package ready, without the person", "ms", &spans.ready, 2_000.0)?;
    begun(figures, &habeas, &mut ledger)?;
    watch(figures, "after the requests", &habeas)?;
    habeas.stop()?;
    existing(figures, "start to ready, folder with the requests", folder)
}

/// Carries one request from the form to the reply.
fn carry(
    mut person: Person,
    staff: &mut Staff,
    ledger: &mut Ledger,
    spans: &mut Spans,
) -> anyhow::Result<()> {
    let reference = person.reference.clone();
    let mut entry =
        |kind, actor| wait_for(kind, Duration::from_millis(5), || ledger.entry_us(&reference, kind, actor));
    let code = staff.read_code(&reference)?;
    person.enter(&code)?;
    let verified = entry("verified", "subject")?;
    let collected = entry("collected", "system")?;
    staff.review(&reference)?;
    let completed = entry("task_completed", "staff:%")?;
    let released = entry("package_released", "system")?;
    spans.collected.push(ms(verified, collected));
    spans.released.push(ms(completed, released));
    spans.ready.push(ms(verified, collected) + ms(completed, released));
    let handed_over = wait_for("the receipt", Duration::from_millis(5), || ledger.receipt_us(&reference))?;
    spans.receipts_sent.push(ms(person.sent_us, handed_over));
    spans.receipts_answered.push(ms(person.answered_us, handed_over));
    spans.posts.push(ms(person.sent_us, person.answered_us));
    Ok(())
}

/// From the decision that brought a job, its commit included, to a worker beginning it.
fn begun(figures: &mut Figures, habeas: &Habeas, ledger: &mut Ledger) -> anyhow::Result<()> {
    let (mut tasks, mut others) = (Vec::new(), Vec::new());
    for job in ledger.jobs()? {
        let Some(begun_us) = habeas.begun_us(&job.id) else { continue };
        let list = if job.kind == "run_task" { &mut tasks } else { &mut others };
        list.push(ms(job.created_us, begun_us));
    }
    figures.add("event to its task begun, the commit included", "ms", &tasks, 50.0)?;
    Figures::note("  the same for mails, codes", "ms", &others)
}
