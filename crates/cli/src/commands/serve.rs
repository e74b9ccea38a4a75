//! `habeas serve`: portal, console and jobs in one process.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::config::Config;
use crate::installation::Installation;
use crate::output::Output;
use crate::runtime;
use crate::server::{self, Shows};
use crate::system;

/// Serves portal and console and runs the jobs, all in one process
///
/// Without any configuration everything is kept in the data folder: an SQLite database, the keys, the
/// sealed files. Mails stay in the outbox until [mail] in habeas.toml names a mail server.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  habeas serve --data-dir /var/lib/habeas
  habeas serve --data-dir ./data --listen 0.0.0.0:8080")]
pub(crate) struct Args {
    /// The folder everything is kept in; made where it is missing
    #[arg(long, value_name = "DIR", default_value = "habeas-data")]
    data_dir: PathBuf,

    /// The address and port to listen on
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    runtime::block_on(async move {
        let mut config = Config::load(&args.data_dir)?;
        let listener = server::bind(args.listen.as_deref().unwrap_or(&config.server.listen)).await?;
        config.server.listen = listener.local_addr()?.to_string();
        let installation =
            Installation::open(&args.data_dir, config, system::clock(), system::chance()).await?;
        let link = server::first_link(&installation.store, &installation.addresses).await?;
        let mut out = Output::stdout();
        out.line(&format!("Portal   {}/", installation.addresses.portal))?;
        out.line(&format!("Console  {}/console", installation.addresses.console))?;
        if let Some(link) = link {
            out.line("Nobody has an account yet. Make the first one here (works once, for 24 hours):")?;
            out.line(&format!("  {link}"))?;
        }
        server::serve(installation, listener, Shows::default()).await?;
        Ok(ExitCode::SUCCESS)
    })
}
