//! What happens to a task of a request.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::flow::TaskKey;
use crate::id::UserId;
use crate::pii::{self, Pii};
use crate::request::state::Failure;

/// A task's turn came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskStarted {
    /// The task.
    pub task: TaskKey,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// When it should be over.
    pub due_at: Option<Timestamp>,
    /// Whose turn it is.
    pub turn: Turn,
    /// When whoever should do it is reminded, in the order of the flow's reminders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminds_at: Vec<Timestamp>,
}

/// A task is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskSkipped {
    /// The task.
    pub task: TaskKey,
    /// Which try is left out.
    pub attempt: u32,
    /// Why.
    pub cause: Skip,
    /// What the person who decided so says of it.
    #[serde(default, with = "pii::sealed")]
    pub reason: Pii<String>,
}

/// Why a task is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// Its condition doesn't hold.
    Condition,
    /// The task it was to start beside ended in time.
    NotLate,
    /// A person decided so, where the condition couldn't be told.
    Decided,
}

/// A task starts at a set time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskPlanned {
    /// The task.
    pub task: TaskKey,
    /// Which try will start.
    pub attempt: u32,
    /// When.
    pub starts_at: Timestamp,
}

/// Whoever should do a task is reminded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskReminded {
    /// The task.
    pub task: TaskKey,
    /// Which try.
    pub attempt: u32,
    /// Which of the flow's reminders, from 1.
    pub number: u32,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// Habeas does it.
    System,
    /// A member of staff does it.
    Staff,
    /// The person is asked something.
    Subject,
}

/// Names a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskNamed {
    /// The task.
    pub task: TaskKey,
}

/// A member of staff took a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskTaken {
    /// The task.
    pub task: TaskKey,
    /// Who has it now.
    pub user: UserId,
}

/// A task was saved or completed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskAnswered {
    /// The task.
    pub task: TaskKey,
    /// What was filled in, by name.
    #[serde(with = "pii::sealed")]
    pub answers: Pii<BTreeMap<String, String>>,
}

/// A task was rejected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRejected {
    /// The task.
    pub task: TaskKey,
    /// What was filled in, by name.
    #[serde(with = "pii::sealed")]
    pub answers: Pii<BTreeMap<String, String>>,
    /// Why.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
    /// What follows: `continue`, `stop`, or the key of the task it goes back to.
    pub then: Then,
}

/// What follows from a rejection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// The flow goes on.
    Continue,
    /// The earlier tasks named are done again, in the flow's order.
    Rework(Vec<TaskKey>),
    /// The request stops at the refusal gate.
    Stop,
}

/// An automatic task waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskFailed {
    /// The task.
    pub task: TaskKey,
    /// Which try failed.
    pub attempt: u32,
    /// Why.
    pub failure: Failure,
}
