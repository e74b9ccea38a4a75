//! One transaction that changes rows of PostgreSQL.
//!
//! Values travel as one array of text a column and are cast by the database, so that a statement's text is the
//! same for any number of rows. Other programs are waited for within the source's own limits only.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::PgArguments;
use sqlx::{Arguments as _, AssertSqlSafe, Executor as _};

use habeas_core::value::Value;

use crate::error::{Error, Problem, from_writing};
use crate::key::Class;
use crate::nested;
use crate::source::{Column, Table};
use crate::write::{Commit, RowKey, Rows, Writer};

use super::decode::Decode;
use super::{Session, Shared, limit_ms, values};

pub(super) struct Transaction {
    shared: Arc<Shared>,
    session: Session,
}

impl Transaction {
    pub(super) async fn begin(shared: &Arc<Shared>, mut session: Session) -> Result<Self, Error> {
        let limit = limit_ms(shared);
        // Constraints that may wait are looked at when all is done: a cycle of rows goes as a whole.
        let begin = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {limit}; \
             SET LOCAL statement_timeout = {}; SET LOCAL idle_in_transaction_session_timeout = 0; \
             SET CONSTRAINTS ALL DEFERRED",
            limit.saturating_mul(4)
        );
        let begun = session.connection.execute(sqlx::raw_sql(AssertSqlSafe(begin))).await;
        begun.map_err(|cause| from_writing(&shared.name, "", limit, &cause))?;
        Ok(Self { shared: Arc::clone(shared), session })
    }

    fn error(&self, table: &Table, cause: &sqlx::Error) -> Error {
        from_writing(&self.shared.name, &table.name, limit_ms(&self.shared), cause)
    }

    fn problem(&self, problem: Problem) -> Error {
        Error::new(&self.shared.name, problem)
    }
}

#[async_trait]
impl Writer for Transaction {
    async fn lock(&mut self, rows: &Rows<'_>) -> Result<Vec<Vec<Value>>, Error> {
        let mut statement = Statement::new(rows.table);
        statement.sql.push_str("SELECT ");
        for (place, column) in rows.table.columns.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let _ = write!(statement.sql, "{comma}t.{}{}", column.sql, column.decode.cast());
        }
        let _ = write!(statement.sql, " FROM {} AS t JOIN ", rows.table.sql);
        statement.source(rows, &[], &[]).map_err(|problem| self.problem(problem))?;
        statement.sql.push_str(" ON ");
        statement.matching(rows);
        statement.sql.push_str(" FOR UPDATE OF t");
        let query = sqlx::query_with(AssertSqlSafe(statement.sql), statement.arguments);
        let found = self.session.connection.fetch_all(query).await;
        let found = found.map_err(|cause| self.error(rows.table, &cause))?;
        let places: Vec<usize> = (0..rows.table.columns.len()).collect();
        found
            .iter()
            .map(|row| values(row, rows.table, &places).map_err(|problem| self.problem(problem)))
            .collect()
    }

    async fn update(&mut self, rows: &Rows<'_>, columns: &[usize], to: &[Vec<Value>]) -> Result<u64, Error> {
        let mut statement = Statement::new(rows.table);
        let _ = write!(statement.sql, "UPDATE {} AS t SET ", rows.table.sql);
        for (place, column) in columns.iter().filter_map(|place| rows.table.columns.get(*place)).enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let _ = write!(statement.sql, "{comma}{} = v.m{place}::{}", column.sql, cast(column));
        }
        statement.sql.push_str(" FROM ");
        statement.source(rows, columns, to).map_err(|problem| self.problem(problem))?;
        statement.sql.push_str(" WHERE ");
        statement.matching(rows);
        let query = sqlx::query_with(AssertSqlSafe(statement.sql), statement.arguments);
        let done = self.session.connection.execute(query).await;
        done.map(|done| done.rows_affected()).map_err(|cause| self.error(rows.table, &cause))
    }

    async fn delete(&mut self, rows: &Rows<'_>) -> Result<u64, Error> {
        let mut statement = Statement::new(rows.table);
        let _ = write!(statement.sql, "DELETE FROM {} AS t USING ", rows.table.sql);
        statement.source(rows, &[], &[]).map_err(|problem| self.problem(problem))?;
        statement.sql.push_str(" WHERE ");
        statement.matching(rows);
        let query = sqlx::query_with(AssertSqlSafe(statement.sql), statement.arguments);
        let done = self.session.connection.execute(query).await;
        done.map(|done| done.rows_affected()).map_err(|cause| self.error(rows.table, &cause))
    }

    async fn commit(self: Box<Self>) -> Commit {
        let Self { shared, mut session } = *self;
        let limit = Duration::from_millis(limit_ms(&shared));
        let ended = tokio::time::timeout(limit, session.connection.execute(sqlx::raw_sql("COMMIT"))).await;
        match ended {
            Ok(Ok(_)) => {
                super::give_back(&shared, session);
                Commit::Done
            }
            Ok(Err(cause @ sqlx::Error::Database(_))) => {
                Commit::Refused(from_writing(&shared.name, "", limit_ms(&shared), &cause))
            }
            Ok(Err(_)) | Err(_) => Commit::Unknown(Error::new(&shared.name, Problem::LostAtEnd)),
        }
    }

    async fn undo(self: Box<Self>) {
        let Self { shared, mut session } = *self;
        // A connection that can't say so any more is closed, which undoes everything as well.
        if session.connection.execute(sqlx::raw_sql("ROLLBACK")).await.is_ok() {
            super::give_back(&shared, session);
        }
    }
}

struct Statement<'t> {
    table: &'t Table,
    sql: String,
    arguments: PgArguments,
}

impl<'t> Statement<'t> {
    fn new(table: &'t Table) -> Self {
        Self { table, sql: String::with_capacity(256), arguments: PgArguments::default() }
    }

    /// Writes the rows as a table `v`: keys `k0, k1, …` and new values `m0, m1, …`.
    fn source(&mut self, rows: &Rows<'_>, columns: &[usize], to: &[Vec<Value>]) -> Result<(), Problem> {
        let keys = rows.key.columns(self.table);
        let mut names = Vec::with_capacity(keys.len() + columns.len());
        let mut places = Vec::with_capacity(names.capacity());
        for (kind, columns, values) in [("k", keys.as_slice(), rows.keys), ("m", columns, to)] {
            for (place, column) in columns.iter().enumerate() {
                let texts = self.texts(*column, values.iter().map(|row| row.get(place)))?;
                self.arguments
                    .add(texts)
                    .map_err(|_| self.unsupported(*column, "too many values at once"))?;
                places.push(format!("${}::text[]", self.arguments.len()));
                names.push(format!("{kind}{place}"));
            }
        }
        let _ = write!(self.sql, "unnest({}) AS v({})", places.join(","), names.join(","));
        Ok(())
    }

    fn texts<'v>(
        &self,
        column: usize,
        values: impl Iterator<Item = Option<&'v Value>>,
    ) -> Result<Vec<Option<String>>, Problem> {
        values
            .map(|value| match value.unwrap_or(&Value::Null) {
                Value::Null => Ok(None),
                value => text(value)
                    .map(Some)
                    .ok_or_else(|| self.unsupported(column, "a value that can't be written back exactly")),
            })
            .collect()
    }

    fn unsupported(&self, column: usize, what: &str) -> Problem {
        Problem::Unsupported {
            table: self.table.name.to_string(),
            column: self.table.columns.get(column).map(|column| column.name.to_string()).unwrap_or_default(),
            what: what.to_owned(),
        }
    }

    fn matching(&mut self, rows: &Rows<'_>) {
        let columns = rows.key.columns(self.table);
        for (place, column) in columns.iter().filter_map(|place| self.table.columns.get(*place)).enumerate() {
            if place > 0 {
                self.sql.push_str(" AND ");
            }
            let is_null = |key: &Vec<Value>| key.get(place).is_none_or(Value::is_null);
            let _ = match rows.key {
                RowKey::Columns(_) => write!(self.sql, "t.{} = v.k{place}::{}", column.sql, cast(column)),
                // Only equality can use an index or a hash; it says the same where no value is missing.
                RowKey::WholeRow if has_equality(column) && !rows.keys.iter().any(is_null) => {
                    write!(self.sql, "t.{} = v.k{place}::{}", column.sql, cast(column))
                }
                RowKey::WholeRow if has_equality(column) => {
                    write!(self.sql, "t.{} IS NOT DISTINCT FROM v.k{place}::{}", column.sql, cast(column))
                }
                RowKey::WholeRow => {
                    write!(self.sql, "t.{}::text IS NOT DISTINCT FROM v.k{place}", column.sql)
                }
            };
        }
    }
}

/// The type without its limit, so that a value that is too long is an error and not cut.
fn cast(column: &Column) -> &str {
    match column.class {
        Class::Padded => "bpchar",
        _ => &column.cast,
    }
}

fn has_equality(column: &Column) -> bool {
    !matches!(column.decode, Decode::Json | Decode::Cast(_) | Decode::CastList(_))
}

/// A value as the database reads it; `None` where it has no such form.
fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null | Value::TextBytes(_) => return None,
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::UInt(number) => number.to_string(),
        Value::Float(number) if number.is_nan() => "NaN".to_owned(),
        Value::Float(number) if number.is_infinite() => {
            if *number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
        }
        Value::Float(number) => number.to_string(),
        Value::Bytes(bytes) => format!("\\x{}", crate::key::to_hex(bytes)),
        Value::Text(text) if text.contains('\0') => return None,
        Value::Decimal(text)
        | Value::Text(text)
        | Value::Date(text)
        | Value::Time(text)
        | Value::Timestamp(text)
        | Value::TimestampTz(text)
        | Value::Json(text)
        | Value::Other { text, .. } => text.clone(),
        Value::Array(items) => list(items)?,
        Value::Object(_) => nested::write(value),
    })
}

/// A list as an array literal: every element in quotes.
fn list(items: &[Value]) -> Option<String> {
    let mut out = String::from("{");
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        match item {
            Value::Null => out.push_str("NULL"),
            Value::Array(inner) => out.push_str(&list(inner)?),
            other => {
                let quoted = text(other)?.replace('\\', "\\\\").replace('"', "\\\"");
                let _ = write!(out, "\"{quoted}\"");
            }
        }
    }
    out.push('}');
    Some(out)
}
