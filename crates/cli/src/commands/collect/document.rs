//! The JSON document of a run. Rows are written as the one writer of exact values gives them.

use std::collections::{BTreeMap, HashSet};

use habeas_connect::collect::{Collected, Subject};
use habeas_core::record::{Coverage, Hop, Outcome};
use habeas_dataset::plan::Plan;
use serde_json::{Map, Value, json};

use super::identities::People;
use super::sink::Found;

/// Everything a run has to tell.
pub(super) struct Document<'a> {
    pub(super) people: &'a People,
    pub(super) plan: &'a Plan,
    pub(super) collected: &'a Collected,
}

impl Document<'_> {
    /// Returns the document, with the rows found where they are given.
    pub(super) fn to_json(&self, found: Option<&[Found]>) -> String {
        let mut coverage: BTreeMap<u32, Vec<Value>> = BTreeMap::new();
        for one in &self.collected.coverage {
            let is_planned = self.plan.find(&one.dataset, &one.collection).is_some();
            if is_planned || matches!(one.outcome, Outcome::Skipped { .. }) {
                coverage.entry(one.subject).or_default().push(as_json(one));
            }
        }
        let shared_later: HashSet<u64> = self.collected.shared_later.iter().copied().collect();
        let mut out = String::from("{\"subjects\":[");
        for (number, subject) in (0_u32..).zip(&self.people.subjects) {
            if number > 0 {
                out.push(',');
            }
            out.push_str("{\"identities\":");
            out.push_str(&identities(subject).to_string());
            if let Some(found) = found.and_then(|found| found.get(number as usize)) {
                found.write(&shared_later, &mut out);
            }
            out.push_str(",\"coverage\":");
            out.push_str(&Value::Array(coverage.remove(&number).unwrap_or_default()).to_string());
            out.push('}');
        }
        out.push_str("],\"unreached\":");
        out.push_str(&json!(self.plan.unreached).to_string());
        out.push_str(",\"unknown_identities\":");
        out.push_str(&json!(self.plan.unknown_identities).to_string());
        out.push('}');
        out
    }
}

/// Returns the identities of a person; several of one kind are a list.
pub(crate) fn identities(subject: &Subject) -> Value {
    let mut identities: Map<String, Value> = Map::new();
    for identity in &subject.identities {
        let value = Value::String(identity.value.reveal().clone());
        match identities.get_mut(&*identity.kind) {
            None => drop(identities.insert(identity.kind.to_string(), value)),
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Value::Object(identities)
}

pub(crate) fn as_json(coverage: &Coverage) -> Value {
    let (outcome, reason) = outcome(&coverage.outcome);
    let mut value = json!({
        "dataset": coverage.dataset,
        "collection": coverage.collection,
        "rows": coverage.rows,
        "as_of": coverage.as_of,
        "reached_by": coverage.reached_by.iter().map(Hop::describe).collect::<Vec<_>>(),
        "outcome": outcome,
    });
    if let (Some(reason), Value::Object(fields)) = (reason, &mut value) {
        fields.insert("reason".to_owned(), Value::from(reason));
    }
    value
}

/// Returns the word for an outcome and its reason.
pub(crate) fn outcome(outcome: &Outcome) -> (&'static str, Option<&str>) {
    match outcome {
        Outcome::Searched => ("searched", None),
        Outcome::Failed { reason } => ("failed", Some(reason)),
        Outcome::Skipped { reason } => ("skipped", Some(reason)),
        Outcome::ByHand { .. } => ("by_hand", None),
        Outcome::Unreached { reason } => ("unreached", Some(reason)),
    }
}
