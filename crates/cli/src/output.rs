//! What commands print.
//!
//! Text from sources can hold terminal escapes, so control characters never reach the terminal. A reader
//! who closes the pipe (`habeas … | head`) doesn't stop the work: what is left is swallowed. Colours and
//! progress bars appear on terminals only.

mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write};

use anyhow::Context as _;
use serde::Serialize;

pub(crate) use table::Table;

/// How a line or a cell is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Strong,
    Good,
    Warning,
    Bad,
    Quiet,
}

impl Tone {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Good => "32",
            Self::Warning => "33",
            Self::Bad => "31",
            Self::Quiet => "2",
        }
    }
}

/// Standard output, or anything that stands in for it.
pub(crate) struct Output {
    to: Box<dyn Write>,
    has_colour: bool,
    is_closed: bool,
}

impl Output {
    /// Opens standard output.
    pub(crate) fn stdout() -> Self {
        let stdout = io::stdout();
        let has_colour = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        Self { to: Box::new(io::BufWriter::new(stdout)), has_colour, is_closed: false }
    }

    /// Prints a line.
    pub(crate) fn line(&mut self, text: &str) -> anyhow::Result<()> {
        self.toned(Tone::Plain, text)
    }

    /// Prints a line in a tone.
    pub(crate) fn toned(&mut self, tone: Tone, text: &str) -> anyhow::Result<()> {
        let line = format!("{}\n", paint(tone, &clean(text), self.has_colour));
        self.put(line.as_bytes())?;
        self.flush()
    }

    /// Prints a table with its columns aligned.
    pub(crate) fn table(&mut self, table: &Table) -> anyhow::Result<()> {
        let text = table.render(self.has_colour);
        self.put(text.as_bytes())?;
        self.flush()
    }

    /// Prints a value as indented JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(value).context("failed to write JSON")?;
        self.put(text.as_bytes())?;
        self.put(b"\n")?;
        self.flush()
    }

    /// Prints bytes exactly as they are, for what a machine reads.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let written = self.to.write_all(bytes);
        self.settle(written)
    }

    /// Hands over what is still buffered.
    pub(crate) fn flush(&mut self) -> anyhow::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let flushed = self.to.flush();
        self.settle(flushed)
    }

    fn settle(&mut self, result: io::Result<()>) -> anyhow::Result<()> {
        match result {
            Err(problem) if problem.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            other => other.context("failed to print"),
        }
    }
}

/// Tells people something on standard error, beside what was asked for.
pub(crate) fn note(text: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(io::stderr(), "{}", clean(text));
}

/// Replaces control characters, line breaks and tabs excepted, and the marks that turn text around.
fn clean(text: &str) -> Cow<'_, str> {
    let is_unsafe = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(is_unsafe) {
        Cow::Owned(text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn paint(tone: Tone, text: &str, has_colour: bool) -> String {
    let code = tone.code();
    if has_colour && !code.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}
