//! One transaction that changes rows of a SQLite file.
//!
//! Rows travel as one JSON document and are taken apart by SQLite itself. What is deleted is overwritten in the
//! file (`secure_delete`), and the write-ahead log is emptied afterwards: bytes of an erased row must not be left in
//! either.

use std::fmt::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments as _, AssertSqlSafe, Connection as _, Executor as _};

use habeas_core::value::Value;

use crate::error::{Error, Problem, from_writing};
use crate::nested;
use crate::source::Table;
use crate::write::{Commit, RowKey, Rows, Writer};

use super::{Shared, values};

pub(super) struct Transaction {
    shared: Arc<Shared>,
    connection: SqliteConnection,
}

impl Transaction {
    pub(super) async fn begin(shared: &Arc<Shared>, mut connection: SqliteConnection) -> Result<Self, Error> {
        const BEGIN: [&str; 4] = [
            "PRAGMA secure_delete = ON",
            "PRAGMA foreign_keys = ON",
            "BEGIN IMMEDIATE",
            "PRAGMA defer_foreign_keys = ON",
        ];
        for statement in BEGIN {
            let done = connection.execute(statement).await;
            done.map_err(|cause| from_writing(&shared.name, "the file", shared.limits.timeout_ms, &cause))?;
        }
        Ok(Self { shared: Arc::clone(shared), connection })
    }

    fn error(&self, table: &Table, cause: &sqlx::Error) -> Error {
        from_writing(&self.shared.name, &table.name, self.shared.limits.timeout_ms, cause)
    }

    fn problem(&self, problem: Problem) -> Error {
        Error::new(&self.shared.name, problem)
    }
}

#[async_trait]
impl Writer for Transaction {
    async fn lock(&mut self, rows: &Rows<'_>) -> Result<Vec<Vec<Value>>, Error> {
        // The transaction itself is the lock: SQLite has one writer.
        let mut sql = String::from("SELECT ");
        for (place, column) in rows.table.columns.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let _ = write!(sql, "{comma}t.{}", column.sql);
        }
        let _ = write!(sql, " FROM {} AS t WHERE {}", rows.table.sql, among(rows));
        let arguments = document(rows, &[], &[]).map_err(|problem| self.problem(problem))?;
        let found = self.connection.fetch_all(sqlx::query_with(AssertSqlSafe(sql), arguments)).await;
        let found = found.map_err(|cause| self.error(rows.table, &cause))?;
        let places: Vec<usize> = (0..rows.table.columns.len()).collect();
        found
            .iter()
            .map(|row| values(row, rows.table, &places).map_err(|problem| self.problem(problem)))
            .collect()
    }

    async fn update(&mut self, rows: &Rows<'_>, columns: &[usize], to: &[Vec<Value>]) -> Result<u64, Error> {
        let mut sql = format!("UPDATE {} AS t SET ", rows.table.sql);
        for (place, column) in columns.iter().filter_map(|place| rows.table.columns.get(*place)).enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let _ = write!(sql, "{comma}{} = v.m{place}", column.sql);
        }
        let _ = write!(sql, " FROM {} AS v WHERE {}", source(rows, columns.len()), matching(rows));
        let arguments = document(rows, columns, to).map_err(|problem| self.problem(problem))?;
        let done = self.connection.execute(sqlx::query_with(AssertSqlSafe(sql), arguments)).await;
        done.map(|done| done.rows_affected()).map_err(|cause| self.error(rows.table, &cause))
    }

    async fn delete(&mut self, rows: &Rows<'_>) -> Result<u64, Error> {
        let sql = format!("DELETE FROM {} AS t WHERE {}", rows.table.sql, among(rows));
        let arguments = document(rows, &[], &[]).map_err(|problem| self.problem(problem))?;
        let done = self.connection.execute(sqlx::query_with(AssertSqlSafe(sql), arguments)).await;
        done.map(|done| done.rows_affected()).map_err(|cause| self.error(rows.table, &cause))
    }

    async fn commit(self: Box<Self>) -> Commit {
        let Self { shared, mut connection } = *self;
        match connection.execute("COMMIT").await {
            Ok(_) => {
                // Readers may hold the log: then the next one who empties it does.
                let _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
                let _ = connection.close().await;
                Commit::Done
            }
            Err(cause @ sqlx::Error::Database(_)) => {
                Commit::Refused(from_writing(&shared.name, "the file", shared.limits.timeout_ms, &cause))
            }
            Err(_) => Commit::Unknown(Error::new(&shared.name, Problem::LostAtEnd)),
        }
    }

    async fn undo(self: Box<Self>) {
        let Self { mut connection, .. } = *self;
        // Closing undoes everything as well.
        let _ = connection.execute("ROLLBACK").await;
        let _ = connection.close().await;
    }
}

/// The rows as a table: keys `k0, k1, …` and new values `m0, m1, …`.
fn source(rows: &Rows<'_>, values: usize) -> String {
    let keys = rows.key.columns(rows.table).len();
    let names =
        (0..keys).map(|place| format!("k{place}")).chain((0..values).map(|place| format!("m{place}")));
    let column = |(place, name): (usize, String)| {
        let at = format!("'$[{place}]'");
        format!(
            "CASE json_type(value, {at}) WHEN 'object' THEN CASE WHEN json_extract(value, '$[{place}].t') IS NULL \
             THEN unhex(json_extract(value, '$[{place}].b')) ELSE CAST(unhex(json_extract(value, '$[{place}].t')) AS TEXT) END \
             ELSE json_extract(value, {at}) END AS {name}"
        )
    };
    let columns: Vec<String> = names.enumerate().map(column).collect();
    format!("(SELECT {} FROM json_each(?1))", columns.join(", "))
}

fn matching(rows: &Rows<'_>) -> String {
    let columns = rows.key.columns(rows.table);
    let comparisons = columns.iter().filter_map(|place| rows.table.columns.get(*place)).enumerate().map(
        |(place, column)| match rows.key {
            RowKey::Columns(_) => format!("t.{} = v.k{place}", column.sql),
            RowKey::WholeRow => format!("t.{} IS v.k{place}", column.sql),
        },
    );
    comparisons.collect::<Vec<_>>().join(" AND ")
}

/// Whether a row of the table is one of these. Rows named by columns are found over an index; others by looking at
/// each, for each.
fn among(rows: &Rows<'_>) -> String {
    match rows.key {
        RowKey::Columns(_) => {
            let columns = rows.key.columns(rows.table);
            let names: Vec<String> = columns
                .iter()
                .filter_map(|place| rows.table.columns.get(*place))
                .map(|column| format!("t.{}", column.sql))
                .collect();
            format!("({}) IN {}", names.join(", "), source(rows, 0))
        }
        RowKey::WholeRow => {
            format!("EXISTS (SELECT 1 FROM {} AS v WHERE {})", source(rows, 0), matching(rows))
        }
    }
}

fn document(rows: &Rows<'_>, columns: &[usize], to: &[Vec<Value>]) -> Result<SqliteArguments, Problem> {
    let unsupported = |what: &str| Problem::Unsupported {
        table: rows.table.name.to_string(),
        column: columns
            .first()
            .and_then(|place| rows.table.columns.get(*place))
            .map(|column| column.name.to_string())
            .unwrap_or_default(),
        what: what.to_owned(),
    };
    let mut text = String::from("[");
    for (place, key) in rows.keys.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        let none = Vec::new();
        let new = to.get(place).unwrap_or(&none);
        text.push('[');
        for (place, value) in key.iter().chain(new).enumerate() {
            if place > 0 {
                text.push(',');
            }
            cell(value, &mut text);
        }
        text.push(']');
    }
    text.push(']');
    let mut arguments = SqliteArguments::default();
    arguments.add(text).map_err(|_| unsupported("too many values at once"))?;
    Ok(arguments)
}

fn cell(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "1" } else { "0" }),
        Value::Float(number) if number.is_infinite() => {
            out.push_str(if *number > 0.0 { "9e999" } else { "-9e999" });
        }
        // With a point, so that it stays what it is.
        Value::Float(number) => {
            let _ = write!(out, "{number:?}"); // a String takes everything
        }
        Value::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Bytes(bytes) => out.push_str(&json!({ "b": crate::key::to_hex(bytes) }).to_string()),
        Value::TextBytes(bytes) => out.push_str(&json!({ "t": crate::key::to_hex(bytes) }).to_string()),
        Value::Array(_) | Value::Object(_) => out.push_str(&json!(nested::write(value)).to_string()),
        Value::UInt(_)
        | Value::Decimal(_)
        | Value::Text(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Timestamp(_)
        | Value::TimestampTz(_)
        | Value::Json(_)
        | Value::Other { .. } => out.push_str(&json!(value.to_text()).to_string()),
    }
}
