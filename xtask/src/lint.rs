//! Everything that is checked without running the code.

use crate::process::{self, cargo, say};
use crate::{licences, tidy};

/// Checks form, lints, tidy rules and what is known about dependencies. The quick checks come first.
pub(crate) fn run() -> anyhow::Result<()> {
    process::run(cargo()?.args(["fmt", "--all", "--check"]))?;
    tidy::run(false)?;
    licences::run()?;
    process::run(cargo()?.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))?;
    say("Nothing to complain about.");
    Ok(())
}
