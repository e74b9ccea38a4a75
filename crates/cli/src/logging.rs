//! Where logs go: standard error, as text for people or JSON lines for machines.
//!
//! Standard output belongs to what a command was asked for.

use std::io::{self, IsTerminal as _};

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

/// How much is logged and in which form.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What is logged: a level (error, warn, info, debug, trace), or a level for each target
    #[arg(
        long,
        global = true,
        env = "HABEAS_LOG",
        default_value = "warn",
        value_name = "FILTER",
        help_heading = "Logging"
    )]
    log: String,

    /// The form of a log line
    #[arg(
        long,
        global = true,
        env = "HABEAS_LOG_FORMAT",
        default_value = "text",
        value_name = "FORMAT",
        help_heading = "Logging"
    )]
    log_format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// One line of text
    Text,
    /// One JSON object a line
    Json,
}

/// Starts logging for the whole process.
pub(crate) fn start(args: &Args) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&args.log)
        .map_err(|_| crate::exit::usage("the log filter is a level, or target=level separated by commas"))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    match args.log_format {
        Format::Text => builder.try_init(),
        Format::Json => builder.json().try_init(),
    }
    .map_err(|problem| anyhow::anyhow!(problem))
    .context("failed to start logging")
}
