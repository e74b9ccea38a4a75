//! What was measured, next to what must be reached.

use std::io::{self, Write as _};

use anyhow::Context as _;

/// Prints a line.
pub(crate) fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("failed to print")
}

/// All figures of a run.
#[derive(Default)]
pub(crate) struct Figures {
    missed: Vec<String>,
}

impl Figures {
    /// Prints a figure with its limit, and remembers it where the largest value is above.
    pub(crate) fn add(&mut self, what: &str, unit: &str, values: &[f64], limit: f64) -> anyhow::Result<()> {
        let most = values.iter().copied().fold(0.0, f64::max);
        let verdict = if values.is_empty() {
            "not measured"
        } else if most <= limit {
            "reached"
        } else {
            "missed"
        };
        if verdict != "reached" {
            self.missed.push(format!("{what}: {verdict}"));
        }
        say(&format!(
            "  {what:58} median {:8.1}  most {most:8.1} {unit:2}  limit {limit:6.0}  n {:3}  {verdict}",
            median(values),
            values.len()
        ))
    }

    /// Prints a figure nothing is demanded of.
    pub(crate) fn note(what: &str, unit: &str, values: &[f64]) -> anyhow::Result<()> {
        let most = values.iter().copied().fold(0.0, f64::max);
        say(&format!(
            "  {what:58} median {:8.1}  most {most:8.1} {unit:2}                n {:3}",
            median(values),
            values.len()
        ))
    }

    /// Fails where a limit was missed.
    pub(crate) fn end(self) -> anyhow::Result<()> {
        anyhow::ensure!(self.missed.is_empty(), "missed: {}", self.missed.join("; "));
        Ok(())
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}
