//! Runs a benchmark the way it is meant to be measured: compiled for release.

use anyhow::ensure;

use crate::process::{self, cargo};

/// Runs the benchmark in `bench/NAME`.
pub(crate) fn run(name: &str, args: &[String]) -> anyhow::Result<()> {
    let manifest = process::root()?.join("bench").join(name).join("Cargo.toml");
    ensure!(manifest.is_file(), "there is no benchmark named {name} in bench/");
    process::run(cargo()?.args(["run", "--release", "--manifest-path"]).arg(manifest).arg("--").args(args))
}
