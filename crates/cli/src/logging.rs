//! Where logs go: standard error, as text for people or JSON lines for machines.
//!
//! Standard output belongs to what a command was asked for.

use std::io::{self, IsTerminal as _, Write};

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
    let is_coloured = io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(move || OneLine { to: io::stderr(), is_coloured })
        .with_ansi(is_coloured);
    match args.log_format {
        Format::Text => builder.try_init(),
        Format::Json => builder.json().try_init(),
    }
    .map_err(|problem| anyhow::anyhow!(problem))
    .context("failed to start logging")
}

/// Keeps each entry on one line: a line break in what a person or another system said would pass for an entry
/// of its own (ASVS 16.4.1).
struct OneLine<W> {
    to: W,
    /// Whether entries have colours, which are control characters, too.
    is_coloured: bool,
}

impl<W: Write> Write for OneLine<W> {
    /// Takes one whole entry, as the subscriber writes it.
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(entry);
        self.to.write_all(one_line(&text, self.is_coloured).as_bytes())?;
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn one_line(entry: &str, is_coloured: bool) -> String {
    let (body, end) = entry.strip_suffix('\n').map_or((entry, ""), |body| (body, "\n"));
    let mut line = String::with_capacity(entry.len());
    for c in body.chars() {
        let is_kept = c == '\t' || (c == '\u{1b}' && is_coloured);
        if is_kept || !(c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            line.push(c);
        } else {
            line.extend(c.escape_default());
        }
    }
    line.push_str(end);
    line
}

#[cfg(test)]
mod tests;
