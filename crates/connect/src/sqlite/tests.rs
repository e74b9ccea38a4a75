//! SQLite's values come out as they stand, whatever the column says, and are found again by themselves.

use futures_util::TryStreamExt as _;

use habeas_core::value::Value;

use crate::connections::Connections;
use crate::key::Key;
use crate::source::{Connector, Lookup, Part, Query, TableName, connector};
use crate::testing::sqlite;

fn open(file: &std::path::Path) -> Box<dyn Connector> {
    let text = format!("[types]\nurl = \"sqlite://{}\"", file.display());
    let connections = Connections::parse(&text, std::path::Path::new("")).unwrap();
    connector(connections.lookup("types").unwrap()).unwrap()
}

async fn rows(connector: &dyn Connector, look: Option<(usize, &Value)>) -> Vec<Vec<Value>> {
    let mut view = connector.open().await.unwrap();
    let name = TableName { schema: None, table: "t".into() };
    let table = view.tables(&[name]).await.unwrap().remove(0);
    let columns: Vec<usize> = (0..table.columns.len()).collect();
    let lookups: Vec<Lookup> = look
        .map(|(column, value)| {
            let mut keys: Vec<Key> = Vec::new();
            table.columns[column].class.keys(value, &mut keys).unwrap();
            Lookup {
                parts: vec![Part { column, path: Vec::new(), normaliser: None, keys }],
                filters: Vec::new(),
            }
        })
        .into_iter()
        .collect();
    let query = Query { table: &table, columns: &columns, lookups: &lookups, filters: &[], limit: None };
    let rows = view.read(&query).try_collect().await.unwrap();
    view.finish().await.unwrap();
    rows
}

/// Declared type, SQL literal, JSON as it leaves.
const VALUES: &[(&str, &str, &str)] = &[
    ("INTEGER", "9223372036854775807", "9223372036854775807"),
    ("INTEGER", "'a number'", "\"a number\""),
    ("INTEGER", "'42'", "42"),
    ("TEXT", "42", "\"42\""),
    ("REAL", "1", "1.0"),
    ("REAL", "9e999", "{\"$float\":\"Infinity\"}"),
    ("NUMERIC", "'1.50'", "1.5"),
    ("NUMERIC(40)", "'1234567890123456789012345678901234567890'", "1.2345678901234568e+39"),
    ("TIMESTAMP", "'2021-01-01 01:00:00'", "\"2021-01-01 01:00:00\""),
    ("BOOLEAN", "1", "1"),
    ("BLOB", "x'00ff'", "{\"$bytes\":\"AP8=\"}"),
    ("BLOB", "x''", "{\"$bytes\":\"\"}"),
    ("BLOB", "7", "7"),
    ("BLOB", "'7'", "\"7\""),
    ("", "'plain'", "\"plain\""),
    ("TEXT", "x'ab'", "{\"$bytes\":\"qw==\"}"),
    ("TEXT", "CAST(x'636166e9' AS TEXT)", "{\"$text_bytes\":\"Y2Fm6Q==\"}"),
    ("TEXT", "''", "\"\""),
    ("VARCHAR(5)", "'longer than five'", "\"longer than five\""),
    ("TEXT", "NULL", "null"),
];

async fn check(pragma: &str, values: &[(&str, &str, &str)]) {
    let columns: Vec<String> =
        values.iter().enumerate().map(|(n, (kind, ..))| format!("c{n} {kind}")).collect();
    let literals: Vec<&str> = values.iter().map(|(_, literal, _)| *literal).collect();
    let sql = format!(
        "{pragma} CREATE TABLE t ({}); INSERT INTO t VALUES ({}); INSERT INTO t DEFAULT VALUES",
        columns.join(", "),
        literals.join(", ")
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("types.db");
    sqlite(&file, &sql).await;
    let connector = open(&file);
    let all = rows(&*connector, None).await;
    for (column, (value, (kind, literal, json))) in all[0].iter().zip(values).enumerate() {
        assert_eq!(value.to_json(), *json, "{kind} {literal}");
        let is_found = !matches!(value, Value::Null | Value::TextBytes(_)) && !literal.contains("999");
        // Bytes in a column for text are carried, but nothing links by them.
        if is_found && !(*kind == "TEXT" && matches!(value, Value::Bytes(_))) {
            assert_eq!(rows(&*connector, Some((column, value))).await.len(), 1, "{kind} {literal}");
        }
    }
}

#[tokio::test]
async fn values_are_carried_as_they_stand() {
    check("", VALUES).await;
}

#[tokio::test]
async fn a_file_in_utf_16_reads_the_same() {
    check("PRAGMA encoding = 'UTF-16le';", &[("TEXT", "'café 李'", "\"café 李\""), ("INTEGER", "1", "1")])
        .await;
}

#[tokio::test]
async fn a_file_that_is_none_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.db");
    let said = open(&file).open().await.err().unwrap().to_string();
    assert_eq!(said, format!("source types can't open the file {}: entity not found", file.display()));
    std::fs::write(&file, "a letter, not a database, and longer than a page header would be".repeat(40))
        .unwrap();
    let said = open(&file).open().await.err().unwrap().to_string();
    assert_eq!(
        said,
        format!("source types can't open the file {}: it is no SQLite database", file.display())
    );
}

#[tokio::test]
async fn case_that_a_column_ignores_is_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("types.db");
    sqlite(&file, "CREATE TABLE t (a TEXT COLLATE NOCASE); INSERT INTO t VALUES ('Ada')").await;
    assert_eq!(rows(&*open(&file), Some((0, &Value::Text("ada".into())))).await.len(), 1);
}
