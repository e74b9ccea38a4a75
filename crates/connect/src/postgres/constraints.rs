//! What PostgreSQL's catalogue says about changing tables.

use std::sync::Arc;

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Executor as _, Row as _};

use crate::source::{Table, TableName};
use crate::write::{Constraints, ForeignKey, OnDelete, Trigger};

const COLUMNS: &str = "\
SELECT a.place, c.relkind::text, has_table_privilege(c.oid, 'DELETE'), t.attname::text,
  t.attgenerated <> '' OR t.attidentity = 'a', has_column_privilege(c.oid, t.attnum, 'UPDATE')
FROM unnest($1::text[]) WITH ORDINALITY AS a(name, place) JOIN pg_class c ON c.oid = a.name::regclass
JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped";

const UNIQUE: &str = "\
SELECT a.place, array_agg(t.attname::text ORDER BY t.attnum)
FROM unnest($1::text[]) WITH ORDINALITY AS a(name, place)
JOIN pg_index i ON i.indrelid = a.name::regclass AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
JOIN pg_attribute t ON t.attrelid = i.indrelid AND t.attnum = ANY(i.indkey::int2[])
GROUP BY a.place, i.indexrelid";

/// Foreign keys at either end of the tables. Those of partitions repeat those of the whole.
const FOREIGN: &str = "\
SELECT a.place, k.conrelid = a.name::regclass, k.conname::text, fn.nspname::text, f.relname::text,
  ARRAY(SELECT t.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(n, o) JOIN pg_attribute t ON t.attrelid = k.conrelid AND t.attnum = u.n ORDER BY u.o),
  tn.nspname::text, t.relname::text,
  ARRAY(SELECT t.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(n, o) JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attnum = u.n ORDER BY u.o),
  k.confdeltype::text, k.confrelid = a.name::regclass
FROM unnest($1::text[]) WITH ORDINALITY AS a(name, place)
JOIN pg_constraint k ON k.contype = 'f' AND k.conparentid = 0 AND (k.conrelid = a.name::regclass OR k.confrelid = a.name::regclass)
JOIN pg_class f ON f.oid = k.conrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace";

const TRIGGERS: &str = "\
SELECT a.place, g.tgname::text, g.tgtype & 16 <> 0, g.tgtype & 8 <> 0
FROM unnest($1::text[]) WITH ORDINALITY AS a(name, place)
JOIN pg_trigger g ON g.tgrelid = a.name::regclass AND NOT g.tgisinternal AND g.tgenabled IN ('O', 'A')
WHERE g.tgtype & 24 <> 0";

pub(super) async fn describe(
    connection: &mut PgConnection,
    tables: &[Arc<Table>],
) -> Result<Vec<Constraints>, sqlx::Error> {
    let mut all: Vec<Constraints> = tables.iter().map(|_| Constraints::default()).collect();
    let names: Vec<String> = tables.iter().map(|table| table.sql.clone()).collect();
    for row in connection.fetch_all(sqlx::query(COLUMNS).bind(&names)).await? {
        let Some((table, found)) = at(&row, tables, &mut all)? else { continue };
        found.is_table = ["r", "p", "f"].contains(&row.try_get::<&str, _>(1)?);
        found.may_delete = row.try_get(2)?;
        let Some(place) = table.lookup(row.try_get(3)?) else { continue };
        if row.try_get(4)? {
            found.generated.push(place);
        }
        if row.try_get(5)? {
            found.writable.push(place);
        }
    }
    for row in connection.fetch_all(sqlx::query(UNIQUE).bind(&names)).await? {
        let Some((table, found)) = at(&row, tables, &mut all)? else { continue };
        let columns: Vec<String> = row.try_get(1)?;
        found.unique.push(columns.iter().filter_map(|name| table.lookup(name)).collect());
    }
    for row in connection.fetch_all(sqlx::query(FOREIGN).bind(&names)).await? {
        let Some((_, found)) = at(&row, tables, &mut all)? else { continue };
        let name = |schema: usize| -> Result<TableName, sqlx::Error> {
            Ok(TableName { schema: Some(row.try_get(schema)?), table: row.try_get(schema + 1)? })
        };
        let key = ForeignKey {
            name: row.try_get(2)?,
            from: name(3)?,
            from_columns: row.try_get(5)?,
            to: name(6)?,
            to_columns: row.try_get(8)?,
            on_delete: match row.try_get::<&str, _>(9)? {
                "c" => OnDelete::Cascade,
                "n" | "d" => OnDelete::Clear,
                _ => OnDelete::Refuse,
            },
        };
        if row.try_get(1)? {
            found.refers_to.push(key.clone());
        }
        if row.try_get(10)? {
            found.referred_by.push(key);
        }
    }
    for row in connection.fetch_all(sqlx::query(TRIGGERS).bind(&names)).await? {
        let Some((_, found)) = at(&row, tables, &mut all)? else { continue };
        let trigger =
            Trigger { name: row.try_get(1)?, on_update: row.try_get(2)?, on_delete: row.try_get(3)? };
        found.triggers.push(trigger);
    }
    Ok(all)
}

fn at<'a>(
    row: &PgRow,
    tables: &'a [Arc<Table>],
    all: &'a mut [Constraints],
) -> Result<Option<(&'a Arc<Table>, &'a mut Constraints)>, sqlx::Error> {
    let place = usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0).wrapping_sub(1);
    Ok(tables.get(place).zip(all.get_mut(place)))
}
