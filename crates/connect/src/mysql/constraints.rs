//! What MySQL's catalogue says about changing tables.
//!
//! Triggers are listed only to whom has the right TRIGGER, and keys of tables only to whom has some right on them.

use std::sync::Arc;

use sqlx::mysql::{MySqlArguments, MySqlConnection, MySqlRow};
use sqlx::{Arguments as _, AssertSqlSafe, Executor as _, Row as _};

use crate::source::{Table, TableName};
use crate::write::{Constraints, ForeignKey, OnDelete, Trigger, is_same};

/// Schemas are told by name only where they are not the one the url leads to.
const TABLES: &str = "\
SELECT CAST(IF(t.table_schema = DATABASE(), NULL, t.table_schema) AS CHAR), CAST(t.table_name AS CHAR),
  CAST(t.table_type AS CHAR), CAST(t.engine AS CHAR), COALESCE(e.transactions = 'YES', 0)
FROM information_schema.tables t LEFT JOIN information_schema.engines e ON e.engine = t.engine WHERE ";

const COLUMNS: &str = "\
SELECT CAST(IF(t.table_schema = DATABASE(), NULL, t.table_schema) AS CHAR), CAST(t.table_name AS CHAR),
  CAST(t.column_name AS CHAR), COALESCE(t.generation_expression, '') <> '', FIND_IN_SET('update', t.privileges) > 0
FROM information_schema.columns t WHERE ";

/// An index over the beginnings of values keeps rows apart as well; one over expressions says nothing of columns.
const UNIQUE: &str = "\
SELECT CAST(IF(t.table_schema = DATABASE(), NULL, t.table_schema) AS CHAR), CAST(t.table_name AS CHAR),
  CAST(t.index_name AS CHAR), CAST(t.column_name AS CHAR)
FROM information_schema.statistics t WHERE t.non_unique = 0 AND ";

const FOREIGN: &str = "\
SELECT CAST(IF(t.table_schema = DATABASE(), NULL, t.table_schema) AS CHAR), CAST(t.table_name AS CHAR),
  CAST(t.constraint_name AS CHAR), CAST(t.column_name AS CHAR),
  CAST(IF(t.referenced_table_schema = DATABASE(), NULL, t.referenced_table_schema) AS CHAR),
  CAST(t.referenced_table_name AS CHAR), CAST(t.referenced_column_name AS CHAR), CAST(r.delete_rule AS CHAR)
FROM information_schema.key_column_usage t JOIN information_schema.referential_constraints r
  ON r.constraint_schema = t.constraint_schema AND r.constraint_name = t.constraint_name AND r.table_name = t.table_name
WHERE t.referenced_table_name IS NOT NULL AND ";

const TRIGGERS: &str = "\
SELECT CAST(IF(t.event_object_schema = DATABASE(), NULL, t.event_object_schema) AS CHAR),
  CAST(t.event_object_table AS CHAR), CAST(t.trigger_name AS CHAR), CAST(t.event_manipulation AS CHAR)
FROM information_schema.triggers t WHERE ";

pub(super) async fn describe(
    connection: &mut MySqlConnection,
    tables: &[Arc<Table>],
) -> Result<Vec<Constraints>, sqlx::Error> {
    let mut all: Vec<Constraints> = tables.iter().map(|_| Constraints::default()).collect();
    if tables.is_empty() {
        return Ok(all);
    }
    let names: Vec<&TableName> = tables.iter().map(|table| &table.full_name).collect();
    let named = ("t.table_schema", "t.table_name");
    for row in fetch(connection, TABLES, &names, &[named], "").await? {
        let Some((_, found)) = at(&row, tables, &mut all)? else { continue };
        let kind: String = row.try_get_unchecked(2)?;
        let engine: Option<String> = row.try_get_unchecked(3)?;
        found.is_table = matches!(kind.as_str(), "BASE TABLE" | "SYSTEM VERSIONED");
        let has_transactions = row.try_get_unchecked::<i64, _>(4)? != 0;
        found.refusal = refusal(&kind, engine.as_deref(), has_transactions).filter(|_| found.is_table);
    }
    for row in fetch(connection, COLUMNS, &names, &[named], "").await? {
        let Some((table, found)) = at(&row, tables, &mut all)? else { continue };
        let Some(place) = table.lookup(&row.try_get_unchecked::<String, _>(2)?) else { continue };
        if row.try_get_unchecked::<i64, _>(3)? != 0 {
            found.generated.push(place);
        }
        if row.try_get_unchecked::<i64, _>(4)? != 0 {
            found.writable.push(place);
        }
    }
    unique(connection, tables, &names, &mut all).await?;
    let own: Vec<&Table> = tables.iter().map(|table| &**table).collect();
    for key in foreign_keys(connection, &own).await? {
        for (table, found) in tables.iter().zip(&mut all) {
            if is_same(&key.from, table) {
                found.refers_to.push(key.clone());
            }
            if is_same(&key.to, table) {
                found.referred_by.push(key.clone());
            }
        }
    }
    let events = ("t.event_object_schema", "t.event_object_table");
    for row in fetch(connection, TRIGGERS, &names, &[events], " ORDER BY 1, 2, 3").await? {
        let Some((_, found)) = at(&row, tables, &mut all)? else { continue };
        let event: String = row.try_get_unchecked(3)?;
        let trigger = Trigger {
            name: row.try_get_unchecked(2)?,
            on_update: event == "UPDATE",
            on_delete: event == "DELETE",
        };
        found.triggers.push(trigger);
    }
    for (table, found) in tables.iter().zip(&mut all) {
        found.may_delete = found.is_table && may_delete(connection, table).await?;
    }
    Ok(all)
}

/// Why no row of a table may be changed, whoever asks.
fn refusal(kind: &str, engine: Option<&str>, has_transactions: bool) -> Option<String> {
    let engine = engine.unwrap_or("unknown");
    if !has_transactions {
        return Some(format!(
            "its engine {engine} has no transactions, so what is broken off halfway stays half done: \
             convert the table to InnoDB"
        ));
    }
    (kind == "SYSTEM VERSIONED").then(|| {
        "it is system-versioned, so what is deleted or changed stays in its history: drop the history first".to_owned()
    })
}

async fn unique(
    connection: &mut MySqlConnection,
    tables: &[Arc<Table>],
    names: &[&TableName],
    all: &mut [Constraints],
) -> Result<(), sqlx::Error> {
    let named = ("t.table_schema", "t.table_name");
    let order = " ORDER BY t.table_schema, t.table_name, t.index_name, t.seq_in_index";
    let mut index = None;
    for row in fetch(connection, UNIQUE, names, &[named], order).await? {
        let Some((table, found)) = at(&row, tables, all)? else { continue };
        let this: (String, String) = (table.sql.clone(), row.try_get_unchecked(2)?);
        if index.as_ref() != Some(&this) {
            found.unique.push(Vec::new());
            index = Some(this);
        }
        let column: Option<String> = row.try_get_unchecked(3)?;
        let place = column.and_then(|name| table.lookup(&name));
        let Some(columns) = found.unique.last_mut() else { continue };
        match place {
            Some(place) => columns.push(place),
            // Of an index over an expression nothing is known: no row is named by it.
            None => columns.push(usize::MAX),
        }
    }
    for found in all {
        found.unique.retain(|columns| !columns.contains(&usize::MAX));
    }
    Ok(())
}

/// Returns the foreign keys at either end of the tables.
pub(super) async fn foreign_keys(
    connection: &mut MySqlConnection,
    tables: &[&Table],
) -> Result<Vec<ForeignKey>, sqlx::Error> {
    let names: Vec<&TableName> = tables.iter().map(|table| &table.full_name).collect();
    let ends = [("t.table_schema", "t.table_name"), ("t.referenced_table_schema", "t.referenced_table_name")];
    let order = " ORDER BY t.table_schema, t.table_name, t.constraint_name, t.ordinal_position";
    let mut keys: Vec<ForeignKey> = Vec::new();
    for row in fetch(connection, FOREIGN, &names, &ends, order).await? {
        let from = TableName { schema: row.try_get_unchecked(0)?, table: row.try_get_unchecked(1)? };
        let name: String = row.try_get_unchecked(2)?;
        if keys.last().is_none_or(|last| last.name != name || last.from != from) {
            let rule: String = row.try_get_unchecked(7)?;
            keys.push(ForeignKey {
                name,
                from,
                from_columns: Vec::new(),
                to: TableName { schema: row.try_get_unchecked(4)?, table: row.try_get_unchecked(5)? },
                to_columns: Vec::new(),
                on_delete: match rule.as_str() {
                    "CASCADE" => OnDelete::Cascade,
                    "SET NULL" | "SET DEFAULT" => OnDelete::Clear,
                    _ => OnDelete::Refuse,
                },
            });
        }
        if let Some(key) = keys.last_mut() {
            key.from_columns.push(row.try_get_unchecked(3)?);
            key.to_columns.push(row.try_get_unchecked(6)?);
        }
    }
    Ok(keys)
}

/// Rights may come from roles, patterns or the server as a whole: it is asked what it would say. Explaining a deletion
/// takes the right to delete, and deletes nothing.
async fn may_delete(connection: &mut MySqlConnection, table: &Table) -> Result<bool, sqlx::Error> {
    let sql = format!("EXPLAIN DELETE FROM {} WHERE FALSE", table.sql);
    match connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await {
        Ok(_) => Ok(true),
        // That a view of ours only reads is looked at after the rights.
        Err(cause @ sqlx::Error::Database(_)) => Ok(!super::failure::is_denied(&cause)),
        Err(cause) => Err(cause),
    }
}

/// Asks the catalogue about tables that are named in one of the pairs of columns.
async fn fetch(
    connection: &mut MySqlConnection,
    question: &str,
    names: &[&TableName],
    pairs: &[(&str, &str)],
    order: &str,
) -> Result<Vec<MySqlRow>, sqlx::Error> {
    let mut arguments = MySqlArguments::default();
    let mut tests = Vec::with_capacity(names.len() * pairs.len());
    for name in names {
        for (schema, table) in pairs {
            match &name.schema {
                Some(named) => {
                    arguments.add(named.clone()).map_err(sqlx::Error::Encode)?;
                    tests.push(format!("({schema} = ? AND {table} = ?)"));
                }
                None => tests.push(format!("({schema} = DATABASE() AND {table} = ?)")),
            }
            arguments.add(name.table.clone()).map_err(sqlx::Error::Encode)?;
        }
    }
    // Only fixed text is put together here; every name is bound.
    let sql = format!("{question}({}){order}", tests.join(" OR "));
    connection.fetch_all(sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(false)).await
}

fn at<'a>(
    row: &MySqlRow,
    tables: &'a [Arc<Table>],
    all: &'a mut [Constraints],
) -> Result<Option<(&'a Arc<Table>, &'a mut Constraints)>, sqlx::Error> {
    let name = TableName { schema: row.try_get_unchecked(0)?, table: row.try_get_unchecked(1)? };
    Ok(tables.iter().zip(all).find(|(table, _)| table.full_name == name))
}
