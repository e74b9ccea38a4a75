//! The signed deletion record: what was deleted, masked and kept, and why, without any value of it.

use std::collections::BTreeMap;

use ed25519_dalek::{Signer as _, SigningKey};
use habeas_connect::erase::{CollectionPlan, Planned, Residue, SourceOutcome};
use habeas_dataset::erasure::{Decision, Masks};
use habeas_dataset::masking::Effect;
use habeas_dataset::retention::Kept;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::document::counts;

/// What a record is made of.
pub(super) struct Record<'a> {
    pub(super) id: &'a str,
    pub(super) began_at: Timestamp,
    pub(super) ended_at: Timestamp,
    /// Fingerprints of each person's identities, by kind.
    pub(super) subjects: Vec<Vec<(String, [u8; 32])>>,
    pub(super) planned: &'a Planned,
    pub(super) outcomes: &'a [SourceOutcome],
    pub(super) residue: &'a [Residue],
    pub(super) backups_expire_on: Option<jiff::civil::Date>,
}

impl Record<'_> {
    /// Returns the record, signed. What is signed is the record without its signature as compact JSON.
    pub(super) fn signed(&self, key: &SigningKey) -> Value {
        let subjects: Vec<Value> = self
            .subjects
            .iter()
            .map(|prints| {
                let prints: Vec<Value> = prints
                    .iter()
                    .map(|(kind, print)| json!({ "kind": kind, "fingerprint": hex::encode(print) }))
                    .collect();
                json!(prints)
            })
            .collect();
        let sources: Vec<Value> = self
            .planned
            .sources
            .iter()
            .map(|source| {
                let outcome = self.outcomes.iter().find(|one| one.source == source.name);
                let collections: Vec<Value> = source.collections.iter().map(collection).collect();
                json!({
                    "source": source.name,
                    "outcome": outcome.map(|one| format!("{:?}", one.outcome).split([' ', '(', '{']).next().unwrap_or_default().to_lowercase()),
                    "collections": collections,
                })
            })
            .collect();
        let mut record = json!({
            "deletion_record": 1,
            "id": self.id,
            "began_at": self.began_at,
            "ended_at": self.ended_at,
            "subjects": subjects,
            "sources": sources,
            "verification": { "residue": self.residue },
            "backups_expire_on": self.backups_expire_on,
            "public_key": hex::encode(key.verifying_key().to_bytes()),
        });
        let signature = key.sign(record.to_string().as_bytes());
        if let Value::Object(fields) = &mut record {
            fields.insert("signature".to_owned(), json!(hex::encode(signature.to_bytes())));
        }
        record
    }
}

fn collection(collection: &CollectionPlan) -> Value {
    let mut kept: BTreeMap<String, (Value, u64)> = BTreeMap::new();
    let mut fields: BTreeMap<(String, &'static str, Effect), u64> = BTreeMap::new();
    let mut words: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut keep = |field: Option<String>, why: &Kept| {
        let value = json!({ "field": field, "rule": why.rule, "reason": why.reason, "law": why.law, "until": why.until });
        kept.entry(value.to_string()).or_insert((value, 0)).1 += 1;
    };
    for row in &collection.rows {
        match &row.decision {
            Decision::Delete { .. } => *words.entry("deleted").or_default() += 1,
            Decision::Mask(masks) | Decision::Unlink(masks, _) => {
                for masked in &masks.fields {
                    *fields.entry((masked.field.to_string(), masked.strategy, masked.effect)).or_default() +=
                        1;
                }
                for one in &masks.kept {
                    keep(Some(one.field.to_string()), &one.kept);
                }
                if !masks.fields.is_empty() {
                    *words.entry(word(masks)).or_default() += 1;
                }
            }
            Decision::Keep(_) | Decision::Nothing => {}
        }
        if let Decision::Keep(why) | Decision::Unlink(_, why) = &row.decision {
            keep(None, why);
        }
    }
    let fields: Vec<Value> = fields
        .into_iter()
        .map(|((field, strategy, effect), rows)| json!({ "field": field, "strategy": strategy, "effect": effect, "rows": rows }))
        .collect();
    let kept: Vec<Value> = kept
        .into_values()
        .map(|(mut value, rows)| {
            if let Value::Object(fields) = &mut value {
                fields.insert("rows".to_owned(), json!(rows));
            }
            value
        })
        .collect();
    json!({
        "dataset": collection.dataset,
        "collection": collection.collection,
        "planned": counts(collection.rows.iter()),
        "rows": words,
        "fields": fields,
        "kept": kept,
    })
}

/// The exact word for a row: it is anonymised only if nothing that is left of its personal fields can be linked.
fn word(masks: &Masks) -> &'static str {
    let worst = masks.fields.iter().map(|masked| masked.effect).max();
    match worst {
        Some(Effect::Pseudonymised) => "pseudonymised",
        Some(Effect::Anonymised) if masks.kept.is_empty() => "anonymised",
        Some(Effect::Anonymised | Effect::Masked | Effect::Preserved) | None => "masked",
    }
}
