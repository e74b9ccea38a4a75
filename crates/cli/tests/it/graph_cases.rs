//! Recorded cases of another program that reads the same dataset format: one database, many datasets,
//! policies and people, and what each gave. Ours must give the same rows.
//!
//! Each `fixtures/graph-cases/NAME.json` stands beside its `NAME.dataset.yml`; all are found by themselves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

use crate::support::command::{Ran, Shell};
use crate::support::source::Source;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/graph-cases")
}

pub(crate) fn read(name: &str) -> String {
    std::fs::read_to_string(fixtures().join(name)).unwrap()
}

fn cases() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 5, "{names:?}");
    names
}

/// Rows by collection, each row's values in a form that tells the same of the same: numbers by value,
/// moments without the letter between date and time.
type Rows = BTreeMap<String, Vec<String>>;

fn rows(package: &Value) -> Rows {
    let mut all = Rows::new();
    for (name, rows) in package.as_object().unwrap() {
        let mut rows: Vec<String> =
            rows.as_array().unwrap().iter().map(|row| plain(row).to_string()).collect();
        rows.sort();
        if !rows.is_empty() {
            all.insert(name.clone(), rows);
        }
    }
    all
}

pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, Value> =
                fields.iter().map(|(name, value)| (name, plain(value))).collect();
            serde_json::to_value(sorted).unwrap()
        }
        Value::Array(values) => values.iter().map(plain).collect(),
        // SQLite has no truth values of its own.
        Value::Bool(truth) => Value::from(f64::from(u8::from(*truth))),
        Value::Number(number) => Value::from(number.as_f64().unwrap()),
        Value::String(text) if text.len() == 19 && text.as_bytes()[4] == b'-' => {
            Value::from(text.replace(' ', "T"))
        }
        Value::String(_) | Value::Null => value.clone(),
    }
}

fn collect(case: &Value, name: &str, url: &str) -> Ran {
    let shell = Shell::new();
    shell.write("datasets/shop.yml", &read(&format!("{name}.dataset.yml")));
    shell.write("policy.json", &case["policy"].to_string());
    shell.write("connections.toml", &format!("[postgres_example_test_dataset]\nurl = \"{url}\"\n"));
    let mut args = vec!["collect", "--datasets", "datasets", "--connections", "connections.toml", "--json"];
    args.extend(["--policy", "policy.json"]);
    let identities: Vec<String> = case["identity"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(kind, value)| format!("{kind}={}", value.as_str().unwrap()))
        .collect();
    for identity in &identities {
        args.extend(["--identity", identity]);
    }
    shell.run(&args)
}

fn check(name: &str, url: &str) {
    let case: Value = serde_json::from_str(&read(&format!("{name}.json"))).unwrap();
    let ran = collect(&case, name, url);
    let expected = &case["expected"];
    if expected["status"] == "error" {
        assert_eq!(ran.code, 1, "{name}: {}", ran.stderr);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{name}: {}", ran.stderr);
        return;
    }
    assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(rows(&document["subjects"][0]["records"]), rows(&expected["access_package"]), "{name}");
    for coverage in document["subjects"][0]["coverage"].as_array().unwrap() {
        assert_eq!(coverage["outcome"], "searched", "{name}: {coverage}");
        assert!(coverage["as_of"].is_string(), "{name}: {coverage}");
    }
}

#[tokio::test]
async fn postgresql_gives_the_recorded_rows() {
    let database = habeas_testkit::postgres::fresh_database().await;
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(read("seed.sql")))).await.unwrap();
    for name in cases() {
        check(&name, database.url());
    }
}

#[tokio::test]
async fn sqlite_gives_the_recorded_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.db");
    let mut connection =
        SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", file.display())).await.unwrap();
    let seed = read("seed.sql").replace("public.", "");
    connection.execute(sqlx::raw_sql(AssertSqlSafe(seed))).await.unwrap();
    connection.close().await.unwrap();
    for name in cases() {
        check(&name, &format!("sqlite://{}", file.display()));
    }
}

/// The seed as MariaDB takes it: its own money is decimal, and its TIMESTAMP is an instant where the recorded one is not.
pub(crate) fn mariadb_seed() -> String {
    let seed = read("seed.sql").replace("public.", "").replace("MONEY", "DECIMAL(10,2)");
    seed.replace("TIMESTAMP", "DATETIME").replace("'$", "'")
}

#[tokio::test]
async fn mariadb_gives_the_recorded_rows() {
    let source = Source::mariadb(&mariadb_seed()).await;
    for name in cases() {
        check(&name, &source.url());
    }
}
