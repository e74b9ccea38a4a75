//! The list of commands. Each file holds `Args` (whose doc comment is the help text) and `run`.

mod calendar;
mod dataset;
mod deadline;
mod law;
mod package;

use std::process::ExitCode;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Calendar(calendar::Args),
    Dataset(dataset::Args),
    Deadline(deadline::Args),
    Law(law::Args),
    Package(package::Args),
}

impl Command {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Calendar(args) => calendar::run(args),
            Self::Dataset(args) => dataset::run(args),
            Self::Deadline(args) => deadline::run(&args),
            Self::Law(args) => law::run(args),
            Self::Package(args) => package::run(args),
        }
    }
}
