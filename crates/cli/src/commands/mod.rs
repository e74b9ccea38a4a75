//! The list of commands. Each file holds `Args` (whose doc comment is the help text) and `run`.

mod calendar;
mod collect;
mod dataset;
mod deadline;
mod demo;
mod doctor;
mod erase;
mod flow;
mod law;
mod log;
mod package;
mod process_document;
mod rectify;
mod report;
mod serve;
mod source;

use std::process::ExitCode;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Calendar(calendar::Args),
    Collect(collect::Args),
    Dataset(dataset::Args),
    Deadline(deadline::Args),
    Demo(demo::Args),
    Doctor(doctor::Args),
    Erase(erase::Args),
    Flow(flow::Args),
    Law(law::Args),
    Log(log::Args),
    Package(package::Args),
    ProcessDocument(process_document::Args),
    Report(report::Args),
    Rectify(rectify::Args),
    Serve(serve::Args),
    Source(source::Args),
}

impl Command {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Calendar(args) => calendar::run(args),
            Self::Collect(args) => collect::run(&args),
            Self::Dataset(args) => dataset::run(args),
            Self::Deadline(args) => deadline::run(&args),
            Self::Demo(args) => demo::run(args),
            Self::Doctor(args) => doctor::run(&args),
            Self::Erase(args) => erase::run(args),
            Self::Flow(args) => flow::run(args),
            Self::Law(args) => law::run(args),
            Self::Log(args) => log::run(args),
            Self::Package(args) => package::run(args),
            Self::ProcessDocument(args) => process_document::run(&args),
            Self::Report(args) => report::run(args),
            Self::Rectify(args) => rectify::run(&args),
            Self::Serve(args) => serve::run(args),
            Self::Source(args) => source::run(args),
        }
    }
}
