//! `habeas rectify`: corrects facts about a person in every source that holds them, without a server.
//!
//! Which columns hold a fact, and what is made from it, the datasets say (`habeas: {fact: city}`, `derived_from`).

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Subcommand;
use habeas_connect::connections::Connections;
use habeas_connect::erase::{Outcome, Residue, SourceOutcome};
use habeas_connect::rectify::{self, Correction, Rectification};
use habeas_connect::sources::Sources;
use habeas_core::context::SharedChance;
use habeas_dataset::graph::Graph;
use habeas_dataset::plan::Plan;
use habeas_dataset::rectify::{Wanted, unknown_facts};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::collect::document as collected;
use super::collect::identities::{self, People};
use super::dataset::files as datasets;
use crate::exit::{self, usage};
use crate::output::{self, Output, Table, Tone};
use crate::{runtime, system};

/// Correct facts about a person in every source that holds them
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  \
    habeas rectify plan --datasets datasets/ --connections connections.toml --identity email=ada@example.com --set city=Paris\n  \
    habeas rectify run --datasets datasets/ --connections connections.toml --identity email=ada@example.com --set city=Paris --set 'phone=+33 1 23 45 67 89'"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show before and after of every field; nothing is changed
    #[command(
        after_help = "Ends with 0 if it can be carried out, 1 if something is in the way, 3 if no dataset knows a fact or an identity.\n\nExamples:\n  habeas rectify plan --datasets datasets/ --connections connections.toml --identity email=ada@example.com --set city=Paris\n  habeas rectify plan --datasets datasets/ --connections connections.toml --identity email=ada@example.com --set city=Paris --was city=Rome --json"
    )]
    Plan(Common),
    /// Correct: plan afresh, show, ask, write in one transaction a source, read back
    #[command(
        after_help = "Ends with 0 if all is corrected and read back, 1 if it is not, 3 if it is but something stays unexplained.\n\nExamples:\n  habeas rectify run --datasets datasets/ --connections connections.toml --identity email=ada@example.com --set city=Paris\n  habeas rectify run --datasets datasets/ --connections connections.toml --identity email=ada@example.com --set city=Paris --yes --json"
    )]
    Run {
        #[command(flatten)]
        common: Common,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Common {
    /// A dataset file, or a folder of them
    #[arg(long, required = true, value_name = "PATH")]
    datasets: Vec<PathBuf>,

    /// The connections file: where each source is, and whether it may be changed
    #[arg(long, value_name = "FILE")]
    connections: PathBuf,

    /// An identity of the person, such as email=ada@example.com; several are all used
    #[arg(long = "identity", value_name = "KIND=VALUE", required = true)]
    identity: Vec<String>,

    /// A fact and its right value, such as city=Paris; city= empties it
    #[arg(long = "set", value_name = "FACT=VALUE", required = true)]
    set: Vec<String>,

    /// What a fact must be now where only some of several are meant, such as city=Rome
    #[arg(long = "was", value_name = "FACT=VALUE")]
    was: Vec<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

struct Loaded {
    people: People,
    graph: Graph,
    plan: Plan,
    whole: Plan,
    wanted: Vec<Wanted>,
    sources: Sources,
    chance: SharedChance,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Plan(common) => plan(common),
        Command::Run { common, yes } => carry_out(common, *yes),
    }
}

fn plan(common: &Common) -> anyhow::Result<ExitCode> {
    let loaded = load(common)?;
    let correction = runtime::block_on(async { Ok(rectify::plan(&loaded.work()).await?) })?;
    let mut out = Output::stdout();
    if common.json {
        out.json(&document(&loaded, &correction))?;
    } else {
        show(&correction, &mut out)?;
    }
    ensure_possible(&correction)?;
    Ok(explain(&loaded))
}

fn carry_out(common: &Common, yes: bool) -> anyhow::Result<ExitCode> {
    let loaded = load(common)?;
    let work = loaded.work();
    let mut out = Output::stdout();
    let (correction, outcomes, residue) = runtime::block_on(async {
        let correction = rectify::plan(&work).await?;
        ensure_possible(&correction)?;
        if !common.json {
            show(&correction, &mut out)?;
        }
        if !correction.changes.is_empty() && !yes {
            output::note("Type correct to go on:");
            let mut answer = String::new();
            std::io::stdin().read_line(&mut answer).context("failed to read the answer")?;
            anyhow::ensure!(answer.trim() == "correct", "nothing was changed");
        }
        let (outcomes, residue) = rectify::run(&work, &correction).await?;
        Ok((correction, outcomes, residue))
    })?;
    if common.json {
        let mut document = document(&loaded, &correction);
        if let Value::Object(fields) = &mut document {
            fields.insert("outcomes".to_owned(), outcomes.iter().map(outcome).collect());
            fields.insert("verification".to_owned(), json!({ "residue": residue }));
        }
        out.json(&document)?;
    }
    close(&outcomes, &residue)?;
    if !common.json {
        out.line("all is corrected and read back")?;
    }
    Ok(explain(&loaded))
}

fn close(outcomes: &[SourceOutcome], residue: &[Residue]) -> anyhow::Result<()> {
    let mut is_done = residue.is_empty();
    for one in outcomes {
        let said = match &one.outcome {
            Outcome::Done { .. } | Outcome::Nothing => continue,
            Outcome::Changed { rows, collection } => format!(
                "source {}: {rows} rows of {collection} changed since they were planned: nothing was written over; run it again",
                one.source
            ),
            Outcome::Failed(error) | Outcome::Unknown(error) => error.to_string(),
            Outcome::Unrecorded(reason) => format!("source {}: {reason}", one.source),
        };
        is_done = false;
        output::note(&said);
    }
    for left in residue {
        output::note(&format!("{}:{}: {} {}", left.dataset, left.collection, left.rows, left.what));
    }
    anyhow::ensure!(is_done, "not everything is corrected (above)");
    Ok(())
}

impl Loaded {
    fn work(&self) -> Rectification<'_> {
        Rectification {
            graph: &self.graph,
            plan: &self.plan,
            whole: &self.whole,
            wanted: &self.wanted,
            sources: &self.sources,
            subjects: &self.people.subjects,
            chance: &*self.chance,
        }
    }
}

fn load(common: &Common) -> anyhow::Result<Loaded> {
    let people = identities::parse(&common.identity)?;
    let wanted = wanted(&common.set, &common.was)?;
    let connections = Connections::load(&common.connections)?;
    let graph = datasets::datasets(&common.datasets)?.graph_with_by_hand(&connections.by_hand())?;
    let whole_plan = |kinds: &[Arc<str>]| {
        let kinds: Vec<&str> = kinds.iter().map(|kind| &**kind).collect();
        graph.plan_whole(&kinds).map_err(|problems| {
            for problem in &problems {
                output::note(&problem.to_string());
            }
            anyhow::anyhow!("the order the datasets ask for can't be had")
        })
    };
    let plan = whole_plan(&people.kinds())?;
    let whole = whole_plan(&graph.identities())?;
    let sources = Sources::new(&connections);
    Ok(Loaded { people, plan, whole, wanted, sources, chance: system::chance(), graph })
}

/// Reads `fact=value`. A value may be somebody's address, so it is not repeated in complaints.
fn wanted(set: &[String], was: &[String]) -> anyhow::Result<Vec<Wanted>> {
    let split = |text: &str, option: &str| {
        let parts = text.split_once('=').filter(|(fact, _)| !fact.trim().is_empty());
        let parts = parts.map(|(fact, value)| (fact.trim().to_owned(), value.trim().to_owned()));
        parts.ok_or_else(|| usage(format!("{option} takes a fact and a value, such as city=Paris")))
    };
    let mut wanted: Vec<Wanted> = Vec::with_capacity(set.len());
    for text in set {
        let (fact, value) = split(text, "--set")?;
        if wanted.iter().any(|known| *known.fact == *fact) {
            return Err(usage(format!("--set names {fact} twice")));
        }
        wanted.push(Wanted { fact: fact.into(), value: (!value.is_empty()).then_some(value), was: None });
    }
    for text in was {
        let (fact, value) = split(text, "--was")?;
        let Some(one) = wanted.iter_mut().find(|one| *one.fact == *fact) else {
            return Err(usage(format!("--was names {fact}, which --set doesn't")));
        };
        one.was = Some(value);
    }
    Ok(wanted)
}

fn ensure_possible(correction: &Correction) -> anyhow::Result<()> {
    for one in &correction.planned.troubles {
        let field = one.field.as_ref().map(|field| format!(".{field}")).unwrap_or_default();
        output::note(&format!("{}:{}{field}: {}", one.dataset, one.collection, one.message));
    }
    anyhow::ensure!(
        correction.planned.troubles.is_empty(),
        "the correction can't be carried out as it stands (above): nothing was changed"
    );
    Ok(())
}

fn explain(loaded: &Loaded) -> ExitCode {
    let unknown = unknown_facts(&loaded.wanted, loaded.graph.datasets());
    let parts = ["first_name", "last_name"].map(|part| loaded.wanted.iter().any(|one| *one.fact == *part));
    let is_whole = |fact: &Arc<str>| parts == [true, true] && ["first_name", "last_name"].contains(&&**fact);
    let unknown: Vec<&Arc<str>> = unknown.iter().filter(|fact| !is_whole(fact)).collect();
    for fact in &unknown {
        output::note(&format!(
            "no dataset says where {fact} is: mark the field with habeas: {{fact: {fact}}}"
        ));
    }
    for kind in &loaded.plan.unknown_identities {
        output::note(&format!("no dataset knows the identity {kind}"));
    }
    let is_explained = unknown.is_empty() && loaded.plan.unknown_identities.is_empty();
    if is_explained { ExitCode::SUCCESS } else { exit::unexplained() }
}

fn show(correction: &Correction, out: &mut Output) -> anyhow::Result<()> {
    let mut table = Table::new(["FIELD", "BEFORE", "AFTER"]);
    for change in &correction.changes {
        let derived = if change.corrected.fact.is_none() { " (derived)" } else { "" };
        table.toned_row([
            (
                Tone::Plain,
                format!("{}:{}.{}{derived}", change.dataset, change.collection, change.corrected.path),
            ),
            (Tone::Quiet, change.corrected.before.to_text()),
            (Tone::Strong, change.corrected.after.to_text()),
        ]);
    }
    out.table(&table)?;
    for left in &correction.left {
        out.line(&format!("{}:{} is left as it is: {}", left.dataset, left.collection, left.reason))?;
    }
    out.line(&format!("{} to be corrected", datasets::counted(correction.changes.len(), "field")))
}

fn raw(json: String) -> Value {
    RawValue::from_string(json).map_or(Value::Null, |raw| json!(raw))
}

fn document(loaded: &Loaded, correction: &Correction) -> Value {
    let changes: Vec<Value> = correction
        .changes
        .iter()
        .map(|change| {
            json!({
                "source": change.source,
                "dataset": change.dataset,
                "collection": change.collection,
                "key": raw(change.key.to_json()),
                "field": change.corrected.path,
                "fact": change.corrected.fact,
                "before": raw(change.corrected.before.to_json()),
                "after": raw(change.corrected.after.to_json()),
            })
        })
        .collect();
    json!({
        "subjects": loaded.people.subjects.iter().map(|subject| json!({ "identities": collected::identities(subject) })).collect::<Vec<_>>(),
        "changes": changes,
        "left": correction.left,
        "problems": correction.planned.troubles,
        "unknown_facts": unknown_facts(&loaded.wanted, loaded.graph.datasets()),
        "unknown_identities": loaded.plan.unknown_identities,
        "unreached": loaded.plan.unreached,
    })
}

fn outcome(one: &SourceOutcome) -> Value {
    super::erase::document::outcome(one)
}
