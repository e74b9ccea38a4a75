//! One transaction that changes rows of MySQL or MariaDB.
//!
//! Rows travel as one JSON document and are taken apart by the database (`JSON_TABLE`), so that a statement's text is
//! the same for any number of rows; what is larger than a packet of the server goes in several. Foreign keys are
//! checked row by row there, never at the end: references among rows that all go are taken off first. The connection
//! is one of its own, with settings of its own, and is closed afterwards.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::mysql::{MySqlArguments, MySqlConnection, MySqlQueryResult, MySqlRow};
use sqlx::{Arguments as _, AssertSqlSafe, Connection as _, Executor as _, Row as _};

use habeas_core::value::Value;

use crate::error::{Error, Problem, from_writing};
use crate::source::Table;
use crate::write::{Commit, ForeignKey, RowKey, Rows, Writer, is_same};

use super::exact;
use super::{Session, Shared, constraints, values};

/// A document is never longer than this, whatever the server takes.
const LONGEST: usize = 4 << 20;

/// What a statement needs beside its document.
const AROUND: usize = 64 << 10;

pub(super) struct Transaction {
    shared: Arc<Shared>,
    connection: MySqlConnection,
    /// The longest document, in bytes.
    longest: usize,
    /// The foreign keys of tables asked for so far, by the name they have in statements.
    foreign: HashMap<String, Vec<ForeignKey>>,
}

impl Transaction {
    pub(super) async fn begin(shared: &Arc<Shared>, session: Session) -> Result<Self, Error> {
        let limit = shared.limits.timeout_ms;
        let mut this = Self {
            shared: Arc::clone(shared),
            connection: session.connection,
            longest: LONGEST,
            foreign: HashMap::new(),
        };
        let about = this.row("SELECT CAST(VERSION() AS CHAR), CAST(@@max_allowed_packet AS SIGNED)").await?;
        let version: String = about.try_get_unchecked(0).map_err(|cause| this.fault("", &cause))?;
        let packet: i64 = about.try_get_unchecked(1).map_err(|cause| this.fault("", &cause))?;
        if !can_take_rows(&version) {
            return Err(this.problem(Problem::TooOld));
        }
        let packet = usize::try_from(packet).unwrap_or(LONGEST);
        this.longest = LONGEST.min(packet.saturating_sub(AROUND).max(packet / 2));
        // A log of statements can't tell what was locked only in part.
        let is_logged_as_text = match this.row("SHOW SESSION VARIABLES LIKE 'binlog_format'").await {
            Ok(row) => row.try_get_unchecked::<String, _>(1).is_ok_and(|format| format == "STATEMENT"),
            Err(_) => false,
        };
        let level = if is_logged_as_text { "REPEATABLE READ" } else { "READ COMMITTED" };
        let seconds = limit.div_ceil(1000).max(1);
        let settings = format!(
            "SET SESSION foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0, completion_type = 0, \
             innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds} \
             /*M!100101 , max_statement_time = {} */",
            seconds.saturating_mul(4)
        );
        let level = format!("SET TRANSACTION ISOLATION LEVEL {level}");
        for statement in [settings.as_str(), &level, "START TRANSACTION READ WRITE"] {
            let done = this.connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await;
            done.map_err(|cause| this.fault("", &cause))?;
        }
        Ok(this)
    }

    async fn row(&mut self, sql: &'static str) -> Result<MySqlRow, Error> {
        let row = self.connection.fetch_one(sqlx::raw_sql(sql)).await;
        row.map_err(|cause| self.fault("", &cause))
    }

    fn fault(&self, table: &str, cause: &sqlx::Error) -> Error {
        from_writing(&self.shared.name, table, self.shared.limits.timeout_ms, cause)
    }

    fn problem(&self, problem: Problem) -> Error {
        Error::new(&self.shared.name, problem)
    }

    /// MySQL has no limit on the time of a statement that changes something, so it is kept here.
    fn patience(&self) -> Duration {
        Duration::from_millis(self.shared.limits.timeout_ms.saturating_mul(4))
    }

    fn impatient(&self) -> Error {
        self.problem(Problem::TimedOut { limit_ms: self.shared.limits.timeout_ms.saturating_mul(4) })
    }

    async fn change(&mut self, table: &Table, sql: &str, document: String) -> Result<u64, Error> {
        let arguments = self.arguments(table, document)?;
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(false);
        let patience = self.patience();
        match tokio::time::timeout(patience, self.connection.execute(query)).await {
            Ok(done) => done
                .map(|done: MySqlQueryResult| done.rows_affected())
                .map_err(|cause| self.fault(&table.name, &cause)),
            Err(_) => Err(self.impatient()),
        }
    }

    fn arguments(&self, table: &Table, document: String) -> Result<MySqlArguments, Error> {
        let mut arguments = MySqlArguments::default();
        let added = arguments.add(document);
        added.map_err(|_| self.problem(exact::unsupported(table, 0, "too many values at once")))?;
        Ok(arguments)
    }

    /// Returns the foreign keys of a table.
    async fn foreign_keys(&mut self, table: &Table) -> Result<Vec<ForeignKey>, Error> {
        if !self.foreign.contains_key(&table.sql) {
            let found = constraints::foreign_keys(&mut self.connection, &[table]).await;
            let found = found.map_err(|cause| self.fault(&table.name, &cause))?;
            self.foreign.insert(table.sql.clone(), found);
        }
        Ok(self.foreign.get(&table.sql).cloned().unwrap_or_default())
    }
}

#[async_trait]
impl Writer for Transaction {
    async fn lock(&mut self, rows: &Rows<'_>) -> Result<Vec<Vec<Value>>, Error> {
        let mut sql = String::from("SELECT ");
        for (place, column) in rows.table.columns.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let _ = write!(sql, "{comma}{}", exact::read(column));
        }
        let _ = write!(sql, " FROM {} WHERE {} FOR UPDATE", exact::source(rows, &[]), exact::matching(rows));
        let places: Vec<usize> = (0..rows.table.columns.len()).collect();
        let documents = exact::documents(rows, &[], &[], self.longest);
        let mut all = Vec::with_capacity(rows.keys.len());
        for document in documents.map_err(|problem| self.problem(problem))? {
            let arguments = self.arguments(rows.table, document)?;
            let query = sqlx::query_with(AssertSqlSafe(sql.as_str()), arguments).persistent(false);
            let patience = self.patience();
            let found = tokio::time::timeout(patience, self.connection.fetch_all(query)).await;
            let found = found.map_err(|_| self.impatient())?;
            for row in found.map_err(|cause| self.fault(&rows.table.name, &cause))? {
                all.push(values(&row, rows.table, &places).map_err(|problem| self.problem(problem))?);
            }
        }
        Ok(all)
    }

    async fn update(&mut self, rows: &Rows<'_>, columns: &[usize], to: &[Vec<Value>]) -> Result<u64, Error> {
        let mut sql = format!("UPDATE {} SET ", exact::source(rows, columns));
        for (place, column) in columns.iter().filter_map(|place| rows.table.columns.get(*place)).enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let _ = write!(sql, "{comma}t.{} = {}", column.sql, exact::new_value(column, place));
        }
        let _ = write!(sql, " WHERE {}", exact::matching(rows));
        let documents = exact::documents(rows, columns, to, self.longest);
        let mut done = 0;
        for document in documents.map_err(|problem| self.problem(problem))? {
            done += self.change(rows.table, &sql, document).await?;
        }
        Ok(done)
    }

    async fn delete(&mut self, rows: &Rows<'_>) -> Result<u64, Error> {
        let sql = format!("DELETE t FROM {} WHERE {}", exact::source(rows, &[]), exact::matching(rows));
        let documents = exact::documents(rows, &[], &[], self.longest);
        let mut done = 0;
        for document in documents.map_err(|problem| self.problem(problem))? {
            done += self.change(rows.table, &sql, document).await?;
        }
        Ok(done)
    }

    fn checks_at_once(&self) -> bool {
        true
    }

    async fn release(&mut self, rows: &Rows<'_>, gone: &[&Table]) -> Result<(), Error> {
        let RowKey::Columns(key) = rows.key else { return Ok(()) };
        for foreign in self.foreign_keys(rows.table).await? {
            if !gone.iter().any(|table| is_same(&foreign.to, table)) {
                continue;
            }
            // One column without a value is enough: the others then refer to nothing.
            let column =
                foreign.from_columns.iter().filter_map(|name| rows.table.lookup(name)).find(|place| {
                    let may_be_empty =
                        rows.table.columns.get(*place).is_some_and(|column| !column.is_not_null);
                    may_be_empty && !key.contains(place)
                });
            let Some(column) = column.and_then(|place| rows.table.columns.get(place)) else { continue };
            let sql = format!(
                "UPDATE {} SET t.{name} = NULL WHERE {} AND t.{name} IS NOT NULL",
                exact::source(rows, &[]),
                exact::matching(rows),
                name = column.sql
            );
            let documents = exact::documents(rows, &[], &[], self.longest);
            for document in documents.map_err(|problem| self.problem(problem))? {
                self.change(rows.table, &sql, document).await?;
            }
        }
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Commit {
        let Self { shared, mut connection, .. } = *self;
        let limit = Duration::from_millis(shared.limits.timeout_ms);
        match tokio::time::timeout(limit, connection.execute(sqlx::raw_sql("COMMIT"))).await {
            Ok(Ok(_)) => {
                let _ = tokio::time::timeout(limit, connection.close()).await;
                Commit::Done
            }
            // It says so itself where it was killed: then it is as with a lost connection.
            Ok(Err(cause @ sqlx::Error::Database(_))) if !super::failure::is_end(&cause) => {
                Commit::Refused(from_writing(&shared.name, "", shared.limits.timeout_ms, &cause))
            }
            Ok(Err(_)) | Err(_) => Commit::Unknown(Error::new(&shared.name, Problem::LostAtEnd)),
        }
    }

    async fn undo(self: Box<Self>) {
        let Self { shared, mut connection, .. } = *self;
        // A connection that is closed undoes everything as well.
        let limit = Duration::from_millis(shared.limits.timeout_ms);
        let undone = tokio::time::timeout(limit, connection.execute(sqlx::raw_sql("ROLLBACK"))).await;
        if matches!(undone, Ok(Ok(_))) {
            let _ = tokio::time::timeout(limit, connection.close()).await;
        }
    }
}

/// Returns whether a server of this version reads rows out of a document: MySQL since 8.0, MariaDB since 10.6.
fn can_take_rows(version: &str) -> bool {
    let is_mariadb = version.contains("MariaDB");
    // Some say `5.5.5-10.11.2-MariaDB` for the sake of old programs.
    let number = version.strip_prefix("5.5.5-").filter(|_| is_mariadb).unwrap_or(version);
    let mut parts =
        number.split(|letter: char| !letter.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
    let (major, minor): (u32, u32) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if is_mariadb { (major, minor) >= (10, 6) } else { major >= 8 }
}
