//! The panel of the editor: what is chosen, as a form; and what a form sent, as a changed task.
//!
//! Forms are filled in from [`Values`] only, whether they come from the draft or from what was sent. So what
//! somebody typed stands in the form again where it couldn't be kept.

mod asked;
mod operation;
mod reminders;
mod rows;
mod shown;
mod task;
mod values;

use habeas_core::flow::{Flow, Issue, Operation, Place, Slot, Stage, Task, TaskKey};
use habeas_render::page::console::{Panel, PanelAct, PanelForm, PanelGroup};
use habeas_render::page::part::{Choice, Field, FieldKind, Hidden, Tab, Tabs, Tone};

use super::super::told;
use crate::App;

pub(super) use task::place_of;
pub(super) use values::{Errors, Values};

/// What of the draft is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chosen {
    /// Nothing.
    Nothing,
    /// Name and description of the flow.
    Flow,
    /// A stage.
    Stage(String),
    /// A task, and which of its tabs.
    Task(TaskKey, Side),
    /// A new stage, before the one of this index.
    NewStage(usize),
    /// A new task in a stage.
    NewTask(String, Slot),
}

/// The tabs of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Name, kind, role, times.
    Task,
    /// Reminders.
    Reminders,
    /// Inputs of the operation.
    Operation,
    /// What is shown.
    Shown,
    /// What is asked.
    Asked,
}

/// Says whether all entries of a task's tab stand in its form; what doesn't would be lost by saving it.
pub(super) fn fits(task: &Task, side: Side) -> bool {
    let manual = task.manual();
    let count = match side {
        Side::Task | Side::Operation => 0,
        Side::Reminders => task.reminders.len(),
        Side::Shown => manual.map_or(0, |manual| manual.shows.len()),
        Side::Asked => manual.map_or(0, |manual| manual.asks.len()),
    };
    count <= rows::MOST
}

impl Side {
    const ALL: [(&'static str, Self, &'static str); 5] = [
        ("task", Self::Task, "Task"),
        ("reminders", Self::Reminders, "Reminders"),
        ("operation", Self::Operation, "Operation"),
        ("shown", Self::Shown, "Shown"),
        ("asked", Self::Asked, "Asked"),
    ];

    /// Returns the tab of that name; the first for one we don't know.
    pub(super) fn parse(name: &str) -> Self {
        Self::ALL.iter().find(|(known, _, _)| *known == name).map_or(Self::Task, |(_, side, _)| *side)
    }

    /// Returns its name in addresses.
    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, side, _)| *side == self).map_or("task", |(name, _, _)| name)
    }

    fn suits(self, task: &Task) -> bool {
        match self {
            Self::Task | Self::Reminders => true,
            Self::Operation => task.operation().is_some(),
            Self::Shown | Self::Asked => task.manual().is_some(),
        }
    }
}

/// What a form is filled in from.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) flow: &'a Flow,
    pub(super) issues: &'a [Issue],
    /// The accounts a reminder can go to: address and name.
    pub(super) users: &'a [(String, String)],
    /// What was sent and couldn't be kept, with what is wrong with it.
    pub(super) sent: Option<(Values, Errors)>,
}

/// A form of one task: the task as it is, and what the form holds.
pub(super) struct Sheet<'a> {
    pub(super) app: &'a App,
    pub(super) flow: &'a Flow,
    pub(super) task: &'a Task,
    pub(super) users: &'a [(String, String)],
    pub(super) values: &'a Values,
    pub(super) errors: &'a Errors,
}

impl Sheet<'_> {
    /// Returns a field with its value and what is wrong with it.
    pub(super) fn field(&self, kind: FieldKind, name: &str, label: &str) -> Field {
        filled(Field::new(kind, name, label).autocomplete("off"), self.values, self.errors)
    }

    /// Returns a field that offers choices.
    pub(super) fn choice(&self, name: &str, label: &str, options: Vec<Choice>) -> Field {
        filled(Field::new(FieldKind::Select, name, label).options(options), self.values, self.errors)
    }

    /// Returns marks that can be set: name, words.
    pub(super) fn marks(&self, name: &str, label: &str, marks: &[(&str, &str)]) -> Field {
        let option =
            |(mark, words): &(&str, &str)| Choice::new(*mark, *words).selected(self.values.has(name, mark));
        Field::new(FieldKind::Checkboxes, name, label)
            .options(marks.iter().map(option).collect())
            .error(self.errors.get(name).cloned())
    }

    /// Returns the roles as choices.
    pub(super) fn roles(&self) -> Vec<Choice> {
        self.app.catalog.roles().map(|role| Choice::new(role.name.as_str(), &role.title)).collect()
    }

    /// Returns a task in words.
    pub(super) fn name_of(task: &Task) -> String {
        format!("{} ({})", task.title, task.key)
    }
}

fn filled(field: Field, values: &Values, errors: &Errors) -> Field {
    let (value, error) = (values.text(&field.name).to_owned(), errors.get(&field.name).cloned());
    field.value(value).error(error)
}

/// Returns the panel of what is chosen; none where it isn't there.
pub(super) fn of(desk: &Desk<'_>, chosen: &Chosen) -> Option<Panel> {
    match chosen {
        Chosen::Nothing => None,
        Chosen::Flow => Some(of_flow(desk)),
        Chosen::Stage(key) => desk.flow.stage(key).map(|stage| of_stage(desk, stage)),
        Chosen::Task(key, side) => {
            let task = desk.flow.task(key)?;
            Some(of_task(desk, task, if side.suits(task) { *side } else { Side::Task }))
        }
        Chosen::NewStage(place) => Some(new_stage(desk, *place)),
        Chosen::NewTask(stage, slot) => desk.flow.stage(stage).map(|stage| new_task(desk, stage, *slot)),
    }
}

fn form(act: &str, submit: &str, hidden: Vec<Hidden>, groups: Vec<PanelGroup>) -> PanelForm {
    PanelForm { act: act.to_owned(), hidden, groups, submit: submit.to_owned() }
}

fn bare(kicker: impl Into<String>, heading: impl Into<String>, form: PanelForm) -> Panel {
    Panel {
        kicker: kicker.into(),
        heading: heading.into(),
        tabs: None,
        problems: Vec::new(),
        facts: None,
        form: Some(form),
        acts: Vec::new(),
        hidden: Vec::new(),
    }
}

fn sent_or<'a>(desk: &'a Desk<'_>, otherwise: &'a (Values, Errors)) -> &'a (Values, Errors) {
    desk.sent.as_ref().unwrap_or(otherwise)
}

fn text(name: &str, label: &str, length: u32) -> Field {
    Field::new(FieldKind::Text, name, label).autocomplete("off").max_length(length)
}

fn of_flow(desk: &Desk<'_>) -> Panel {
    let flow = desk.flow;
    let of_draft = (
        Values::from([("title", flow.title.as_str()), ("description", flow.description.as_str())]),
        Errors::new(),
    );
    let (values, errors) = sent_or(desk, &of_draft);
    let description =
        Field::new(FieldKind::LongText, "description", "What it is for").optional().max_length(2_000);
    let fields = [text("title", "What people call it", 100), description];
    let fields = fields.into_iter().map(|field| filled(field, values, errors)).collect();
    let place = Place::Flow(flow.name.clone());
    let problems = desk.issues.iter().filter(|issue| issue.place == place);
    Panel {
        problems: problems.map(|issue| told::capitalised(&issue.text)).collect(),
        ..bare("Flow", &flow.title, form("flow", "Save", Vec::new(), vec![PanelGroup::plain(fields)]))
    }
}

fn of_stage(desk: &Desk<'_>, stage: &Stage) -> Panel {
    let of_draft =
        (Values::from([("title", stage.title.as_str()), ("name", stage.key.as_str())]), Errors::new());
    let (values, errors) = sent_or(desk, &of_draft);
    let name = text("name", "Name in links", 64).hint("What links to its tasks follows when it changes.");
    let fields = [text("title", "What people call it", 100), name];
    let fields = fields.into_iter().map(|field| filled(field, values, errors)).collect();
    let hidden = vec![Hidden::new("stage", &stage.key)];
    let place = Place::Stage(stage.key.clone());
    let problems = desk.issues.iter().filter(|issue| issue.place == place);
    Panel {
        problems: problems.map(|issue| told::capitalised(&issue.text)).collect(),
        acts: vec![
            PanelAct::new("stage_earlier", "Move before", Tone::Neutral),
            PanelAct::new("stage_later", "Move behind", Tone::Neutral),
            PanelAct::new("stage_insert", "New stage before it", Tone::Neutral),
            PanelAct::new("stage_delete", "Delete with its tasks", Tone::Bad),
        ],
        hidden: hidden.clone(),
        ..bare("Stage", &stage.title, form("stage", "Save", hidden, vec![PanelGroup::plain(fields)]))
    }
}

fn new_stage(desk: &Desk<'_>, place: usize) -> Panel {
    let none = (Values::default(), Errors::new());
    let (values, errors) = sent_or(desk, &none);
    let fields = vec![filled(text("title", "What people call it", 100), values, errors)];
    let hidden = vec![Hidden::new("place", place.to_string())];
    bare("New", "A stage", form("add_stage", "Add the stage", hidden, vec![PanelGroup::plain(fields)]))
}

fn new_task(desk: &Desk<'_>, stage: &Stage, slot: Slot) -> Panel {
    let none = (Values::default(), Errors::new());
    let (values, errors) = sent_or(desk, &none);
    let does = Field::new(FieldKind::Select, "does", "Who or what does it").options(does_choices());
    let fields = [text("title", "What people call it", 100), does];
    let fields = fields.into_iter().map(|field| filled(field, values, errors)).collect();
    let (where_, place) = match slot {
        Slot::Before(at) => (format!("In {}, by itself", stage.title), Hidden::new("before", at.to_string())),
        Slot::With(at) => {
            let groups = stage.groups();
            let others = groups
                .get(at)
                .map(|group| group.iter().map(|task| task.title.as_str()).collect::<Vec<_>>().join(", "));
            let others = others.unwrap_or_default();
            (format!("In {}, at once with {others}", stage.title), Hidden::new("with", at.to_string()))
        }
    };
    let hidden = vec![Hidden::new("stage", &stage.key), place];
    bare(where_, "A task", form("add_task", "Add the task", hidden, vec![PanelGroup::plain(fields)]))
}

/// Returns who or what can do a task.
pub(super) fn does_choices() -> Vec<Choice> {
    let mut choices =
        vec![Choice::new("person", "A person"), Choice::new("review", "A person looks through the data")];
    let automatic = Operation::ALL.into_iter();
    choices.extend(
        automatic
            .map(|op| Choice::new(format!("operation:{}", op.as_str()), format!("Habeas: {}", op.title()))),
    );
    choices
}

fn of_task(desk: &Desk<'_>, task: &Task, side: Side) -> Panel {
    let of_draft = (values_of(desk.flow, task, side), Errors::new());
    let (values, errors) = sent_or(desk, &of_draft);
    let sheet = Sheet { app: desk.app, flow: desk.flow, task, users: desk.users, values, errors };
    let groups = match side {
        Side::Task => task::groups(&sheet),
        Side::Reminders => reminders::groups(&sheet),
        Side::Operation => operation::groups(&sheet),
        Side::Shown => shown::groups(&sheet),
        Side::Asked => asked::groups(&sheet),
    };
    let mut hidden = vec![Hidden::new("task", task.key.as_str()), Hidden::new("tab", side.name())];
    if side != Side::Task {
        hidden.push(Hidden::new("rows", rows::count(&groups).to_string()));
    }
    let place = Place::Task(task.key.clone());
    let problems = desk.issues.iter().filter(|issue| issue.place == place);
    let stage = desk.flow.stage(task.key.stage()).map_or("", |stage| stage.title.as_str());
    Panel {
        tabs: Some(tabs(task, side)),
        problems: problems.map(|issue| told::capitalised(&issue.text)).collect(),
        acts: vec![
            PanelAct::new("earlier", "Earlier", Tone::Neutral),
            PanelAct::new("later", "Later", Tone::Neutral),
            PanelAct::new("stage_before", "To the stage before", Tone::Neutral),
            PanelAct::new("stage_after", "To the stage behind", Tone::Neutral),
            PanelAct::new("delete", "Delete", Tone::Bad),
        ],
        hidden: vec![Hidden::new("task", task.key.as_str())],
        ..bare(format!("Task in {stage}"), &task.title, form("task", "Save", hidden, groups))
    }
}

fn tabs(task: &Task, current: Side) -> Tabs {
    let count = |side: Side| match (side, task.manual()) {
        (Side::Reminders, _) => Some(task.reminders.len()),
        (Side::Operation, _) => Some(task.inputs.len()),
        (Side::Shown, Some(manual)) => Some(manual.shows.len()),
        (Side::Asked, Some(manual)) => Some(manual.asks.len()),
        (Side::Task | Side::Shown | Side::Asked, _) => None,
    };
    let tab = |(name, side, label): &(&str, Side, &str)| Tab {
        label: (*label).to_owned(),
        href: format!("?task={}&tab={name}#panel", task.key),
        count: count(*side).and_then(|count| u64::try_from(count).ok()).filter(|count| *count > 0),
        is_current: *side == current,
    };
    let suiting = Side::ALL.iter().filter(|(_, side, _)| side.suits(task));
    Tabs { label: "Properties of the task".to_owned(), tabs: suiting.map(tab).collect() }
}

fn values_of(flow: &Flow, task: &Task, side: Side) -> Values {
    match side {
        Side::Task => task::values(flow, task),
        Side::Reminders => reminders::values(task),
        Side::Operation => operation::values(task),
        Side::Shown => shown::values(task),
        Side::Asked => asked::values(task),
    }
}

/// Returns the task as a form of one of its tabs says it should be.
///
/// # Errors
/// What is wrong, by field.
pub(super) fn read(sheet: &Sheet<'_>, side: Side) -> Result<Task, Errors> {
    let mut errors = Errors::new();
    let task = match side {
        Side::Task => task::read(sheet, &mut errors),
        Side::Reminders => reminders::read(sheet, &mut errors),
        Side::Operation => operation::read(sheet, &mut errors),
        Side::Shown => shown::read(sheet, &mut errors),
        Side::Asked => asked::read(sheet, &mut errors),
    };
    if errors.is_empty() { Ok(task) } else { Err(errors) }
}
