//! `habeas doctor`: looks at an installation and names each problem and its cure.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use habeas_connect::connections::{Connection, Connections};
use habeas_connect::source;
use habeas_core::definition::Catalog;
use serde::Serialize;

use crate::config::Config;
use crate::installation::{self, definitions_dir};
use crate::output::{Output, Tone};
use crate::runtime;
use crate::system;

/// Looks at an installation and says what is wrong and what to do
///
/// Reads the configuration, opens the database and its keys, checks that the log, the files and the
/// definitions hold together, and opens every data source. Exits with 1 where something is wrong.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  habeas doctor --data-dir /var/lib/habeas
  habeas doctor --json")]
pub(crate) struct Args {
    /// The folder everything is kept in
    #[arg(long, value_name = "DIR", default_value = "habeas-data")]
    data_dir: PathBuf,

    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    what: String,
    is_well: bool,
    said: String,
}

impl Finding {
    fn new(what: &str, outcome: Result<String, String>) -> Self {
        let is_well = outcome.is_ok();
        Self { what: what.to_owned(), is_well, said: outcome.unwrap_or_else(|said| said) }
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let findings = runtime::block_on(async { Ok(look(&args.data_dir).await) })?;
    let mut out = Output::stdout();
    if args.json {
        out.json(&findings)?;
    } else {
        for finding in &findings {
            let (tone, mark) = if finding.is_well { (Tone::Good, "well") } else { (Tone::Bad, "WRONG") };
            out.toned(tone, &format!("{mark:5}  {}: {}", finding.what, finding.said))?;
        }
    }
    Ok(if findings.iter().all(|finding| finding.is_well) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn look(data_dir: &Path) -> Vec<Finding> {
    if !data_dir.is_dir() {
        let said = format!(
            "{} is not there; `habeas serve` makes it, or name another with --data-dir",
            data_dir.display()
        );
        return vec![Finding::new("data folder", Err(said))];
    }
    let config = match Config::load(data_dir) {
        Ok(config) => config,
        Err(error) => return vec![Finding::new("configuration", Err(format!("{error:#}")))],
    };
    let mut findings = vec![Finding::new("configuration", Ok("read".to_owned()))];
    findings.push(Finding::new("mail", mail(&config)));
    findings.extend(database(data_dir, &config).await);
    findings.extend(sources(data_dir, &config).await);
    findings
}

fn mail(config: &Config) -> Result<String, String> {
    match (&config.mail.url, config.mail.mailer()) {
        (_, Err(error)) => Err(format!("{error:#}")),
        (None, Ok(_)) => {
            Err("no mail server is set, so mails stay in the outbox; set mail.url in habeas.toml".to_owned())
        }
        (Some(_), Ok(_)) => Ok("a mail server is set".to_owned()),
    }
}

async fn database(data_dir: &Path, config: &Config) -> Vec<Finding> {
    let store = match installation::open_store(data_dir, config, system::clock(), system::chance()).await {
        Ok(store) => store,
        Err(error) => return vec![Finding::new("database", Err(format!("{error:#}")))],
    };
    let mut findings = vec![Finding::new("database", Ok("opened, the root key fits".to_owned()))];
    findings.push(Finding::new(
        "log, rows and files",
        match store.verify().await {
            Ok(problems) if problems.is_empty() => Ok("hold together".to_owned()),
            Ok(problems) => Err(problems
                .iter()
                .map(|one| format!("{} {}: {}", one.table, one.id, one.what))
                .collect::<Vec<_>>()
                .join("; ")),
            Err(error) => Err(error.to_string()),
        },
    ));
    findings.push(Finding::new("definitions", definitions(&store, &definitions_dir(data_dir, config)).await));
    findings.push(Finding::new("jobs", jobs(&store).await));
    store.close().await;
    findings
}

async fn definitions(store: &habeas_store::Store, folder: &Path) -> Result<String, String> {
    installation::import(store, folder).await.map_err(|error| format!("{error:#}"))?;
    let mut read = store.read().await.map_err(|error| error.to_string())?;
    let texts = read.list_published_texts().await.map_err(|error| error.to_string())?;
    let count = texts.len();
    Catalog::new(texts)
        .map(|_| format!("{count} published versions hold together"))
        .map_err(|said| said.join("; "))
}

async fn jobs(store: &habeas_store::Store) -> Result<String, String> {
    let mut read = store.read().await.map_err(|error| error.to_string())?;
    let stopped = read.list_stopped_jobs(20).await.map_err(|error| error.to_string())?;
    if stopped.is_empty() {
        return Ok("none waits for a person".to_owned());
    }
    Err(stopped
        .iter()
        .map(|job| format!("{} {}: {}", job.kind, job.id, job.reason))
        .collect::<Vec<_>>()
        .join("; "))
}

async fn sources(data_dir: &Path, config: &Config) -> Vec<Finding> {
    let file = config.connections.clone().unwrap_or_else(|| data_dir.join("connections.toml"));
    if !file.exists() {
        let said = format!("no data source is connected; write {}", file.display());
        return vec![Finding::new("data sources", Err(said))];
    }
    let connections = match Connections::load(&file) {
        Ok(connections) => connections,
        Err(error) => return vec![Finding::new("data sources", Err(error.to_string()))],
    };
    let mut findings = Vec::new();
    for connection in connections.iter() {
        findings
            .push(Finding::new(&format!("data source {}", connection.name), try_source(connection).await));
    }
    findings
}

async fn try_source(connection: &Connection) -> Result<String, String> {
    let told = |error: habeas_connect::Error| error.to_string();
    let connector = source::connector(connection).map_err(told)?;
    let mut snapshot = connector.open().await.map_err(told)?;
    let version = snapshot.version().await.map_err(told)?;
    snapshot.finish().await.map_err(told)?;
    Ok(format!("opened ({version})"))
}
