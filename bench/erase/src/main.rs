//! How long an erasure takes next to hand-written set-based SQL that changes the same rows.
//!
//! Run by `cargo xtask bench erase`, which starts a private PostgreSQL. Floor and ours run in one process, over
//! one driver, warm, in the same tables, each on people of its own. Planning, carrying out and reading back are
//! told apart: by hand nothing is planned and nothing read back.

mod floor;
#[path = "../../access/src/measure.rs"]
mod measure;
mod ours;

use std::io::{self, Write as _};

use anyhow::{Context as _, ensure};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use self::measure::{Cost, measure};

/// How many ordinary customers.
const CUSTOMERS: u32 = 20_000;
/// How many single people are erased each way, after as many to warm up.
const SINGLE: u32 = 200;
/// Where single people begin: those before share addresses with the customers who have very many orders.
const FIRST_OF_SINGLES: u32 = 100;
/// How many people one batch is for, and how often.
const BATCH: u32 = 1_000;
const BATCHES: u32 = 7;
/// Where the people of batches begin.
const FIRST_OF_BATCHES: u32 = 2_000;
/// How many times the floor a person may take, planning included.
const SINGLE_LIMIT: f64 = 3.0;
/// How many times the floor a batch may take, planning included.
const BATCH_LIMIT: f64 = 5.0;

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    // Runs whose memory is looked at have a process of their own.
    if let Ok(argument) = std::env::var("HABEAS_BENCH_ALONE") {
        return alone(&argument).await;
    }
    let database = habeas_testkit::postgres::fresh_database().await;
    say(&format!("making a shop with {CUSTOMERS} customers"))?;
    let mut connection = PgConnection::connect(database.url()).await?;
    let sql = include_str!("../../access/shop.sql").replace("$CUSTOMERS", &CUSTOMERS.to_string());
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    // Whose an address is besides is looked up by hand and by us: without these either reads whole tables.
    connection
        .execute(sqlx::raw_sql(
            "CREATE INDEX ON customer (address_id); CREATE INDEX ON employee (address_id); \
             CREATE INDEX ON orders (shipping_address_id); CREATE INDEX ON payment_card (billing_address_id)",
        ))
        .await?;
    let ours = ours::Ours::new(database.url())?;
    let single = single(&ours, &mut connection).await?;
    let batch = batch(&ours, &mut connection).await?;
    for (first, count) in [(17_000, 500), (17_500, 1_000), (18_500, 1_500)] {
        let mut child = std::process::Command::new(std::env::current_exe()?);
        child.env("HABEAS_BENCH_ALONE", format!("{first} {count} {}", database.url()));
        ensure!(child.status()?.success(), "a run in a process of its own failed");
    }
    ensure!(
        single <= SINGLE_LIMIT,
        "one person took {single:.2} times the floor, {SINGLE_LIMIT} are allowed"
    );
    ensure!(batch <= BATCH_LIMIT, "a batch took {batch:.2} times the floor, {BATCH_LIMIT} are allowed");
    Ok(())
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("failed to print")
}

fn emails(first: u32, count: u32) -> Vec<String> {
    (first..first + count).map(|number| format!("customer{number}@shop.example")).collect()
}

/// The costs of one round: by hand, planning, carrying out, looking whether it is done.
type Round = [Cost; 4];

async fn round(
    ours: &ours::Ours,
    connection: &mut PgConnection,
    by_hand: &[String],
    by_us: &[String],
) -> anyhow::Result<(Round, (u64, u64))> {
    let (floor, floor_cost) = measure(floor::erase(connection, by_hand)).await?;
    let people = ours.people(by_us);
    let (planned, plan_cost) = measure(people.plan()).await?;
    let (done, cost) = measure(people.execute(&planned)).await?;
    let ((), verify_cost) = measure(people.verify(&planned)).await?;
    ensure!(floor == done, "floor and ours differ in rows deleted and masked: {floor:?}, {done:?}");
    Ok(([floor_cost, plan_cost, cost, verify_cost], done))
}

async fn single(ours: &ours::Ours, connection: &mut PgConnection) -> anyhow::Result<f64> {
    let mut costs = Vec::new();
    let mut rows = (0, 0);
    // Alternating, so that whatever else the machine does weighs on both alike.
    for number in 0..SINGLE * 2 {
        let first = FIRST_OF_SINGLES + number * 2;
        let (cost, done) = round(ours, connection, &emails(first, 1), &emails(first + 1, 1)).await?;
        if number >= SINGLE {
            costs.push(cost);
            rows = done;
        }
    }
    say(&format!("one person, {} rows deleted and {} masked, median of {SINGLE}", rows.0, rows.1))?;
    tell(&costs)
}

async fn batch(ours: &ours::Ours, connection: &mut PgConnection) -> anyhow::Result<f64> {
    let mut costs = Vec::new();
    let mut rows = (0, 0);
    for number in 0..BATCHES {
        let first = FIRST_OF_BATCHES + number * BATCH * 2;
        let (cost, done) =
            round(ours, connection, &emails(first, BATCH), &emails(first + BATCH, BATCH)).await?;
        costs.push(cost);
        rows = done;
    }
    say(&format!(
        "{BATCH} people at once, {} rows deleted and {} masked, median of {BATCHES}",
        rows.0, rows.1
    ))?;
    tell(&costs)
}

/// Prints the medians; returns how many times the floor planning and carrying out took.
fn tell(costs: &[Round]) -> anyhow::Result<f64> {
    let of = |places: &[usize]| median(costs, places);
    let floor = of(&[0]);
    say(&line("hand-written SQL", floor, floor))?;
    say(&line("planned", of(&[1]), floor))?;
    say(&line("carried out", of(&[2]), floor))?;
    let both = of(&[1, 2]);
    say(&line("planned and carried out", both, floor))?;
    say(&line("looked whether it is done", of(&[3]), floor))?;
    say(&line("all of it", of(&[1, 2, 3]), floor))?;
    Ok(both.wall_ms / floor.wall_ms)
}

/// Erases some people, and tells the most memory that took.
async fn alone(argument: &str) -> anyhow::Result<()> {
    let mut words = argument.splitn(3, ' ');
    let mut number = || words.next().and_then(|word| word.parse::<u32>().ok()).context("a number is missing");
    let (first, count) = (number()?, number()?);
    let url = words.next().context("the url is missing")?;
    let ours = ours::Ours::new(url)?;
    let before = measure::peak_memory_mb()?;
    let people = emails(first, count);
    let people = ours.people(&people);
    let planned = people.plan().await?;
    let rows: usize = planned.collections().map(|(_, collection)| collection.rows.len()).sum();
    let after_plan = measure::peak_memory_mb()?;
    people.execute(&planned).await?;
    let after_execute = measure::peak_memory_mb()?;
    people.verify(&planned).await?;
    let after = measure::peak_memory_mb()?;
    say(&format!(
        "{count} people, {rows} rows planned: peak memory {before} MB before, {after_plan} planned, \
         {after_execute} carried out, {after} verified"
    ))
}

fn median(costs: &[Round], places: &[usize]) -> Cost {
    let middle = |pick: &dyn Fn(&Cost) -> f64| {
        let sum = |round: &Round| places.iter().filter_map(|place| round.get(*place)).map(pick).sum::<f64>();
        let mut values: Vec<f64> = costs.iter().map(sum).collect();
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
