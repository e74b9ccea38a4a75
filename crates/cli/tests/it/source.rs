//! `habeas source`: tests and samples say what a source holds, or why it can't be read.

use std::path::PathBuf;

use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::support::command::Shell;

/// Where a file of the shell's folder is.
fn path(shell: &Shell, name: &str) -> PathBuf {
    shell.habeas(&[]).get_current_dir().unwrap().join(name)
}

async fn shell() -> Shell {
    let shell = Shell::new();
    shell.write("shop.db", "");
    shell.write(
        "connections.toml",
        "[shop]\nurl = \"sqlite://shop.db\"\n[gone]\nurl = \"sqlite://gone.db\"\n",
    );
    let mut connection =
        SqliteConnection::connect(&format!("sqlite://{}", path(&shell, "shop.db").display())).await.unwrap();
    connection.execute("CREATE TABLE person (id integer PRIMARY KEY, photo blob)").await.unwrap();
    connection.execute("INSERT INTO person VALUES (1, x'00ff'), (2, NULL)").await.unwrap();
    connection.close().await.unwrap();
    shell
}

#[tokio::test]
async fn a_test_tells_what_answers_and_what_does_not() {
    let shell = shell().await;
    let good = shell.run(&["source", "test", "--connections", "connections.toml", "shop"]);
    assert_eq!(good.code, 0, "{}", good.stderr);
    assert!(good.stdout.starts_with("shop: SQLite 3."), "{}", good.stdout);
    assert!(good.stdout.ends_with(", 1 tables, may read\n"), "{}", good.stdout);

    let all = shell.run(&["source", "test", "--connections", "connections.toml", "--json"]);
    assert_eq!(all.code, 1);
    let document: Value = serde_json::from_str(&all.stdout).unwrap();
    assert_eq!(
        (&document["sources"][0]["name"], &document["sources"][0]["ok"]),
        (&json!("gone"), &json!(false))
    );
    assert_eq!(document["sources"][0]["error"], "source gone can't open the file gone.db: entity not found");
    assert_eq!(document["sources"][1]["tables"], 1);
}

#[tokio::test]
async fn a_sample_shows_columns_and_rows() {
    let shell = shell().await;
    let ran =
        shell.run(&["source", "sample", "--connections", "connections.toml", "shop", "person", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["columns"][0]["primary_key"], true);
    assert_eq!(
        document["rows"],
        json!([{ "id": 1, "photo": { "$bytes": "AP8=" } }, { "id": 2, "photo": null }])
    );
    let text = shell.run(&[
        "source",
        "sample",
        "--connections",
        "connections.toml",
        "shop",
        "person",
        "--rows",
        "1",
    ]);
    assert!(text.stdout.contains("id: 1\n") && !text.stdout.contains("id: 2\n"), "{}", text.stdout);
    let tables = shell.run(&["source", "sample", "--connections", "connections.toml", "shop"]);
    assert_eq!(tables.stdout, "person\n");
}

#[tokio::test]
async fn an_unknown_name_comes_with_those_there_are() {
    let shell = shell().await;
    let ran = shell.run(&["source", "test", "--connections", "connections.toml", "shpo"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("it has: gone, shop"), "{}", ran.stderr);
    let ran = shell.run(&["source", "sample", "--connections", "connections.toml", "shop", "persn"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("has no table persn (the nearest is person)"), "{}", ran.stderr);
}

#[tokio::test]
async fn a_dataset_that_does_not_fit_is_told() {
    let shell = shell().await;
    let dataset = |fields: &str| {
        format!("dataset:\n- fides_key: shop\n  collections:\n  - name: person\n    fields:\n{fields}")
    };
    let test = || {
        shell.run(&["source", "test", "--connections", "connections.toml", "--datasets", "shop.yml", "shop"])
    };
    shell.write(
        "shop.yml",
        &dataset("    - { name: id, fides_meta: { identity: email } }\n    - name: phto\n"),
    );
    let ran = test();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("has no column phto in table person (the nearest is photo)"),
        "{}",
        ran.stdout
    );
    shell.write("shop.yml", &dataset("    - { name: id, fides_meta: { identity: email } }\n"));
    let ran = test();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("shop:person.photo is in the source and not in the dataset"),
        "{}",
        ran.stdout
    );
    shell.write(
        "shop.yml",
        &dataset("    - { name: id, fides_meta: { identity: email } }\n    - name: photo\n"),
    );
    assert_eq!(test().code, 0);
}
