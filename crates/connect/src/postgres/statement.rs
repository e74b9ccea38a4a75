//! Statements for PostgreSQL.
//!
//! Looked-up values travel as one array a column, so that one statement serves any number of people and
//! its text stays the same (and prepared). They are sent in a type that the column's own index can be used with.

use std::fmt::Write as _;
use std::sync::Arc;

use futures_util::stream::BoxStream;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::{Arguments as _, AssertSqlSafe, Executor as _};

use habeas_dataset::normalise::Normaliser;

use crate::error::Problem;
use crate::key::{Class, Key};
use crate::narrow;
use crate::source::{Column, Part, Query, Table};
use crate::statement::{self, Dialect};

use super::decode::Decode;

/// A statement with its values.
pub(super) struct Statement {
    sql: String,
    arguments: PgArguments,
}

impl Statement {
    pub(super) fn fetch(self, on: &mut PgConnection) -> BoxStream<'_, Result<PgRow, sqlx::Error>> {
        // Every name in the text was quoted by the database's own quote_ident.
        on.fetch(sqlx::query_with(AssertSqlSafe(self.sql), self.arguments))
    }
}

/// Writes the statement of a query.
pub(super) fn select(query: &Query<'_>) -> Result<Statement, Problem> {
    let mut writer =
        Writer { table: query.table, sql: String::with_capacity(256), arguments: PgArguments::default() };
    statement::select(query, &mut writer)?;
    Ok(Statement { sql: writer.sql, arguments: writer.arguments })
}

struct Writer<'a> {
    table: &'a Table,
    sql: String,
    arguments: PgArguments,
}

impl<'a> Dialect<'a> for Writer<'a> {
    fn table(&self) -> &'a Table {
        self.table
    }

    fn sql(&mut self) -> &mut String {
        &mut self.sql
    }

    fn read(&self, column: &Column) -> String {
        format!("{}{}", column.sql, column.decode.cast())
    }

    fn part(&mut self, column: &Column, part: &Part) -> Result<(), Problem> {
        if part.path.is_empty() {
            return match part.normaliser {
                None => self.exact(column, &part.keys),
                Some(normaliser) => {
                    self.narrowed(column, &format!("{}::text", column.sql), normaliser, &part.keys)
                }
            };
        }
        if !matches!(column.decode, Decode::Json | Decode::Jsonb) {
            return self.inside_text(column, &part.keys);
        }
        let path = self.texts(column, vec![json_path(&part.path)], "")?;
        let _ = write!(
            self.sql,
            "EXISTS (SELECT 1 FROM jsonb_path_query({}::jsonb, ({path})[1]::jsonpath) AS found WHERE ",
            column.sql
        );
        let found = "(found #>> '{}')";
        if let Some(normaliser) = part.normaliser {
            self.narrowed(column, found, normaliser, &part.keys)?;
        } else {
            let values = self.texts(column, owned(&part.keys), "")?;
            let _ = write!(self.sql, "{found} = ANY({values})");
        }
        self.sql.push(')');
        Ok(())
    }

    fn exact(&mut self, column: &Column, keys: &[Key]) -> Result<(), Problem> {
        let values = self.values(column, &column.class, keys)?;
        let _ = match &column.class {
            Class::List(inner) if **inner == Class::Opaque => {
                write!(self.sql, "{}::text[] && {values}", column.sql)
            }
            Class::List(_) => write!(self.sql, "{} && {values}", column.sql),
            Class::Opaque => write!(self.sql, "{}::text = ANY({values})", column.sql),
            _ => write!(self.sql, "{} = ANY({values})", column.sql),
        };
        Ok(())
    }
}

impl Writer<'_> {
    /// Narrows down to rows that may match once both sides are normalised. What letters are and how they
    /// become lower case depends on the database's locale, so only plain ones are compared here.
    fn narrowed(
        &mut self,
        column: &Column,
        text: &str,
        how: Normaliser,
        keys: &[Key],
    ) -> Result<(), Problem> {
        match how {
            Normaliser::Email | Normaliser::Name => {
                let values = self.texts(column, keys.iter().map(|key| narrow::letters(key)).collect(), "")?;
                let _ =
                    write!(self.sql, "regexp_replace(lower({text}), '[^a-z0-9]', '', 'g') = ANY({values})");
            }
            Normaliser::Phone => {
                let values = self.texts(column, keys.iter().map(|key| narrow::tail(key)).collect(), "")?;
                let tail = narrow::TAIL;
                let _ = write!(
                    self.sql,
                    "right(regexp_replace({text}, '[^0-9]', '', 'g'), {tail}) = ANY({values})"
                );
            }
        }
        Ok(())
    }

    /// Narrows down to texts that may hold a JSON document with one of the values somewhere. The document
    /// may spell any sign as an escape, letters and digits apart.
    fn inside_text(&mut self, column: &Column, keys: &[Key]) -> Result<(), Problem> {
        let values = self.texts(column, keys.iter().map(|key| narrow::run(key)).collect(), "")?;
        let _ = write!(
            self.sql,
            "EXISTS (SELECT 1 FROM unnest({values}) AS wanted WHERE strpos({}::text, wanted) > 0)",
            column.sql
        );
        Ok(())
    }

    fn values(&mut self, column: &Column, class: &Class, keys: &[Key]) -> Result<String, Problem> {
        let texts = || owned(keys);
        match class {
            Class::Integer => {
                let numbers: Vec<i64> = keys.iter().filter_map(|key| key.parse().ok()).collect();
                self.bind(column, numbers)
            }
            Class::Float => {
                let numbers: Vec<f64> = keys.iter().filter_map(|key| key.parse().ok()).collect();
                // In the column's own width: 0.1 is another number in 32 bits than in 64.
                let values = self.bind(column, numbers)?;
                Ok(format!("{values}::{}[]", column.cast.trim_end_matches("[]")))
            }
            Class::Text | Class::Opaque | Class::Numeric | Class::Untyped | Class::Document => {
                self.texts(column, texts(), "")
            }
            Class::Padded => self.texts(column, texts(), "::bpchar[]"),
            Class::Folded => self.texts(column, texts(), &format!("::{}[]", column.cast)),
            Class::Decimal => self.texts(column, texts(), "::numeric[]"),
            Class::Uuid => self.texts(column, texts(), "::uuid[]"),
            Class::Bool => self.texts(column, texts(), "::bool[]"),
            Class::Date => self.texts(column, texts(), "::date[]"),
            Class::Timestamp => self.texts(column, texts(), "::timestamp[]"),
            Class::Instant => self.texts(column, texts(), "::timestamptz[]"),
            Class::Bytes => {
                let texts = keys.iter().map(|key| format!("\\x{key}")).collect();
                self.texts(column, texts, "::bytea[]")
            }
            Class::List(inner) if **inner == Class::Opaque => self.texts(column, texts(), ""),
            Class::List(inner) => {
                // A cast of a number the elements can't hold would be an error; none equals it.
                let bits = match column.cast.as_str() {
                    "smallint[]" => 16,
                    "integer[]" => 32,
                    _ => 64,
                };
                let fits =
                    |key: &&Key| key.parse::<i64>().is_ok_and(|number| number >> (bits - 1) == number >> 63);
                let fitting: Vec<Key> = match **inner {
                    Class::Integer => keys.iter().filter(fits).cloned().collect(),
                    _ => keys.to_vec(),
                };
                let values = self.values(column, inner, &fitting)?;
                // The elements' own type, so that the operator and its index are found.
                Ok(format!("{values}::{}", column.cast))
            }
        }
    }

    fn texts(&mut self, column: &Column, values: Vec<String>, cast: &str) -> Result<String, Problem> {
        let place = self.bind(column, values)?;
        Ok(format!("{place}{cast}"))
    }

    fn bind<T>(&mut self, column: &Column, values: Vec<T>) -> Result<String, Problem>
    where
        Vec<T>: for<'q> sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        self.arguments.add(values).map_err(|_| statement::too_many(self.table, column))?;
        Ok(format!("${}", self.arguments.len()))
    }
}

/// Keys as text. No text in PostgreSQL holds the sign NUL, so none equals a key that does.
fn owned(keys: &[Key]) -> Vec<String> {
    keys.iter().filter(|key| !key.contains('\0')).map(ToString::to_string).collect()
}

/// A path of PostgreSQL's JSON path language: lax mode passes through arrays by itself.
fn json_path(path: &[Arc<str>]) -> String {
    let mut text = String::from("$");
    for name in path {
        let quoted = serde_json::Value::String(name.to_string()).to_string();
        let _ = write!(text, ".{quoted}");
    }
    text.push_str("[*]");
    text
}
