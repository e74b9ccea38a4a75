//! `habeas demo`: a made-up organisation with two systems and some hundreds of people, ready to try.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::config::Config;
use crate::demo;
use crate::installation::Installation;
use crate::output::{Output, Tone};
use crate::runtime;
use crate::server::{self, Shows};
use crate::system;

/// Starts a made-up organisation to try everything with
///
/// Two source databases with some hundreds of made-up people are written, the portal and the console start
/// on this machine, and mails are shown in the console's outbox instead of being sent. Everything is gone
/// when it stops, unless --data-dir says where to keep it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  habeas demo
  habeas demo --data-dir ./demo --listen 127.0.0.1:9000")]
pub(crate) struct Args {
    /// The folder to keep everything in; default: a temporary one
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,

    /// The address and port to listen on
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    // Kept until the end, and gone then; where a folder is named, nothing is made elsewhere.
    let temporary = if args.data_dir.is_some() {
        None
    } else {
        let made = tempfile::Builder::new().prefix("habeas-demo-").tempdir();
        Some(made.context("failed to make a temporary folder")?)
    };
    let own = temporary.as_ref().map(|folder| folder.path().to_owned());
    let data_dir = args.data_dir.or(own).unwrap_or_default();
    runtime::block_on(async move {
        let listener = bind(&args.listen).await?;
        let mut config = Config::load(&data_dir)?;
        config.server.listen = listener.local_addr()?.to_string();
        prepare(&data_dir)?;
        let installation = Installation::open(&data_dir, config, system::clock(), system::chance()).await?;
        let link = server::first_link(&installation.store, &installation.addresses).await?;
        tell(&installation, link.as_deref())?;
        server::serve(installation, listener, Shows { outbox: true }).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Takes another free port where the usual one is taken: a demonstration should start at once.
async fn bind(listen: &str) -> anyhow::Result<TcpListener> {
    match (TcpListener::bind(listen).await, listen.rsplit_once(':')) {
        (Ok(listener), _) => Ok(listener),
        (Err(_), Some((host, "8080"))) => server::bind(&format!("{host}:0")).await,
        (Err(_), _) => server::bind(listen).await,
    }
}

/// Writes the source databases, the definitions and the connections where they are missing.
fn prepare(data_dir: &Path) -> anyhow::Result<()> {
    crate::installation::Folder::ensure(data_dir)?;
    if data_dir.join("connections.toml").exists() {
        return Ok(());
    }
    demo::write(data_dir)
}

fn tell(installation: &Installation, link: Option<&str>) -> anyhow::Result<()> {
    let addresses = &installation.addresses;
    let mut out = Output::stdout();
    out.toned(Tone::Strong, "Habeas runs with a made-up organisation.")?;
    out.line("")?;
    out.line(&format!("  Portal   {}/", addresses.portal))?;
    out.line(&format!("  Console  {}/console", addresses.console))?;
    out.line(&format!("  Outbox   {}/console/outbox", addresses.console))?;
    if let Some(link) = link {
        out.line("")?;
        out.line("  Sign in to the console with this link (works once, for 24 hours):")?;
        out.line(&format!("  {link}"))?;
    }
    out.line("")?;
    out.line("Ask for a copy of your data as anabelle.deleon@email.com; the code comes to the outbox.")?;
    out.line("Stop with Ctrl-C.")
}
