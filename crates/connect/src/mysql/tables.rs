//! MySQL's catalogue: which tables there are, and how their columns are read and compared.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::mysql::{MySqlArguments, MySqlConnection, MySqlRow};
use sqlx::{Arguments as _, AssertSqlSafe, Executor as _, Row as _};

use crate::key::Class;
use crate::postgres::Decode;
use crate::source::{Column, Table, TableName};

use super::decode::Form;

/// Tables and views that are not the system's own: without a schema where they stand in the database of the url.
const LIST: &str = "\
SELECT CAST(IF(table_schema = DATABASE(), NULL, table_schema) AS CHAR), CAST(table_name AS CHAR)
FROM information_schema.tables
WHERE table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
ORDER BY 1, 2";

/// One row a column, of the tables asked for.
const DESCRIBE: &str = "\
SELECT CAST(c.table_schema AS CHAR), CAST(c.table_name AS CHAR), CAST(c.column_name AS CHAR),
  CAST(c.column_type AS CHAR), CAST(c.data_type AS CHAR), c.is_nullable = 'NO',
  CAST(c.character_maximum_length AS SIGNED), CAST(c.collation_name AS CHAR),
  FIND_IN_SET('select', c.privileges) > 0, CAST(k.ordinal_position AS SIGNED),
  CAST(DATABASE() AS CHAR)
FROM information_schema.columns c
LEFT JOIN information_schema.key_column_usage k ON k.constraint_name = 'PRIMARY'
  AND k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name
WHERE ";

/// Lists all tables: with their schema where the url does not lead to them.
pub(super) async fn list(connection: &mut MySqlConnection) -> Result<Vec<TableName>, sqlx::Error> {
    let rows = connection.fetch_all(LIST).await?;
    rows.iter()
        .map(|row| Ok(TableName { schema: row.try_get_unchecked(0)?, table: row.try_get_unchecked(1)? }))
        .collect()
}

/// Describes those of the tables that exist.
pub(super) async fn describe(
    connection: &mut MySqlConnection,
    names: &[TableName],
) -> Result<Vec<(TableName, Table)>, sqlx::Error> {
    let mut arguments = MySqlArguments::default();
    let mut add = |text: &str| arguments.add(text.to_owned()).map_err(sqlx::Error::Encode);
    let mut tests = Vec::with_capacity(names.len());
    for name in names {
        match &name.schema {
            Some(schema) => {
                add(schema)?;
                tests.push("(c.table_schema = ? AND c.table_name = ?)");
            }
            None => tests.push("(c.table_schema = DATABASE() AND c.table_name = ?)"),
        }
        add(&name.table)?;
    }
    // Only fixed text is put together here; every name is bound.
    let sql =
        format!("{DESCRIBE}{} ORDER BY c.table_schema, c.table_name, c.ordinal_position", tests.join(" OR "));
    let query = sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(false);
    let rows = connection.fetch_all(query).await?;
    let mut found: HashMap<TableName, Described> = HashMap::new();
    for row in &rows {
        let schema: String = row.try_get_unchecked(0)?;
        let table: String = row.try_get_unchecked(1)?;
        let own: Option<String> = row.try_get_unchecked(10)?;
        // The catalogue compares names without regard to case; the file system below it may not.
        let asked = names.iter().find(|name| {
            let is_schema = match &name.schema {
                Some(named) => *named == schema,
                None => own.as_deref() == Some(&schema),
            };
            is_schema && name.table == table
        });
        let Some(name) = asked else { continue };
        let described = found.entry(name.clone()).or_insert_with(|| Described {
            sql: format!("{}.{}", quote(&schema), quote(&table)),
            full_name: TableName {
                schema: Some(schema.clone()).filter(|schema| own.as_deref() != Some(schema)),
                table: table.clone(),
            },
            columns: Vec::new(),
            key: Vec::new(),
        });
        if let Some(position) = row.try_get_unchecked::<Option<i64>, _>(9)? {
            described.key.push((position, described.columns.len()));
        }
        described.columns.push(column(row)?);
    }
    Ok(found.into_iter().map(|(name, described)| (name.clone(), described.finish(&name))).collect())
}

struct Described {
    sql: String,
    /// Without a schema where the url leads to it.
    full_name: TableName,
    columns: Vec<Column>,
    /// Position in the primary key and place among the columns.
    key: Vec<(i64, usize)>,
}

impl Described {
    fn finish(mut self, name: &TableName) -> Table {
        self.key.sort_unstable();
        Table {
            name: Arc::from(name.to_string()),
            full_name: self.full_name,
            columns: self.columns,
            hides_rows: false,
            primary_key: self.key.into_iter().map(|(_, place)| place).collect(),
            sql: self.sql,
        }
    }
}

fn column(row: &MySqlRow) -> Result<Column, sqlx::Error> {
    let name: String = row.try_get_unchecked(2)?;
    let whole: String = row.try_get_unchecked(3)?;
    let short: String = row.try_get_unchecked(4)?;
    let length: Option<i64> = row.try_get_unchecked(6)?;
    let collation: Option<String> = row.try_get_unchecked(7)?;
    let form = Form::of(&short, &whole, collation.as_deref());
    Ok(Column {
        sql: quote(&name),
        name: Arc::from(name),
        is_not_null: row.try_get_unchecked::<i64, _>(5)? != 0,
        is_readable: row.try_get_unchecked::<i64, _>(8)? != 0,
        max_length: length.and_then(|length| u32::try_from(length).ok()),
        class: class(&form, &short, collation.as_deref()),
        decode: Decode::Mysql(form),
        cast: short,
        type_name: whole,
    })
}

/// How a type compares. Most collations take upper and lower case, and many accents, as equal; where they find
/// more rows equal than lower case explains, the executor asks for one person at a time.
fn class(form: &Form, short: &str, collation: Option<&str>) -> Class {
    match form {
        Form::Int | Form::CastUInt => Class::Integer,
        // Beyond the range of a signed number too.
        Form::UInt | Form::Decimal => Class::Decimal,
        Form::Double => Class::Float,
        Form::Text(_) => match collation {
            Some(name) if name.ends_with("_bin") || name.ends_with("_cs") || name == "binary" => Class::Text,
            Some(_) | None => Class::Folded,
        },
        Form::Bytes => Class::Bytes,
        Form::Date => Class::Date,
        Form::Timestamp => Class::Timestamp,
        Form::Instant => Class::Instant,
        Form::Cast(_) if short == "uuid" => Class::Uuid,
        Form::Float | Form::Json | Form::Time | Form::Geometry | Form::Cast(_) => Class::Opaque,
    }
}

/// Returns a name from the catalogue as it stands in a statement.
pub(super) fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
