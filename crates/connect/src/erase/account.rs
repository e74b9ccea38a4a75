//! What was done in words and numbers, without any value: what a deletion record is made of.
//!
//! Accounts add up: what a run that was broken off had done and what the next one did is told as one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use habeas_dataset::erasure::{Decision, Masks};
use habeas_dataset::masking::Effect;
use habeas_dataset::retention::Kept;

use super::{CollectionPlan, RowPlan, SourcePlan};

/// What is planned or done in one collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionAccount {
    /// The dataset.
    pub dataset: String,
    /// The collection.
    pub collection: String,
    /// How many rows are to be deleted, masked, unlinked, kept and left unchanged.
    pub planned: BTreeMap<String, u64>,
    /// How many rows are changed, by the exact word.
    pub rows: BTreeMap<String, u64>,
    /// The fields that are masked.
    pub fields: Vec<FieldAccount>,
    /// What is kept, and why.
    pub kept: Vec<KeptAccount>,
}

/// A masked field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldAccount {
    /// The field.
    pub field: String,
    /// The strategy.
    pub strategy: String,
    /// What becomes of values: anonymised, masked, pseudonymised, preserved.
    pub effect: String,
    /// How many rows.
    pub rows: u64,
}

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAccount {
    /// The field; without one the whole row.
    pub field: Option<String>,
    /// The rule that says so.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// The law, where a rule names one.
    pub law: Option<String>,
    /// Until when, where that is known.
    pub until: Option<String>,
    /// How many rows.
    pub rows: u64,
}

/// Returns what a plan comes to in each collection of a source.
pub fn account(source: &SourcePlan) -> Vec<CollectionAccount> {
    source.collections.iter().map(of).collect()
}

/// Returns how often each action is planned.
pub fn counts<'r>(rows: impl Iterator<Item = &'r RowPlan>) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<String, u64> =
        ["delete", "mask", "unlink", "keep", "unchanged"].map(|word| (word.to_owned(), 0)).into();
    for row in rows {
        *counts.entry(row.action().to_owned()).or_default() += copies(row);
    }
    counts
}

impl CollectionAccount {
    /// Adds what was done later; what was planned and what is kept stays as it was said first.
    pub fn add(&mut self, later: &Self) {
        for (word, rows) in &later.rows {
            *self.rows.entry(word.clone()).or_default() += rows;
        }
        for field in &later.fields {
            let is_same = |known: &&mut FieldAccount| {
                (&known.field, &known.strategy, &known.effect)
                    == (&field.field, &field.strategy, &field.effect)
            };
            match self.fields.iter_mut().find(is_same) {
                Some(known) => known.rows += field.rows,
                None => self.fields.push(field.clone()),
            }
        }
    }

    /// Returns the same with nothing done yet.
    #[must_use]
    pub fn undone(&self) -> Self {
        Self { rows: BTreeMap::new(), fields: Vec::new(), ..self.clone() }
    }

    /// Returns whether it is about the same collection.
    pub fn is_of(&self, other: &Self) -> bool {
        self.dataset == other.dataset && self.collection == other.collection
    }
}

impl RowPlan {
    /// Returns what its plan comes to, in one word.
    pub fn action(&self) -> &'static str {
        match &self.decision {
            Decision::Delete { .. } => "delete",
            Decision::Mask(_) if self.to.is_empty() => "unchanged",
            Decision::Mask(_) => "mask",
            Decision::Unlink(..) if self.to.is_empty() => "keep",
            Decision::Unlink(..) => "unlink",
            Decision::Keep(_) => "keep",
            Decision::Nothing => "unchanged",
        }
    }
}

fn copies(row: &RowPlan) -> u64 {
    row.copies.max(1) as u64
}

fn of(collection: &CollectionPlan) -> CollectionAccount {
    let mut kept: BTreeMap<(Option<String>, [String; 4]), KeptAccount> = BTreeMap::new();
    let mut fields: BTreeMap<(String, &'static str, Effect), u64> = BTreeMap::new();
    let mut words: BTreeMap<String, u64> = BTreeMap::new();
    for row in &collection.rows {
        let mut keep = |field: Option<String>, why: &Kept| {
            let text = |text: Option<String>| text.unwrap_or_default();
            let (law, until) = (why.law.clone(), why.until.clone());
            let named = [why.rule.to_string(), why.reason.clone(), text(law.clone()), text(until.clone())];
            let account = || KeptAccount {
                field: field.clone(),
                rule: why.rule.to_string(),
                reason: why.reason.clone(),
                law,
                until,
                rows: 0,
            };
            kept.entry((field.clone(), named)).or_insert_with(account).rows += copies(row);
        };
        match &row.decision {
            Decision::Delete { .. } => *words.entry("deleted".to_owned()).or_default() += copies(row),
            Decision::Mask(masks) | Decision::Unlink(masks, _) => {
                for one in &masks.kept {
                    keep(Some(one.field.to_string()), &one.kept);
                }
                if row.is_change() {
                    for masked in &masks.fields {
                        let key = (masked.field.to_string(), masked.strategy, masked.effect);
                        *fields.entry(key).or_default() += copies(row);
                    }
                    let word = match &row.decision {
                        Decision::Unlink(..) => "unlinked",
                        _ => word(masks, collection.leaves_personal),
                    };
                    *words.entry(word.to_owned()).or_default() += copies(row);
                }
            }
            Decision::Keep(_) | Decision::Nothing => {}
        }
        if let Decision::Keep(why) | Decision::Unlink(_, why) = &row.decision {
            keep(None, why);
        }
    }
    let field = |((field, strategy, effect), rows): ((String, &str, Effect), u64)| FieldAccount {
        field,
        strategy: strategy.to_owned(),
        effect: effect_name(effect).to_owned(),
        rows,
    };
    CollectionAccount {
        dataset: collection.dataset.to_string(),
        collection: collection.collection.to_string(),
        planned: counts(collection.rows.iter()),
        rows: words,
        fields: fields.into_iter().map(field).collect(),
        kept: kept.into_values().collect(),
    }
}

fn effect_name(effect: Effect) -> &'static str {
    match effect {
        Effect::Anonymised => "anonymised",
        Effect::Masked => "masked",
        Effect::Pseudonymised => "pseudonymised",
        Effect::Preserved => "preserved",
    }
}

/// The exact word for a row: it is anonymised only if nothing that is left of its personal fields can be linked.
fn word(masks: &Masks, leaves_personal: bool) -> &'static str {
    let is_any = |effect: Effect| masks.fields.iter().any(|masked| masked.effect == effect);
    if is_any(Effect::Pseudonymised) {
        return "pseudonymised";
    }
    let is_whole = !is_any(Effect::Masked) && !is_any(Effect::Preserved);
    if is_whole && masks.kept.is_empty() && !leaves_personal { "anonymised" } else { "masked" }
}
