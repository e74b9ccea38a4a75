//! Every type PostgreSQL has comes out as it went in, and every kind of column can be looked up.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use sqlx::{Connection as _, Executor as _, PgConnection};

use habeas_core::value::Value;

use crate::source::{Lookup, Part, Query, TableName};
use crate::testing::{name, open, postgres, rows};

/// Type, SQL literal, JSON as it leaves.
const TYPES: &[(&str, &str, &str)] = &[
    ("boolean", "true", "true"),
    ("smallint", "-32768", "-32768"),
    ("integer", "2147483647", "2147483647"),
    ("bigint", "-9223372036854775808", "-9223372036854775808"),
    ("oid", "4294967295", "4294967295"),
    ("real", "0.1", "0.1"),
    ("real", "'-Infinity'", "{\"$float\":\"-Infinity\"}"),
    ("double precision", "'NaN'", "{\"$float\":\"NaN\"}"),
    ("double precision", "1e-300", "1e-300"),
    (
        "numeric",
        "123456789012345678901234567890.123456789",
        "{\"$decimal\":\"123456789012345678901234567890.123456789\"}",
    ),
    ("numeric(10,2)", "1234.5", "1234.50"),
    ("numeric", "-0.00012300", "-0.00012300"),
    ("numeric", "10000", "10000"),
    ("numeric", "0.0001", "0.0001"),
    ("numeric", "100000000", "100000000"),
    ("numeric", "0", "0"),
    ("numeric", "0.000", "0.000"),
    ("numeric", "1e-20", "0.00000000000000000001"),
    ("numeric", "1.5e25", "15000000000000000000000000"),
    ("numeric", "'NaN'", "{\"$decimal\":\"NaN\"}"),
    ("numeric", "'-Infinity'", "{\"$decimal\":\"-Infinity\"}"),
    ("money", "12345.67", "\"$12,345.67\""),
    ("text", "E'a\\nb \\u00e9'", "\"a\\nb é\""),
    ("varchar(5)", "'abc'", "\"abc\""),
    ("char(5)", "'abc'", "\"abc  \""),
    ("name", "'abc'", "\"abc\""),
    ("\"char\"", "'a'", "\"a\""),
    ("bytea", "'\\x00ff'", "{\"$bytes\":\"AP8=\"}"),
    ("date", "'2021-01-31'", "\"2021-01-31\""),
    ("date", "'2000-02-29'", "\"2000-02-29\""),
    ("date", "'1900-03-01'", "\"1900-03-01\""),
    ("date", "'infinity'", "{\"$date\":\"infinity\"}"),
    ("date", "'0044-03-15 BC'", "{\"$date\":\"0044-03-15 BC\"}"),
    ("date", "'5874897-12-31'", "{\"$date\":\"5874897-12-31\"}"),
    ("date", "'4713-01-01 BC'", "{\"$date\":\"4713-01-01 BC\"}"),
    ("time", "'23:59:59.999999'", "\"23:59:59.999999\""),
    ("time", "'24:00'", "\"24:00:00\""),
    ("timetz", "'01:02:03.5-04:30'", "\"01:02:03.5-04:30\""),
    ("timestamp", "'2021-01-01 01:00:00'", "\"2021-01-01T01:00:00\""),
    ("timestamp", "'1969-12-31 23:59:59.5'", "\"1969-12-31T23:59:59.5\""),
    ("timestamp", "'-infinity'", "{\"$timestamp\":\"-infinity\"}"),
    ("timestamp", "'0001-12-31 23:00 BC'", "{\"$timestamp\":\"0001-12-31T23:00:00 BC\"}"),
    ("timestamp", "'294276-12-31 23:59:59.999999'", "{\"$timestamp\":\"294276-12-31T23:59:59.999999\"}"),
    ("timestamptz", "'2021-01-01 01:00:00+02'", "\"2020-12-31T23:00:00+00:00\""),
    ("interval", "'1 year 2 days 03:00'", "\"1 year 2 days 03:00:00\""),
    ("uuid", "'0F8FAD5B-D9CB-469F-A165-70867728950E'", "\"0f8fad5b-d9cb-469f-a165-70867728950e\""),
    ("json", "'{\"a\":  1.0, \"a\": 2}'", "{\"a\":  1.0, \"a\": 2}"),
    ("jsonb", "'{\"b\":1,\"a\":[null]}'", "{\"a\": [null], \"b\": 1}"),
    ("xml", "'<a>1</a>'", "\"<a>1</a>\""),
    ("mood", "'sad'", "\"sad\""),
    ("positive", "5", "5"),
    ("pair", "ROW(1,'x')", "\"(1,x)\""),
    ("inet", "'10.0.0.1/8'", "\"10.0.0.1/8\""),
    ("macaddr", "'08:00:2b:01:02:03'", "\"08:00:2b:01:02:03\""),
    ("point", "'(1,2.5)'", "\"(1,2.5)\""),
    ("int4range", "'[1,5)'", "\"[1,5)\""),
    ("tsvector", "'a b'", "\"'a' 'b'\""),
    ("bit varying", "B'101'", "\"101\""),
    ("hstore", "'a=>1'", "\"\\\"a\\\"=>\\\"1\\\"\""),
    ("citext", "'AbC'", "\"AbC\""),
    ("integer[]", "'{1,NULL,3}'", "[1,null,3]"),
    ("integer[]", "'{{1,2},{3,4}}'", "[[1,2],[3,4]]"),
    ("integer[]", "'[0:1]={5,6}'", "{\"first_index\":[0],\"values\":[5,6]}"),
    ("text[]", "'{}'", "[]"),
    ("numeric[]", "'{NaN,1.50}'", "[{\"$decimal\":\"NaN\"},1.50]"),
    ("mood[]", "'{sad,ok}'", "[\"sad\",\"ok\"]"),
    ("money[]", "'{1,2}'", "[\"$1.00\",\"$2.00\"]"),
    ("timestamp[]", "'{2021-01-01}'", "[\"2021-01-01T00:00:00\"]"),
    ("text", "NULL", "null"),
    ("integer[]", "NULL", "null"),
];

const SETUP: &str = "CREATE EXTENSION hstore; CREATE EXTENSION citext;
    CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
    CREATE TYPE pair AS (a integer, b text);";

#[tokio::test]
async fn every_type_is_carried_exactly() {
    let columns: Vec<String> =
        TYPES.iter().enumerate().map(|(n, (kind, ..))| format!("c{n} {kind}")).collect();
    let values: Vec<&str> = TYPES.iter().map(|(_, literal, _)| *literal).collect();
    let sql = format!(
        "{SETUP} CREATE TABLE types ({}); INSERT INTO types VALUES ({})",
        columns.join(", "),
        values.join(", ")
    );
    let database = postgres(&sql).await;
    let rows = rows(&*open(database.url()), "types", None).await;
    for (value, (kind, literal, json)) in rows[0].iter().zip(TYPES) {
        assert_eq!(value.to_json(), *json, "{kind} {literal}");
        serde_json::from_str::<serde_json::Value>(json).unwrap();
    }
    assert_eq!(rows[0].len(), TYPES.len());
}

#[tokio::test]
async fn a_value_read_from_a_column_finds_its_row_in_such_a_column() {
    let kinds: Vec<(usize, &(&str, &str, &str))> = TYPES
        .iter()
        .enumerate()
        // NaN has no key; documents are looked into, not compared whole; lists are looked up by element.
        .filter(|(_, (kind, literal, _))| {
            *literal != "NULL"
                && !literal.contains("NaN")
                && !kind.ends_with("[]")
                && !kind.starts_with("json")
        })
        .collect();
    let columns: Vec<String> = kinds.iter().map(|(n, (kind, ..))| format!("c{n} {kind}")).collect();
    let values: Vec<&str> = kinds.iter().map(|(_, (_, literal, _))| *literal).collect();
    let sql = format!(
        "{SETUP} CREATE TABLE types ({}); INSERT INTO types VALUES ({}); INSERT INTO types DEFAULT VALUES",
        columns.join(", "),
        values.join(", ")
    );
    let database = postgres(&sql).await;
    let connector = open(database.url());
    let all = rows(&*connector, "types", None).await;
    for ((place, (kind, literal, _)), value) in kinds.iter().zip(&all[0]) {
        let found = rows(&*connector, "types", Some((&format!("c{place}"), value.clone()))).await;
        assert_eq!(found.len(), 1, "{kind} {literal}");
    }
}

#[tokio::test]
async fn text_of_an_unknown_encoding_is_kept_as_bytes() {
    let server = postgres("SELECT 1").await;
    let mut admin = PgConnection::connect(server.url()).await.unwrap();
    let name = format!("{}_ascii", server.url().rsplit('/').next().unwrap());
    let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'");
    admin.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(create))).await.unwrap();
    let url = format!("{}_ascii", server.url());
    let mut inside = PgConnection::connect(&url).await.unwrap();
    inside.execute("CREATE TABLE t (a text, b text[])").await.unwrap();
    inside.execute("INSERT INTO t VALUES (E'caf\\xe9', ARRAY[E'\\xff', 'ok'])").await.unwrap();
    inside.close().await.unwrap();
    let rows = rows(&*open(&url), "t", None).await;
    assert_eq!(rows[0][0].to_json(), "{\"$text_bytes\":\"Y2Fm6Q==\"}");
    assert_eq!(rows[0][1].to_json(), "[{\"$text_bytes\":\"/w==\"},\"ok\"]");
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    admin.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(drop))).await.unwrap();
}

#[tokio::test]
async fn fifty_megabytes_of_text_are_one_value() {
    let database =
        postgres("CREATE TABLE t (a text); INSERT INTO t VALUES (repeat('0123456789', 5000000))").await;
    let rows = rows(&*open(database.url()), "t", None).await;
    assert!(matches!(&rows[0][0], Value::Text(text) if text.len() == 50_000_000));
}

#[tokio::test]
async fn hostile_names_are_only_names() {
    let hostile = r#"a"; DROP TABLE victim; --"#;
    let quoted = hostile.replace('"', "\"\"");
    let sql = format!(
        "CREATE TABLE victim (id integer); CREATE TABLE \"{quoted}\" (\"{quoted}\" text, \"Order\" integer); INSERT INTO \"{quoted}\" VALUES ('x', 1)"
    );
    let database = postgres(&sql).await;
    let connector = open(database.url());
    let found = rows(&*connector, hostile, Some((hostile, Value::Text("x".into())))).await;
    assert_eq!(found[0][1].to_json(), "1");
    assert!(rows(&*connector, "victim", None).await.is_empty());
}

#[tokio::test]
async fn a_schema_is_searched_only_where_it_is_named() {
    let sql = "CREATE SCHEMA crm; CREATE TABLE crm.person (a integer, PRIMARY KEY (a)); CREATE TABLE other (b integer)";
    let database = postgres(sql).await;
    let mut view = open(database.url()).open().await.unwrap();
    let person = TableName { schema: Some("crm".into()), table: "person".into() };
    let table = view.tables(std::slice::from_ref(&person)).await.unwrap().remove(0);
    assert_eq!((&*table.name, table.primary_key.as_slice()), ("crm.person", [0].as_slice()));
    assert!(view.tables(&[name("person")]).await.is_err());
    assert_eq!(view.list().await.unwrap(), [name("other"), person]);
}

#[tokio::test]
async fn a_view_sees_one_instant_and_only_reads() {
    let database = postgres("CREATE TABLE t (a integer); INSERT INTO t VALUES (1)").await;
    let connector = open(database.url());
    let mut view = connector.open().await.unwrap();
    let table = view.tables(&[name("t")]).await.unwrap().remove(0);
    let mut other = PgConnection::connect(database.url()).await.unwrap();
    other.execute("INSERT INTO t VALUES (2)").await.unwrap();
    let query = Query { table: &table, columns: &[0], lookups: &[], filters: &[], limit: None };
    let seen: Vec<Vec<Value>> = view.read(&query).try_collect().await.unwrap();
    assert_eq!(seen.len(), 1);
    view.finish().await.unwrap();
    let again = connector.open().await.unwrap();
    drop(again);
    assert_eq!(rows(&*connector, "t", None).await.len(), 2);
    assert_eq!(connector.name(), &Arc::from("types"));
}

#[tokio::test]
async fn a_key_a_column_cannot_hold_finds_nothing_and_breaks_nothing() {
    let sql = format!(
        "{SETUP} CREATE TABLE t (small smallint, ints integer[], smalls smallint[], moods mood[], mood mood, id uuid, day date, flag boolean, num numeric, label text);
         INSERT INTO t VALUES (1, '{{1}}', '{{1}}', '{{sad}}', 'sad', NULL, '2021-01-31', true, 1, 'x')"
    );
    let database = postgres(&sql).await;
    let connector = open(database.url());
    let mut view = connector.open().await.unwrap();
    let table = view.tables(&[name("t")]).await.unwrap().remove(0);
    for hostile in [
        "99999999999",
        "-40000",
        "glad",
        "not-a-uuid",
        "2021-13-45",
        "{1,2}",
        "a\0b",
        "'",
        "\\",
        "{",
        "9".repeat(5000).as_str(),
    ] {
        for (place, column) in table.columns.iter().enumerate() {
            let mut keys = Vec::new();
            column.class.keys(&Value::Text(hostile.to_owned()), &mut keys).unwrap();
            let part = Part { column: place, path: Vec::new(), normaliser: None, keys };
            let lookups = [Lookup { parts: vec![part], filters: Vec::new() }];
            let query = Query { table: &table, columns: &[0], lookups: &lookups, filters: &[], limit: None };
            let found: Vec<Vec<Value>> = view.read(&query).try_collect().await.unwrap();
            assert!(found.is_empty(), "{hostile} in {}", column.name);
        }
    }
    view.finish().await.unwrap();
    assert_eq!(rows(&*connector, "t", Some(("smalls", Value::Int(1)))).await.len(), 1);
    assert_eq!(rows(&*connector, "t", Some(("moods", Value::Text("sad".into())))).await.len(), 1);
}
