//! Runs a benchmark the way it is meant to be measured: compiled for release, beside a private PostgreSQL.

use anyhow::ensure;

use crate::postgres;
use crate::process::{self, cargo};

/// Runs the benchmark in `bench/NAME`.
pub(crate) fn run(name: &str, args: &[String]) -> anyhow::Result<()> {
    let manifest = process::root()?.join("bench").join(name).join("Cargo.toml");
    ensure!(manifest.is_file(), "there is no benchmark named {name} in bench/");
    let server = postgres::start()?;
    let mut command = cargo()?;
    command.args(["run", "--release", "--manifest-path"]).arg(manifest).arg("--").args(args);
    process::run(command.env(postgres::ADDRESS, server.url()))
}
