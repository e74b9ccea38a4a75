//! The JSON document of a plan and of a run.

use std::collections::BTreeMap;

use habeas_connect::erase::{CollectionPlan, Outcome, Planned, Residue, RowPlan, SourceOutcome, account};
use habeas_core::value::Row;
use habeas_dataset::erasure::{Decision, Masks};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::args::Loaded;
use crate::commands::collect::document as collected;
use crate::commands::collect::identities::People;

/// Everything a plan has to tell.
pub(super) struct Document<'a> {
    pub(super) people: &'a People,
    pub(super) loaded: &'a Loaded,
    pub(super) planned: &'a Planned,
}

impl Document<'_> {
    pub(super) fn to_json(&self) -> Value {
        let mut coverage: BTreeMap<u32, Vec<Value>> = BTreeMap::new();
        for one in &self.planned.collected.coverage {
            coverage.entry(one.subject).or_default().push(collected::as_json(one));
        }
        let subjects: Vec<Value> = (0_u32..)
            .zip(&self.people.subjects)
            .map(|(number, subject)| {
                json!({
                    "identities": collected::identities(subject),
                    "coverage": coverage.remove(&number).unwrap_or_default(),
                })
            })
            .collect();
        let sources: Vec<Value> = self
            .planned
            .sources
            .iter()
            .map(|source| {
                let collections: Vec<Value> = source.collections.iter().map(collection).collect();
                json!({ "source": source.name, "collections": collections })
            })
            .collect();
        let mut warnings = self.loaded.notes.clone();
        warnings.extend(self.planned.warnings.iter().cloned());
        json!({
            "subjects": subjects,
            "counts": account::counts(self.planned.collections().flat_map(|(_, collection)| &collection.rows)),
            "sources": sources,
            "problems": self.planned.troubles,
            "warnings": warnings,
            "unreached": self.loaded.plan.unreached,
            "unknown_identities": self.loaded.plan.unknown_identities,
        })
    }
}

fn collection(collection: &CollectionPlan) -> Value {
    let rows: Vec<Value> = collection.rows.iter().map(|plan| row(collection, plan)).collect();
    json!({
        "dataset": collection.dataset,
        "collection": collection.collection,
        "counts": account::counts(collection.rows.iter()),
        "rows": rows,
    })
}

fn row(collection: &CollectionPlan, plan: &RowPlan) -> Value {
    let mut fields = Map::new();
    let key = Row::new(collection.key_of(plan)).to_json();
    let key = RawValue::from_string(key).map_or(Value::Null, |raw| json!(raw));
    fields.insert("key".to_owned(), key);
    fields.insert("subjects".to_owned(), json!(plan.subjects));
    fields.insert("action".to_owned(), json!(plan.action()));
    if plan.copies > 1 {
        fields.insert("copies".to_owned(), json!(plan.copies));
    }
    let masks = |masks: &Masks, fields: &mut Map<String, Value>| {
        fields.insert("fields".to_owned(), json!(masks.fields));
        if !masks.kept.is_empty() {
            fields.insert("kept_fields".to_owned(), json!(masks.kept));
        }
    };
    match &plan.decision {
        Decision::Delete { because } => drop(fields.insert("because".to_owned(), json!(because))),
        Decision::Mask(found) => masks(found, &mut fields),
        Decision::Unlink(found, kept) => {
            masks(found, &mut fields);
            fields.insert("kept".to_owned(), json!(kept));
        }
        Decision::Keep(kept) => drop(fields.insert("kept".to_owned(), json!(kept))),
        Decision::Nothing => {}
    }
    if let Some(note) = &plan.note {
        fields.insert("note".to_owned(), json!(note));
    }
    Value::Object(fields)
}

/// Adds what became of a plan.
pub(super) fn with_outcome(
    document: Value,
    outcomes: &[SourceOutcome],
    residue: &[Residue],
    record: &Value,
) -> Value {
    let Value::Object(mut fields) = document else { return document };
    let outcomes: Vec<Value> = outcomes.iter().map(outcome).collect();
    fields.insert("outcomes".to_owned(), json!(outcomes));
    fields.insert("verification".to_owned(), json!({ "residue": residue }));
    fields.insert("record".to_owned(), record.clone());
    Value::Object(fields)
}

pub(crate) fn outcome(one: &SourceOutcome) -> Value {
    let source = &one.source;
    match &one.outcome {
        Outcome::Done { deleted, masked } => {
            json!({ "source": source, "outcome": "done", "deleted": deleted, "masked": masked })
        }
        Outcome::Nothing => json!({ "source": source, "outcome": "nothing_to_do" }),
        Outcome::Changed { rows, collection } => {
            json!({ "source": source, "outcome": "changed", "rows": rows, "collection": collection })
        }
        Outcome::Failed(error) => {
            json!({ "source": source, "outcome": "failed", "reason": error.to_string() })
        }
        Outcome::Unknown(error) => {
            json!({ "source": source, "outcome": "unknown", "reason": error.to_string() })
        }
        Outcome::Unrecorded(reason) => json!({ "source": source, "outcome": "unrecorded", "reason": reason }),
    }
}
