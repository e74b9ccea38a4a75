//! Statements for SQLite.
//!
//! Looked-up values travel as one JSON array a column, so that the text of a statement stays the same for any
//! number of people. A value has the type the column would compare it as, so that its index is used.

use std::fmt::Write as _;

use futures_util::stream::BoxStream;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, Executor as _};

use habeas_dataset::normalise::Normaliser;

use crate::error::Problem;
use crate::key::{BYTES_MARK, Class, Key};
use crate::narrow;
use crate::source::{Column, Part, Query, Table};
use crate::statement::{self, Dialect};

/// A statement with its values.
pub(super) struct Statement {
    sql: String,
    arguments: SqliteArguments,
}

impl Statement {
    pub(super) fn fetch(self, on: &mut SqliteConnection) -> BoxStream<'_, Result<SqliteRow, sqlx::Error>> {
        // Every name in the text comes from the catalogue and is quoted.
        on.fetch(sqlx::query_with(AssertSqlSafe(self.sql), self.arguments))
    }
}

/// Writes the statement of a query.
pub(super) fn select(query: &Query<'_>) -> Result<Statement, Problem> {
    let mut writer =
        Writer { table: query.table, sql: String::with_capacity(256), arguments: SqliteArguments::default() };
    statement::select(query, &mut writer)?;
    Ok(Statement { sql: writer.sql, arguments: writer.arguments })
}

struct Writer<'a> {
    table: &'a Table,
    sql: String,
    arguments: SqliteArguments,
}

impl<'a> Dialect<'a> for Writer<'a> {
    fn table(&self) -> &'a Table {
        self.table
    }

    fn sql(&mut self) -> &mut String {
        &mut self.sql
    }

    fn read(&self, column: &Column) -> String {
        column.sql.clone()
    }

    fn part(&mut self, column: &Column, part: &Part) -> Result<(), Problem> {
        match part.normaliser {
            _ if !part.path.is_empty() => self.inside(column, &part.keys),
            None => self.exact(column, &part.keys),
            // SQLite knows upper and lower case of plain letters only.
            Some(Normaliser::Email | Normaliser::Name) if part.keys.iter().all(|key| key.is_ascii()) => {
                let squeezed = part.keys.iter().map(|key| key.replace(char::is_whitespace, ""));
                let values = self.bind(column, squeezed.map(serde_json::Value::String).collect())?;
                let _ = write!(
                    self.sql,
                    "replace(replace(replace(replace(lower({}), ' ', ''), char(9), ''), char(10), ''), char(13), '') \
                     IN (SELECT value FROM json_each({values}))",
                    column.sql
                );
                Ok(())
            }
            Some(Normaliser::Email | Normaliser::Name | Normaliser::Phone) => {
                let _ = write!(self.sql, "{} IS NOT NULL", column.sql);
                Ok(())
            }
        }
    }

    fn exact(&mut self, column: &Column, keys: &[Key]) -> Result<(), Problem> {
        let (bytes, others): (Vec<&Key>, Vec<&Key>) =
            keys.iter().partition(|key| key.starts_with(BYTES_MARK));
        let values = others.into_iter().flat_map(|key| typed(&column.class, key)).collect();
        let values = self.bind(column, values)?;
        let _ = write!(self.sql, "{} IN (SELECT value FROM json_each({values})", column.sql);
        if !bytes.is_empty() {
            let hex = bytes.into_iter().map(|key| key.trim_start_matches(BYTES_MARK).into()).collect();
            let hex = self.bind(column, hex)?;
            let _ = write!(self.sql, " UNION ALL SELECT unhex(value) FROM json_each({hex})");
        }
        self.sql.push(')');
        Ok(())
    }
}

impl Writer<'_> {
    /// Narrows down to texts that may hold a JSON document with one of the values somewhere.
    fn inside(&mut self, column: &Column, keys: &[Key]) -> Result<(), Problem> {
        let runs =
            keys.iter().map(|key| serde_json::Value::String(narrow::run(key).to_lowercase())).collect();
        let values = self.bind(column, runs)?;
        let _ = write!(
            self.sql,
            "EXISTS (SELECT 1 FROM json_each({values}) AS wanted WHERE instr(lower({}), wanted.value) > 0)",
            column.sql
        );
        Ok(())
    }

    fn bind(&mut self, column: &Column, values: Vec<serde_json::Value>) -> Result<String, Problem> {
        let text = serde_json::Value::Array(values).to_string();
        self.arguments.add(text).map_err(|_| statement::too_many(self.table, column))?;
        Ok(format!("?{}", self.arguments.len()))
    }
}

/// A key as the column would hold it: a number where it looks like one and the column prefers numbers,
/// both where the column has no preference.
fn typed(class: &Class, key: &Key) -> Vec<serde_json::Value> {
    let text = serde_json::Value::String(key.to_string());
    let number = || match key.parse::<i64>() {
        Ok(number) => Some(number.into()),
        Err(_) => key.parse::<f64>().ok().filter(|number| number.is_finite()).map(serde_json::Value::from),
    };
    match class {
        Class::Numeric => vec![number().unwrap_or(text)],
        Class::Untyped => number().into_iter().chain([text]).collect(),
        _ => vec![text],
    }
}
