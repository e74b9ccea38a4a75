//! Migrations never change once they are in: their hashes are pinned beside them.
//!
//! An installation that ran the old text would silently differ from one that runs the new.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use super::Findings;

const FOLDER: &str = "crates/store/migrations";
const HEAD: &str =
    "# SHA-256 of every migration. Written by `cargo xtask tidy --pin`; a line here never changes.\n";

/// Compares all migrations with their pinned hashes; with `pin`, adds hashes for new ones.
pub(super) fn check(root: &Path, pin: bool, findings: &mut Findings) -> anyhow::Result<()> {
    let folder = root.join(FOLDER);
    let mut present = BTreeMap::new();
    collect(&folder, &folder, &mut present)?;
    let file = folder.join("hashes.toml");
    let text = if file.is_file() { std::fs::read_to_string(&file)? } else { String::new() };
    let mut pinned: BTreeMap<String, String> =
        toml::from_str(&text).context("hashes.toml is not a table of texts")?;
    if pin {
        for (name, hash) in &present {
            pinned.entry(name.clone()).or_insert_with(|| hash.clone());
        }
        std::fs::write(&file, written(&pinned))?;
    }
    findings.complaints.extend(complaints(&present, &pinned));
    Ok(())
}

/// Hashes the SQL files of the folder and of the folders in it.
fn collect(top: &Path, folder: &Path, present: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(top, &path, present)?;
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            let name = path.strip_prefix(top)?.to_string_lossy().into_owned();
            present.insert(name, hex::encode(Sha256::digest(std::fs::read(&path)?)));
        }
    }
    Ok(())
}

fn complaints(present: &BTreeMap<String, String>, pinned: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, hash) in present {
        match pinned.get(name) {
            None => found.push(format!("{FOLDER}/{name}: not pinned; run `cargo xtask tidy --pin`")),
            Some(old) if old != hash => {
                found
                    .push(format!("{FOLDER}/{name}: changed after it was pinned; write a further migration"));
            }
            Some(_) => {}
        }
    }
    let gone = pinned.keys().filter(|name| !present.contains_key(*name));
    found.extend(gone.map(|name| format!("{FOLDER}/{name}: pinned and gone; migrations stay")));
    found
}

fn written(pinned: &BTreeMap<String, String>) -> String {
    let mut text = String::from(HEAD);
    for (name, hash) in pinned {
        // Writing to a string can't fail.
        let _ = writeln!(text, "\"{name}\" = \"{hash}\"");
    }
    text
}
