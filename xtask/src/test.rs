//! Runs the tests with the servers they need.
//!
//! nextest runs each test in a process of its own, so servers can't be started by tests: they are started
//! here once, and their addresses are passed in variables. nextest comes last, so that its summary closes
//! the run.

use std::process::Command;

use anyhow::Context as _;

use crate::process::{self, cargo, say};
use crate::{browser, machine, mariadb, mongodb, postgres};

/// Runs all tests, or those that the arguments for nextest choose.
pub(crate) fn run(args: &[String]) -> anyhow::Result<()> {
    run_with(args, |_| ())
}

/// Does so with further variables.
pub(crate) fn run_with(args: &[String], set: impl Fn(&mut Command)) -> anyhow::Result<()> {
    machine::ensure_ready()?;
    let axe = browser::ensure_axe()?;
    let runner = ensure_nextest()?;
    let (postgres, mariadb, mongodb) = (postgres::start()?, mariadb::start()?, mongodb::start()?);
    let with_servers = |command: &mut Command| {
        set(command);
        let command = command.env(postgres::ADDRESS, postgres.url()).env(mariadb::ADDRESS, mariadb.url());
        let command =
            mongodb.iter().fold(command, |command, server| command.env(server.address(), server.url()));
        process::run(command.env(browser::SCRIPT, &axe))
    };
    if args.is_empty() {
        with_servers(cargo()?.args([
            "test",
            "--quiet",
            "--doc",
            "-p",
            "habeas-core",
            "-p",
            "habeas-dataset",
        ]))?;
    }
    let is_narrowed = args.iter().any(|arg| matches!(arg.as_str(), "-p" | "--package" | "--workspace"));
    let scope: &[&str] = if is_narrowed { &[] } else { &["--workspace"] };
    let mut tests = cargo()?;
    match runner {
        Runner::Nextest => tests.args(["nextest", "run"]).args(scope).args(args),
        Runner::Cargo => tests.arg("test").args(scope).args(["--lib", "--bins", "--tests"]).args(args),
    };
    with_servers(&mut tests)?;
    say("All tests passed.");
    Ok(())
}

/// How often `crash` kills a process, on each kind of database.
const KILLS: &str = "250";

/// Kills erasing processes again and again, on each kind of database as often.
pub(crate) fn crash() -> anyhow::Result<()> {
    machine::ensure_ready()?;
    ensure_nextest()?;
    let (postgres, mariadb) = (postgres::start()?, mariadb::start()?);
    let mut tests = cargo()?;
    tests.args(["nextest", "run", "--workspace", "--no-capture", "-E", "test(faults::erasing::)"]);
    let tests = tests.env(postgres::ADDRESS, postgres.url()).env(mariadb::ADDRESS, mariadb.url());
    process::run(tests.env("HABEAS_TEST_KILLS", KILLS))
}

/// Keeps the servers running until Enter, for running single tests from an editor or another shell.
pub(crate) fn servers() -> anyhow::Result<()> {
    machine::ensure_ready()?;
    let axe = browser::ensure_axe()?;
    let (postgres, mariadb, mongodb) = (postgres::start()?, mariadb::start()?, mongodb::start()?);
    say(&format!("export {}='{}'", postgres::ADDRESS, postgres.url()));
    say(&format!("export {}='{}'", mariadb::ADDRESS, mariadb.url()));
    for server in &mongodb {
        say(&format!("export {}='{}'", server.address(), server.url()));
    }
    say(&format!("export {}='{}'", browser::SCRIPT, axe.display()));
    std::io::stdin().read_line(&mut String::new()).context("failed to wait for Enter")?;
    Ok(())
}

enum Runner {
    Nextest,
    Cargo,
}

fn ensure_nextest() -> anyhow::Result<Runner> {
    if process::lookup("cargo-nextest").is_some() {
        return Ok(Runner::Nextest);
    }
    say("cargo-nextest is missing and gets installed; this takes some minutes, once.");
    match process::run(cargo()?.args(["install", "--locked", "cargo-nextest"])) {
        Ok(()) => Ok(Runner::Nextest),
        Err(problem) => {
            say(&format!("cargo-nextest can't be had ({problem:#}); going on with cargo's own runner."));
            Ok(Runner::Cargo)
        }
    }
}
