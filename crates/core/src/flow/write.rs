//! A flow as text: what the editor keeps and what is exported. Reading it back gives the same flow.

use std::fmt::Write as _;

use super::{
    Ask, Field, Flow, Form, Kind, Manual, OnReject, Recipient, Reminder, Show, Source, Stage, Start, Task,
    Work,
};

use crate::yaml::quoted;

impl Flow {
    /// Returns the flow as a YAML file of the form that [`Flow::parse`] reads.
    pub fn to_yaml(&self) -> String {
        let mut out = Writer::default();
        out.line(0, "flow", &quote(&self.name));
        out.line(0, "title", &quote(&self.title));
        if !self.description.is_empty() {
            out.line(0, "description", &quote(&self.description));
        }
        out.list(0, "stages", &self.stages, stage);
        out.text
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    /// The next line starts an entry of a list, so a dash takes the place of its indent's end.
    starts_entry: bool,
}

impl Writer {
    fn line(&mut self, depth: usize, key: &str, value: &str) {
        let indent = if std::mem::take(&mut self.starts_entry) {
            format!("{}- ", "  ".repeat(depth.saturating_sub(1)))
        } else {
            "  ".repeat(depth)
        };
        let space = if value.is_empty() { "" } else { " " };
        let _ = writeln!(self.text, "{indent}{key}:{space}{value}"); // a String takes everything
    }

    fn maybe(&mut self, depth: usize, key: &str, value: Option<String>) {
        if let Some(value) = value {
            self.line(depth, key, &value);
        }
    }

    fn list<T>(&mut self, depth: usize, key: &str, entries: &[T], entry: fn(&mut Self, usize, &T)) {
        if entries.is_empty() {
            self.line(depth, key, "[]");
            return;
        }
        self.line(depth, key, "");
        for item in entries {
            self.starts_entry = true;
            entry(self, depth + 2, item);
        }
    }

    fn maybe_list<T>(&mut self, depth: usize, key: &str, entries: &[T], entry: fn(&mut Self, usize, &T)) {
        if !entries.is_empty() {
            self.list(depth, key, entries, entry);
        }
    }
}

fn stage(out: &mut Writer, depth: usize, stage: &Stage) {
    out.line(depth, "key", &quote(&stage.key));
    out.line(depth, "title", &quote(&stage.title));
    out.list(depth, "tasks", &stage.tasks, task);
}

fn task(out: &mut Writer, depth: usize, task: &Task) {
    out.line(depth, "key", &quote(task.key.name()));
    out.line(depth, "title", &quote(&task.title));
    if !task.description.is_empty() {
        out.line(depth, "description", &quote(&task.description));
    }
    match &task.work {
        Work::Automatic(operation) => out.line(depth, "operation", operation.as_str()),
        Work::Manual(manual) => {
            out.maybe(depth, "work", manual.is_data_review.then(|| "data_review".to_owned()));
        }
    }
    out.maybe(depth, "role", task.team().map(|role| quote(role.as_str())));
    out.line(depth, "order", &task.order.to_string());
    out.maybe(depth, "mandatory", (!task.is_mandatory).then(|| "false".to_owned()));
    if let Start::Next(schedule) = &task.start {
        out.line(depth, "start", &format!("{{ next: {} }}", quote(schedule.as_str())));
    }
    out.maybe(depth, "deadline", task.deadline.map(|span| span.to_string()));
    out.maybe(depth, "condition", task.condition.as_ref().map(|condition| quote(condition.as_str())));
    out.maybe(
        depth,
        "late",
        task.late.as_ref().map(|late| format!("{{ task: {}, after: {} }}", late.task, late.after)),
    );
    out.maybe_list(depth, "reminders", &task.reminders, reminder);
    if !task.inputs.is_empty() {
        out.line(depth, "inputs", "");
        for input in &task.inputs {
            out.line(depth + 1, &quote(&input.name), &flow_map(&source(&input.source)));
        }
    }
    if let Some(manual) = task.manual() {
        of_person(out, depth, manual);
    }
}

fn of_person(out: &mut Writer, depth: usize, manual: &Manual) {
    out.maybe(
        depth,
        "on_reject",
        manual.on_reject.as_ref().map(|then| match then {
            OnReject::Continue => "continue".to_owned(),
            OnReject::Stop => "stop".to_owned(),
            OnReject::Rework(key) => format!("rework {key}"),
        }),
    );
    out.maybe(depth, "four_eyes", manual.four_eyes.as_ref().map(ToString::to_string));
    if !manual.shows.is_empty() {
        out.line(depth, "shows", "");
        for show in &manual.shows {
            out.line(depth + 1, &quote(&show.label), &flow_map(&shown(show)));
        }
    }
    out.maybe_list(depth, "asks", &manual.asks, ask);
}

fn reminder(out: &mut Writer, depth: usize, reminder: &Reminder) {
    out.line(depth, "after", &reminder.after.to_string());
    let to = match &reminder.to {
        Recipient::Holder => "holder".to_owned(),
        Recipient::CaseOwner => "case_owner".to_owned(),
        Recipient::Role(role) => format!("role {}", role.as_str()),
        Recipient::User(user) => format!("user {user}"),
    };
    out.line(depth, "to", &quote(&to));
}

fn ask(out: &mut Writer, depth: usize, ask: &Ask) {
    out.line(depth, "name", &quote(&ask.name));
    out.line(depth, "label", &quote(&ask.label));
    out.line(depth, "type", ask.kind.as_str());
    out.maybe(depth, "list", ask.list.as_deref().map(quote));
    out.maybe(depth, "on_complete", ask.on_complete.then(|| "true".to_owned()));
    out.maybe(depth, "on_reject", ask.on_reject.then(|| "true".to_owned()));
    out.maybe(depth, "shown_to_subject", ask.shown_to_subject.as_deref().map(quote));
}

fn shown(show: &Show) -> Vec<(&'static str, String)> {
    let mut entries = source(&show.source);
    if show.form != Form::Text {
        entries.push(("as", show.form.as_str().to_owned()));
    }
    if show.is_shown_to_subject {
        entries.push(("to_subject", "true".to_owned()));
    }
    if show.is_mandatory {
        entries.push(("mandatory", "true".to_owned()));
    }
    entries
}

fn source(source: &Source) -> Vec<(&'static str, String)> {
    match source {
        Source::Value(text) => vec![("value", quote(text))],
        Source::Link { task, output } => vec![("link", quote(&format!("{task}.{output}")))],
        Source::Form(Field { label, kind, list, is_required }) => {
            let mut entries = vec![("input", quote(label))];
            if *kind != Kind::Text {
                entries.push(("type", kind.as_str().to_owned()));
            }
            entries.extend(list.as_deref().map(|list| ("list", quote(list))));
            if !is_required {
                entries.push(("required", "false".to_owned()));
            }
            entries
        }
    }
}

fn flow_map(entries: &[(&'static str, String)]) -> String {
    let inner: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{ {} }}", inner.join(", "))
}

/// Plain words stay as they are; everything else is quoted.
fn quote(text: &str) -> String {
    let starts_plain = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_plain =
        text.chars().all(|c| c.is_ascii_alphanumeric() || " _-.".contains(c)) && !text.ends_with(' ');
    let is_word = !matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n" | ".nan" | ".inf"
    );
    if starts_plain && is_plain && is_word {
        return text.to_owned();
    }
    quoted(text)
}
