//! The rules no compiler knows.
//!
//! Every complaint is collected before the run fails, so that one run shows them all.

mod arrows;
mod files;
mod migrations;
mod unused;

use anyhow::{Context as _, ensure};

use crate::process::{self, say};

/// What was found: complaints fail the run, warnings are only said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    complaints: Vec<String>,
    warnings: Vec<String>,
}

/// Checks all rules; with `pin`, gives a hash to migrations that have none yet.
pub(crate) fn run(pin: bool) -> anyhow::Result<()> {
    let root = process::root()?;
    let mut findings = Findings::default();
    arrows::check(&root, &mut findings).context("failed to read the manifests")?;
    files::check(&root, &mut findings).context("failed to read the files")?;
    migrations::check(&root, pin, &mut findings).context("failed to read the migrations")?;
    unused::check(&root, &mut findings).context("failed to compare manifests and sources")?;
    for warning in &findings.warnings {
        say(&format!("warning: {warning}"));
    }
    for complaint in &findings.complaints {
        say(complaint);
    }
    ensure!(findings.complaints.is_empty(), "{} complaints by tidy", findings.complaints.len());
    say("Tidy.");
    Ok(())
}
