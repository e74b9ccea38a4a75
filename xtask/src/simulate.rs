//! Lives simulated requests: the flows as they are, people who do as they like.

use std::process::Command;

use anyhow::Context as _;

use crate::process::{self, cargo};
use crate::test;

/// How many requests are lived through the real store where nothing else is said.
const LIVES: &str = "2000";

/// Lives a year in memory, or with `--store` through the real store with everything breaking on the way.
pub(crate) fn run(args: &[String]) -> anyhow::Result<()> {
    match args.split_first() {
        Some((first, rest)) if first == "--store" => through_the_store(rest),
        Some(_) | None => in_memory(args),
    }
}

/// It is compiled for release, since it is a hundred thousand lives.
fn in_memory(args: &[String]) -> anyhow::Result<()> {
    let manifest = process::root()?.join("bench").join("year").join("Cargo.toml");
    let mut command = cargo()?;
    command.args(["run", "--quiet", "--release", "--manifest-path"]).arg(manifest).arg("--").args(args);
    process::run(&mut command)
}

/// These are tests, which take how many lives and which seed from variables.
fn through_the_store(args: &[String]) -> anyhow::Result<()> {
    let (mut lives, mut seed) = (LIVES, None);
    let mut left = args.iter();
    while let Some(name) = left.next() {
        let value = left.next().with_context(|| format!("{name} needs a number"))?;
        match name.as_str() {
            "--requests" => lives = value.as_str(),
            "--seed" => seed = Some(value.as_str()),
            other => anyhow::bail!("unknown option {other}: there are --requests and --seed"),
        }
    }
    let filter = ["-p", "habeas-cli", "--no-capture", "-E", "test(random_lives_hold_whatever_breaks)"];
    test::run_with(&filter.map(str::to_owned), |command: &mut Command| {
        command.env("HABEAS_LIVES", lives);
        if let Some(seed) = seed {
            command.env("HABEAS_SEED", seed);
        }
    })
}
