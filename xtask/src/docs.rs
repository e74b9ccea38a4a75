//! Writes the generated reference pages.
//!
//! The pages are made by the test that also checks them, so that they can't drift from the binary: with
//! the variable set it writes instead of comparing.

use crate::process::{self, cargo};

/// Writes the reference of the commands.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut test = cargo()?;
    test.args(["test", "--quiet", "-p", "habeas-cli", "--test", "it", "reference::"]);
    process::run(test.env("HABEAS_WRITE_DOCS", "1"))
}
