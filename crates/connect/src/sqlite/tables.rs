//! SQLite's catalogue.

use std::sync::Arc;

use sqlx::sqlite::SqliteConnection;
use sqlx::{Executor as _, Row as _};

use crate::key::Class;
use crate::postgres::Decode;
use crate::source::{Column, Table, TableName};

pub(super) async fn list(connection: &mut SqliteConnection) -> Result<Vec<TableName>, sqlx::Error> {
    let rows = connection
        .fetch_all(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
        )
        .await?;
    rows.iter().map(|row| Ok(TableName { schema: None, table: row.try_get(0)? })).collect()
}

/// Describes a table or view. A schema is the name of an attached database, and there is only `main`.
pub(super) async fn describe(
    connection: &mut SqliteConnection,
    name: &TableName,
) -> Result<Option<Table>, sqlx::Error> {
    if name.schema.as_deref().is_some_and(|schema| schema != "main") {
        return Ok(None);
    }
    // Hidden columns of virtual tables (1) can't be selected as others; generated ones (2, 3) can.
    let query = sqlx::query(
        "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo($1) WHERE hidden <> 1 ORDER BY cid",
    );
    let rows = connection.fetch_all(query.bind(&name.table)).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut columns = Vec::with_capacity(rows.len());
    let mut key = Vec::new();
    for row in &rows {
        let column: String = row.try_get(0)?;
        let type_name: String = row.try_get(1)?;
        let position: i64 = row.try_get(3)?;
        if position > 0 {
            key.push((position, columns.len()));
        }
        columns.push(Column {
            sql: quote(&column),
            name: Arc::from(column),
            class: class(&type_name),
            max_length: None,
            is_readable: true,
            is_not_null: row.try_get::<i64, _>(2)? != 0,
            decode: Decode::Dynamic,
            cast: String::new(),
            type_name,
        });
    }
    key.sort_unstable();
    Ok(Some(Table {
        name: Arc::from(name.to_string()),
        full_name: TableName { schema: None, table: name.table.clone() },
        sql: quote(&name.table),
        columns,
        hides_rows: false,
        primary_key: key.into_iter().map(|(_, place)| place).collect(),
    }))
}

/// SQLite's rules of affinity, in their order.
fn class(type_name: &str) -> Class {
    let upper = type_name.to_ascii_uppercase();
    let has = |part: &str| upper.contains(part);
    if has("INT") {
        Class::Numeric
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        Class::Text
    } else if has("BLOB") || upper.is_empty() {
        Class::Untyped
    } else {
        Class::Numeric
    }
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
