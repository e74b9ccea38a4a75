//! What becomes of a request as a case: opened again, taken as another kind, parted in two, answered
//! together with another, set aside as spam.
//!
//! None of it moves the day of receipt, and what was done before stays in the log.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::state::{Request, Terms};
use crate::flow::TaskKey;
use crate::id::{Reference, RequestId};
use crate::pii::{self, Pii};

/// It was opened again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reopened {
    /// The tasks that are done again.
    pub again: Vec<TaskKey>,
    /// Why; told to the person.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
}

/// It is handled as another kind of request from here on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reclassified {
    /// What it is made under now; the day of receipt stays.
    pub terms: Terms,
    /// Tasks of the new flow that need not be done: the receipt is sent, identity is proven.
    pub settled: Vec<TaskKey>,
    /// Why; told to the person.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
}

/// One of its wishes became a request of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitOff {
    /// The new request.
    pub request: RequestId,
    /// Its name for people.
    pub reference: Reference,
    /// Why.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
}

/// Names another request that this one is tied to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tied {
    /// The other request.
    pub request: RequestId,
}

/// It is answered together with another of the same person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Merged {
    /// The request whose answer it follows.
    pub into: RequestId,
    /// That request's name for people.
    pub reference: Reference,
    /// Why.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
}

/// It is answered by itself again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unmerged {
    /// The request it followed.
    pub from: RequestId,
    /// Why.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
}

/// The request it follows was answered, and it with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredTogether {
    /// The request whose answer is its answer.
    pub with: RequestId,
    /// Whether something is missing for a reason that is told.
    pub is_partial: bool,
}

/// What makes a request look like spam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpamCause {
    /// A member of staff said so.
    Person,
    /// Many requests came from one place within a short time.
    Flood,
    /// Many requests came in the same words within a short time.
    Template,
}

/// It was set aside as spam: out of the usual lists, and nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpamMarked {
    /// What it was told by.
    pub cause: SpamCause,
    /// Why, in a person's words; empty where Habeas saw it.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
}

/// It is no spam.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpamCleared {
    /// Why, in a person's words; empty where identity was proven.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
}

/// What became of a request as a case.
#[derive(Clone, Default, PartialEq)]
pub struct Shape {
    /// The request it was taken out of.
    pub split_from: Option<RequestId>,
    /// The requests taken out of it, with their names.
    pub split_into: Vec<(RequestId, Reference)>,
    /// The request whose answer it follows, with its name.
    pub merged_into: Option<(RequestId, Reference)>,
    /// The requests that follow its answer.
    pub merged: BTreeSet<RequestId>,
    /// How often it was opened again.
    pub reopened_count: u32,
    /// Why it was last opened again or taken as another kind, as the person was told.
    pub told: Pii<String>,
    /// What it was set aside as spam by.
    pub spam: Option<SpamCause>,
}

/// What must be known of a request that another is to follow.
pub struct Main {
    pub(super) id: RequestId,
    pub(super) reference: Reference,
    pub(super) is_open: bool,
    pub(super) is_verified: bool,
    pub(super) follows: bool,
    pub(super) entity: String,
    pub(super) activity: String,
    pub(super) email: Pii<String>,
}

impl Main {
    /// Returns what must be known of a request.
    pub fn of(request: &Request) -> Self {
        Self {
            id: request.id,
            reference: request.reference.clone(),
            is_open: !request.status.is_closed(),
            is_verified: request.verified_at.is_some(),
            follows: request.is_merged(),
            entity: request.terms.entity.clone(),
            activity: request.terms.activity.clone(),
            email: Pii::new(super::normal_email(&request.subject.reveal().email)),
        }
    }
}

impl Request {
    /// Says whether it waits for the answer to another request.
    pub fn is_merged(&self) -> bool {
        self.shape.merged_into.is_some() && !self.status.is_closed()
    }

    /// Says whether it is set aside as spam.
    pub fn is_spam(&self) -> bool {
        self.shape.spam.is_some()
    }
}
