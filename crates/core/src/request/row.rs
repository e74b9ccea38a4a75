//! The one derived row that lists of requests are made from.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::event::Turn;
use super::readers::Readers;
use super::state::TaskState;
use crate::flow::TaskKey;
use crate::id::{Reference, RequestId, UserId};
use crate::pii::Pii;

/// What a list shows of the person; sealed by the store under the request's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectCard {
    /// The name as given on the form.
    pub name: String,
    /// The e-mail as given on the form.
    pub email: String,
}

/// A value people are searched by: kept as a keyed blind index, exact match only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexTerm {
    /// What kind of value it is.
    pub kind: IndexKind,
    /// The value, already normalised.
    pub value: Pii<String>,
}

/// The kinds of values people are searched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndexKind {
    /// An e-mail address in lower case.
    Email,
    /// A telephone number, digits with the country code.
    Phone,
}

impl IndexKind {
    /// Returns the kind's name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

/// A task somebody or something is to do now, as lists of tasks show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenTask {
    /// The task.
    pub key: TaskKey,
    /// The flow it stands in.
    pub flow: String,
    /// The flow's version.
    pub flow_version: u32,
    /// In progress, failed or stopped.
    pub state: TaskState,
    /// Whose turn it is.
    pub turn: Turn,
    /// When this try started.
    pub started_at: Timestamp,
    /// When it should be over.
    pub due_at: Option<Timestamp>,
    /// Whether that instant was noted as past.
    pub is_overdue: bool,
    /// Who has taken it.
    pub taken_by: Option<UserId>,
}

/// The derived row of a request, made by `project` and by nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestRow {
    /// The request.
    pub id: RequestId,
    /// The name of the entity (controller) it was made to.
    pub entity: String,
    /// The request's name for people.
    pub reference: Reference,
    /// The activity's name, such as `access`.
    pub activity: String,
    /// The right exercised, such as `access`.
    pub right: String,
    /// The law's id, such as `uk-gdpr`.
    pub law: String,
    /// The state's name, such as `in_progress`.
    pub status: String,
    /// The name of the stage it is in, for people.
    pub stage: Option<String>,
    /// The instant of receipt.
    pub received_at: Timestamp,
    /// The legal date; none while it isn't determined.
    pub due_on: Option<Date>,
    /// The case owner.
    pub owner: Option<UserId>,
    /// Who among staff may see it.
    pub readers: Readers,
    /// What the request waits for: `nothing`, `subject`, `staff`, `source`.
    pub waits_on: String,
    /// Whether identity is proven at the rung the flow demands.
    pub is_verified: bool,
    /// Whether it is set aside as spam.
    pub is_spam: bool,
    /// Whether nothing more is to be done.
    pub is_closed: bool,
    /// Whether a member of staff must look: a failed task, a proposal to close.
    pub needs_attention: bool,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The events folded into this row.
    pub seq: u64,
    /// Name and e-mail, to be sealed; none once scrubbed.
    pub subject: Option<Pii<SubjectCard>>,
    /// What the person is searched by.
    pub index: Vec<IndexTerm>,
    /// The tasks that are open, in the order of their keys; kept in a table of their own.
    pub tasks: Vec<OpenTask>,
}
