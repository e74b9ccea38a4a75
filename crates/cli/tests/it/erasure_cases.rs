//! Recorded erasures of another program that reads the same dataset format: which rows changed, and how. Ours must
//! change the same rows in the same way, and nothing else.
//!
//! Each `fixtures/erasure-cases/NAME.json` stands beside its `NAME.dataset.yml`; all are found by themselves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::graph_cases::{mariadb_seed, read};
use crate::support::command::{Ran, Shell};
use crate::support::source::{Source, Tables, sorted};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/erasure-cases")
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(fixtures().join(name)).unwrap()
}

fn cases() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 6, "{names:?}");
    names
}

/// The rows that are only before, and those that are only after, by table.
pub(crate) fn changes(before: &Tables, after: &Tables) -> BTreeMap<String, (Vec<String>, Vec<String>)> {
    let only = |some: &[String], others: &[String]| {
        let mut others = others.to_vec();
        let is_new = |row: &&String| match others.iter().position(|other| other == *row) {
            Some(place) => {
                others.remove(place);
                false
            }
            None => true,
        };
        some.iter().filter(is_new).cloned().collect::<Vec<_>>()
    };
    let change = |(name, rows): (&String, &Vec<String>)| {
        let change = (only(rows, &after[name]), only(&after[name], rows));
        (change != (Vec::new(), Vec::new())).then(|| (name.clone(), change))
    };
    before.iter().filter_map(change).collect()
}

pub(crate) fn shell(dataset: &str, policy: &str, url: &str, grant: &str) -> Shell {
    let shell = Shell::new();
    shell.write("datasets/shop.yml", dataset);
    shell.write("policy.yml", policy);
    let name = "postgres_example_test_dataset";
    shell.write("connections.toml", &format!("[{name}]\nurl = \"{url}\"\ngrant = {grant}\n"));
    shell
}

pub(crate) fn erase(shell: &Shell, what: &str, identities: &[&str], more: &[&str]) -> Ran {
    let mut args = vec!["erase", what, "--datasets", "datasets", "--connections", "connections.toml"];
    args.extend(["--policy", "policy.yml", "--json"]);
    for identity in identities {
        args.extend(["--identity", identity]);
    }
    args.extend(more);
    shell.run(&args)
}

async fn check(name: &str, source: &Source) {
    let case: Value = serde_json::from_str(&fixture(&format!("{name}.json"))).unwrap();
    let grant = match case["connection_access"].as_str().unwrap() {
        "read" => "[\"read\"]",
        _ => "[\"read\", \"write\"]",
    };
    let dataset = fixture(&format!("{name}.dataset.yml"));
    let shell = shell(&dataset, &case["policy"].to_string(), &source.url(), grant);
    let identities: Vec<String> = case["identity"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(kind, value)| format!("{kind}={}", value.as_str().unwrap()))
        .collect();
    let identities: Vec<&str> = identities.iter().map(String::as_str).collect();

    let before = source.tables().await;
    let planned = erase(&shell, "plan", &identities, &[]);
    assert_eq!(planned.code, 0, "{name}: {}", planned.stderr);
    assert_eq!(source.tables().await, before, "{name}: a plan changes nothing");

    let ran = erase(&shell, "run", &identities, &["--yes"]);
    assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["verification"], json!({ "residue": [] }), "{name}");
    let after = source.tables().await;
    let expected: BTreeMap<String, (Vec<String>, Vec<String>)> = case["expected"]["row_changes"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(table, change)| {
            let rows = |key: &str| sorted(change[key].as_array().unwrap().iter().map(Value::to_string));
            (table.clone(), (rows("rows_before"), rows("rows_after")))
        })
        .collect();
    assert_eq!(changes(&before, &after), expected, "{name}");

    let again = erase(&shell, "run", &identities, &["--yes"]);
    assert_eq!((again.code, source.tables().await), (0, after), "{name}: erasing again changes nothing");
    assert_eq!(erase(&shell, "verify", &identities, &[]).code, 0, "{name}");
}

#[tokio::test]
async fn postgresql_changes_the_recorded_rows() {
    for name in cases() {
        check(&name, &Source::postgres(&read("seed.sql")).await).await;
    }
}

#[tokio::test]
async fn sqlite_changes_the_recorded_rows() {
    for name in cases() {
        check(&name, &Source::sqlite(&read("seed.sql")).await).await;
    }
}

#[tokio::test]
async fn mariadb_changes_the_recorded_rows() {
    for name in cases() {
        check(&name, &Source::mariadb(&mariadb_seed()).await).await;
    }
}
