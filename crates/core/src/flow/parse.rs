//! A flow's text form. Reads a YAML file and reports every mistake with its place.

use super::{
    Ask, Flow, Input, Kind, Manual, OnReject, Operation, Show, Source, Span, SpanUnit, Stage, Task, TaskKey,
    Work, check,
};
use crate::access;
use crate::yaml::{self, Cursor, Mapping, Problem, Problems};

const KINDS: [(&str, Kind); 7] = [
    ("text", Kind::Text),
    ("long_text", Kind::LongText),
    ("phone", Kind::Phone),
    ("email", Kind::Email),
    ("yes_no", Kind::YesNo),
    ("number", Kind::Number),
    ("date", Kind::Date),
];

impl Flow {
    /// Reads a flow file and checks that it may be published.
    ///
    /// # Errors
    /// Every mistake of form with file, line and path, and everything that [`check`] finds.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::new();
        let flow = yaml::parse(file, text, &problems).and_then(|document| {
            let flow = read_flow(&document.root(&problems));
            if let Some(flow) = &flow
                && !problems.has_errors()
            {
                for text in check(flow) {
                    document.root(&problems).report(text);
                }
            }
            flow
        });
        match flow {
            Some(flow) if !problems.has_errors() => Ok(flow),
            Some(_) | None => Err(problems.into_vec()),
        }
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
    let deadline = map.take("deadline").and_then(|at| read_span(&at));
    let inputs = map.take("inputs").map(|at| read_named(&at)).unwrap_or_default();
    let inputs = inputs.into_iter().map(|(name, source)| Input { name, source }).collect();
    let work = match map.take("operation") {
        Some(at) => {
            at.one_of(&Operation::ALL.map(|operation| (operation.as_str(), operation))).map(Work::Automatic)
        }
        None => read_manual(&mut map).map(Work::Manual),
    };
    map.finish();
    let key = TaskKey::new(stage, &key?);
    Some(Task {
        key,
        title: title?,
        description,
        work: work?,
        order: order.unwrap_or(1),
        is_mandatory,
        deadline,
        inputs,
    })
}

fn read_manual(map: &mut Mapping<'_>) -> Option<Manual> {
    let role = map.require("role").and_then(|at| access::read_name(&at));
    let review = map.take("work").and_then(|at| at.one_of(&[("data_review", true), ("form", false)]));
    let on_reject = map.take("on_reject").and_then(|at| read_on_reject(&at));
    let four_eyes = map.take("four_eyes").and_then(|at| at.name().map(TaskKey::from_text));
    let asks = map.take("asks").and_then(|at| at.sequence()).unwrap_or_default();
    let shows = map.take("shows").map(|at| read_named(&at)).unwrap_or_default();
    Some(Manual {
        role: role?,
        is_data_review: review.unwrap_or(false),
        on_reject,
        four_eyes,
        asks: asks.iter().filter_map(read_ask).collect(),
        shows: shows.into_iter().map(|(label, source)| Show { label, source }).collect(),
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
    let kind = map.require("type").and_then(|at| at.one_of(&KINDS));
    let on_complete = map.take("on_complete").and_then(|at| at.boolean()).unwrap_or(false);
    let on_reject = map.take("on_reject").and_then(|at| at.boolean()).unwrap_or(false);
    let shown_to_subject = map.take("shown_to_subject").and_then(|at| at.name().map(str::to_owned));
    map.finish();
    Some(Ask { name: name?, label: label?, kind: kind?, on_complete, on_reject, shown_to_subject })
}

/// Reads a mapping of names to sources: `{value: …}`, `{link: STAGE.TASK.OUTPUT}` or `{input: LABEL, type: …}`.
fn read_named(at: &Cursor<'_>) -> Vec<(String, Source)> {
    let Some(map) = at.mapping() else { return Vec::new() };
    map.entries().filter_map(|(name, at)| Some((name.to_owned(), read_source(&at)?))).collect()
}

fn read_source(at: &Cursor<'_>) -> Option<Source> {
    let mut map = at.mapping()?;
    let value = map.take("value").and_then(|at| at.text().map(str::to_owned));
    let link = map.take("link");
    let input = map.take("input").and_then(|at| at.name().map(str::to_owned));
    let kind = map.take("type").and_then(|at| at.one_of(&KINDS));
    map.finish();
    match (value, link, input) {
        (Some(value), None, None) => Some(Source::Value(value)),
        (None, None, Some(label)) => Some(Source::Form { label, kind: kind.unwrap_or(Kind::Text) }),
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

/// Reads a span such as `48 hours`, `10 days` or `2 working_days`.
fn read_span(at: &Cursor<'_>) -> Option<Span> {
    let text = at.name()?;
    let unit = |unit: &str| match unit {
        "hour" | "hours" => Some(SpanUnit::Hours),
        "day" | "days" => Some(SpanUnit::Days),
        "working_day" | "working_days" => Some(SpanUnit::WorkingDays),
        _ => None,
    };
    let span = text.split_once(' ').and_then(|(amount, unit_text)| {
        let amount = amount.parse().ok().filter(|amount| (1..=1_000).contains(amount))?;
        Some(Span { amount, unit: unit(unit_text.trim())? })
    });
    span.or_else(|| at.mismatch("a span such as '48 hours', '10 days' or '2 working_days'"))
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
