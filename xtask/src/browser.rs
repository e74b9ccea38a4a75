//! What browser tests need beyond Chromium: the accessibility rules of axe-core.
//!
//! axe-core (MPL-2.0) is fetched from the npm registry into the build folder and only ever run by tests;
//! no part of it is in the binary or in this repository.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::process;

/// The variable tests read the path of the script from.
pub(crate) const SCRIPT: &str = "HABEAS_TEST_AXE";

/// The version whose rules pages are held to.
const VERSION: &str = "4.14.1";

/// Returns the path of the script, fetched if it isn't there yet.
pub(crate) fn ensure_axe() -> anyhow::Result<PathBuf> {
    let folder = process::build_folder()?.join("tools").join(format!("axe-core-{VERSION}"));
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if script.is_file() {
        return Ok(script);
    }
    std::fs::create_dir_all(&folder).context("failed to make a folder for axe-core")?;
    process::run(
        Command::new("npm")
            .args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
            .arg(&folder)
            .arg(format!("axe-core@{VERSION}")),
    )?;
    ensure!(script.is_file(), "npm installed axe-core without its script");
    Ok(script)
}
