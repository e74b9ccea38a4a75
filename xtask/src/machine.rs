//! What the tests need from the machine, installed where that is possible.
//!
//! As root on Debian the missing packages are installed; anywhere else the sentence that fails the run
//! names them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::{mariadb, postgres, process};

/// A program and the Debian package it comes in.
struct Need {
    package: &'static str,
    is_there: fn() -> bool,
}

const NEEDS: [Need; 8] = [
    Need { package: "postgresql", is_there: || postgres::programs().is_some() },
    Need {
        package: "mariadb-server",
        is_there: || mariadb::program().is_some() && process::lookup("mariadb-install-db").is_some(),
    },
    Need { package: "chromium", is_there: || process::lookup("chromium").is_some() },
    Need { package: "chromium-driver", is_there: || process::lookup("chromedriver").is_some() },
    // Runs the server tests take for MongoDB, which comes from the Python registry.
    Need { package: "python3-venv", is_there: || process::lookup("python3").is_some() },
    Need { package: "npm", is_there: || process::lookup("npm").is_some() },
    // Kills a process at the system call asked for.
    Need { package: "strace", is_there: || process::lookup("strace").is_some() },
    // Opens archives the way people do: nothing of ours checks what ours wrote.
    Need { package: "p7zip-full", is_there: || process::lookup("7z").is_some() },
];

/// Makes sure that everything the tests need is there.
pub(crate) fn ensure_ready() -> anyhow::Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    ensure!(
        is_root()? && process::lookup("apt-get").is_some(),
        "the tests need programs that are missing; install the Debian packages {list} and try again"
    );
    process::run(apt().arg("update")).context("failed to refresh the package lists")?;
    process::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(&missing))?;
    let still = self::missing().join(" ");
    ensure!(still.is_empty(), "installed {list}, and yet the programs of {still} are not there");
    Ok(())
}

fn missing() -> Vec<&'static str> {
    NEEDS.iter().filter(|need| !(need.is_there)()).map(|need| need.package).collect()
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
    apt
}

/// Tells whether this process runs as root, which PostgreSQL refuses to.
pub(crate) fn is_root() -> anyhow::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    let own = Path::new("/proc/self").metadata().context("failed to read /proc/self")?;
    Ok(own.uid() == 0)
}
