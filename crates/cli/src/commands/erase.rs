//! `habeas erase`: plans, carries out, verifies and repeats erasures, without a server.
//!
//! What has to outlive a run stands in a folder only its owner can read (`--state`): the journal of a run that was
//! broken off, deletion records, and keyed fingerprints. No value that was erased is ever in it.

mod args;
mod check;
pub(super) mod document;
mod journal;
mod run;
mod show;
mod state;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use habeas_connect::erase;

use self::args::{Common, Loaded, Who};
use self::document::Document;
use self::state::State;
use super::collect::identities::People;
use crate::output::{self, Output};
use crate::{exit, runtime, system};

/// Plan, carry out, verify and repeat the erasure of people's data
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  \
    habeas erase plan --datasets datasets/ --connections connections.toml --policy policy.yml --identity email=ada@example.com\n  \
    habeas erase run --datasets datasets/ --connections connections.toml --policy policy.yml --identity email=ada@example.com\n  \
    habeas erase verify --datasets datasets/ --connections connections.toml --policy policy.yml --identity email=ada@example.com\n  \
    habeas erase check erasure/records/4f1d22aa90bb01c3.json\n  \
    habeas erase replay --datasets datasets/ --connections connections.toml --policy policy.yml --yes"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what would be done with every row, and what is in the way; nothing is changed
    #[command(
        after_help = "Ends with 0 if the plan can be carried out, 1 if something is in the way, 3 if no dataset knows an identity, nothing leads to a collection, or a field can't be changed.\n\nExamples:\n  habeas erase plan --datasets datasets/ --connections connections.toml --policy policy.yml --identity email=ada@example.com\n  habeas erase plan --datasets datasets/ --connections connections.toml --policy policy.yml --retention retention.yml --identities people.csv --json > plan.json"
    )]
    Plan {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        who: Who,
    },
    /// Erase: plan afresh, show, ask, carry out, verify and write a signed record
    #[command(
        after_help = "Ends with 0 if all is done and verified, 1 if it is not, 3 if it is but something stays unexplained. Running it again changes nothing; a run that was broken off goes on where it was.\n\nExamples:\n  habeas erase run --datasets datasets/ --connections connections.toml --policy policy.yml --identity email=ada@example.com\n  habeas erase run --datasets datasets/ --connections connections.toml --policy policy.yml --retention retention.yml --identities people.csv --yes --json"
    )]
    Run {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        how: run::How,
    },
    /// Look whether anything is left that should be erased; nothing is changed
    #[command(
        after_help = "Ends with 0 if nothing is left, 1 if something is or a source failed.\n\nExamples:\n  habeas erase verify --datasets datasets/ --connections connections.toml --policy policy.yml --identity email=ada@example.com"
    )]
    Verify {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        who: Who,
    },
    /// Tell whether a deletion record is as it was signed, and what it states; needs no source and no network
    #[command(
        after_help = "Ends with 0 if it is, 1 if it isn't or can't be read. Without --key it tells only that nothing was changed since it was signed, not by whom.\n\nExamples:\n  habeas erase check erasure/records/4f1d22aa90bb01c3.json\n  habeas erase check record.json --key 3b6a… --json"
    )]
    Check(check::Args),
    /// After a restore or an import: recognise people who were erased, and erase them again
    #[command(
        after_help = "People are recognised by keyed fingerprints in the state folder; their identities are not kept.\n\nExamples:\n  habeas erase replay --datasets datasets/ --connections connections.toml --policy policy.yml\n  habeas erase replay --datasets datasets/ --connections connections.toml --policy policy.yml --yes --json"
    )]
    Replay {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        how: run::How,
    },
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Plan { common, who } => plan(&common, &who),
        Command::Run { common, who, how } => {
            let people = who.people()?;
            run::run(&common, &people, &how)
        }
        Command::Verify { common, who } => verify(&common, &who),
        Command::Check(args) => check::run(&args),
        Command::Replay { common, how } => replay(&common, &how),
    }
}

fn plan(common: &Common, who: &Who) -> anyhow::Result<ExitCode> {
    let people = who.people()?;
    let loaded = Loaded::load(common, &people)?;
    let state = State::open(&common.state_folder())?;
    let secret = state.secret_for(&people, &*system::chance())?;
    let work = loaded.work(&people, &state, &secret);
    let planned = runtime::block_on(async { Ok(work.plan().await?) })?;
    let document = Document { people: &people, loaded: &loaded, planned: &planned };
    let mut out = Output::stdout();
    if common.json {
        out.json(&document.to_json())?;
    } else {
        show::plan(&planned, &mut out)?;
    }
    Ok(show::explain(&loaded, &planned))
}

fn verify(common: &Common, who: &Who) -> anyhow::Result<ExitCode> {
    let people = who.people()?;
    let loaded = Loaded::load(common, &people)?;
    let state = State::open(&common.state_folder())?;
    let secret = state.secret_for(&people, &*system::chance())?;
    let work = loaded.work(&people, &state, &secret);
    let planned = runtime::block_on(async { Ok(work.plan().await?) })?;
    let mut out = Output::stdout();
    if common.json {
        out.json(&Document { people: &people, loaded: &loaded, planned: &planned }.to_json())?;
    } else {
        show::plan(&planned, &mut out)?;
    }
    let left = planned.changes();
    if left > 0 {
        anyhow::bail!("{left} rows are left that should be erased");
    }
    Ok(show::explain(&loaded, &planned))
}

fn replay(common: &Common, how: &run::How) -> anyhow::Result<ExitCode> {
    let state = State::open(&common.state_folder())?;
    let loaded = Loaded::load(common, &People { subjects: Vec::new() })?;
    let chance = system::chance();
    let found = runtime::block_on(async {
        let is_known = |kind: &str, form: &str| state.is_suppressed(kind, form);
        Ok(erase::recognise(&loaded.graph, &loaded.sources, &*chance, &is_known).await?)
    })?;
    if found.is_empty() {
        if common.json {
            let empty = People { subjects: Vec::new() };
            let planned = erase::Planned::default();
            Output::stdout()
                .json(&Document { people: &empty, loaded: &loaded, planned: &planned }.to_json())?;
        } else {
            Output::stdout().line("nobody who was erased is back")?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    output::note(&format!("{} erased identities are back", found.len()));
    run::run(common, &People { subjects: found }, how)
}

/// Ends a command whose plan has something in the way.
fn in_the_way(planned: &erase::Planned) -> anyhow::Error {
    for trouble in &planned.troubles {
        output::note(&show::trouble(trouble));
    }
    anyhow::anyhow!("the policy can't be carried out as it stands (above): nothing was changed")
}

/// Where state is kept unless told otherwise: beside the connections file.
fn beside(connections: &std::path::Path) -> PathBuf {
    connections.parent().map_or_else(|| PathBuf::from("erasure"), |folder| folder.join("erasure"))
}

/// The exit status where something stays unexplained.
fn ended(is_explained: bool) -> ExitCode {
    if is_explained { ExitCode::SUCCESS } else { exit::unexplained() }
}
