//! What a request knows: the values tasks link to, and the facts conditions are told by.
//!
//! A fact nobody knows is left out rather than taken for empty, so that a condition which needs it can't be
//! told and a person decides.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::state::{Request, TaskState};
use crate::flow::{Ask, Flow, Form, Kind, REJECTION, STATE, Show, Source, Task, TaskKey};

impl Request {
    /// Returns the text a source gives; none while it isn't there, and for what is no text.
    pub fn text_of(&self, flow: &Flow, source: &Source) -> Option<String> {
        match source {
            Source::Value(text) => Some(text.clone()),
            Source::Form(field) => self.subject.reveal().answers.get(&field.label).cloned(),
            Source::Link { task, output } => match output_kind(flow, task, output)? {
                Kind::Records | Kind::Decisions | Kind::Package | Kind::Correction => None,
                _ => self.output(task, output),
            },
        }
        .filter(|text| !text.trim().is_empty())
    }

    /// Says whether a source gives anything.
    pub fn has_value(&self, flow: &Flow, source: &Source) -> bool {
        let Source::Link { task, output } = source else { return self.text_of(flow, source).is_some() };
        let is_over = self.tasks.get(task).is_some_and(|run| run.state.is_over());
        match output_kind(flow, task, output) {
            Some(Kind::Records) => is_over && self.found.is_some(),
            Some(Kind::Package) => is_over && self.package.is_some(),
            Some(Kind::Correction) => is_over && self.correction.is_some(),
            Some(Kind::Decisions) => is_over,
            Some(_) => self.text_of(flow, source).is_some(),
            None => false,
        }
    }

    /// Returns what the inputs of a task's operation are, by name; those that aren't there are left out.
    pub fn inputs(&self, flow: &Flow, task: &TaskKey) -> BTreeMap<String, String> {
        let inputs = flow.task(task).into_iter().flat_map(|task| &task.inputs);
        inputs.filter_map(|input| Some((input.name.clone(), self.text_of(flow, &input.source)?))).collect()
    }

    /// Returns what the flow has the person told of its tasks: label, value, and the list the value is a key of.
    /// What staff see comes once the task has started, what they filled in once it has ended.
    pub fn told_to_subject<'f>(&self, flow: &'f Flow) -> Vec<(&'f str, String, Option<&'f str>)> {
        flow.tasks().flat_map(|task| self.told_of(flow, task)).collect()
    }

    fn told_of<'f>(&self, flow: &Flow, task: &'f Task) -> Vec<(&'f str, String, Option<&'f str>)> {
        let (Some(run), Some(manual)) = (self.tasks.get(&task.key), task.manual()) else { return Vec::new() };
        let is_over = run.state.is_over() || run.state == TaskState::Stopped;
        let has_started = is_over || run.state == TaskState::InProgress;
        let answers = run.answers.reveal();
        let shown = |show: &&Show| has_started && show.is_shown_to_subject && show.form != Form::File;
        let shows = manual.shows.iter().filter(shown).filter_map(|show| {
            let list = match &show.source {
                Source::Form(field) => field.list.as_deref(),
                Source::Value(_) | Source::Link { .. } => None,
            };
            Some((show.label.as_str(), self.text_of(flow, &show.source)?, list))
        });
        let told = |ask: &&Ask| is_over && ask.kind != Kind::File;
        let asks = manual.asks.iter().filter(told).filter_map(|ask| {
            let answer = answers.get(&ask.name).filter(|answer| !answer.trim().is_empty())?;
            Some((ask.shown_to_subject.as_deref()?, answer.clone(), ask.list.as_deref()))
        });
        shows.chain(asks).collect()
    }

    /// Returns what a task that is over gave under a name.
    fn output(&self, task: &TaskKey, name: &str) -> Option<String> {
        let run = self.tasks.get(task).filter(|run| run.state.is_over())?;
        match name {
            REJECTION if run.state == TaskState::Rejected => {
                run.rejection.as_ref().map(|why| why.reveal().clone())
            }
            _ => run.answers.reveal().get(name).cloned(),
        }
    }
}

fn output_kind(flow: &Flow, task: &TaskKey, output: &str) -> Option<Kind> {
    let outputs = flow.task(task)?.outputs();
    outputs.into_iter().find(|(name, _)| *name == output).map(|(_, kind)| kind)
}

/// Returns what conditions of a flow see of a request: `request`, `form` and `outputs`.
pub(super) fn facts(request: &Request, flow: &Flow) -> Value {
    let subject = request.subject.reveal();
    let terms = &request.terms;
    let mut about = Map::new();
    about.insert("right".to_owned(), json!(terms.right.as_str()));
    about.insert("law".to_owned(), json!(terms.law));
    about.insert("activity".to_owned(), json!(terms.activity));
    about.insert("channel".to_owned(), json!(request.channel));
    about.insert("language".to_owned(), json!(terms.language));
    let country = subject.country.as_deref();
    let state = country.and_then(|place| place.split_once('-')).map(|(_, state)| state);
    let country = country.map(|place| place.split('-').next().unwrap_or(place));
    let told = [("country", country), ("state", state), ("relation", subject.relation.as_deref())];
    for (name, value) in told {
        if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
            about.insert(name.to_owned(), json!(value));
        }
    }
    let form: Map<String, Value> = flow
        .form_fields()
        .into_iter()
        .filter_map(|field| {
            Some((field.label.clone(), typed(field.kind, subject.answers.get(&field.label)?)?))
        })
        .collect();
    json!({"request": about, "form": form, "outputs": outputs(request, flow)})
}

/// Returns what the tasks that are over gave, and how each ended.
fn outputs(request: &Request, flow: &Flow) -> Map<String, Value> {
    let over = flow.tasks().filter_map(|task| {
        let run = request.tasks.get(&task.key).filter(|run| run.state.is_over())?;
        let given = task.outputs().into_iter().filter_map(|(name, kind)| {
            Some((name.to_owned(), typed(kind, &request.output(&task.key, name)?)?))
        });
        let mut values: Map<String, Value> = given.collect();
        values.insert(STATE.to_owned(), json!(run.state.as_str()));
        Some((task.key.to_string(), Value::Object(values)))
    });
    over.collect()
}

/// Returns a value as conditions compare it; none where nothing was given.
fn typed(kind: Kind, text: &str) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match kind {
        Kind::Number => text.parse::<f64>().ok().map(|number| json!(number)),
        Kind::Records | Kind::Decisions | Kind::Package | Kind::Correction => None,
        _ => Some(json!(text)),
    }
}
