//! `habeas log`: exports the log, checks an export anywhere, proves that the lists follow from it.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use habeas_core::event::Entry;
use habeas_core::id::{Reference, RequestId};
use habeas_core::request::{Request, RequestRow};
use habeas_store::Store;
use habeas_store::log::{Checkpoint, Expected, PublicKey, Report, check_export};
use habeas_store::requests::{Filter, Paging, Scope, Search};
use serde_json::json;

use crate::config::Config;
use crate::exit::usage;
use crate::installation::open_store;
use crate::output::{Output, Tone};
use crate::{runtime, system};

/// Export the log of all requests, and check that nobody changed it
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  habeas log export --data-dir /var/lib/habeas --out log.jsonl\n  habeas log verify log.jsonl --key 'habeas.installation/…'\n  habeas log rebuild --check --data-dir /var/lib/habeas"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the log to a file that anyone can check without this installation
    ///
    /// What is sealed stays sealed: the file shows ids, times, kinds and hashes.
    Export {
        #[command(flatten)]
        data: DataDir,
        /// Only this request, with a proof that the newest checkpoint covers it
        #[arg(long, value_name = "REFERENCE")]
        request: Option<String>,
        /// The file to write; it must not be there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Tell what in an exported log was changed, cut, reordered or signed again
    ///
    /// Needs no installation. Ends with 0 if nothing was, with 1 if something was, with 2 if the command
    /// makes no sense.
    Verify {
        /// The exported log
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The public key of the installation, as it was published
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// A checkpoint that was kept elsewhere: shows a log that was rewritten and signed again
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the public key and the newest checkpoint, to be published and kept elsewhere
    Checkpoint {
        #[command(flatten)]
        data: DataDir,
    },
    /// Fold every request's log again and compare the outcome with the lists
    Rebuild {
        #[command(flatten)]
        data: DataDir,
        /// Compare and change nothing
        #[arg(long, required = true)]
        check: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Where the installation is.
#[derive(Debug, clap::Args)]
struct DataDir {
    /// The folder everything is kept in
    #[arg(long, value_name = "DIR", default_value = "habeas-data")]
    data_dir: PathBuf,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Export { data, request, out } => {
            runtime::block_on(async move { export(&data, request.as_deref(), &out).await })
        }
        Command::Verify { file, key, checkpoint, json } => {
            verify(&file, key.as_deref(), checkpoint.as_deref(), json)
        }
        Command::Checkpoint { data } => runtime::block_on(async move { checkpoint(&data).await }),
        Command::Rebuild { data, check: _, json } => {
            runtime::block_on(async move { rebuild(&data, json).await })
        }
    }
}

async fn open(data: &DataDir) -> anyhow::Result<Store> {
    if !data.data_dir.is_dir() {
        return Err(usage(format!("there is no data folder {}", data.data_dir.display())));
    }
    let config = Config::load(&data.data_dir)?;
    open_store(&data.data_dir, &config, system::clock(), system::chance()).await
}

async fn export(data: &DataDir, request: Option<&str>, out: &Path) -> anyhow::Result<ExitCode> {
    let store = open(data).await?;
    let request = match request {
        Some(text) => Some(find(&store, text).await?),
        None => None,
    };
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(out);
    let file = file.with_context(|| format!("failed to make {}", out.display()))?;
    let mut output = BufWriter::new(file);
    match request {
        None => store.export_log(&mut output).await.context("failed to export the log")?,
        Some(id) => {
            let is_there = store.export_request_log(id, &mut output).await;
            if !is_there.context("failed to export the log of the request")? {
                bail!("the request has no log");
            }
        }
    }
    let file = output.into_inner().context("failed to write the export")?;
    file.sync_all().context("failed to write the export")?;
    Output::stdout().line(&format!("Wrote {}\nPublic key  {}", out.display(), store.public_key()))?;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn find(store: &Store, text: &str) -> anyhow::Result<RequestId> {
    let reference: Reference =
        text.parse().map_err(|_| usage(format!("{text} is not a reference such as HB-7K3M-9QXD")))?;
    let filter = Filter { search: Some(Search::Reference(reference)), ..Filter::default() };
    let mut read = store.read().await?;
    let page = read.list(&filter, Paging::default(), &Scope::Everything).await?;
    page.rows.first().map(|row| row.id).with_context(|| format!("there is no request {text}"))
}

fn verify(file: &Path, key: Option<&str>, checkpoint: Option<&Path>, json: bool) -> anyhow::Result<ExitCode> {
    let key: Option<PublicKey> = key
        .map(|text| text.parse().map_err(|_| usage("the key is not one of an installation")))
        .transpose()?;
    let is_key_given = key.is_some();
    let checkpoint = checkpoint.map(read_checkpoint).transpose()?;
    let input = File::open(file).with_context(|| format!("failed to open {}", file.display()))?;
    let report = check_export(&mut BufReader::new(input), Expected { key, checkpoint })
        .with_context(|| format!("failed to read {}", file.display()))?;
    if json {
        print_json(&report)?;
    } else {
        print(&report, is_key_given)?;
    }
    Ok(if report.is_intact() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_checkpoint(file: &Path) -> anyhow::Result<Checkpoint> {
    let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    text.parse().map_err(|_| usage(format!("{} holds no checkpoint", file.display())))
}

fn print_json(report: &Report) -> anyhow::Result<()> {
    let findings: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            json!({ "tampering": finding.tampering.as_str(), "line": finding.line, "what": finding.what })
        })
        .collect();
    Output::stdout().json(&json!({
        "is_intact": report.is_intact(),
        "entries": report.entries,
        "chains": report.chains,
        "pruned": report.pruned,
        "checkpoints": report.checkpoints,
        "key": report.key,
        "findings": findings,
    }))
}

fn print(report: &Report, is_key_given: bool) -> anyhow::Result<()> {
    let mut out = Output::stdout();
    out.line(&format!(
        "{} entries of {} chains, {} of them pruned; {} checkpoints",
        report.entries, report.chains, report.pruned, report.checkpoints
    ))?;
    for finding in &report.findings {
        out.toned(Tone::Bad, &finding.to_string())?;
    }
    if !report.is_intact() {
        return out.toned(Tone::Bad, "The log is not as it was written.");
    }
    out.toned(Tone::Good, "The log is as it was written.")?;
    if let Some(key) = report.key.as_ref().filter(|_| !is_key_given) {
        out.toned(Tone::Warning, "Compare this key with the published one, or give that one with --key:")?;
        out.line(&format!("  {key}"))?;
    }
    Ok(())
}

async fn checkpoint(data: &DataDir) -> anyhow::Result<ExitCode> {
    let store = open(data).await?;
    while store.sequence(store.now()).await?.is_some() {}
    let note = store.read().await?.latest_checkpoint().await?;
    let mut out = Output::stdout();
    match note {
        Some(note) => out.put(note.as_bytes())?,
        None => crate::output::note("nothing is in the log yet"),
    }
    out.flush()?;
    crate::output::note(&format!("public key {}", store.public_key()));
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn rebuild(data: &DataDir, json: bool) -> anyhow::Result<ExitCode> {
    let store = open(data).await?;
    let (count, found) = store.check_rows(&fold).await.context("failed to compare the lists with the log")?;
    let mut out = Output::stdout();
    if json {
        let differing: Vec<_> =
            found.iter().map(|it| json!({ "request": it.id.to_string(), "differs": it.what })).collect();
        out.json(&json!({ "requests": count, "differing": differing }))?;
    } else {
        out.line(&format!("{count} requests, {} differ from their log", found.len()))?;
        for divergence in &found {
            out.toned(Tone::Bad, &format!("{}: {}", divergence.id, divergence.what.join(", ")))?;
        }
    }
    store.close().await;
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn fold(id: RequestId, entries: &[Entry]) -> Option<RequestRow> {
    Request::replay(id, entries).ok().map(|request| request.project())
}
