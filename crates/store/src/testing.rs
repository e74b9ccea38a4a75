//! Builders of rows and events, for tests here and in the crates above.

use jiff::Timestamp;
use serde_json::{Value, json};

use habeas_core::context::Chance;
use habeas_core::event::Record;
use habeas_core::id::{Reference, RequestId, UserId};
use habeas_core::job::NewJob;
use habeas_core::pii::Pii;
use habeas_core::request::{IndexKind, IndexTerm, RequestRow, SubjectCard};

use crate::requests::{Scope, Sight};

/// Returns the row of an access request of Ada Byron that was received just now.
pub fn row(now: Timestamp, chance: &dyn Chance) -> RequestRow {
    RequestRow {
        id: RequestId::new(now, chance),
        entity: "acme".to_owned(),
        reference: Reference::new(chance),
        activity: "access".to_owned(),
        right: "access".to_owned(),
        law: "gdpr".to_owned(),
        status: "received".to_owned(),
        stage: None,
        received_at: now,
        due_on: None,
        owner: None,
        readers: habeas_core::request::Readers::default(),
        waits_on: "nothing".to_owned(),
        is_verified: false,
        is_spam: false,
        is_closed: false,
        needs_attention: false,
        closed_at: None,
        seq: 1,
        subject: Some(Pii::new(SubjectCard {
            name: "Ada Byron".to_owned(),
            email: "ada@example.org".to_owned(),
        })),
        index: vec![email("ada@example.org")],
        tasks: Vec::new(),
    }
}

/// Returns what a member of staff sees who is limited to some entities.
pub fn entities(user: UserId, names: &[&str]) -> Scope {
    Scope::Staff(Sight {
        user,
        entities: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        activities: None,
        sees_narrowed: false,
    })
}

/// Returns what a person is searched by.
pub fn email(address: &str) -> IndexTerm {
    IndexTerm { kind: IndexKind::Email, value: Pii::new(address.to_owned()) }
}

/// Returns an event with nothing to seal.
pub fn record(kind: &str) -> Record {
    Record {
        kind: kind.to_owned(),
        version: 1,
        body: json!({ "count": 3, "at": "2026-01-15" }),
        sealed: None,
    }
}

/// Returns an event with a sealed part.
pub fn sealed_record(kind: &str, text: &str) -> Record {
    Record {
        kind: kind.to_owned(),
        version: 1,
        body: json!({ "message": null }),
        sealed: Some(json!({ "/message": text })),
    }
}

/// Returns a job that may run at once.
pub fn job(kind: &'static str, now: Timestamp) -> NewJob {
    NewJob { kind, payload: Value::Null, run_at: now, unique_key: None, max_attempts: 3 }
}
