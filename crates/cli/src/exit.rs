//! What the process exits with, and how an error is told.

use std::process::ExitCode;

use crate::output;

/// The work is done, but something is unexplained: a source failed, or a gap has no account.
pub(crate) fn unexplained() -> ExitCode {
    ExitCode::from(3)
}

/// What was asked for makes no sense: the arguments are wrong in a way only the command can see.
#[derive(Debug)]
struct Usage(String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// Makes an error that ends the process with 2 instead of 1.
pub(crate) fn usage(message: impl Into<String>) -> anyhow::Error {
    Usage(message.into()).into()
}

/// Tells an error on standard error, once, as a chain of reasons.
pub(crate) fn failed(problem: &anyhow::Error) -> ExitCode {
    output::note(&format!("habeas: {problem:#}"));
    if problem.chain().any(<dyn std::error::Error + 'static>::is::<Usage>) {
        ExitCode::from(2)
    } else {
        ExitCode::FAILURE
    }
}

/// Shows what clap has to say: help and version on standard output, complaints on standard error.
pub(crate) fn usage_shown(problem: &clap::Error) -> ExitCode {
    // A reader who is gone has seen enough.
    let _ = problem.print();
    u8::try_from(problem.exit_code()).map_or(ExitCode::from(2), ExitCode::from)
}
