//! The two systems of the demonstration's organisation: a billing application and an Odoo, as SQLite files.
//!
//! Tables and columns are those of the products (Open Source Billing, Odoo), the people are made up; the
//! same seed gives the same files. Two people are always the same, since examples and tests speak of them:
//! Anabelle Deleon, whose phone number is written differently in each system and whose Odoo contact has a
//! child contact, and Aleena Conley, whose home phone differs.

mod billing;
mod odoo;
mod people;
mod sheet;
#[cfg(test)]
mod tests;
mod words;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{Connection as _, Executor as _};

use sheet::Sheet;

/// Where the files were written.
#[derive(Debug, Clone)]
pub(crate) struct Sources {
    /// The billing application's database; its dataset is `billing`.
    pub(crate) billing: PathBuf,
    /// Odoo's database; its dataset is `odoo`.
    pub(crate) odoo: PathBuf,
}

/// Writes `billing.sqlite` and `odoo.sqlite` into a folder, replacing what is there.
pub(crate) fn write_sources(dir: &Path) -> anyhow::Result<Sources> {
    let sources = Sources { billing: dir.join("billing.sqlite"), odoo: dir.join("odoo.sqlite") };
    let people = people::all();
    let files = [
        (&sources.billing, include_str!("sources/billing.sql"), billing::sheets(&people)),
        (&sources.odoo, include_str!("sources/odoo.sql"), odoo::sheets(&people)),
    ];
    // The caller may be on an async runtime already, where another can't be entered.
    std::thread::scope(|scope| {
        let work = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.context("failed to start the async runtime")?.block_on(async {
                for (path, schema, sheets) in &files {
                    write(path, schema, sheets)
                        .await
                        .with_context(|| format!("failed to write {}", path.display()))?;
                }
                Ok(())
            })
        });
        work.join().unwrap_or_else(|_| Err(anyhow::anyhow!("failed to write the databases")))
    })?;
    Ok(sources)
}

async fn write(path: &Path, schema: &str, sheets: &[Sheet]) -> anyhow::Result<()> {
    match std::fs::remove_file(path) {
        Err(problem) if problem.kind() != std::io::ErrorKind::NotFound => return Err(problem.into()),
        Err(_) | Ok(()) => {}
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Delete);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let mut tx = connection.begin().await?;
    tx.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(schema.to_owned()))).await?;
    for sheet in sheets {
        sheet.insert(&mut tx).await?;
    }
    tx.commit().await?;
    connection.close().await?;
    Ok(())
}
