//! The derived row: what lists show of a request, from its state and nothing else.

use super::row::{IndexKind, IndexTerm, OpenTask, RequestRow, SubjectCard};
use super::state::{Request, TaskState};
use crate::pii::Pii;

impl Request {
    /// Returns the derived row.
    pub fn project(&self) -> RequestRow {
        let subject = self.subject.reveal();
        let is_scrubbed = subject.email.is_empty();
        let current = self.tasks.iter().find(|(_, run)| {
            matches!(run.state, TaskState::InProgress | TaskState::Failed | TaskState::Stopped)
        });
        RequestRow {
            id: self.id,
            entity: self.terms.entity.clone(),
            reference: self.reference.clone(),
            activity: self.terms.activity.clone(),
            right: self.terms.right.as_str().to_owned(),
            law: self.terms.law.clone(),
            status: self.status.as_str().to_owned(),
            stage: current.and_then(|(key, _)| key.as_str().split('.').next().map(str::to_owned)),
            received_at: self.received_at,
            due_on: self.due.as_ref().and_then(|due| due.on),
            owner: self.owner,
            readers: self.readers.clone(),
            waits_on: self.waits_on().to_owned(),
            is_verified: self.verified_at.is_some(),
            is_spam: self.is_spam(),
            is_closed: self.status.is_closed(),
            needs_attention: self.needs_attention(),
            closed_at: self.closed_at,
            seq: self.seq,
            subject: (!is_scrubbed)
                .then(|| Pii::new(SubjectCard { name: subject.name(), email: subject.email.clone() })),
            index: if is_scrubbed { Vec::new() } else { index(&subject.email, subject.phone.as_deref()) },
            tasks: self.open_tasks(),
        }
    }

    /// Returns the tasks that are somebody's turn or wait for a person; none once the request is closed.
    fn open_tasks(&self) -> Vec<OpenTask> {
        if self.status.is_closed() {
            return Vec::new();
        }
        let is_open = |state| matches!(state, TaskState::InProgress | TaskState::Failed | TaskState::Stopped);
        let open = self.tasks.iter().filter(|(_, run)| is_open(run.state));
        let tasks = open.map(|(key, run)| OpenTask {
            key: key.clone(),
            flow: self.terms.flow.clone(),
            flow_version: self.terms.flow_version,
            state: run.state,
            turn: run.turn,
            started_at: run.started_at,
            due_at: run.due_at,
            is_overdue: run.is_overdue,
            taken_by: run.taken_by,
        });
        tasks.chain(self.asks_as_tasks()).collect()
    }
}

fn index(email: &str, phone: Option<&str>) -> Vec<IndexTerm> {
    let email = IndexTerm { kind: IndexKind::Email, value: Pii::new(normal_email(email)) };
    let phone = phone.map(normal_phone).filter(|phone| !phone.is_empty());
    let phone = phone.map(|value| IndexTerm { kind: IndexKind::Phone, value: Pii::new(value) });
    std::iter::once(email).chain(phone).collect()
}

/// Returns an e-mail address in the form it is compared in.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Returns a telephone number in the form it is compared in: its digits.
pub fn normal_phone(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}
