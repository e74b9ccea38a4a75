//! Proving that the derived rows follow from the log.

use std::collections::BTreeSet;

use jiff::Timestamp;

use habeas_core::event::Entry;
use habeas_core::id::RequestId;
use habeas_core::request::{OpenTask, RequestRow};

use crate::db::args;
use crate::error::{Error, Result};
use crate::requests::Scope;
use crate::store::{Read, Store};

/// A row that does not follow from its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divergence {
    /// The request.
    pub id: RequestId,
    /// What differs: names of columns, or what is missing.
    pub what: Vec<&'static str>,
}

/// How many requests are looked at in one view of the database.
const BATCH: u32 = 200;

impl Store {
    /// Folds every request's log again and compares the outcome with its row; returns how many were
    /// looked at, and which differ. `fold` gives `None` for a log it can't read.
    ///
    /// Works where keys are destroyed as well: what was sealed is then compared no more.
    pub async fn check_rows(
        &self,
        fold: &(dyn Fn(RequestId, &[Entry]) -> Option<RequestRow> + Sync),
    ) -> Result<(u64, Vec<Divergence>)> {
        let (mut count, mut found, mut after) = (0, Vec::new(), String::new());
        loop {
            let mut read = self.read().await?;
            let sql = "SELECT id FROM chains WHERE id > $1 AND id <> 'system' ORDER BY id LIMIT $2";
            let rows = read.conn.all(sql, args![after.as_str(), BATCH]).await?;
            let Some(last) = rows.last() else { return Ok((count, found)) };
            after = last.text("id")?;
            for row in rows {
                let id = row.parsed("id")?;
                count += 1;
                let what = read.differences(id, fold).await?;
                if !what.is_empty() {
                    found.push(Divergence { id, what });
                }
            }
        }
    }
}

impl Read {
    async fn differences(
        &mut self,
        id: RequestId,
        fold: &(dyn Fn(RequestId, &[Entry]) -> Option<RequestRow> + Sync),
    ) -> Result<Vec<&'static str>> {
        let Some(entries) = self.lookup_entries(id).await? else { return Ok(vec!["log"]) };
        let Some(expected) = fold(id, &entries) else { return Ok(vec!["log"]) };
        let Some(row) = self.lookup_row(id, &Scope::Everything).await? else { return Ok(vec!["row"]) };
        let mut what = clear_differences(&truncated(&expected)?, &row);
        let kept = self.open_tasks_of(id).await?;
        let wanted = expected.tasks.iter().map(truncated_task).collect::<Result<Vec<_>>>()?;
        if wanted != kept {
            what.push("tasks");
        }
        if self.keys_if_alive(id).await?.is_some() {
            if expected.subject != row.subject {
                what.push("card");
            }
            let wanted: BTreeSet<_> = expected.index.iter().map(|term| self.term_fingerprint(term)).collect();
            let sql = "SELECT fingerprint FROM request_terms WHERE request_id = $1";
            let rows = self.conn.all(sql, args![id.to_string()]).await?;
            let kept = rows.iter().map(|row| row.bytes("fingerprint")).collect::<Result<BTreeSet<_>>>()?;
            if wanted != kept {
                what.push("terms");
            }
        }
        Ok(what)
    }
}

fn clear_differences(expected: &RequestRow, row: &RequestRow) -> Vec<&'static str> {
    let pairs = [
        ("id", expected.id == row.id),
        ("entity", expected.entity == row.entity),
        ("reference", expected.reference == row.reference),
        ("activity", expected.activity == row.activity),
        ("right", expected.right == row.right),
        ("law", expected.law == row.law),
        ("status", expected.status == row.status),
        ("stage", expected.stage == row.stage),
        ("received_at", expected.received_at == row.received_at),
        ("due_on", expected.due_on == row.due_on),
        ("owner", expected.owner == row.owner),
        ("readers", expected.readers == row.readers),
        ("waits_on", expected.waits_on == row.waits_on),
        ("is_verified", expected.is_verified == row.is_verified),
        ("is_spam", expected.is_spam == row.is_spam),
        ("is_closed", expected.is_closed == row.is_closed),
        ("needs_attention", expected.needs_attention == row.needs_attention),
        ("closed_at", expected.closed_at == row.closed_at),
        ("seq", expected.seq == row.seq),
    ];
    pairs.into_iter().filter(|(_, is_same)| !is_same).map(|(name, _)| name).collect()
}

fn truncated_task(task: &OpenTask) -> Result<OpenTask> {
    let cut = |at: Timestamp| {
        Timestamp::from_microsecond(at.as_microsecond())
            .map_err(|_| Error::inconsistent("open_tasks", &task.key))
    };
    let due_at = task.due_at.map(cut).transpose()?;
    Ok(OpenTask { started_at: cut(task.started_at)?, due_at, ..task.clone() })
}

/// Rows keep microseconds.
fn truncated(row: &RequestRow) -> Result<RequestRow> {
    let cut = |at: Timestamp| {
        Timestamp::from_microsecond(at.as_microsecond()).map_err(|_| Error::inconsistent("requests", &row.id))
    };
    let closed_at = row.closed_at.map(cut).transpose()?;
    Ok(RequestRow { received_at: cut(row.received_at)?, closed_at, ..row.clone() })
}

#[cfg(test)]
mod tests;
