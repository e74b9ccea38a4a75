//! Which crate may use which, read from the manifests.
//!
//! The table is the one in ARCHITECTURE.md. An arrow that isn't in it is how a pure crate starts doing
//! I/O or a page starts talking to a connector.

#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::Context as _;

use super::Findings;

const ARROWS: [(&str, &[&str]); 11] = [
    ("core", &[]),
    ("dataset", &["core"]),
    ("redact", &["core"]),
    ("render", &["core"]),
    ("store", &["core"]),
    ("testkit", &["core"]),
    ("connect", &["core", "dataset"]),
    ("engine", &["core", "dataset", "connect", "redact", "render", "store"]),
    ("web", &["core", "dataset", "store", "render"]),
    ("cli", &["core", "dataset", "connect", "redact", "render", "store", "engine", "web"]),
    ("xtask", &[]),
];

/// Checks the manifests of all crates.
pub(super) fn check(root: &Path, findings: &mut Findings) -> anyhow::Result<()> {
    let mut manifests = vec![("xtask".to_owned(), root.join("xtask/Cargo.toml"))];
    for entry in std::fs::read_dir(root.join("crates"))? {
        let entry = entry?;
        let manifest = entry.path().join("Cargo.toml");
        if manifest.is_file() {
            manifests.push((entry.file_name().to_string_lossy().into_owned(), manifest));
        }
    }
    for (crate_name, manifest) in manifests {
        let text = std::fs::read_to_string(&manifest)?;
        let manifest: toml::Table =
            toml::from_str(&text).with_context(|| format!("the manifest of {crate_name} is not TOML"))?;
        findings.complaints.extend(complaints(&crate_name, &manifest));
    }
    Ok(())
}

fn complaints(crate_name: &str, manifest: &toml::Table) -> Vec<String> {
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == crate_name) else {
        return vec![format!("crates/{crate_name} is not in the table of crates and arrows")];
    };
    let mut found = Vec::new();
    for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
        let Some(section_table) = manifest.get(section).and_then(toml::Value::as_table) else { continue };
        for other in section_table.keys().filter_map(|key| key.strip_prefix("habeas-")) {
            let is_test_help = section == "dev-dependencies" && (other == "testkit" || other == crate_name);
            if !is_test_help && !allowed.contains(&other) {
                found.push(format!("{crate_name} may not use {other} ({section})"));
            }
        }
    }
    found
}
