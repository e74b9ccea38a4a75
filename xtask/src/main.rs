//! Project tasks, run as `cargo xtask TASK`.
//!
//! One place for what developers and CI do, so that both do the same. Few dependencies: this is built
//! before anything else.

mod bench;
mod browser;
mod docs;
mod licences;
mod lint;
mod machine;
mod mariadb;
mod mongodb;
mod postgres;
mod process;
mod simulate;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Project tasks")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Runs all tests, with the private servers they need; arguments after -- go to nextest
    Test {
        /// Passed on to nextest, such as a filter or `-p habeas-store`
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Starts the private servers, prints their addresses as shell exports and keeps them until Enter
    Servers,
    /// Checks form, lints, tidy rules, licences and sources
    Lint,
    /// Checks the rules no compiler knows: crate arrows, file length and heads, pinned migrations
    Tidy {
        /// Pins migrations that have no hash yet
        #[arg(long)]
        pin: bool,
    },
    /// Runs a benchmark in release form
    Bench {
        /// The benchmark, a folder in bench/
        name: String,
        /// Passed on to the benchmark
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Lives a simulated year of requests and checks what must hold of each
    Simulate {
        /// Such as `--requests 1000 --seed 7`; with `--store` first through the real store, with faults
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Kills erasing processes 500 times and looks at what each leaves
    Crash,
    /// Writes the generated reference pages anew
    Docs,
    /// Does all that CI does: lint, then test
    Ci,
}

fn main() -> ExitCode {
    match run(&Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            process::say(&format!("xtask: {problem:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(task: &Task) -> anyhow::Result<()> {
    match task {
        Task::Test { args } => test::run(args),
        Task::Servers => test::servers(),
        Task::Lint => lint::run(),
        Task::Tidy { pin } => tidy::run(*pin),
        Task::Bench { name, args } => bench::run(name, args),
        Task::Simulate { args } => simulate::run(args),
        Task::Crash => test::crash(),
        Task::Docs => docs::run(),
        Task::Ci => lint::run().and_then(|()| test::run(&[])),
    }
}
