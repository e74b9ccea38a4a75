//! How long an access request takes next to hand-written SQL for the same rows.
//!
//! Run by `cargo xtask bench access`, which starts a private PostgreSQL. Floor and ours run in one
//! process, over one driver, warm, on the same rows. CPU is this process's alone. Ours includes the
//! snapshot, attribution to people and the sealed record file; moving it to its place and what the disk takes to
//! have it for good is told apart.

mod floor;
mod measure;
mod ours;

use std::io::{self, Write as _};

use anyhow::{Context as _, ensure};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use self::measure::{Cost, measure};
use self::ours::Kept;

/// How many ordinary customers; `HABEAS_BENCH_CUSTOMERS` says otherwise.
const CUSTOMERS: u32 = 20_000;
/// How many single requests are measured, after as many to warm up.
const SINGLE: u32 = 200;
/// How many people one batch is for.
const BATCH: u32 = 1_000;

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    // The heaviest run again in a process of its own, so that its peak of memory is its own.
    if let Ok(url) = std::env::var("HABEAS_BENCH_HEAVY") {
        return heavy(&url).await;
    }
    let customers = match std::env::var("HABEAS_BENCH_CUSTOMERS") {
        Ok(text) => text.parse().context("HABEAS_BENCH_CUSTOMERS must be a number")?,
        Err(_) => CUSTOMERS,
    };
    let database = habeas_testkit::postgres::fresh_database().await;
    say(&format!("making a shop with {customers} customers"))?;
    let mut connection = PgConnection::connect(database.url()).await?;
    let sql = include_str!("../shop.sql").replace("$CUSTOMERS", &customers.to_string());
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    let ours = ours::Ours::new(database.url()).await?;
    single(&ours, &mut connection, customers).await?;
    batch(&ours, &mut connection).await?;
    for kind in 1..=3 {
        let mut child = std::process::Command::new(std::env::current_exe()?);
        child.env("HABEAS_BENCH_HEAVY", format!("{kind} {}", database.url()));
        ensure!(child.status()?.success(), "the heavy run failed");
    }
    Ok(())
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("failed to print")
}

fn email(number: u32) -> String {
    format!("customer{number}@shop.example")
}

async fn single(ours: &ours::Ours, connection: &mut PgConnection, customers: u32) -> anyhow::Result<()> {
    let mut rows = (0, 0, 0);
    let mut costs: Vec<[Cost; 4]> = Vec::new();
    // Alternating, so that whatever else the machine does weighs on both alike.
    for round in 0..SINGLE * 2 {
        let email = email(1 + round * 37 % customers);
        let emails = std::slice::from_ref(&email);
        let (floor, by_hand) = measure(floor::rows(connection, emails)).await?;
        let (kept, unsealed) = measure(ours.discarded(emails)).await?;
        let (sealed, written) = measure(ours.sealed(emails, Kept::Written)).await?;
        let (_, forced) = measure(ours.sealed(emails, Kept::Flushed)).await?;
        if round >= SINGLE {
            rows = (rows.0 + floor, rows.1 + kept, rows.2 + sealed);
            costs.push([by_hand, unsealed, written, forced]);
        }
    }
    ensure!(rows.0 == rows.1 && rows.1 == rows.2, "floor and ours differ: {rows:?}");
    say(&format!("one person, {} rows each, median of {SINGLE}", rows.0 / u64::from(SINGLE)))?;
    let floor = median(&costs, 0);
    say(&line("hand-written SQL", floor, floor))?;
    say(&line("collected", median(&costs, 1), floor))?;
    say(&line("collected, sealed, written", median(&costs, 2), floor))?;
    say(&line("... and kept for good", median(&costs, 3), floor))
}

async fn batch(ours: &ours::Ours, connection: &mut PgConnection) -> anyhow::Result<()> {
    let emails: Vec<String> = (1..=BATCH).map(email).collect();
    let mut costs: Vec<[Cost; 4]> = Vec::new();
    let mut rows = (0, 0);
    for _ in 0..7 {
        let (floor, by_hand) = measure(floor::rows(connection, &emails)).await?;
        let (_, unsealed) = measure(ours.discarded(&emails)).await?;
        let (sealed, written) = measure(ours.sealed(&emails, Kept::Written)).await?;
        let (_, forced) = measure(ours.sealed(&emails, Kept::Flushed)).await?;
        rows = (floor, sealed);
        costs.push([by_hand, unsealed, written, forced]);
    }
    // A product or address of several people is one row by hand and one for each of them with us.
    ensure!(rows.1 >= rows.0, "ours lacks rows: {rows:?}");
    say(&format!("{BATCH} people at once, {} rows by hand, {} given back to people", rows.0, rows.1))?;
    let floor = median(&costs, 0);
    say(&line("hand-written SQL", floor, floor))?;
    say(&line("collected", median(&costs, 1), floor))?;
    say(&line("collected, sealed, written", median(&costs, 2), floor))?;
    say(&line("... and kept for good", median(&costs, 3), floor))
}

async fn heavy(argument: &str) -> anyhow::Result<()> {
    let (kind, url) = argument.split_once(' ').context("HABEAS_BENCH_HEAVY must be a number and a url")?;
    let ours = ours::Ours::new(url).await?;
    let (rows, cost) = measure(ours.sealed(&[format!("heavy{kind}@shop.example")], Kept::Flushed)).await?;
    say(&format!(
        "one person with {rows} rows: {:.2} s wall, {:.2} s CPU, peak memory {} MB",
        cost.wall_ms / 1000.0,
        cost.cpu_ms / 1000.0,
        measure::peak_memory_mb()?
    ))
}

fn median(costs: &[[Cost; 4]], which: usize) -> Cost {
    let middle = |pick: &dyn Fn(&Cost) -> f64| {
        let mut values: Vec<f64> = costs.iter().filter_map(|costs| costs.get(which)).map(pick).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    Cost { wall_ms: middle(&|cost| cost.wall_ms), cpu_ms: middle(&|cost| cost.cpu_ms) }
}

fn line(what: &str, cost: Cost, floor: Cost) -> String {
    format!(
        "  {what:28} {:8.2} ms wall ({:.2}x) {:8.2} ms CPU ({:.2}x)",
        cost.wall_ms,
        cost.wall_ms / floor.wall_ms,
        cost.cpu_ms,
        cost.cpu_ms / floor.cpu_ms
    )
}
