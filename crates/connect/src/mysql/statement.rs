//! Statements for MySQL and MariaDB.
//!
//! There are no arrays: each looked-up value is a parameter of its own. Lists are filled up to the next power
//! of two with their last value, so that few texts serve all numbers of people and stay prepared.

use std::fmt::Write as _;

use futures_util::stream::BoxStream;
use sqlx::mysql::{MySqlArguments, MySqlConnection, MySqlRow};
use sqlx::{Arguments as _, AssertSqlSafe, Executor as _};

use habeas_dataset::normalise::Normaliser;

use crate::error::Problem;
use crate::key::{Class, Key};
use crate::narrow;
use crate::postgres::Decode;
use crate::source::{Column, Part, Query, Table};
use crate::statement::{self, Dialect};

use super::decode::text_of;

/// The most parameters of a statement; the wire counts them in 16 bits.
const MOST: usize = 65_535;

/// Longer lists are not filled up, nor kept prepared.
const FILLED: usize = 256;

/// A statement with its values.
pub(super) struct Statement {
    sql: String,
    arguments: MySqlArguments,
    is_kept: bool,
}

impl Statement {
    pub(super) fn fetch(self, on: &mut MySqlConnection) -> BoxStream<'_, Result<MySqlRow, sqlx::Error>> {
        // Every name in the text comes from the catalogue and is quoted.
        on.fetch(sqlx::query_with(AssertSqlSafe(self.sql), self.arguments).persistent(self.is_kept))
    }
}

/// Writes the statement of a query.
pub(super) fn select(query: &Query<'_>) -> Result<Statement, Problem> {
    let mut writer = Writer {
        table: query.table,
        sql: String::with_capacity(256),
        arguments: MySqlArguments::default(),
        is_kept: true,
    };
    statement::select(query, &mut writer)?;
    Ok(Statement { sql: writer.sql, arguments: writer.arguments, is_kept: writer.is_kept })
}

struct Writer<'a> {
    table: &'a Table,
    sql: String,
    arguments: MySqlArguments,
    is_kept: bool,
}

impl<'a> Dialect<'a> for Writer<'a> {
    fn table(&self) -> &'a Table {
        self.table
    }

    fn sql(&mut self) -> &mut String {
        &mut self.sql
    }

    fn read(&self, column: &Column) -> String {
        match &column.decode {
            Decode::Mysql(form) => form.read(&column.sql),
            _ => column.sql.clone(),
        }
    }

    fn part(&mut self, column: &Column, part: &Part) -> Result<(), Problem> {
        if !part.path.is_empty() {
            return self.inside(column, part);
        }
        let text = text_of(&column.sql);
        match part.normaliser {
            None => self.exact(column, &part.keys),
            Some(Normaliser::Email | Normaliser::Name) => {
                let forms = part.keys.iter().map(|key| narrow::letters(key)).collect();
                let _ = write!(self.sql, "REGEXP_REPLACE(LOWER({text}), '[^a-z0-9]', '')");
                self.within(column, forms, "?")
            }
            Some(Normaliser::Phone) => {
                let forms = part.keys.iter().map(|key| narrow::tail(key)).collect();
                let tail = narrow::TAIL;
                let _ = write!(self.sql, "RIGHT(REGEXP_REPLACE({text}, '[^0-9]', ''), {tail})");
                self.within(column, forms, "?")
            }
        }
    }

    fn exact(&mut self, column: &Column, keys: &[Key]) -> Result<(), Problem> {
        let texts = || keys.iter().map(ToString::to_string).collect();
        let left = match &column.class {
            Class::Opaque | Class::Uuid => text_of(&column.sql),
            _ => column.sql.clone(),
        };
        self.sql.push_str(&left);
        match &column.class {
            Class::Integer => {
                let numbers: Vec<i64> = keys.iter().filter_map(|key| key.parse().ok()).collect();
                self.within(column, numbers, "?")
            }
            Class::Float => {
                let numbers: Vec<f64> = keys.iter().filter_map(|key| key.parse().ok()).collect();
                self.within(column, numbers, "?")
            }
            // Compared with text a number would be compared as a float.
            Class::Decimal => {
                let numbers = keys.iter().filter(|key| is_number(key)).map(ToString::to_string).collect();
                self.within::<String>(column, numbers, "CAST(? AS DECIMAL(65,30))")
            }
            Class::Bytes => self.within::<String>(column, texts(), "UNHEX(?)"),
            Class::Date => self.within::<String>(column, moments(keys, 10), "CAST(? AS DATE)"),
            Class::Timestamp | Class::Instant => {
                self.within::<String>(column, moments(keys, 26), "CAST(? AS DATETIME(6))")
            }
            Class::Text
            | Class::Padded
            | Class::Folded
            | Class::Uuid
            | Class::Bool
            | Class::Opaque
            | Class::List(_)
            | Class::Numeric
            | Class::Untyped
            | Class::Document => self.within::<String>(column, texts(), "?"),
        }
    }
}

impl Writer<'_> {
    /// Narrows down to documents that may hold one of the values somewhere: by its longest run of letters and
    /// digits, or by its last digits. A document may spell any other sign as an escape.
    fn inside(&mut self, column: &Column, part: &Part) -> Result<(), Problem> {
        let text = text_of(&column.sql);
        let (text, forms): (String, Vec<String>) = match part.normaliser {
            Some(Normaliser::Phone) => (
                format!("REGEXP_REPLACE({text}, '[^0-9]', '')"),
                part.keys.iter().map(|key| narrow::tail(key)).collect(),
            ),
            Some(Normaliser::Email | Normaliser::Name) => (
                format!("REGEXP_REPLACE(LOWER({text}), '[^a-z0-9]', '')"),
                part.keys.iter().map(|key| narrow::letters(key)).collect(),
            ),
            None => (text, part.keys.iter().map(|key| narrow::run(key)).collect()),
        };
        self.sql.push('(');
        for (place, form) in forms.into_iter().enumerate() {
            let word = if place == 0 { "" } else { " OR " };
            let _ = write!(self.sql, "{word}LOCATE(?, {text}) > 0");
            self.bind(column, form)?;
        }
        self.sql.push_str(if part.keys.is_empty() { "FALSE)" } else { ")" });
        self.is_kept &= part.keys.len() == 1;
        Ok(())
    }

    /// Writes ` IN (…)` with each value bound into `place`.
    fn within<T>(&mut self, column: &Column, mut values: Vec<T>, place: &str) -> Result<(), Problem>
    where
        T: Clone + Send + for<'q> sqlx::Encode<'q, sqlx::MySql> + sqlx::Type<sqlx::MySql>,
    {
        let Some(last) = values.last().cloned() else {
            self.sql.push_str(" IN (NULL)");
            return Ok(());
        };
        if values.len() <= FILLED {
            values.resize(values.len().next_power_of_two(), last);
        } else {
            self.is_kept = false;
        }
        self.sql.push_str(" IN (");
        for (number, value) in values.into_iter().enumerate() {
            if number > 0 {
                self.sql.push(',');
            }
            self.sql.push_str(place);
            self.bind(column, value)?;
        }
        self.sql.push(')');
        Ok(())
    }

    fn bind<T>(&mut self, column: &Column, value: T) -> Result<(), Problem>
    where
        T: Send + for<'q> sqlx::Encode<'q, sqlx::MySql> + sqlx::Type<sqlx::MySql>,
    {
        let added = if self.arguments.len() < MOST { self.arguments.add(value).ok() } else { None };
        added.ok_or_else(|| statement::too_many(self.table, column))
    }
}

/// Plain digits, as a decimal of this database can hold.
fn is_number(key: &str) -> bool {
    key.len() <= 66 && key.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
}

/// `2021-01-31T01:00:00.5Z` as the database reads it; its session counts in UTC.
fn moments(keys: &[Key], longest: usize) -> Vec<String> {
    let plain = keys.iter().map(|key| key.trim_end_matches('Z').replacen('T', " ", 1));
    plain.filter(|text| text.len() <= longest).collect()
}
