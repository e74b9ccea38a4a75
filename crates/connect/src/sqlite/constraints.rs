//! What SQLite's catalogue says about changing tables.

use std::sync::Arc;

use sqlx::sqlite::SqliteConnection;
use sqlx::{Executor as _, Row as _};

use crate::source::{Table, TableName};
use crate::write::{Constraints, ForeignKey, OnDelete, Trigger};

const FOREIGN: &str = "\
SELECT s.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_delete FROM sqlite_schema AS s
JOIN pragma_foreign_key_list(s.name) AS f WHERE s.type = 'table' ORDER BY s.name, f.id, f.seq";

const UNIQUE: &str = "\
SELECT i.name, c.name FROM pragma_index_list($1) AS i JOIN pragma_index_info(i.name) AS c
WHERE i.\"unique\" AND NOT i.partial AND c.name IS NOT NULL ORDER BY i.seq, c.seqno";

const TRIGGERS: &str =
    "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $1 COLLATE NOCASE";

pub(super) async fn describe(
    connection: &mut SqliteConnection,
    tables: &[Arc<Table>],
) -> Result<Vec<Constraints>, sqlx::Error> {
    let foreign = foreign_keys(connection).await?;
    let mut all = Vec::with_capacity(tables.len());
    for table in tables {
        let name = &table.full_name.table;
        let kind = sqlx::query("SELECT type FROM sqlite_schema WHERE name = $1 COLLATE NOCASE").bind(name);
        let kind: Option<String> =
            connection.fetch_optional(kind).await?.map(|row| row.try_get(0)).transpose()?;
        let generated =
            sqlx::query("SELECT name FROM pragma_table_xinfo($1) WHERE hidden IN (2, 3)").bind(name);
        let mut found = Constraints {
            may_delete: true,
            is_table: kind.as_deref() == Some("table"),
            writable: (0..table.columns.len()).collect(),
            ..Constraints::default()
        };
        for row in connection.fetch_all(generated).await? {
            found.generated.extend(table.lookup(row.try_get(0)?));
        }
        if !table.primary_key.is_empty() {
            found.unique.push(table.primary_key.clone());
        }
        let mut index = String::new();
        for row in connection.fetch_all(sqlx::query(UNIQUE).bind(name)).await? {
            let this: String = row.try_get(0)?;
            if this != index {
                found.unique.push(Vec::new());
                index = this;
            }
            if let (Some(columns), Some(place)) = (found.unique.last_mut(), table.lookup(row.try_get(1)?)) {
                columns.push(place);
            }
        }
        for row in connection.fetch_all(sqlx::query(TRIGGERS).bind(name)).await? {
            let (name, sql): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let head: Vec<String> = sql.split_whitespace().take(12).map(str::to_uppercase).collect();
            let has = |word: &str| head.iter().any(|known| known == word);
            found.triggers.push(Trigger { name, on_update: has("UPDATE"), on_delete: has("DELETE") });
        }
        let is_here = |name: &TableName| name.table.eq_ignore_ascii_case(&table.full_name.table);
        found.refers_to = foreign.iter().filter(|key| is_here(&key.from)).cloned().collect();
        found.referred_by = foreign.iter().filter(|key| is_here(&key.to)).cloned().collect();
        all.push(found);
    }
    Ok(all)
}

/// A reference without columns leads to the primary key.
async fn foreign_keys(connection: &mut SqliteConnection) -> Result<Vec<ForeignKey>, sqlx::Error> {
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    for row in connection.fetch_all(FOREIGN).await? {
        let (from, id, to): (String, i64, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let (column, target): (String, Option<String>) = (row.try_get(3)?, row.try_get(4)?);
        let is_same = keys.last().is_some_and(|(known, key)| *known == id && key.from.table == from);
        if !is_same {
            let on_delete: String = row.try_get(5)?;
            let name = |table: String| TableName { schema: None, table };
            keys.push((
                id,
                ForeignKey {
                    name: String::new(),
                    from: name(from),
                    from_columns: Vec::new(),
                    to: name(to),
                    to_columns: Vec::new(),
                    on_delete: match on_delete.as_str() {
                        "CASCADE" => OnDelete::Cascade,
                        "SET NULL" | "SET DEFAULT" => OnDelete::Clear,
                        _ => OnDelete::Refuse,
                    },
                },
            ));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.from_columns.push(column);
            key.to_columns.extend(target);
        }
    }
    for (_, key) in keys.iter_mut().filter(|(_, key)| key.to_columns.is_empty()) {
        let query = sqlx::query("SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk");
        for row in connection.fetch_all(query.bind(&key.to.table)).await? {
            key.to_columns.push(row.try_get(0)?);
        }
    }
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}
