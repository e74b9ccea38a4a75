//! The open tasks: what somebody or something is to do now, over all requests.
//!
//! Like the rows of requests these are written by an append and by nothing else. The team of a task
//! stands in its flow; whoever reads a line looks it up there.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use habeas_core::flow::TaskKey;
use habeas_core::id::{Reference, RequestId, UserId};
use habeas_core::request::{OpenTask, RequestRow};

use crate::db::{Row, args};
use crate::error::{Error, Result};
use crate::requests::{Query, Scope};
use crate::store::{Read, Tx};

/// An open task with what a list says of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskLine {
    /// The request.
    pub request: RequestId,
    /// Its reference.
    pub reference: Reference,
    /// The entity it was made to.
    pub entity: String,
    /// The activity's name.
    pub activity: String,
    /// The law's id.
    pub law: String,
    /// The case owner.
    pub owner: Option<UserId>,
    /// The task.
    pub task: OpenTask,
}

/// Which tasks a list holds; the default holds all that wait for a member of staff.
#[derive(Debug, Clone, Copy, Default)]
pub struct TaskFilter {
    /// Taken by this member of staff.
    pub taken_by: Option<UserId>,
    /// Due before this instant.
    pub due_before: Option<Timestamp>,
}

/// No list of open tasks is longer; the nearest dates come first.
pub const TASKS_LIMIT: u32 = 5_000;

impl Tx {
    pub(crate) async fn put_open_tasks(&mut self, row: &RequestRow) -> Result<()> {
        let id = row.id.to_string();
        self.conn.execute("DELETE FROM open_tasks WHERE request_id = $1", args![id.as_str()]).await?;
        for task in &row.tasks {
            let sql = "INSERT INTO open_tasks (request_id, task, flow, flow_version, state, turn, started_at,
                    due_at, is_overdue, taken_by)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
            let values = args![
                id.as_str(),
                task.key.as_str(),
                task.flow.as_str(),
                task.flow_version,
                word(&task.state)?,
                word(&task.turn)?,
                task.started_at,
                task.due_at,
                task.is_overdue,
                task.taken_by.map(|user| user.to_string())
            ];
            self.conn.execute(sql, values).await?;
        }
        Ok(())
    }
}

impl Read {
    /// Returns the open tasks that wait for a member of staff within the scope, the nearest dates first.
    pub async fn list_open_tasks(&mut self, filter: &TaskFilter, scope: &Scope) -> Result<Vec<TaskLine>> {
        let mut query = Query::new(scope);
        query.and("r.is_spam = 0 AND (o.turn = 'staff' OR o.state IN ('failed', 'stopped'))");
        if let Some(user) = filter.taken_by {
            query.equal("o.taken_by", user.to_string());
        }
        if let Some(at) = filter.due_before {
            query.compare("o.due_at <", at);
        }
        let sql = format!(
            "SELECT r.id, r.reference, r.entity, r.activity, r.law, r.owner_id, o.task, o.flow, o.flow_version,
                o.state, o.turn, o.started_at, o.due_at, o.is_overdue, o.taken_by
            FROM open_tasks o JOIN requests r ON r.id = o.request_id WHERE {}
            ORDER BY (CASE WHEN o.due_at IS NULL THEN 1 ELSE 0 END), o.due_at, o.started_at, r.id, o.task
            LIMIT {TASKS_LIMIT}",
            query.condition
        );
        let rows = self.conn.all_built(sql, query.values).await?;
        rows.iter().map(line).collect()
    }

    /// Returns the open tasks of one request, in the order of their keys.
    pub(crate) async fn open_tasks_of(&mut self, id: RequestId) -> Result<Vec<OpenTask>> {
        let sql = "SELECT task, flow, flow_version, state, turn, started_at, due_at, is_overdue, taken_by
            FROM open_tasks WHERE request_id = $1";
        let rows = self.conn.all(sql, args![id.to_string()]).await?;
        let mut tasks = rows.iter().map(open_task).collect::<Result<Vec<_>>>()?;
        tasks.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(tasks)
    }
}

fn line(row: &Row) -> Result<TaskLine> {
    Ok(TaskLine {
        request: row.parsed("id")?,
        reference: row.parsed("reference")?,
        entity: row.text("entity")?,
        activity: row.text("activity")?,
        law: row.text("law")?,
        owner: row.opt_parsed("owner_id")?,
        task: open_task(row)?,
    })
}

fn open_task(row: &Row) -> Result<OpenTask> {
    let version = row.int("flow_version")?;
    Ok(OpenTask {
        key: TaskKey::from_text(&row.text("task")?),
        flow: row.text("flow")?,
        flow_version: u32::try_from(version).map_err(|_| Error::inconsistent("open_tasks", &version))?,
        state: read_word(row.text("state")?)?,
        turn: read_word(row.text("turn")?)?,
        started_at: row.instant("started_at")?,
        due_at: row.opt_instant("due_at")?,
        is_overdue: row.is("is_overdue")?,
        taken_by: row.opt_parsed("taken_by")?,
    })
}

/// Returns the stable word of a state or turn.
fn word(value: &impl Serialize) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        _ => Err(Error::inconsistent("open_tasks", &"word")),
    }
}

fn read_word<T: DeserializeOwned>(word: String) -> Result<T> {
    serde_json::from_value(Value::String(word)).map_err(|_| Error::inconsistent("open_tasks", &"word"))
}

#[cfg(test)]
mod tests;
