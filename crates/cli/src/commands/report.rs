//! `habeas report`: the register of requests and what is counted over them, as files for others.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use habeas_core::definition::Catalog;
use habeas_core::report::{self, COLUMNS, Entry, Fact, Period};
use habeas_render::csv::Writer;
use habeas_store::Store;
use habeas_store::reports::{Counted, Span};
use habeas_store::requests::Scope;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;

use crate::config::Config;
use crate::exit::usage;
use crate::installation::open_store;
use crate::output::Output;
use crate::{runtime, system};

/// Write the register of requests, and counts by law and month
///
/// Nobody who asked is named in any of these.
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  habeas report register --data-dir /var/lib/habeas --period 2026 --out register.csv\n  habeas report metrics --period 2026-q3\n  habeas report ccpa --period 2026 --format json"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A line for each request received in a period, made from the log
    Register(Which),
    /// How many came in, were answered, refused and late, by month, law and right
    Metrics(Which),
    /// The table of Cal. Code Regs. tit. 11, § 7102 for the year the period begins in
    Ccpa(Which),
}

/// Which installation, which time, and how it is written.
#[derive(Debug, clap::Args)]
struct Which {
    /// The folder everything is kept in
    #[arg(long, value_name = "DIR", default_value = "habeas-data")]
    data_dir: PathBuf,
    /// A year, quarter, month, week or two days: 2026, 2026-q3, 2026-10, 2026-w41, 2026-10-01..2026-10-15
    ///
    /// The present year unless given.
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// The form it is written in
    #[arg(long, value_name = "FORM", default_value = "csv")]
    format: Format,
    /// The file to write, which must not be there yet; printed unless given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Json,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    runtime::block_on(async move {
        match args.command {
            Command::Register(which) => register(&which).await,
            Command::Metrics(which) => metrics(&which).await,
            Command::Ccpa(which) => ccpa(&which).await,
        }
    })
}

async fn register(which: &Which) -> anyhow::Result<ExitCode> {
    let (store, period) = open(which).await?;
    let span = received(period);
    let mut entries: Vec<Entry> = Vec::new();
    let mut after = None;
    while let Some(page) = store.read().await?.list_register(span, &Scope::Everything, after).await? {
        let in_period = |entry: &Entry| entry.received_on.is_some_and(|on| period.holds(on));
        entries.extend(page.entries.into_iter().filter(in_period));
        after = Some(page.last);
    }
    store.close().await;
    let rows = entries.iter().map(|entry| entry.fields().to_vec());
    write(which, &COLUMNS, rows, &entries)
}

async fn metrics(which: &Which) -> anyhow::Result<ExitCode> {
    let (store, period) = open(which).await?;
    let span = Span {
        received_from: None,
        received_before: start(period.to.saturating_add(2.days())),
        open_from: start(period.from.saturating_sub(1.day())),
    };
    let metrics = report::metrics(&facts(&store, span).await?, &period);
    store.close().await;
    let heads =
        ["month", "law", "right", "received", "whole", "part", "denied", "withdrawn", "late", "median_days"];
    let rows = metrics.iter().map(|metric| {
        vec![
            metric.month.strftime("%Y-%m").to_string(),
            metric.law.clone(),
            metric.right.clone(),
            metric.received.to_string(),
            metric.whole.to_string(),
            metric.part.to_string(),
            metric.denied.to_string(),
            metric.withdrawn.to_string(),
            metric.late.to_string(),
            days(metric.median_days),
        ]
    });
    write(which, &heads, rows, &metrics)
}

async fn ccpa(which: &Which) -> anyhow::Result<ExitCode> {
    let (store, period) = open(which).await?;
    let year = Period::year(period.from);
    let table = report::ccpa(&facts(&store, received(year)).await?, year.from.year());
    store.close().await;
    let heads = ["kind", "received", "whole", "part", "denied", "undecided", "median_days", "mean_days"];
    let rows = table.rows.iter().map(|row| {
        vec![
            row.name.to_owned(),
            row.received.to_string(),
            row.whole.to_string(),
            row.part.to_string(),
            row.denied.to_string(),
            row.undecided.to_string(),
            days(row.median_days),
            days(row.mean_days),
        ]
    });
    write(which, &heads, rows, &table)
}

async fn open(which: &Which) -> anyhow::Result<(Store, Period)> {
    if !which.data_dir.is_dir() {
        return Err(usage(format!("there is no data folder {}", which.data_dir.display())));
    }
    let clock = system::clock();
    let period = match &which.period {
        Some(text) => text.parse().map_err(|why: report::InvalidPeriod| usage(format!("{text} is {why}")))?,
        None => Period::year(clock.now().to_zoned(TimeZone::UTC).date()),
    };
    let config = Config::load(&which.data_dir)?;
    let store = open_store(&which.data_dir, &config, clock, system::chance()).await?;
    Ok((store, period))
}

fn received(period: Period) -> Span {
    Span {
        received_from: start(period.from.saturating_sub(1.day())),
        received_before: start(period.to.saturating_add(2.days())),
        open_from: None,
    }
}

fn start(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

async fn facts(store: &Store, span: Span) -> anyhow::Result<Vec<Fact>> {
    let mut read = store.read().await?;
    let texts = read.list_published_texts().await?;
    let catalog = Catalog::new(texts).map_err(|problems| {
        anyhow::anyhow!("the definitions do not hold together: {}", problems.join("; "))
    })?;
    let counted = read.list_counted(span, &Scope::Everything).await.context("failed to read the requests")?;
    Ok(counted.into_iter().map(|one| fact(&catalog, one)).collect())
}

fn fact(catalog: &Catalog, one: Counted) -> Fact {
    Fact {
        zone: catalog.entity(&one.entity).map_or(TimeZone::UTC, |entity| entity.zone.clone()),
        law: one.law,
        right: one.right,
        activity: one.activity,
        status: one.status,
        received_at: one.received_at,
        closed_at: one.closed_at,
        due_on: one.due_on,
        owner: one.owner,
    }
}

fn days(days: Option<f64>) -> String {
    days.map(|days| format!("{days:.1}")).unwrap_or_default()
}

fn write(
    which: &Which,
    heads: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    value: &impl Serialize,
) -> anyhow::Result<ExitCode> {
    let mut content = Vec::new();
    match which.format {
        Format::Csv => {
            let mut writer = Writer::new(&mut content);
            writer.row(heads).context("failed to write the table")?;
            for row in rows {
                writer.row(row).context("failed to write the table")?;
            }
            writer.finish().context("failed to write the table")?;
        }
        Format::Json => {
            content = serde_json::to_vec_pretty(value).context("failed to write JSON")?;
            content.push(b'\n');
        }
    }
    if let Some(out) = &which.out {
        save(out, &content)?;
    } else {
        let mut output = Output::stdout();
        output.put(&content)?;
        output.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

fn save(out: &Path, content: &[u8]) -> anyhow::Result<()> {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(out);
    let mut file = file.with_context(|| format!("failed to make {}", out.display()))?;
    file.write_all(content).with_context(|| format!("failed to write {}", out.display()))?;
    file.sync_all().with_context(|| format!("failed to write {}", out.display()))?;
    Output::stdout().line(&format!("Wrote {}", out.display()))
}
