//! PostgreSQL's catalogue: which tables there are, and how their columns are read and compared.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Executor as _, Row as _};

use crate::key::Class;
use crate::source::{Column, Table, TableName};

use super::decode::Decode;

/// Tables, partitioned tables, views, materialised views and foreign tables that are not the system's own.
const LIST: &str = "\
SELECT CASE WHEN pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname::text END, c.relname::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r','p','v','m','f') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY 1 NULLS FIRST, 2";

/// One row a column. A domain counts as the type below it, as the server sends its values so.
const DESCRIBE: &str = "\
WITH asked AS (
  SELECT a.place, found.oid FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS a(schema, name, place)
  CROSS JOIN LATERAL (
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r','p','v','m','f') AND c.relname = a.name
      AND CASE WHEN a.schema IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = a.schema END
    LIMIT 1) AS found
)
SELECT asked.place, format('%I.%I', n.nspname, c.relname), a.attname::text, quote_ident(a.attname),
  format_type(a.atttypid, a.atttypmod), a.attnotnull,
  CASE WHEN t.oid IN (1042, 1043) AND a.atttypmod > 4 THEN a.atttypmod - 4 END,
  array_position(k.conkey, a.attnum), t.oid::int8, format_type(t.oid, NULL), t.typname::text,
  CASE WHEN t.typcategory = 'A' THEN t.typelem::int8 END,
  CASE WHEN t.typcategory = 'A' THEN format_type(e.oid, NULL) END,
  coalesce(l.collisdeterministic, true), has_column_privilege(c.oid, a.attnum, 'SELECT'), row_security_active(c.oid),
  n.nspname::text, c.relname::text
FROM asked JOIN pg_class c ON c.oid = asked.oid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
  WITH RECURSIVE base AS (
    SELECT y.* FROM pg_type y WHERE y.oid = a.atttypid
    UNION ALL SELECT y.* FROM base JOIN pg_type y ON y.oid = base.typbasetype WHERE base.typtype = 'd')
  SELECT * FROM base WHERE typtype <> 'd') AS t
LEFT JOIN LATERAL (
  WITH RECURSIVE base AS (
    SELECT y.* FROM pg_type y WHERE y.oid = t.typelem
    UNION ALL SELECT y.* FROM base JOIN pg_type y ON y.oid = base.typbasetype WHERE base.typtype = 'd')
  SELECT * FROM base WHERE typtype <> 'd') AS e ON t.typcategory = 'A'
LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
LEFT JOIN pg_collation l ON l.oid = a.attcollation
ORDER BY asked.place, a.attnum";

/// Lists all tables: with their schema where the search path does not lead to them.
pub(super) async fn list(connection: &mut PgConnection) -> Result<Vec<TableName>, sqlx::Error> {
    let rows = connection.fetch_all(LIST).await?;
    rows.iter().map(|row| Ok(TableName { schema: row.try_get(0)?, table: row.try_get(1)? })).collect()
}

/// Describes those of the tables that exist.
pub(super) async fn describe(
    connection: &mut PgConnection,
    names: &[TableName],
) -> Result<Vec<(TableName, Table)>, sqlx::Error> {
    let schemas: Vec<Option<String>> = names.iter().map(|name| name.schema.clone()).collect();
    let tables: Vec<String> = names.iter().map(|name| name.table.clone()).collect();
    let rows = connection.fetch_all(sqlx::query(DESCRIBE).bind(schemas).bind(tables)).await?;
    let mut found: HashMap<usize, Described> = HashMap::new();
    for row in &rows {
        let place = usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0);
        let Some(name) = place.checked_sub(1).and_then(|place| names.get(place)) else { continue };
        let described = match found.entry(place) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => entry.insert(Described {
                sql: row.try_get(1)?,
                columns: Vec::new(),
                hides_rows: row.try_get(15)?,
                key: Vec::new(),
                name: name.clone(),
                full_name: TableName { schema: row.try_get(16)?, table: row.try_get(17)? },
            }),
        };
        if let Some(position) = row.try_get::<Option<i32>, _>(7)? {
            described.key.push((position, described.columns.len()));
        }
        described.columns.push(column(row)?);
    }
    Ok(found.into_values().map(Described::finish).collect())
}

struct Described {
    name: TableName,
    full_name: TableName,
    sql: String,
    columns: Vec<Column>,
    hides_rows: bool,
    /// Position in the primary key and place among the columns.
    key: Vec<(i32, usize)>,
}

impl Described {
    fn finish(mut self) -> (TableName, Table) {
        self.key.sort_unstable();
        let table = Table {
            name: Arc::from(self.name.to_string()),
            full_name: self.full_name,
            columns: self.columns,
            hides_rows: self.hides_rows,
            primary_key: self.key.into_iter().map(|(_, place)| place).collect(),
            sql: self.sql,
        };
        (self.name, table)
    }
}

fn column(row: &PgRow) -> Result<Column, sqlx::Error> {
    let name: String = row.try_get(2)?;
    let oid = number(row, 8)?.unwrap_or(0);
    let base: String = row.try_get(9)?;
    let short: String = row.try_get(10)?;
    let element_name: Option<String> = row.try_get(12)?;
    let element = number(row, 11)?.zip(element_name.as_deref());
    let is_deterministic: bool = row.try_get(13)?;
    let class = match element {
        Some((oid, _)) => Class::List(Box::new(class(oid, "", true))),
        None => class(oid, &short, is_deterministic),
    };
    Ok(Column {
        name: Arc::from(name),
        type_name: row.try_get(4)?,
        is_readable: row.try_get(14)?,
        is_not_null: row.try_get(5)?,
        max_length: row.try_get::<Option<i32>, _>(6)?.and_then(|length| u32::try_from(length).ok()),
        decode: Decode::of(oid, &base, element),
        class,
        sql: row.try_get(3)?,
        cast: base,
    })
}

fn number(row: &PgRow, place: usize) -> Result<Option<u32>, sqlx::Error> {
    Ok(row.try_get::<Option<i64>, _>(place)?.and_then(|number| u32::try_from(number).ok()))
}

/// How a type compares. Text whose collation has its own idea of equality compares as that says; the
/// executor then asks for one person at a time.
fn class(oid: u32, short: &str, is_deterministic: bool) -> Class {
    match oid {
        20 | 21 | 23 => Class::Integer,
        1700 => Class::Decimal,
        700 | 701 => Class::Float,
        25 | 1043 if is_deterministic => Class::Text,
        25 | 1043 => Class::Folded,
        1042 => Class::Padded,
        2950 => Class::Uuid,
        16 => Class::Bool,
        17 => Class::Bytes,
        1082 => Class::Date,
        1114 => Class::Timestamp,
        1184 => Class::Instant,
        _ if short == "citext" => Class::Folded,
        _ => Class::Opaque,
    }
}
