//! What the product has written down, read from its SQLite file without writing.

use std::path::Path;

use anyhow::Context as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Row as _};
use tokio::runtime::Runtime;

/// The database of an installation.
pub(crate) struct Ledger {
    runtime: Runtime,
    connection: SqliteConnection,
}

/// A job that was to run as soon as it was there.
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) created_us: i64,
}

impl Ledger {
    /// Opens a database that is there.
    pub(crate) fn open(file: &Path) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let connection = runtime
            .block_on(SqliteConnection::connect_with(&options))
            .with_context(|| format!("failed to open {}", file.display()))?;
        Ok(Self { runtime, connection })
    }

    /// Returns when the receipt of a request was handed over.
    pub(crate) fn receipt_us(&mut self, reference: &str) -> anyhow::Result<Option<i64>> {
        let sql = "SELECT m.handed_over_at AS at FROM mails m JOIN requests r ON r.id = m.request_id
            WHERE r.reference = $1 AND m.occasion = 'receipt' AND m.handed_over_at IS NOT NULL";
        let query = sqlx::query(sql).bind(reference).fetch_optional(&mut self.connection);
        Ok(self.runtime.block_on(query)?.map(|row| row.get("at")))
    }

    /// Returns when the first entry of this kind and actor was written into a request's log.
    pub(crate) fn entry_us(
        &mut self,
        reference: &str,
        kind: &str,
        actor: &str,
    ) -> anyhow::Result<Option<i64>> {
        let sql = "SELECT MIN(e.at) AS at FROM entries e JOIN requests r ON r.id = e.chain_id
            WHERE r.reference = $1 AND e.kind = $2 AND e.actor LIKE $3";
        let query = sqlx::query(sql).bind(reference).bind(kind).bind(actor).fetch_one(&mut self.connection);
        Ok(self.runtime.block_on(query)?.get("at"))
    }

    /// Returns all jobs that were to run at once.
    pub(crate) fn jobs(&mut self) -> anyhow::Result<Vec<Job>> {
        let sql = "SELECT id, kind, created_at FROM jobs
            WHERE run_at <= created_at AND request_id IS NOT NULL ORDER BY id";
        let rows = self.runtime.block_on(sqlx::query(sql).fetch_all(&mut self.connection))?;
        let job = |row: sqlx::sqlite::SqliteRow| Job {
            id: row.get("id"),
            kind: row.get("kind"),
            created_us: row.get("created_at"),
        };
        Ok(rows.into_iter().map(job).collect())
    }

    /// Returns e-mail addresses of the demonstration's customers.
    pub(crate) fn customers(&mut self, count: u32) -> anyhow::Result<Vec<String>> {
        let sql = "SELECT DISTINCT email FROM clients WHERE email LIKE '%_@_%' ORDER BY id LIMIT $1";
        let rows = self.runtime.block_on(sqlx::query(sql).bind(count).fetch_all(&mut self.connection))?;
        Ok(rows.into_iter().map(|row| row.get("email")).collect())
    }
}
