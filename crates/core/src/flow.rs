//! Flows: the versioned definition of how a request is fulfilled.
//!
//! A flow has stages, run one after the other; a stage has tasks, run in the order of their numbers, the
//! same number at once. What a flow is stands here; what happens to a request under it is in
//! [`crate::request`]. The text form is YAML ([`Flow::parse`]).

mod builtin;
mod check;
mod parse;
mod teams;

use serde::{Deserialize, Serialize};

use crate::access::RoleName;

pub use builtin::builtin;
pub use check::check;
pub use teams::check_roles;

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
    /// Its place in the stage; the same number runs at once.
    pub order: u32,
    /// Whether the flow waits for it past its deadline.
    pub is_mandatory: bool,
    /// How long it may take.
    pub deadline: Option<Span>,
    /// The values its operation takes.
    pub inputs: Vec<Input>,
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
    Form {
        /// What people see.
        label: String,
        /// The type of the answer.
        kind: Kind,
    },
}

/// The types of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// Yes or no.
    YesNo,
    /// A number.
    Number,
    /// A civil date.
    Date,
    /// The records that were found; never asked on a form.
    Records,
    /// The decisions of a data review; never asked on a form.
    Decisions,
    /// A finished package; never asked on a form.
    Package,
}

impl Kind {
    /// Says whether a person can type a value of this type.
    pub fn can_be_asked(self) -> bool {
        !matches!(self, Self::Records | Self::Decisions | Self::Package)
    }
}

/// How long a task may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How many.
    pub amount: u16,
    /// Of what.
    pub unit: SpanUnit,
}

/// The units of a task's deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanUnit {
    /// Hours on the clock.
    Hours,
    /// Calendar days.
    Days,
    /// Days that are neither weekend nor holiday in the entity's calendar.
    WorkingDays,
}

/// What an automatic task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Sends the receipt with reference, date and next steps.
    Acknowledge,
    /// Links open requests of the same person and activity.
    CheckDuplicates,
    /// Sends a code and waits until it is entered.
    VerifyIdentity,
    /// Gathers the person's records from every source.
    Collect,
    /// Makes the archive.
    BuildPackage,
    /// Makes the archive available and tells the person.
    Deliver,
}

impl Operation {
    /// All operations.
    pub const ALL: [Self; 6] = [
        Self::Acknowledge,
        Self::CheckDuplicates,
        Self::VerifyIdentity,
        Self::Collect,
        Self::BuildPackage,
        Self::Deliver,
    ];

    /// Returns the operation's name in flow files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::CheckDuplicates => "check_duplicates",
            Self::VerifyIdentity => "verify_identity",
            Self::Collect => "collect",
            Self::BuildPackage => "build_package",
            Self::Deliver => "deliver",
        }
    }

    /// Returns the inputs it takes: name, type and whether it must be given.
    pub fn inputs(self) -> &'static [(&'static str, Kind, bool)] {
        match self {
            Self::Acknowledge | Self::VerifyIdentity => &[("address", Kind::Email, false)],
            Self::CheckDuplicates | Self::Collect => &[],
            Self::BuildPackage => &[("records", Kind::Records, true), ("decisions", Kind::Decisions, false)],
            Self::Deliver => &[("package", Kind::Package, true)],
        }
    }

    /// Returns the outputs it gives: name and type.
    pub fn outputs(self) -> &'static [(&'static str, Kind)] {
        match self {
            Self::Acknowledge | Self::VerifyIdentity | Self::Deliver => &[],
            Self::CheckDuplicates => &[("count", Kind::Number)],
            Self::Collect => &[("records", Kind::Records)],
            Self::BuildPackage => &[("package", Kind::Package)],
        }
    }
}

impl Task {
    /// Returns the outputs other tasks may link to: name and type.
    pub fn outputs(&self) -> Vec<(&str, Kind)> {
        match &self.work {
            Work::Automatic(operation) => operation.outputs().to_vec(),
            Work::Manual(manual) => {
                let review = manual.is_data_review.then_some(("decisions", Kind::Decisions));
                review
                    .into_iter()
                    .chain(manual.asks.iter().map(|ask| (ask.name.as_str(), ask.kind)))
                    .collect()
            }
        }
    }

    /// Returns the operation of an automatic task.
    pub fn operation(&self) -> Option<Operation> {
        match &self.work {
            Work::Automatic(operation) => Some(*operation),
            Work::Manual(_) => None,
        }
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
    pub fn form_fields(&self) -> Vec<(&str, Kind)> {
        let mut fields: Vec<(&str, Kind)> = Vec::new();
        let inputs = self.tasks().flat_map(|task| task.inputs.iter().map(|input| &input.source));
        let shows =
            self.tasks().filter_map(Task::manual).flat_map(|m| m.shows.iter().map(|show| &show.source));
        for source in inputs.chain(shows) {
            if let Source::Form { label, kind } = source
                && !fields.iter().any(|(known, _)| known == label)
            {
                fields.push((label, *kind));
            }
        }
        fields
    }
}

#[cfg(test)]
mod tests;
