//! Corrections (Art. 16 GDPR): what is going to be corrected where, and what was.
//!
//! The plan stands in the log with the values sealed: it is what a second person approves, and what is carried out is
//! compared with it. Nothing else is ever written to a source.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::Request;
use crate::flow::TaskKey;
use crate::pii::{self, Pii};

/// The most fields one plan changes: more is not one person's data.
pub const CHANGES_MAX: usize = 2_000;

/// Corrections were planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectionPlanned {
    /// The task.
    pub task: TaskKey,
    /// Which try of it.
    pub attempt: u32,
    /// The SHA-256 of the plan, hexadecimal.
    pub hash: String,
    /// How many fields change.
    pub change_count: u32,
    /// In how many sources.
    pub source_count: u32,
    /// How much is left to be done by hand.
    pub open_count: u32,
    /// What changes.
    #[serde(with = "pii::sealed")]
    pub plan: Pii<CorrectionPlan>,
}

/// What is going to be corrected, and what can't be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionPlan {
    /// The facts and their right values.
    pub facts: Vec<RightFact>,
    /// The fields that change.
    pub changes: Vec<FieldChange>,
    /// What is left to be done by hand.
    pub open: Vec<LeftOpen>,
    /// The facts that stay as they are, since a steward found them right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputed: Vec<String>,
}

/// A fact and what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightFact {
    /// Its name, such as `city`.
    pub fact: String,
    /// The right value; none where there is none.
    pub value: Option<String>,
    /// What it must be now, where only some of several are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// A field that changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldChange {
    /// The source.
    pub source: String,
    /// The dataset.
    pub dataset: String,
    /// The collection.
    pub collection: String,
    /// What names the row, as JSON.
    pub key: String,
    /// The field.
    pub field: String,
    /// The fact it holds; none where it is made from others.
    pub fact: Option<String>,
    /// What it is.
    pub before: String,
    /// What it becomes.
    pub after: String,
}

/// Something a person must do by hand, or say why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOpen {
    /// Where.
    pub place: String,
    /// Why.
    pub reason: String,
}

/// Corrections were carried out and read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// The task.
    pub task: TaskKey,
    /// Which try of it.
    pub attempt: u32,
    /// The plan that was carried out.
    pub hash: String,
    /// What was done in each source.
    pub sources: Vec<SourceCorrected>,
}

/// What was corrected in a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceCorrected {
    /// The source.
    pub source: String,
    /// How many fields hold the right value now.
    pub field_count: u32,
}

/// The corrections of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// What is planned.
    pub planned: CorrectionPlanned,
    /// When it was planned.
    pub planned_at: Timestamp,
    /// What was done of it.
    pub done: Option<(Corrected, Timestamp)>,
}

impl CorrectionPlan {
    /// Reads right values from lines such as `city: Paris`, or `city: Rome -> Paris` where only some of several are
    /// meant. `city:` empties the fact; `city: leave` leaves it as it is.
    ///
    /// # Errors
    /// The number of the first line that is none of these. A line may hold anything: it is not repeated.
    pub fn read_facts(text: &str) -> Result<Vec<Asked>, usize> {
        let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        lines.map(|(line, number)| read_fact(line).ok_or(number)).collect()
    }

    /// Returns a plan that names what the person and a steward ask for: the steward's word counts more.
    pub fn merge(facts: Vec<RightFact>, asked: Vec<Asked>) -> Self {
        let mut plan = Self { facts, ..Self::default() };
        for one in asked {
            let name = match &one {
                Asked::Set(right) => &right.fact,
                Asked::Leave(name) => name,
            };
            plan.facts.retain(|known| known.fact != *name);
            plan.disputed.retain(|known| known != name);
            match one {
                Asked::Set(right) => plan.facts.push(right),
                Asked::Leave(name) => plan.disputed.push(name),
            }
        }
        plan
    }
}

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A fact gets a value.
    Set(RightFact),
    /// A fact stays as it is.
    Leave(String),
}

fn read_fact(line: &str) -> Option<Asked> {
    let (fact, rest) = line.split_once(':')?;
    let fact = fact.trim().to_lowercase().replace([' ', '-'], "_");
    let is_name = fact.chars().all(|c| c.is_alphanumeric() || c == '_');
    if fact.is_empty() || fact.chars().count() > 64 || !is_name {
        return None;
    }
    let rest = rest.trim();
    if rest.eq_ignore_ascii_case("leave") {
        return Some(Asked::Leave(fact));
    }
    let filled = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let (was, value) = match rest.split_once("->") {
        Some((was, value)) => (filled(was), filled(value)),
        None => (None, filled(rest)),
    };
    Some(Asked::Set(RightFact { fact, value, was }))
}

impl Request {
    pub(super) fn apply_correction(&mut self, event: &super::Event, at: Timestamp) {
        use super::Event;
        match event {
            Event::CorrectionPlanned(planned) => {
                self.correction =
                    Some(Correction { planned: (**planned).clone(), planned_at: at, done: None });
            }
            Event::Corrected(corrected) => {
                if let Some(correction) = &mut self.correction {
                    correction.done = Some((corrected.clone(), at));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
