//! Lives a simulated year of requests: the flows as they are, people who do as they like.

use crate::process::{self, cargo};

/// Runs the year; it is compiled for release, since it is a hundred thousand lives.
pub(crate) fn run(args: &[String]) -> anyhow::Result<()> {
    let manifest = process::root()?.join("bench").join("year").join("Cargo.toml");
    let mut command = cargo()?;
    command.args(["run", "--quiet", "--release", "--manifest-path"]).arg(manifest).arg("--").args(args);
    process::run(&mut command)
}
