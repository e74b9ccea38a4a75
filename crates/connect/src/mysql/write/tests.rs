//! What is locked, written and deleted is exactly what was read, whatever its type and its collation.

use std::sync::Arc;

use habeas_core::value::Value;

use super::can_take_rows;
use crate::connections::Connections;
use crate::error::Problem;
use crate::mysql::tests::TYPES;
use crate::source::{Connector, Table, connector};
use crate::testing::{mariadb, name, rows};
use crate::write::{Commit, RowKey, Rows, Writer};

/// A connection that may write.
fn open(url: &str) -> Box<dyn Connector> {
    let text = format!("[shop]\nurl = \"{url}\"\ngrant = [\"read\", \"write\"]");
    let connections = Connections::parse(&text, std::path::Path::new("")).unwrap();
    connector(connections.lookup("shop").unwrap()).unwrap()
}

async fn table(source: &dyn Connector, table: &str) -> Arc<Table> {
    let mut view = source.open().await.unwrap();
    let table = view.tables(&[name(table)]).await.unwrap().remove(0);
    view.finish().await.unwrap();
    table
}

fn json(rows: &[Vec<Value>]) -> Vec<String> {
    let line = |row: &Vec<Value>| row.iter().map(Value::to_json).collect::<Vec<_>>().join("|");
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines.sort();
    lines
}

async fn ensure_done(writer: Box<dyn Writer>) {
    assert_eq!(writer.commit().await, Commit::Done);
}

#[tokio::test]
async fn every_type_is_named_written_and_deleted_as_it_was_read() {
    for (number, (kind, literal, expected)) in TYPES.iter().enumerate() {
        let table_name = format!("t{number}");
        let sql = format!(
            "SET sql_mode = ''; SET time_zone = '+00:00'; CREATE TABLE {table_name} (n int, v {kind} NULL); \
             INSERT INTO {table_name} VALUES (1, {literal}), (2, NULL)"
        );
        let database = mariadb(&sql).await;
        let source = open(database.url());
        let table = table(&*source, &table_name).await;
        let read = rows(&*source, &table_name, None).await;
        let value = read.iter().map(|row| row[1].clone()).find(|value| !value.is_null()).unwrap();
        let key = RowKey::WholeRow;
        let of = |keys| Rows { table: &table, key: &key, keys };

        let mut writer = source.open_writer().await.unwrap();
        assert_eq!(json(&writer.lock(&of(&read)).await.unwrap()), json(&read), "{kind} {literal}");
        let (first, empty) = ([vec![Value::Int(1), value.clone()]], [vec![Value::Int(2), Value::Null]]);
        let written = writer.update(&of(&empty), &[1], &[vec![value.clone()]]).await;
        if *kind == "point" {
            let problem = written.unwrap_err();
            assert!(matches!(problem.problem(), Problem::Unsupported { .. }), "{problem}");
        } else {
            assert_eq!(written.unwrap(), 1, "{kind} {literal}");
        }
        assert_eq!(writer.delete(&of(&first)).await.unwrap(), 1, "{kind} {literal}");
        ensure_done(writer).await;
        let left = rows(&*source, &table_name, None).await;
        let expected = if *kind == "point" { "2|null".to_owned() } else { format!("2|{expected}") };
        assert_eq!(json(&left), [expected], "{kind} {literal}");
    }
}

/// Type of the column, the values in it, the one meant.
const TEXTS: &[(&str, &[&str], &str)] = &[
    ("varchar(20)", &["Ada", "ADA", "Ada ", "Àda"], "Ada"),
    ("varchar(20)", &["Ada", "ADA", "Ada ", "Àda"], "Ada "),
    ("varchar(20) COLLATE utf8mb4_bin", &["Ada", "ADA", "Ada "], "Ada"),
    ("varchar(20) CHARACTER SET latin1", &["zoe", "Zoé", "zoé"], "zoé"),
    ("varchar(20) CHARACTER SET utf8mb3", &["it's \\ \"x\"", "IT'S \\ \"X\""], "it's \\ \"x\""),
    ("text", &["a😀", "a😁", ""], "a😀"),
    ("varbinary(20)", &["Ada", "Ada ", "ada"], "Ada"),
];

#[tokio::test]
async fn what_a_collation_takes_for_the_same_is_told_apart() {
    for (number, (kind, held, meant)) in TEXTS.iter().enumerate() {
        for key in [RowKey::WholeRow, RowKey::Columns(vec![0])] {
            let database = mariadb(&format!("CREATE TABLE t (v {kind}, n int)")).await;
            let mut connection =
                <sqlx::MySqlConnection as sqlx::Connection>::connect(database.url()).await.unwrap();
            for value in *held {
                let insert = sqlx::query("INSERT INTO t VALUES (?, 1)").bind(*value);
                insert.execute(&mut connection).await.unwrap();
            }
            let source = open(database.url());
            let table = table(&*source, "t").await;
            let value = match *kind {
                "varbinary(20)" => Value::Bytes(meant.as_bytes().to_vec()),
                _ => Value::Text((*meant).to_owned()),
            };
            let keys = match key {
                RowKey::WholeRow => vec![vec![value.clone(), Value::Int(1)]],
                RowKey::Columns(_) => vec![vec![value.clone()]],
            };
            let set = Rows { table: &table, key: &key, keys: &keys };
            let mut writer = source.open_writer().await.unwrap();
            assert_eq!(
                writer.lock(&set).await.unwrap(),
                [vec![value.clone(), Value::Int(1)]],
                "{number} {key:?}"
            );
            assert_eq!(
                writer.update(&set, &[1], &[vec![Value::Int(2)]]).await.unwrap(),
                1,
                "{number} {key:?}"
            );
            ensure_done(writer).await;
            let changed: Vec<Vec<Value>> = rows(&*source, "t", None).await;
            let changed: Vec<&Vec<Value>> = changed.iter().filter(|row| row[1] == Value::Int(2)).collect();
            assert_eq!(changed, [&vec![value, Value::Int(2)]], "{number} {key:?}");
        }
    }
}

#[tokio::test]
async fn what_is_larger_than_a_packet_goes_in_several_and_all_of_it_or_nothing() {
    let database = mariadb(
        "CREATE TABLE t (id int PRIMARY KEY, v longtext); INSERT INTO t SELECT seq, 'x' FROM seq_1_to_300",
    )
    .await;
    let source = open(database.url());
    let table = table(&*source, "t").await;
    let key = RowKey::Columns(vec![0]);
    let keys: Vec<Vec<Value>> = (1..=300).map(|id| vec![Value::Int(id)]).collect();
    let to: Vec<Vec<Value>> = (1..=300).map(|id| vec![Value::Text(format!("{id}").repeat(20_000))]).collect();
    let set = Rows { table: &table, key: &key, keys: &keys };
    let mut writer = source.open_writer().await.unwrap();
    assert_eq!(writer.update(&set, &[1], &to).await.unwrap(), 300);
    writer.undo().await;
    assert!(rows(&*source, "t", None).await.iter().all(|row| row[1] == Value::Text("x".to_owned())));

    let mut writer = source.open_writer().await.unwrap();
    assert_eq!(writer.update(&set, &[1], &to).await.unwrap(), 300);
    let huge = vec![vec![Value::Text("x".repeat(5 << 20))]];
    let one = Rows { table: &table, key: &key, keys: &keys[..1] };
    let refused = writer.update(&one, &[1], &huge).await.unwrap_err().to_string();
    assert!(refused.contains("raise max_allowed_packet"), "{refused}");
    ensure_done(writer).await;
    let read = rows(&*source, "t", None).await;
    assert!(read.iter().zip(&to).all(|(row, to)| row[1] == to[0]), "each row has its own value");
}

#[test]
fn servers_that_cannot_take_rows_are_known_by_their_version() {
    let check = |version: &str, expected: bool| assert_eq!(can_take_rows(version), expected, "{version}");
    check("10.11.19-MariaDB-0+deb12u1", true);
    check("5.5.5-10.6.1-MariaDB-log", true);
    check("11.4.2-MariaDB", true);
    check("10.5.28-MariaDB", false);
    check("5.5.5-10.3.1-MariaDB", false);
    check("8.0.36", true);
    check("9.1.0-commercial", true);
    check("5.7.44-log", false);
    check("nonsense", false);
}
