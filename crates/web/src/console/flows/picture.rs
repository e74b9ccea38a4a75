//! A flow as a picture.

use habeas_core::flow::{Flow, Issue, Place, Stage, Start, Task, TaskKey, words};
use habeas_render::page::console::{Picture, PictureGroup, PictureStage, PictureTask};

use super::super::told;
use crate::App;

/// What of a flow is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum At<'a> {
    /// A stage.
    Stage(&'a str),
    /// A task.
    Task(&'a TaskKey),
    /// Neither.
    Elsewhere,
}

/// What a picture shows besides the flow itself.
pub(super) struct Frame<'a> {
    /// What is chosen.
    pub(super) at: At<'a>,
    /// What is wrong.
    pub(super) issues: &'a [Issue],
    /// What stands before `task=` and `stage=` in its links, such as `?version=2&`.
    pub(super) query: String,
    /// Whether it is an editor's.
    pub(super) can_edit: bool,
}

/// Returns the picture.
pub(super) fn of(app: &App, flow: &Flow, frame: &Frame<'_>) -> Picture {
    Picture {
        label: "Stages and tasks".to_owned(),
        stages: flow.stages.iter().map(|stage| of_stage(app, stage, frame)).collect(),
        can_edit: frame.can_edit,
    }
}

fn of_stage(app: &App, stage: &Stage, frame: &Frame<'_>) -> PictureStage {
    let place = Place::Stage(stage.key.clone());
    let problems = frame.issues.iter().filter(|issue| issue.place == place && frame.can_edit);
    let group = |tasks: &Vec<&Task>| PictureGroup {
        order: tasks.first().map_or(1, |task| task.order),
        tasks: tasks.iter().map(|task| of_task(app, task, frame)).collect(),
    };
    PictureStage {
        key: stage.key.clone(),
        title: stage.title.clone(),
        work: match stage.work_hours() {
            0 => "no time set".to_owned(),
            hours => super::hours_of(hours),
        },
        href: format!("{}stage={}#panel", frame.query, stage.key),
        groups: stage.groups().iter().map(group).collect(),
        problems: problems.map(|issue| told::capitalised(&issue.text)).collect(),
        is_current: frame.at == At::Stage(&stage.key),
    }
}

fn of_task(app: &App, task: &Task, frame: &Frame<'_>) -> PictureTask {
    let place = Place::Task(task.key.clone());
    let problems = frame.issues.iter().filter(|issue| issue.place == place && frame.can_edit).count();
    PictureTask {
        key: task.key.to_string(),
        title: task.title.clone(),
        who: task.manual().map_or_else(|| "Habeas".to_owned(), |manual| app.catalog.role_title(&manual.role)),
        is_manual: task.manual().is_some(),
        deadline: task.deadline.map(|span| words(&span.to_string())),
        marks: marks(task),
        href: format!("{}task={}#panel", frame.query, task.key),
        problem_count: u64::try_from(problems).unwrap_or(u64::MAX),
        state: None,
        is_current: frame.at == At::Task(&task.key),
    }
}

/// Returns what else is set of a task, a word or two each.
fn marks(task: &Task) -> Vec<String> {
    let mut marks = Vec::new();
    let mut say = |is_so: bool, words: &str| {
        if is_so {
            marks.push(words.to_owned());
        }
    };
    say(!task.is_mandatory, "optional");
    say(task.start != Start::AtOnce, "at set times");
    say(task.condition.is_some(), "on a condition");
    say(task.late.is_some(), "only if late");
    if let Some(manual) = task.manual() {
        say(manual.is_data_review, "data review");
        say(manual.on_reject.is_some(), "can be rejected");
        say(manual.four_eyes.is_some(), "four eyes");
    }
    let reminders = u32::try_from(task.reminders.len()).unwrap_or(u32::MAX);
    if reminders > 0 {
        marks.push(super::counted(reminders, "reminder", "reminders"));
    }
    marks
}
