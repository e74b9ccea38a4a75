//! Migrations: one text for both databases, run forward only, in order.
//!
//! The files are PostgreSQL's dialect with three words read differently by SQLite; sections under
//! `-- @sqlite` and `-- @postgres` are left out for the other. What was applied is kept with a
//! checksum by sqlx, which refuses a database whose migrations were edited afterwards.

use sqlx::AssertSqlSafe;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::db::Pool;
use crate::error::{Error, Result};

/// What this binary can read; compared with the oldest reader the database allows.
pub(crate) const READER: i64 = 1;

const FILES: &[(i64, &str, &str)] = &[
    (20_261_122_100_000, "create log", include_str!("../migrations/20261122100000_create_log.sql")),
    (
        20_261_122_100_100,
        "create requests and jobs",
        include_str!("../migrations/20261122100100_create_requests_and_jobs.sql"),
    ),
    (20_261_122_100_200, "create access", include_str!("../migrations/20261122100200_create_access.sql")),
    (
        20_261_125_085_500,
        "create open tasks and views",
        include_str!("../migrations/20261125085500_create_open_tasks_and_views.sql"),
    ),
    (20_261_125_085_900, "add spam mark", include_str!("../migrations/20261125085900_add_spam_mark.sql")),
    (
        20_261_125_091_200,
        "index published definitions",
        include_str!("../migrations/20261125091200_index_published_definitions.sql"),
    ),
    (
        20_261_125_091_500,
        "narrow readers and note absences",
        include_str!("../migrations/20261125091500_narrow_readers_and_note_absences.sql"),
    ),
    (
        20_261_125_091_700,
        "create digests and reports",
        include_str!("../migrations/20261125091700_create_digests_and_reports.sql"),
    ),
    (20_261_125_093_300, "drop lock out", include_str!("../migrations/20261125093300_drop_lock_out.sql")),
    (20_261_125_093_600, "create holds", include_str!("../migrations/20261125093600_create_holds.sql")),
    (20_261_125_094_200, "keep undo text", include_str!("../migrations/20261125094200_keep_undo_text.sql")),
    (20_261_125_101_800, "create feeds", include_str!("../migrations/20261125101800_create_feeds.sql")),
];

/// Brings the database to this version; does nothing where it is there already.
pub(crate) async fn run(pool: &Pool) -> Result<()> {
    let migrator = migrator(matches!(pool, Pool::Postgres(_)));
    match pool {
        Pool::Sqlite { writer, .. } => migrator.run(writer).await,
        Pool::Postgres(pool) => migrator.run(pool).await,
    }
    .map_err(Error::Migrate)
}

/// Fails unless every migration is applied and the database allows this reader.
pub(crate) async fn ensure_current(pool: &Pool) -> Result<()> {
    let mut conn = pool.read().await?;
    let present = if conn.is_postgres() {
        conn.optional("SELECT 1 AS one WHERE to_regclass('meta') IS NOT NULL", Vec::new()).await?
    } else {
        let sql = "SELECT 1 AS one FROM sqlite_schema WHERE type = 'table' AND name = 'meta'";
        conn.optional(sql, Vec::new()).await?
    };
    if present.is_none() {
        return Err(Error::Unmigrated);
    }
    let needed = conn.one("SELECT value FROM meta WHERE name = 'oldest_reader'", Vec::new()).await?;
    let needed = needed.int("value")?;
    if needed > READER {
        return Err(Error::TooNew { needed, have: READER });
    }
    let newest = conn.one("SELECT MAX(version) AS version FROM _sqlx_migrations", Vec::new()).await?;
    let wanted = FILES.iter().map(|(version, ..)| *version).max();
    if newest.opt_int("version")? < wanted {
        return Err(Error::Unmigrated);
    }
    Ok(())
}

fn migrator(is_postgres: bool) -> Migrator {
    let migrations = FILES.iter().map(|(version, name, text)| {
        let sql = AssertSqlSafe(dialect(text, is_postgres)).into_sql_str();
        Migration::new(*version, (*name).into(), MigrationType::Simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // A newer release may have added migrations that this one can live with (see `meta`).
    migrator.set_ignore_missing(true);
    migrator
}

/// Returns the text of a migration for one of the databases.
fn dialect(text: &str, is_postgres: bool) -> String {
    let mut sql = String::with_capacity(text.len());
    let mut is_wanted = true;
    for line in text.lines() {
        match line {
            "-- @both" => is_wanted = true,
            "-- @sqlite" => is_wanted = !is_postgres,
            "-- @postgres" => is_wanted = is_postgres,
            _ if is_wanted => {
                sql.push_str(line);
                sql.push('\n');
            }
            _ => {}
        }
    }
    if is_postgres {
        sql.replace(") STRICT;", ");")
    } else {
        sql.replace(" BIGINT", " INTEGER").replace(" BYTEA", " BLOB")
    }
}
