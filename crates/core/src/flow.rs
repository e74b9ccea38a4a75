//! Flows: the versioned definition of how a request is fulfilled.
//!
//! A flow has stages, run one after the other; a stage has tasks, run in the order of their numbers, the
//! same number at once. What a flow is stands here; what happens to a request under it is in
//! [`crate::request`]. The text form is YAML ([`Flow::parse`]).

mod builtin;
mod check;
mod compare;
mod condition;
mod edit;
mod kind;
mod operation;
mod parse;
mod span;
mod teams;
mod write;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::access::RoleName;

pub use builtin::builtin;
pub use check::{Issue, Place, check};
pub use compare::{Difference, What, compare, words};
pub use condition::{Condition, Schedule};
pub use edit::{Slot, Step, slug};
pub use kind::{Field, Kind};
pub use operation::Operation;
pub use span::{DAY_HOURS, Span, SpanUnit};
pub use teams::{check_lists, check_roles};

/// The output of a task whose rejection lets the flow go on: why it was rejected.
pub const REJECTION: &str = "rejection";

/// How a task ended, as conditions see it beside its outputs.
pub const STATE: &str = "state";

/// Names a task within its flow, as `stage.task`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskKey(String);

impl TaskKey {
    /// Makes the key of a task in a stage.
    pub fn new(stage: &str, task: &str) -> Self {
        Self(format!("{stage}.{task}"))
    }

    /// Reads a key such as a link's or a URL's; whether the flow has such a task shows when it is looked up.
    pub fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the text of the key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the task's own name, without its stage's.
    pub fn name(&self) -> &str {
        self.0.split_once('.').map_or(self.as_str(), |(_, name)| name)
    }

    /// Returns the key of what a source's owner is asked by this task.
    pub fn of_source(&self, source: &str) -> Self {
        Self(format!("{}@{source}", self.0))
    }

    /// Returns the task and the source where it is what an owner is asked.
    pub fn asked(&self) -> Option<(Self, &str)> {
        self.0.split_once('@').map(|(task, source)| (Self(task.to_owned()), source))
    }

    /// Returns the key of the stage it stands in.
    pub fn stage(&self) -> &str {
        self.0.split_once('.').map_or("", |(stage, _)| stage)
    }
}

impl std::fmt::Display for TaskKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A published or draft version of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The name activities refer to.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Its phases, in order; at least one.
    pub stages: Vec<Stage>,
}

/// A phase of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its name in task keys.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// Its units of work; at least one.
    pub tasks: Vec<Task>,
}

/// One unit of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its name within the flow.
    pub key: TaskKey,
    /// What people call it.
    pub title: String,
    /// What whoever does it should know.
    pub description: String,
    /// Who or what does it.
    pub work: Work,
    /// The team told when it fails or is late, where Habeas does it; a manual one has a team that does it.
    pub told: Option<RoleName>,
    /// Its place in the stage; the same number runs at once.
    pub order: u32,
    /// Whether the flow waits for it past its deadline.
    pub is_mandatory: bool,
    /// When it starts, once all with smaller numbers are over.
    pub start: Start,
    /// How long it may take.
    pub deadline: Option<Span>,
    /// What must hold for it to be done at all; else it is skipped.
    pub condition: Option<Condition>,
    /// It starts only if another task is late; else it is skipped.
    pub late: Option<Late>,
    /// Who is reminded, and when.
    pub reminders: Vec<Reminder>,
    /// The values its operation takes.
    pub inputs: Vec<Input>,
}

/// When a task starts, once its turn has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// At once.
    AtOnce,
    /// At the next instant that fits a rule.
    Next(Schedule),
}

/// The task starts only if another of its stage and number is still in progress some time after it started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// The other task.
    pub task: TaskKey,
    /// How long the other has.
    pub after: Span,
}

/// A mail to whoever should act, sent only while the task is in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// How long after the task started.
    pub after: Span,
    /// To whom; the address is looked up when it is sent.
    pub to: Recipient,
}

/// Whom a reminder goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// Whoever has taken the task, or else its team.
    Holder,
    /// The request's case owner.
    CaseOwner,
    /// A team.
    Role(RoleName),
    /// A member of staff, by the address they sign in with.
    User(String),
}

/// Who or what does a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Habeas does it.
    Automatic(Operation),
    /// A person does it.
    Manual(Manual),
}

/// What a manual task asks of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manual {
    /// The team whose members may take it.
    pub role: RoleName,
    /// Whether its work is the review of what was found.
    pub is_data_review: bool,
    /// What happens when it is rejected; none: it can't be.
    pub on_reject: Option<OnReject>,
    /// The person who completed this earlier task may not complete this one.
    pub four_eyes: Option<TaskKey>,
    /// What is filled in.
    pub asks: Vec<Ask>,
    /// What is shown.
    pub shows: Vec<Show>,
}

/// What follows from a rejection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnReject {
    /// The flow goes on.
    Continue,
    /// It goes back to an earlier task, which is done again with all that follows it.
    Rework(TaskKey),
    /// The request stops: the refusal gate asks for ground, article and a person's name.
    Stop,
}

/// Something whoever does a task fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Its name in the task's outputs.
    pub name: String,
    /// What people see.
    pub label: String,
    /// The type of the answer.
    pub kind: Kind,
    /// The custom list a choice is made from; none for other types.
    pub list: Option<String>,
    /// Whether it must be there to complete.
    pub on_complete: bool,
    /// Whether it must be there to reject.
    pub on_reject: bool,
    /// The label under which the person sees the answer on the portal; none: they don't.
    pub shown_to_subject: Option<String>,
}

/// Something whoever does a task sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Show {
    /// What people see before it.
    pub label: String,
    /// Where it comes from.
    pub source: Source,
    /// How it is shown.
    pub form: Form,
    /// Whether the person sees it on the portal too, once the task has started.
    pub is_shown_to_subject: bool,
    /// Whether the task can't be completed while it is missing.
    pub is_mandatory: bool,
}

/// How something is shown to whoever does a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As text.
    Text,
    /// As a table.
    Table,
    /// As a file that can be opened.
    File,
}

impl Form {
    /// All forms, by their names in flow files.
    pub const ALL: [(&'static str, Self); 3] =
        [("text", Self::Text), ("table", Self::Table), ("file", Self::File)];

    /// Returns the form's name in flow files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Table => "table",
            Self::File => "file",
        }
    }
}

/// One input of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The operation's name for it.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// It is fixed in the flow.
    Value(String),
    /// It is an output of an earlier task.
    Link {
        /// The earlier task.
        task: TaskKey,
        /// Its output.
        output: String,
    },
    /// It is asked on the form; equal labels are one field.
    Form(Field),
}

impl Task {
    /// Returns the outputs other tasks may link to: name and type.
    pub fn outputs(&self) -> Vec<(&str, Kind)> {
        match &self.work {
            Work::Automatic(operation) => operation.outputs().to_vec(),
            Work::Manual(manual) => {
                let review = manual.is_data_review.then_some(("decisions", Kind::Decisions));
                let rejection =
                    (manual.on_reject == Some(OnReject::Continue)).then_some((REJECTION, Kind::LongText));
                review
                    .into_iter()
                    .chain(rejection)
                    .chain(manual.asks.iter().map(|ask| (ask.name.as_str(), ask.kind)))
                    .collect()
            }
        }
    }

    /// Returns where the task's values come from: inputs of its operation and what is shown.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let shows = self.manual().into_iter().flat_map(|manual| &manual.shows).map(|show| &show.source);
        self.inputs.iter().map(|input| &input.source).chain(shows)
    }

    /// Returns the names of the custom lists the task's choices are made from.
    pub fn lists(&self) -> BTreeSet<&str> {
        let of_form = self.sources().filter_map(|source| match source {
            Source::Form(field) => field.list.as_deref(),
            Source::Value(_) | Source::Link { .. } => None,
        });
        let asks = self.manual().into_iter().flat_map(|manual| &manual.asks);
        of_form.chain(asks.filter_map(|ask| ask.list.as_deref())).collect()
    }

    /// Returns the operation of an automatic task.
    pub fn operation(&self) -> Option<Operation> {
        match &self.work {
            Work::Automatic(operation) => Some(*operation),
            Work::Manual(_) => None,
        }
    }

    /// Returns the team the task concerns: that does it, or is told when it fails or is late.
    pub fn team(&self) -> Option<&RoleName> {
        self.manual().map(|manual| &manual.role).or(self.told.as_ref())
    }

    /// Returns what a manual task asks.
    pub fn manual(&self) -> Option<&Manual> {
        match &self.work {
            Work::Automatic(_) => None,
            Work::Manual(manual) => Some(manual),
        }
    }
}

impl Flow {
    /// Returns every task, in the order of stages and numbers.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.stages.iter().flat_map(|stage| stage.tasks.iter())
    }

    /// Returns the task of that key.
    pub fn task(&self, key: &TaskKey) -> Option<&Task> {
        self.tasks().find(|task| task.key == *key)
    }

    /// Returns the stage a task stands in.
    pub fn stage_of(&self, key: &TaskKey) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.tasks.iter().any(|task| task.key == *key))
    }

    /// Returns the fields the form asks for, equal labels once, in the order they first occur.
    pub fn form_fields(&self) -> Vec<&Field> {
        let mut fields: Vec<&Field> = Vec::new();
        for source in self.tasks().flat_map(Task::sources) {
            if let Source::Form(field) = source
                && !fields.iter().any(|known| known.label == field.label)
            {
                fields.push(field);
            }
        }
        fields
    }

    /// Returns the names of the custom lists the flow's choices are made from.
    pub fn lists(&self) -> BTreeSet<&str> {
        self.tasks().flat_map(Task::lists).collect()
    }
}

#[cfg(test)]
mod tests;
