//! What is different between two versions of a flow: stages and tasks added, removed, and changed property by
//! property, in the words of the editor.

use super::{Ask, Flow, Input, OnReject, Recipient, Reminder, Show, Source, Stage, Start, Task, Work};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where: the flow, a stage or a task, in words.
    pub place: String,
    /// What.
    pub what: What,
}

/// What is different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is there only in the new version.
    Added,
    /// It is there only in the old version.
    Removed,
    /// A property says something else.
    Changed {
        /// The property.
        property: String,
        /// What it said; empty where it wasn't set.
        before: String,
        /// What it says; empty where it isn't set.
        after: String,
    },
}

/// Returns what is different in `new`, in the order of its stages; what was removed stands at the end.
pub fn compare(old: &Flow, new: &Flow) -> Vec<Difference> {
    let mut found = Vec::new();
    let of_flow = |flow: &Flow| {
        vec![
            ("Name".to_owned(), flow.title.clone()),
            ("Description".to_owned(), flow.description.clone()),
            ("Stages".to_owned(), titles(&flow.stages)),
        ]
    };
    properties(&mut found, "The flow", &of_flow(old), &of_flow(new));
    for stage in &new.stages {
        let place = format!("Stage {}", stage.title);
        match old.stage(&stage.key) {
            None => found.push(Difference { place, what: What::Added }),
            Some(before) => {
                let name = |stage: &Stage| vec![("Name".to_owned(), stage.title.clone())];
                properties(&mut found, &place, &name(before), &name(stage));
            }
        }
        for task in &stage.tasks {
            let place = format!("Task {} ({})", task.title, task.key);
            match old.task(&task.key) {
                None => found.push(Difference { place, what: What::Added }),
                Some(before) => properties(&mut found, &place, &before.properties(), &task.properties()),
            }
        }
    }
    for stage in &old.stages {
        if new.stage(&stage.key).is_none() {
            found.push(Difference { place: format!("Stage {}", stage.title), what: What::Removed });
        }
        for task in stage.tasks.iter().filter(|task| new.task(&task.key).is_none()) {
            let place = format!("Task {} ({})", task.title, task.key);
            found.push(Difference { place, what: What::Removed });
        }
    }
    found
}

type Property = (String, String);

fn properties(found: &mut Vec<Difference>, place: &str, before: &[Property], after: &[Property]) {
    let value = |of: &[Property], name: &str| {
        let value = of.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        value.unwrap_or_default()
    };
    let mut names: Vec<&String> = after.iter().map(|(name, _)| name).collect();
    names.extend(before.iter().map(|(name, _)| name).filter(|name| after.iter().all(|(n, _)| n != *name)));
    for name in names {
        let (before, after) = (value(before, name), value(after, name));
        if before != after {
            let what = What::Changed { property: name.clone(), before, after };
            found.push(Difference { place: place.to_owned(), what });
        }
    }
}

fn titles(stages: &[Stage]) -> String {
    stages.iter().map(|stage| stage.title.as_str()).collect::<Vec<_>>().join(", ")
}

impl Task {
    /// Returns what is set of the task, property by property, in words.
    pub fn properties(&self) -> Vec<(String, String)> {
        let mut all: Vec<(&str, String)> = vec![
            ("Name", self.title.clone()),
            ("Description", self.description.clone()),
            ("Done by", self.done_by()),
            ("Order", self.order.to_string()),
            ("Mandatory", yes_no(self.is_mandatory)),
        ];
        all.extend(self.told.as_ref().map(|role| ("Told when it fails or is late", role.to_string())));
        if let Start::Next(schedule) = &self.start {
            all.push(("Starts", format!("at the next time that fits {}", schedule.as_str())));
        }
        all.extend(self.deadline.map(|span| ("Deadline", words(&span.to_string()))));
        all.extend(self.condition.as_ref().map(|condition| ("Condition", condition.as_str().to_owned())));
        all.extend(self.late.as_ref().map(|late| {
            ("Only if late", format!("{} still runs after {}", late.task, words(&late.after.to_string())))
        }));
        if let Some(manual) = self.manual() {
            all.extend(manual.on_reject.as_ref().map(|then| {
                let then = match then {
                    OnReject::Continue => "the flow goes on".to_owned(),
                    OnReject::Stop => "the request stops".to_owned(),
                    OnReject::Rework(key) => format!("back to {key}"),
                };
                ("When rejected", then)
            }));
            all.extend(manual.four_eyes.as_ref().map(|key| ("Not by who did", key.to_string())));
        }
        let mut all: Vec<Property> = all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        all.extend(numbered("Reminder", self.reminders.iter().map(reminder)));
        all.extend(self.inputs.iter().map(input));
        if let Some(manual) = self.manual() {
            all.extend(manual.shows.iter().map(show));
            all.extend(manual.asks.iter().map(ask));
        }
        all.retain(|(_, value)| !value.is_empty());
        all
    }

    fn done_by(&self) -> String {
        match &self.work {
            Work::Automatic(operation) => format!("Habeas: {}", operation.title()),
            Work::Manual(manual) if manual.is_data_review => format!("{}: review of the data", manual.role),
            Work::Manual(manual) => manual.role.to_string(),
        }
    }
}

fn numbered<'a>(
    name: &'a str,
    values: impl Iterator<Item = String> + 'a,
) -> impl Iterator<Item = (String, String)> + 'a {
    values.enumerate().map(move |(at, value)| (format!("{name} {}", at + 1), value))
}

fn reminder(reminder: &Reminder) -> String {
    let to = match &reminder.to {
        Recipient::Holder => "whoever has it".to_owned(),
        Recipient::CaseOwner => "the case owner".to_owned(),
        Recipient::Role(role) => format!("role {role}"),
        Recipient::User(user) => user.clone(),
    };
    format!("after {} to {to}", words(&reminder.after.to_string()))
}

fn input(input: &Input) -> (String, String) {
    (format!("Input {}", input.name), source(&input.source))
}

fn show(show: &Show) -> (String, String) {
    let mut value = format!("{}, as {}", source(&show.source), show.form.as_str());
    if show.is_shown_to_subject {
        value.push_str(", shown to the person too");
    }
    if show.is_mandatory {
        value.push_str(", must be there");
    }
    (format!("Shows {}", show.label), value)
}

fn ask(ask: &Ask) -> (String, String) {
    let mut value = format!("{}: {}", ask.label, ask.kind.title());
    if let Some(list) = &ask.list {
        value.push_str(" (list ");
        value.push_str(list);
        value.push(')');
    }
    if ask.on_complete {
        value.push_str(", needed to complete");
    }
    if ask.on_reject {
        value.push_str(", needed to reject");
    }
    if let Some(label) = &ask.shown_to_subject {
        value.push_str(", shown to the person as: ");
        value.push_str(label);
    }
    (format!("Asks {}", ask.name), value)
}

fn source(source: &Source) -> String {
    match source {
        Source::Value(value) => format!("value {value}"),
        Source::Link { task, output } => format!("{output} of {task}"),
        Source::Form(field) => {
            let list = field.list.as_ref().map(|list| format!(", list {list}")).unwrap_or_default();
            let need = if field.is_required { "" } else { ", optional" };
            format!("asked on the form: {} ({}{list}{need})", field.label, field.kind.title())
        }
    }
}

/// Returns a span as people read it.
pub fn words(span: &str) -> String {
    span.replace('_', " ")
}

fn yes_no(is_so: bool) -> String {
    if is_so { "yes".to_owned() } else { "no".to_owned() }
}

#[cfg(test)]
mod tests;
