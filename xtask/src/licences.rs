//! Licences, bans and sources of all dependencies, by the rules in `deny.toml`.
//!
//! The file is in cargo-deny's form, so that tool can be run over it too. It isn't needed here: it brings
//! several hundred crates to build for checks that fit on a page.

mod expression;

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::process::{self, cargo, say};

/// The one place dependencies come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

struct Rules {
    allowed: BTreeSet<String>,
    /// Crates and the further licence each is accepted under.
    exceptions: BTreeSet<(String, String)>,
    banned: BTreeSet<String>,
}

/// Checks every package of the resolved graph.
pub(crate) fn run() -> anyhow::Result<()> {
    let rules = rules().context("failed to read deny.toml")?;
    let mut metadata = cargo()?;
    // Packages for other systems would be downloaded only to be looked at.
    metadata.args([
        "metadata",
        "--format-version=1",
        "--locked",
        "--filter-platform",
        "x86_64-unknown-linux-gnu",
    ]);
    let metadata: Value = serde_json::from_str(&process::read(&mut metadata)?)?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("cargo names no packages")?;
    let complaints: Vec<String> = packages.iter().flat_map(|package| complaints(package, &rules)).collect();
    for complaint in &complaints {
        say(complaint);
    }
    ensure!(complaints.is_empty(), "{} complaints about dependencies", complaints.len());
    say(&format!("{} packages: licences, bans and sources are in order.", packages.len()));
    Ok(())
}

fn rules() -> anyhow::Result<Rules> {
    let text = std::fs::read_to_string(process::root()?.join("deny.toml"))?;
    let file: toml::Table = toml::from_str(&text)?;
    let texts = |value: Option<&toml::Value>| -> BTreeSet<String> {
        let list = value.and_then(toml::Value::as_array).into_iter().flatten();
        list.filter_map(toml::Value::as_str).map(str::to_owned).collect()
    };
    let tables = |section: &str, key: &str| -> Vec<toml::Value> {
        let list = file.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_array);
        list.cloned().unwrap_or_default()
    };
    let name = |table: &toml::Value| table.get("crate").and_then(toml::Value::as_str).map(str::to_owned);
    let exceptions = tables("licenses", "exceptions")
        .iter()
        .flat_map(|table| {
            let name = name(table).unwrap_or_default();
            texts(table.get("allow"))
                .into_iter()
                .map(move |licence| (name.clone(), licence))
                .collect::<Vec<_>>()
        })
        .collect();
    Ok(Rules {
        allowed: texts(file.get("licenses").and_then(|section| section.get("allow"))),
        exceptions,
        banned: tables("bans", "deny").iter().filter_map(name).collect(),
    })
}

fn complaints(package: &Value, rules: &Rules) -> Vec<String> {
    let text = |key: &str| package.get(key).and_then(Value::as_str);
    let (name, version) = (text("name").unwrap_or("?"), text("version").unwrap_or("?"));
    let mut found = Vec::new();
    if rules.banned.contains(name) {
        found.push(format!("{name} {version} is banned"));
    }
    if let Some(source) = text("source")
        && source != REGISTRY
    {
        found.push(format!("{name} {version} comes from {source}"));
    }
    let accepts = |licence: &str| {
        rules.allowed.contains(licence) || rules.exceptions.contains(&(name.to_owned(), licence.to_owned()))
    };
    match text("license") {
        None => found.push(format!("{name} {version} names no licence")),
        Some(licence) if expression::is_met(licence, &accepts) => {}
        Some(licence) => found.push(format!("{name} {version} has the licence {licence}")),
    }
    found
}
