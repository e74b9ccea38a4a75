//! `habeas process-document`: the organisation's own written process, from its definitions.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use habeas_core::definition::{Catalog, Text};
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::config::Config;
use crate::installation;
use crate::output::Output;
use crate::process::{self, Source};
use crate::{runtime, system};

/// Write the organisation's own process down: channels, identity, dates, contents, refusals, records, contacts
///
/// Made from the definitions, so that it says what is done. Without a server it reads a folder of definitions;
/// with --data-dir it reads what is in force in an installation.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  habeas process-document --definitions definitions/ > process.md
  habeas process-document --data-dir /var/lib/habeas --html > process.html
  habeas process-document --definitions definitions/ --entity northwind --json")]
pub(crate) struct Args {
    /// A folder of definitions: entity.yml, activities/, flows/ and so on
    #[arg(long, value_name = "DIR", conflicts_with = "data_dir", required_unless_present = "data_dir")]
    definitions: Option<PathBuf>,

    /// The data folder of an installation
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,

    /// Which organisation, where there are several
    #[arg(long, value_name = "NAME")]
    entity: Option<String>,

    /// Print HTML
    #[arg(long, conflicts_with = "json")]
    html: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (texts, last_updated) = match (&args.definitions, &args.data_dir) {
        (Some(folder), _) => of_folder(folder)?,
        (None, Some(data_dir)) => runtime::block_on(of_installation(data_dir))?,
        (None, None) => {
            bail!("name a folder of definitions with --definitions, or an installation with --data-dir")
        }
    };
    let version = version(&texts);
    let catalog = match Catalog::new(texts) {
        Ok(catalog) => catalog,
        Err(problems) => bail!("the definitions do not hold together:\n  {}", problems.join("\n  ")),
    };
    let mut entities = catalog.entities();
    let entity = match &args.entity {
        Some(name) => catalog.entity(name).with_context(|| format!("there is no entity {name}"))?,
        None => match (entities.next(), entities.next()) {
            (Some(only), None) => only,
            (None, _) => bail!("there is no entity: write one in entity.yml"),
            (Some(_), Some(_)) => bail!("there are several entities: name one with --entity"),
        },
    };
    let today = system::clock().now().to_zoned(entity.zone.clone()).date();
    let process = process::write(&Source { catalog: &catalog, entity, version, last_updated, today });
    let mut out = Output::stdout();
    if args.json {
        out.json(&process)?;
    } else if args.html {
        out.put(process.html()?.as_bytes())?;
    } else {
        out.put(process.markdown().as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns a version that changes whenever a definition does.
fn version(texts: &[Text]) -> String {
    let mut lines: Vec<String> =
        texts.iter().map(|text| format!("{} {} {}", text.kind.as_str(), text.name, text.hash)).collect();
    lines.sort_unstable();
    lines.dedup();
    hex::encode(Sha256::digest(lines.join("\n"))).chars().take(12).collect()
}

/// Returns the built-in definitions with those of a folder, and the day a file was last changed.
fn of_folder(folder: &Path) -> anyhow::Result<(Vec<Text>, Option<Date>)> {
    if !folder.is_dir() {
        bail!("{} is no folder", folder.display());
    }
    installation::texts_of(folder)
}

/// Returns what was published in an installation, and the day something last was.
async fn of_installation(data_dir: &Path) -> anyhow::Result<(Vec<Text>, Option<Date>)> {
    if !data_dir.is_dir() {
        bail!("{} is no folder", data_dir.display());
    }
    let config = Config::load(data_dir)?;
    let store = installation::open_store(data_dir, &config, system::clock(), system::chance()).await?;
    let mut read = store.read().await?;
    let texts = read.list_published_texts().await?;
    let in_force = read.list_definitions_in_force(None).await?;
    let latest = in_force.iter().filter_map(|definition| definition.published_at).max();
    drop(read);
    store.close().await;
    Ok((texts, latest.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date())))
}
