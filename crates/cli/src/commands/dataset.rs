//! `habeas dataset`: checks dataset files, shows what would be read for a request, and what changed.

pub(crate) mod files;
mod plan;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use habeas_connect::connections::Connections;
use habeas_core::yaml::Problem;
use habeas_dataset::diff::{Change, ChangeKind, diff};
use serde_json::json;

use self::files::counted;
use crate::exit::{unexplained, usage};
use crate::output::{Output, Tone};

/// Check dataset files, show the order in which they are read, compare two versions
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  habeas dataset check datasets/\n  habeas dataset plan --datasets datasets/ --identity email\n  habeas dataset diff datasets-old/ datasets/"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what is wrong with dataset files, and what nothing leads to or no reply includes
    #[command(
        after_help = "Ends with 0 if they can be used, 1 if they can't, 3 if they can but nothing leads to some collection.\n\nExamples:\n  habeas dataset check datasets/\n  habeas dataset check shop.yml billing.yml --json"
    )]
    Check {
        /// Files, or folders whose YAML files are read
        #[arg(required_unless_present = "datasets", value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// The same, named as the other commands name it
        #[arg(long, value_name = "PATH")]
        datasets: Vec<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what is read in which order, what feeds what, and what is not reached
    #[command(
        after_help = "Ends with 3 if an identity is unknown to every dataset or some collection is not reached.\n\nExamples:\n  habeas dataset plan --datasets datasets/ --identity email\n  habeas dataset plan --datasets datasets/ --identity email --identity customer_no --policy policy.yml --json"
    )]
    Plan {
        /// A dataset file, or a folder of them
        #[arg(long, required = true, value_name = "PATH")]
        datasets: Vec<PathBuf>,
        /// A kind of identity the request would give, such as email
        #[arg(long = "identity", required = true, value_name = "KIND")]
        identities: Vec<String>,
        /// What a reply includes; without it everything personal
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
        /// The connections file, to tell sources without a connection
        #[arg(long, value_name = "FILE")]
        connections: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what changed from one version of datasets to another
    #[command(after_help = "Example:\n  habeas dataset diff datasets-old/ datasets/ --json")]
    Diff {
        /// The old file or folder
        #[arg(value_name = "OLD")]
        old: PathBuf,
        /// The new file or folder
        #[arg(value_name = "NEW")]
        new: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut out = Output::stdout();
    match args.command {
        Command::Check { paths, datasets, json } => check(&[paths, datasets].concat(), json, &mut out),
        Command::Plan { datasets, identities, policy, connections, json } => {
            if identities.iter().any(|kind| kind.contains('=') || kind.contains('@')) {
                return Err(usage("--identity takes a kind such as email here, not a person's value"));
            }
            let policy = files::policy(policy.as_deref())?;
            let connections = connections.as_deref().map(Connections::load).transpose()?.unwrap_or_default();
            let graph = files::datasets(&datasets)?.graph_with_by_hand(&connections.by_hand())?;
            plan::show(&graph, &identities, &policy, json, &mut out)
        }
        Command::Diff { old, new, json } => {
            let (old, new) = (files::datasets(&[old])?, files::datasets(&[new])?);
            differences(&diff(&old.datasets, &new.datasets), json, &mut out)
        }
    }
}

fn check(paths: &[PathBuf], json: bool, out: &mut Output) -> anyhow::Result<ExitCode> {
    let loaded = files::datasets(paths)?;
    let errors = loaded.problems.iter().filter(|problem| problem.is_error()).count();
    let warnings = loaded.problems.len() - errors;
    let collections: usize = loaded.datasets.iter().map(|dataset| dataset.collections.len()).sum();
    if json {
        out.json(&json!({
            "datasets": loaded.datasets.len(),
            "collections": collections,
            "errors": errors,
            "warnings": warnings,
            "problems": loaded.problems,
        }))?;
    } else {
        for problem in &loaded.problems {
            let (tone, word) =
                if problem.is_error() { (Tone::Bad, "error") } else { (Tone::Warning, "warning") };
            out.toned(tone, &format!("{word}: {problem}"))?;
        }
        let what = format!(
            "{} with {}",
            counted(loaded.datasets.len(), "dataset"),
            counted(collections, "collection")
        );
        let found = match (errors, warnings) {
            (0, 0) => "nothing wrong".to_owned(),
            (0, _) => counted(warnings, "warning"),
            (_, 0) => counted(errors, "error"),
            _ => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
        };
        out.toned(if errors > 0 { Tone::Bad } else { Tone::Good }, &format!("{what}: {found}"))?;
    }
    Ok(if errors > 0 {
        ExitCode::FAILURE
    } else if loaded.problems.iter().any(is_gap) {
        unexplained()
    } else {
        ExitCode::SUCCESS
    })
}

/// Tells whether a problem is a collection that no request would ever reach.
fn is_gap(problem: &Problem) -> bool {
    problem.message.starts_with("nothing leads to ")
}

fn differences(changes: &[Change], json: bool, out: &mut Output) -> anyhow::Result<ExitCode> {
    if json {
        out.json(&json!({ "changes": changes }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for change in changes {
        let tone = match change.kind {
            ChangeKind::Added => Tone::Good,
            ChangeKind::Removed => Tone::Bad,
            ChangeKind::Changed => Tone::Warning,
        };
        out.toned(tone, &change.to_string())?;
    }
    if changes.is_empty() {
        out.line("nothing changed")?;
    }
    Ok(ExitCode::SUCCESS)
}
