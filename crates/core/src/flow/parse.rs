//! A flow's text form. Reads a YAML file and reports every mistake with its place.

use super::{
    Ask, Condition, Field, Flow, Form, Input, Kind, Late, Manual, OnReject, Operation, Recipient, Reminder,
    Schedule, Show, Source, Span, Stage, Start, Task, TaskKey, Work, check,
};
use crate::access::{self, RoleName};
use crate::yaml::{self, Cursor, Mapping, Problem, Problems};

impl Flow {
    /// Reads a flow file and checks that it may be published.
    ///
    /// # Errors
    /// Every mistake of form with file, line and path, and everything that [`check()`] finds.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        read(file, text, true)
    }

    /// Reads a draft: its form must be right, but it needn't be fit to be published yet.
    ///
    /// # Errors
    /// Every mistake of form with file, line and path.
    pub fn parse_draft(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        read(file, text, false)
    }
}

fn read(file: &str, text: &str, is_checked: bool) -> Result<Flow, Vec<Problem>> {
    let problems = Problems::new();
    let flow = yaml::parse(file, text, &problems).and_then(|document| {
        let flow = read_flow(&document.root(&problems));
        if let Some(flow) = flow.as_ref().filter(|_| is_checked && !problems.has_errors()) {
            for issue in check(flow) {
                document.root(&problems).report(issue.to_string());
            }
        }
        flow
    });
    match flow {
        Some(flow) if !problems.has_errors() => Ok(flow),
        Some(_) | None => Err(problems.into_vec()),
    }
}

fn read_flow(at: &Cursor<'_>) -> Option<Flow> {
    let mut map = at.mapping()?;
    let name = map.require("flow").and_then(|at| slug(&at));
    let title = map.require("title").and_then(|at| at.text().map(str::to_owned));
    let description = text_or_empty(&mut map, "description");
    let stages = map.require("stages").and_then(|at| at.sequence());
    let stages = stages.unwrap_or_default().iter().filter_map(read_stage).collect();
    map.finish();
    Some(Flow { name: name?, title: title?, description, stages })
}

fn read_stage(at: &Cursor<'_>) -> Option<Stage> {
    let mut map = at.mapping()?;
    let key = map.require("key").and_then(|at| slug(&at));
    let title = map.require("title").and_then(|at| at.text().map(str::to_owned));
    let tasks = map.require("tasks").and_then(|at| at.sequence()).unwrap_or_default();
    map.finish();
    let key = key?;
    let tasks = tasks.iter().filter_map(|at| read_task(&key, at)).collect();
    Some(Stage { key, title: title?, tasks })
}

fn read_task(stage: &str, at: &Cursor<'_>) -> Option<Task> {
    let mut map = at.mapping()?;
    let key = map.require("key").and_then(|at| slug(&at));
    let title = map.require("title").and_then(|at| at.text().map(str::to_owned));
    let description = text_or_empty(&mut map, "description");
    let order = map.take("order").and_then(|at| at.count()).and_then(|order| u32::try_from(order).ok());
    let is_mandatory = map.take("mandatory").and_then(|at| at.boolean()).unwrap_or(true);
    let start = map.take("start").and_then(|at| read_start(&at)).unwrap_or(Start::AtOnce);
    let deadline = map.take("deadline").and_then(|at| read_span(&at));
    let condition = map
        .take("condition")
        .and_then(|at| Condition::parse(at.name()?).map_err(|text| at.report(text)).ok());
    let late = map.take("late").and_then(|at| read_late(&at));
    let reminders = map.take("reminders").and_then(|at| at.sequence()).unwrap_or_default();
    let inputs = map.take("inputs").map(|at| read_inputs(&at)).unwrap_or_default();
    let (work, told) = match map.take("operation") {
        Some(at) => {
            let known = Operation::ALL.map(|operation| (operation.as_str(), operation));
            (at.one_of(&known).map(Work::Automatic), map.take("role").and_then(|at| access::read_name(&at)))
        }
        None => (read_manual(&mut map).map(Work::Manual), None),
    };
    map.finish();
    let key = TaskKey::new(stage, &key?);
    Some(Task {
        key,
        title: title?,
        description,
        work: work?,
        told,
        order: order.unwrap_or(1),
        is_mandatory,
        start,
        deadline,
        condition,
        late,
        reminders: reminders.iter().filter_map(read_reminder).collect(),
        inputs,
    })
}

/// Reads `start: { next: "0 9 * * 1-5" }`.
fn read_start(at: &Cursor<'_>) -> Option<Start> {
    let mut map = at.mapping()?;
    let next = map.require("next");
    map.finish();
    let next = next?;
    Schedule::parse(next.name()?).map_err(|text| next.report(text)).ok().map(Start::Next)
}

/// Reads `late: { task: STAGE.TASK, after: 4 hours }`.
fn read_late(at: &Cursor<'_>) -> Option<Late> {
    let mut map = at.mapping()?;
    let task = map.require("task").and_then(|at| at.name().map(TaskKey::from_text));
    let after = map.require("after").and_then(|at| read_span(&at));
    map.finish();
    Some(Late { task: task?, after: after? })
}

/// Reads `{ after: 24 hours, to: role legal }`.
fn read_reminder(at: &Cursor<'_>) -> Option<Reminder> {
    let mut map = at.mapping()?;
    let after = map.require("after").and_then(|at| read_span(&at));
    let to = map.require("to").and_then(|at| read_recipient(&at));
    map.finish();
    Some(Reminder { after: after?, to: to? })
}

fn read_recipient(at: &Cursor<'_>) -> Option<Recipient> {
    let text = at.name()?;
    let named = |prefix: &str| text.strip_prefix(prefix).map(str::trim).filter(|name| !name.is_empty());
    match text {
        "holder" => Some(Recipient::Holder),
        "case_owner" => Some(Recipient::CaseOwner),
        _ => named("role ")
            .and_then(|name| RoleName::parse(name).ok())
            .map(Recipient::Role)
            .or_else(|| named("user ").map(|user| Recipient::User(user.to_owned())))
            .or_else(|| at.mismatch("'holder', 'case_owner', 'role ROLE' or 'user ADDRESS'")),
    }
}

fn read_manual(map: &mut Mapping<'_>) -> Option<Manual> {
    let role = map.require("role").and_then(|at| access::read_name(&at));
    let review = map.take("work").and_then(|at| at.one_of(&[("data_review", true), ("form", false)]));
    let on_reject = map.take("on_reject").and_then(|at| read_on_reject(&at));
    let four_eyes = map.take("four_eyes").and_then(|at| at.name().map(TaskKey::from_text));
    let asks = map.take("asks").and_then(|at| at.sequence()).unwrap_or_default();
    let shows = map.take("shows").map(|at| read_shows(&at)).unwrap_or_default();
    Some(Manual {
        role: role?,
        is_data_review: review.unwrap_or(false),
        on_reject,
        four_eyes,
        asks: asks.iter().filter_map(read_ask).collect(),
        shows,
    })
}

fn read_on_reject(at: &Cursor<'_>) -> Option<OnReject> {
    match at.name()? {
        "continue" => Some(OnReject::Continue),
        "stop" => Some(OnReject::Stop),
        other => match other.strip_prefix("rework ") {
            Some(task) => Some(OnReject::Rework(TaskKey::from_text(task.trim()))),
            None => at.mismatch("'continue', 'stop' or 'rework STAGE.TASK'"),
        },
    }
}

fn read_ask(at: &Cursor<'_>) -> Option<Ask> {
    let mut map = at.mapping()?;
    let name = map.require("name").and_then(|at| slug(&at));
    let label = map.require("label").and_then(|at| at.name().map(str::to_owned));
    let kind = map.require("type").and_then(|at| at.one_of(&Kind::ASKED));
    let list = map.take("list").and_then(|at| slug(&at));
    let on_complete = map.take("on_complete").and_then(|at| at.boolean()).unwrap_or(false);
    let on_reject = map.take("on_reject").and_then(|at| at.boolean()).unwrap_or(false);
    let shown_to_subject = map.take("shown_to_subject").and_then(|at| at.name().map(str::to_owned));
    map.finish();
    Some(Ask { name: name?, label: label?, kind: kind?, list, on_complete, on_reject, shown_to_subject })
}

/// Reads a mapping of names to sources: `{value: …}`, `{link: STAGE.TASK.OUTPUT}` or `{input: LABEL, type: …}`.
fn read_inputs(at: &Cursor<'_>) -> Vec<Input> {
    let Some(map) = at.mapping() else { return Vec::new() };
    let read = |(name, at): (&str, Cursor<'_>)| {
        let mut map = at.mapping()?;
        let source = read_source(&at, &mut map);
        map.finish();
        Some(Input { name: name.to_owned(), source: source? })
    };
    map.entries().filter_map(read).collect()
}

/// Reads a mapping of labels to what is shown: a source, and how it is shown.
fn read_shows(at: &Cursor<'_>) -> Vec<Show> {
    let Some(map) = at.mapping() else { return Vec::new() };
    let read = |(label, at): (&str, Cursor<'_>)| {
        let mut map = at.mapping()?;
        let form = map.take("as").and_then(|at| at.one_of(&Form::ALL)).unwrap_or(Form::Text);
        let is_shown_to_subject = map.take("to_subject").and_then(|at| at.boolean()).unwrap_or(false);
        let is_mandatory = map.take("mandatory").and_then(|at| at.boolean()).unwrap_or(false);
        let source = read_source(&at, &mut map);
        map.finish();
        Some(Show { label: label.to_owned(), source: source?, form, is_shown_to_subject, is_mandatory })
    };
    map.entries().filter_map(read).collect()
}

fn read_source(at: &Cursor<'_>, map: &mut Mapping<'_>) -> Option<Source> {
    let value = map.take("value").and_then(|at| at.text().map(str::to_owned));
    let link = map.take("link");
    let input = map.take("input").and_then(|at| at.name().map(str::to_owned));
    let kind = map.take("type").and_then(|at| at.one_of(&Kind::ASKED)).unwrap_or(Kind::Text);
    let list = map.take("list").and_then(|at| slug(&at));
    let is_required = map.take("required").and_then(|at| at.boolean()).unwrap_or(true);
    match (value, link, input) {
        (Some(value), None, None) => Some(Source::Value(value)),
        (None, None, Some(label)) => Some(Source::Form(Field { label, kind, list, is_required })),
        (None, Some(link), None) => {
            let text = link.name()?;
            match text.rsplit_once('.') {
                Some((task, output)) => {
                    Some(Source::Link { task: TaskKey::from_text(task), output: output.to_owned() })
                }
                None => link.mismatch("STAGE.TASK.OUTPUT"),
            }
        }
        (_, _, _) => at.mismatch("exactly one of 'value', 'link' or 'input'"),
    }
}

fn read_span(at: &Cursor<'_>) -> Option<Span> {
    let text = at.name()?;
    Span::parse(text).or_else(|| {
        at.mismatch("a span such as '48 hours', '10 days', '4 working_hours' or '2 working_days'")
    })
}

fn text_or_empty(map: &mut Mapping<'_>, key: &'static str) -> String {
    map.take(key).and_then(|at| at.text().map(str::to_owned)).unwrap_or_default()
}

/// Reads a name used in keys and addresses: small letters, digits, `_` and `-`.
fn slug(at: &Cursor<'_>) -> Option<String> {
    let text = at.name()?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if text.len() <= 64 && text.chars().all(fits) {
        Some(text.to_owned())
    } else {
        at.mismatch("a name of at most 64 small letters, digits, '_' and '-'")
    }
}
