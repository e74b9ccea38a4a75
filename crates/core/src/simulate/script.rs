//! Sample answers: what people do in a trial of one flow. Whoever is not in it does their part within a day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use serde::Deserialize;

use super::crowd::filled;
use super::{Deed, Rescue, Search, Stuck, Whim, World};
use crate::flow::{Span, Task, TaskKey};
use crate::request::{Failure, Question, Request, Subject};
use crate::yaml::{self, Problems};

/// What people do, and how long after they are asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    /// Where the person lives, such as `GB` or `US-CA`.
    pub country: Option<String>,
    /// Customer, employee or other.
    pub relation: Option<String>,
    /// The answers to the flow's own questions, by label.
    pub form: BTreeMap<String, String>,
    /// When the person enters the code, such as `1 hour`; `at once` and `never` are words for it.
    pub proves_after: Option<String>,
    /// When the person answers questions.
    pub answers_after: Option<String>,
    /// What the person answers.
    pub answer: Option<String>,
    /// When the person takes the request back.
    pub withdraws_after: Option<String>,
    /// How many records are found.
    pub records: Option<u64>,
    /// What staff do where something waits for their decision; nothing where it isn't said.
    pub decides: Option<Decides>,
    /// How long they take for it.
    pub decides_after: Option<String>,
    /// What is done with tasks, by `stage.task`.
    pub tasks: BTreeMap<String, Step>,
    /// The tasks that failed once: what was broken is mended when staff have it tried again.
    #[serde(skip)]
    pub mended: BTreeSet<TaskKey>,
}

/// What staff do where something waits for their decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decides {
    /// They have it mended and tried again; a question is answered in the person's place.
    GoOn,
    /// They leave the source out, with a reason.
    LeaveOut,
    /// They refuse on the first ground the law knows.
    Refuse,
}

/// What is done with a task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    /// How long after it started, such as `30 hours`; `never` is a word for it.
    pub after: Option<String>,
    /// What is filled in, by name.
    pub answers: BTreeMap<String, String>,
    /// The reason it is rejected with, where it is.
    pub reject: Option<String>,
    /// What a search fails with, where it does.
    pub fails: Option<String>,
}

impl Script {
    /// Reads sample answers from YAML or JSON.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(file: &str, text: &str) -> Result<Self, String> {
        let problems = Problems::new();
        let value = yaml::parse(file, text, &problems).map(|document| document.root(&problems).to_json());
        let said = || problems.into_vec().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let Some(value) = value else { return Err(said()) };
        let script: Self = serde_json::from_value(value).map_err(|error| format!("{file}: {error}"))?;
        let steps = script.tasks.values().map(|step| &step.after);
        let spans =
            [&script.proves_after, &script.answers_after, &script.withdraws_after, &script.decides_after];
        for text in steps.chain(spans).flatten() {
            if text != NEVER && text != AT_ONCE && Span::parse(text).is_none() {
                return Err(format!(
                    "{file}: '{text}' is neither a span such as '2 days' nor '{AT_ONCE}' nor '{NEVER}'"
                ));
            }
        }
        Ok(script)
    }

    /// Returns the person who asks.
    pub fn subject(&self) -> Subject {
        Subject {
            given_name: "Ada".to_owned(),
            family_name: "Lovelace".to_owned(),
            email: "ada@example.org".to_owned(),
            country: self.country.clone(),
            relation: self.relation.clone(),
            answers: self.form.clone(),
            ..Subject::default()
        }
    }
}

/// In place of a span: it isn't done at all.
const NEVER: &str = "never";
/// In place of a span: it is done the moment it is asked.
const AT_ONCE: &str = "at once";

/// Returns how long somebody takes; none: for ever.
fn delay(text: Option<&String>, usual_hours: i64) -> Option<SignedDuration> {
    match text {
        None => Some(SignedDuration::from_hours(usual_hours)),
        Some(text) if text == NEVER => None,
        Some(text) if text == AT_ONCE => Some(SignedDuration::ZERO),
        Some(text) => {
            let span = Span::parse(text)?;
            let hours = match span.unit {
                crate::flow::SpanUnit::Hours | crate::flow::SpanUnit::WorkingHours => 1,
                crate::flow::SpanUnit::Days | crate::flow::SpanUnit::WorkingDays => 24,
            };
            Some(SignedDuration::from_hours(i64::from(span.amount) * hours))
        }
    }
}

impl World for Script {
    fn deed(&mut self, _: &Request, task: &Task) -> Option<(SignedDuration, Deed)> {
        let manual = task.manual()?;
        let step = self.tasks.get(task.key.as_str()).cloned().unwrap_or_default();
        let delay = delay(step.after.as_ref(), 24)?;
        let is_rejected = step.reject.is_some();
        let mut answers =
            filled(&manual.asks, |ask| if is_rejected { ask.on_reject } else { ask.on_complete });
        answers.extend(step.answers);
        Some((
            delay,
            match step.reject {
                Some(reason) => Deed::Reject(answers, reason),
                None => Deed::Complete(answers),
            },
        ))
    }

    fn proof(&mut self, _: &Request) -> Option<SignedDuration> {
        delay(self.proves_after.as_ref(), 1)
    }

    fn answer(&mut self, _: &Request, _: &Question) -> Option<(SignedDuration, String)> {
        let text = self.answer.clone().unwrap_or_else(|| "All of it".to_owned());
        Some((delay(self.answers_after.as_ref(), 24)?, text))
    }

    fn search(&mut self, _: &Request, task: &TaskKey) -> Result<Search, Failure> {
        let is_mended = self.mended.contains(task);
        match self.tasks.get(task.as_str()).and_then(|step| step.fails.clone()).filter(|_| !is_mended) {
            Some(message) => {
                Err(Failure { code: "source_failed".to_owned(), source: Some("source".to_owned()), message })
            }
            None => Ok(Search { record_count: self.records.unwrap_or(12), source_count: 2 }),
        }
    }

    fn rescue(&mut self, _: &Request, stuck: &Stuck) -> Option<(SignedDuration, Rescue)> {
        let rescue = match (self.decides?, stuck) {
            (_, Stuck::Near) => return None,
            (Decides::Refuse, _) => Rescue::Refuse,
            (Decides::LeaveOut, Stuck::Failed(_)) => Rescue::Excuse,
            (Decides::GoOn | Decides::LeaveOut, Stuck::Unanswered(_)) => Rescue::Answer,
            // Nobody but the person can prove who they are.
            (Decides::GoOn | Decides::LeaveOut, Stuck::Unproven) => return None,
            (Decides::GoOn, Stuck::Failed(task)) => {
                self.mended.insert(task.clone());
                Rescue::Retry
            }
            (Decides::GoOn | Decides::LeaveOut, Stuck::Stopped(_)) => Rescue::Retry,
        };
        Some((delay(self.decides_after.as_ref(), 24)?, rescue))
    }

    fn whims(&mut self, _: &Request) -> Vec<(SignedDuration, Whim)> {
        let withdrawn = self.withdraws_after.as_ref().and_then(|text| delay(Some(text), 0));
        withdrawn.map(|delay| (delay, Whim::Withdraw)).into_iter().collect()
    }
}
