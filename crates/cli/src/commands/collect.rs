//! `habeas collect`: finds everything about people in all sources, without a server.
//!
//! What was found goes to standard output as one JSON document, to files only their owner can read, or to
//! files encrypted with age. A source that fails ends the command with 1 and a sentence; what was
//! searched nevertheless is still told, and marked as incomplete.

pub(super) mod document;
mod files;
pub(super) mod identities;
mod sink;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use habeas_connect::collect::{Collected, ROUNDS, Run, collect};
use habeas_connect::connections::Connections;
use habeas_connect::sources::Sources;
use habeas_dataset::plan::Plan;

use self::document::Document;
use self::files::Files;
use self::identities::People;
use self::sink::Sink;
use super::dataset::files as datasets;
use crate::output::{self, Output, Table, Tone};
use crate::{exit, runtime, system};

/// Find everything about one person or many in all sources
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Ends with 0 if all was searched, 1 if a source failed, 3 if no dataset knows an identity or nothing leads to a collection.\n\n\
    Examples:\n  \
    habeas collect --datasets datasets/ --connections connections.toml --identity email=ada@example.com --json\n  \
    habeas collect --datasets datasets/ --connections connections.toml --identities people.csv --out found/\n  \
    habeas collect --datasets datasets/ --connections connections.toml --identity email=ada@example.com --out found/ --recipient age1..."
)]
pub(crate) struct Args {
    /// A dataset file, or a folder of them
    #[arg(long, required = true, value_name = "PATH")]
    datasets: Vec<PathBuf>,

    /// The connections file: where each source is
    #[arg(long, value_name = "FILE")]
    connections: PathBuf,

    /// An identity of the person, such as email=ada@example.com; several are all used
    #[arg(long = "identity", value_name = "KIND=VALUE", required_unless_present = "identities")]
    identity: Vec<String>,

    /// A CSV file with a person a line; its first line names the kinds of identity
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    identities: Option<PathBuf>,

    /// What is included; without it everything personal
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,

    /// A folder to write records.ndjson and summary.json to
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,

    /// Encrypt the files to this age recipient; may be repeated
    #[arg(long = "recipient", value_name = "AGE", requires = "out")]
    recipients: Vec<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let people = match &args.identities {
        Some(file) => identities::read(file)?,
        None => identities::parse(&args.identity)?,
    };
    let connections = Connections::load(&args.connections)?;
    let plan = plan(args, &connections, &people)?;
    let mut files = match &args.out {
        Some(folder) => Some(Files::create(folder, &args.recipients)?),
        None => None,
    };
    let mut sink = Sink::new(&people, args.json, files.as_mut());
    let result = search(&plan, &connections, &people, &mut sink)?;
    let (collected, failure) = match result {
        Ok(collected) => (collected, None),
        Err(failure) => (failure.collected.clone(), Some(failure)),
    };
    let found = sink.into_found();
    let document = Document { people: &people, plan: &plan, collected: &collected };
    let mut out = Output::stdout();
    if args.json {
        out.put(document.to_json(Some(&found)).as_bytes())?;
        out.put(b"\n")?;
        out.flush()?;
    }
    if let Some(files) = files {
        files.finish(&document.to_json(None))?;
    }
    if !args.json {
        show(&collected, &people, &mut out)?;
    }
    if let Some(failure) = failure {
        return Err(anyhow::Error::new(failure).context("not everything could be searched"));
    }
    Ok(explain(&plan, &collected))
}

fn plan(args: &Args, connections: &Connections, people: &People) -> anyhow::Result<Plan> {
    let policy = datasets::policy(args.policy.as_deref())?;
    let graph = datasets::datasets(&args.datasets)?.graph_with_by_hand(&connections.by_hand())?;
    let kinds = people.kinds();
    let kinds: Vec<&str> = kinds.iter().map(|kind| &**kind).collect();
    graph.plan(&kinds, &policy).map_err(|problems| {
        for problem in &problems {
            output::note(&problem.to_string());
        }
        anyhow::anyhow!("the order the datasets ask for can't be had")
    })
}

type Searched = Result<Collected, habeas_connect::collect::Failure>;

fn search(
    plan: &Plan,
    connections: &Connections,
    people: &People,
    sink: &mut Sink<'_>,
) -> anyhow::Result<Searched> {
    let sources = Sources::new(connections);
    let chance = system::chance();
    let run = Run { plan, sources: &sources, subjects: &people.subjects, chance: &*chance, rounds: ROUNDS };
    runtime::block_on(async { Ok(collect(&run, sink).await) }).context("failed to collect")
}

/// Shows what was searched, without any personal data: counts and places.
fn show(collected: &Collected, people: &People, out: &mut Output) -> anyhow::Result<()> {
    let mut table = Table::new(["COLLECTION", "ROWS", "AS OF", "OUTCOME"]);
    let mut rows: Vec<(String, u64, String, String)> = Vec::new();
    for coverage in &collected.coverage {
        let name = format!("{}:{}", coverage.dataset, coverage.collection);
        let as_of = coverage.as_of.map(|instant| format!("{instant:.0}")).unwrap_or_default();
        let outcome = document::outcome(&coverage.outcome).0.to_owned();
        match rows.iter_mut().find(|(known, _, _, ending)| *known == name && *ending == outcome) {
            Some((_, count, _, _)) => *count += coverage.rows,
            None => rows.push((name, coverage.rows, as_of, outcome)),
        }
    }
    for (name, count, as_of, outcome) in rows {
        let tone = match outcome.as_str() {
            "searched" => Tone::Plain,
            "failed" => Tone::Bad,
            _ => Tone::Warning,
        };
        table.toned_row([
            (Tone::Plain, name),
            (Tone::Plain, count.to_string()),
            (Tone::Quiet, as_of),
            (tone, outcome),
        ]);
    }
    out.table(&table)?;
    let people = match people.subjects.len() {
        1 => "1 person".to_owned(),
        count => format!("{count} people"),
    };
    out.line(&format!("{} records for {people}", collected.records))
}

/// Says what stays unexplained, and ends with 3 where anything does.
fn explain(plan: &Plan, collected: &Collected) -> ExitCode {
    use habeas_core::record::Outcome;
    for kind in &plan.unknown_identities {
        output::note(&format!("no dataset knows the identity {kind}"));
    }
    for left in &plan.unreached {
        output::note(&format!("{}:{} was not searched: {}", left.dataset, left.collection, left.reason));
    }
    let is_left = |outcome: &Outcome| matches!(outcome, Outcome::Unreached { .. });
    let is_gap = collected.coverage.iter().any(|coverage| is_left(&coverage.outcome));
    if plan.unknown_identities.is_empty() && !is_gap { ExitCode::SUCCESS } else { exit::unexplained() }
}
