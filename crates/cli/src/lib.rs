//! The commands of the `habeas` binary, one file each.
//!
//! Exit codes are a promise to scripts: 0 done, 1 failed, 2 wrong usage, 3 done but something stays
//! unexplained (a source that failed, a gap nobody has accounted for). An error is printed once, here.

mod commands;
pub mod config;
pub mod demo;
mod exit;
pub mod installation;
mod logging;
mod output;
mod process;
mod runtime;
pub mod server;
mod system;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser};

/// Answers data subject requests: takes them in, finds the person's data, answers on time.
#[derive(Debug, Parser)]
#[command(name = "habeas", version, max_term_width = 100, subcommand_required = true)]
struct Cli {
    #[command(flatten)]
    logging: logging::Args,

    #[command(subcommand)]
    command: commands::Command,
}

/// Runs the command named by the arguments and returns what the process should exit with.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(problem) => return exit::usage_shown(&problem),
    };
    match logging::start(&cli.logging).and_then(|()| cli.command.run()) {
        Ok(code) => code,
        Err(problem) => exit::failed(&problem),
    }
}

/// Returns the description of all commands, which the reference in `docs/` is made from.
pub fn command() -> clap::Command {
    Cli::command()
}
