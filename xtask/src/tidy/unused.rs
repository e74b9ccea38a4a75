//! Dependencies nobody uses: declared in a manifest, named in no source file of that crate.
//!
//! A name in a comment passes, so this misses some; what it finds is certain.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use super::Findings;
use super::files::sources;

const SECTIONS: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];

/// Checks the crates' manifests against their sources, and the shared list against the manifests.
pub(super) fn check(root: &Path, findings: &mut Findings) -> anyhow::Result<()> {
    let all = sources(root)?;
    let mut declared = BTreeSet::new();
    for folder in folders(root)? {
        let manifest = read(&root.join(&folder).join("Cargo.toml"))?;
        let prefix = format!("{folder}/");
        let texts: Vec<&str> =
            all.iter().filter(|(path, _)| path.starts_with(&prefix)).map(|(_, text)| text.as_str()).collect();
        let names = declared_in(&manifest);
        findings.complaints.extend(unused(&names, &texts).map(|name| format!("{folder} never uses {name}")));
        declared.extend(names);
    }
    let root_manifest = read(&root.join("Cargo.toml"))?;
    let shared = root_manifest.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    for name in shared.and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys) {
        if !declared.contains(name) {
            findings.complaints.push(format!("Cargo.toml shares {name}, which no crate takes"));
        }
    }
    Ok(())
}

/// Returns the folders of all members of the workspace.
fn folders(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut folders = vec!["xtask".to_owned()];
    for entry in std::fs::read_dir(root.join("crates"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            folders.push(format!("crates/{}", entry.file_name().to_string_lossy()));
        }
    }
    folders.sort();
    Ok(folders)
}

fn read(manifest: &Path) -> anyhow::Result<toml::Table> {
    Ok(toml::from_str(&std::fs::read_to_string(manifest)?)?)
}

fn declared_in(manifest: &toml::Table) -> BTreeSet<String> {
    let tables = SECTIONS.iter().filter_map(|section| manifest.get(*section)?.as_table());
    tables.flat_map(toml::Table::keys).cloned().collect()
}

fn unused<'a>(names: &'a BTreeSet<String>, texts: &'a [&str]) -> impl Iterator<Item = &'a String> {
    names.iter().filter(|name| {
        let word = name.replace('-', "_");
        !texts.iter().any(|text| has_word(text, &word))
    })
}

fn has_word(text: &str, word: &str) -> bool {
    let is_inside = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(start, found)| {
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let after = text.get(start + found.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(is_inside) && !after.is_some_and(is_inside)
    })
}
