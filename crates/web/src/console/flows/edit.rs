//! `GET, POST /console/flows/{flow}/edit`: the draft of a flow, changed a step at a time.
//!
//! Each step is kept at once and can be taken back once. A form names the text it was made for by its
//! fingerprint: where somebody else was faster, nothing is kept, and what was typed stands in the form again
//! beside the new state.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action, Builtin, RoleName};
use habeas_core::event::Actor;
use habeas_core::flow::{Flow, Operation, Slot, Step, Task, TaskKey, Work};
use habeas_render::page::Section;
use habeas_render::page::console::FlowEditor;
use habeas_render::page::part::Tone;
use habeas_store::definitions::{Definition, NewText, Owner};
use serde::Deserialize;

use super::super::chrome;
use super::super::people::People;
use super::super::told::Told;
use super::panel::{self, Chosen, Desk, Errors, Sheet, Side, Values};
use super::picture::{self, At, Frame};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// What the address says is chosen.
#[derive(Deserialize, Default)]
pub(in crate::console) struct Look {
    #[serde(default)]
    about: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    task: String,
    #[serde(default)]
    tab: String,
    #[serde(default)]
    add: String,
    #[serde(default)]
    place: Option<usize>,
    #[serde(default)]
    before: Option<usize>,
    #[serde(default)]
    with: Option<usize>,
}

impl Look {
    fn chosen(&self) -> Chosen {
        if self.about == "flow" {
            return Chosen::Flow;
        }
        match (self.add.as_str(), self.task.as_str(), self.stage.as_str()) {
            ("stage", _, _) => Chosen::NewStage(self.place.unwrap_or(usize::MAX)),
            ("", "", "") => Chosen::Nothing,
            ("", "", stage) => Chosen::Stage(stage.to_owned()),
            ("", task, _) => Chosen::Task(TaskKey::from_text(task), Side::parse(&self.tab)),
            (stage, _, _) => Chosen::NewTask(stage.to_owned(), slot(self.before, self.with)),
        }
    }
}

fn slot(before: Option<usize>, with: Option<usize>) -> Slot {
    match (before, with) {
        (_, Some(at)) => Slot::With(at),
        (Some(at), None) => Slot::Before(at),
        (None, None) => Slot::Before(usize::MAX),
    }
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
    Query(look): Query<Look>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let say = told.sentence().map(|text| (Tone::Good, text));
    show(&app, &visit, &staff, &name, Shown { chosen: look.chosen(), sent: None, say }).await
}

/// What is shown of the draft.
struct Shown {
    chosen: Chosen,
    /// What was sent and couldn't be kept.
    sent: Option<(Values, Errors)>,
    say: Option<(Tone, String)>,
}

async fn show(app: &App, visit: &Visit, staff: &Staff, name: &str, shown: Shown) -> Result<Response> {
    let Shown { chosen, sent, say } = shown;
    let mut read = app.store.read().await?;
    let draft = read.lookup_draft(super::KIND, name).await?.ok_or(Error::NotFound)?;
    let undo = read.lookup_undo_text(super::KIND, name).await?;
    let flow = super::parse(&draft)?;
    let issues = super::issues(app, &flow);
    let people = People::read(&mut read).await?;
    let users: Vec<(String, String)> = people
        .users()
        .filter(|user| !user.is_disabled)
        .map(|user| (user.profile.email.clone(), user.profile.name.clone()))
        .collect();
    let at = match &chosen {
        Chosen::Stage(key) => At::Stage(key),
        Chosen::Task(key, _) => At::Task(key),
        Chosen::Nothing | Chosen::Flow | Chosen::NewStage(_) | Chosen::NewTask(_, _) => At::Elsewhere,
    };
    let frame = Frame { at, issues: &issues, query: "?".to_owned(), can_edit: true };
    let is_wrong = sent.is_some();
    let picture = picture::of(app, &flow, &frame);
    let desk = Desk { app, flow: &flow, issues: &issues, users: &users, sent };
    let page = FlowEditor {
        name: name.to_owned(),
        title: flow.title.clone(),
        version: draft.version,
        work: super::work(&flow),
        problems: issues.iter().map(|issue| super::problem(&flow, issue, "")).collect(),
        picture,
        panel: panel::of(&desk, &chosen),
        hash: hex::encode(draft.sha256),
        can_undo: undo.is_some(),
        can_publish: access::may(&staff.roles, Action::PublishDefinitions),
    };
    let mut chrome = chrome::of(app, visit, staff, Section::Flows, &mut read).await?;
    let is_refused = say.as_ref().is_some_and(|(tone, _)| *tone == Tone::Bad);
    if let Some((tone, text)) = say {
        chrome = chrome::tell(chrome, tone, Some(text));
    }
    let status = match (is_refused, is_wrong) {
        (true, _) => StatusCode::CONFLICT,
        (false, true) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, false) => StatusCode::OK,
    };
    respond::page_with(status, &chrome, &page)
}

/// What became of an act.
enum Done {
    /// The flow is changed; what is chosen now.
    Changed(String),
    /// What was typed can't be kept.
    Wrong(Errors),
    /// It can't be done.
    Refused(&'static str),
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut tx = app.store.begin().await?;
    let draft = super::draft(&mut tx, &name).await?;
    let values = Values::of(&form);
    if hex::encode(draft.sha256) != form.text("hash") {
        drop(tx);
        return stale(&app, &visit, &staff, &name, &form).await;
    }
    let mut flow = super::parse(&draft)?;
    let is_of_git = super::is_of_git(&tx.list_versions(super::KIND, &name).await?);
    let done = if is_of_git {
        Done::Refused(super::OF_GIT)
    } else if form.text("act") == "undo" {
        match tx.lookup_undo_text(super::KIND, &name).await? {
            Some(text) => {
                keep(&mut tx, &staff, &draft, &text).await?;
                tx.commit().await?;
                return Ok(respond::see(&format!("/console/flows/{name}/edit?told=undone")));
            }
            None => Done::Refused("There is nothing to take back"),
        }
    } else {
        change(&app, &mut flow, &form, &values)?
    };
    let shown = match done {
        Done::Changed(query) => {
            let text = flow.to_yaml();
            if is_kept_whole(&flow, &text) {
                if text != draft.text {
                    keep(&mut tx, &staff, &draft, &text).await?;
                    tx.commit().await?;
                }
                return Ok(respond::see(&format!("/console/flows/{name}/edit?{query}#panel")));
            }
            let say = Some((Tone::Bad, "The flow would become too large to be kept".to_owned()));
            Shown { chosen: chosen(&form), sent: Some((values, Errors::new())), say }
        }
        Done::Wrong(errors) => Shown { chosen: chosen(&form), sent: Some((values, errors)), say: None },
        Done::Refused(why) => {
            Shown { chosen: chosen(&form), sent: None, say: Some((Tone::Bad, why.to_owned())) }
        }
    };
    drop(tx);
    show(&app, &visit, &staff, &name, shown).await
}

/// A text that doesn't read back as the flow it was made from is never kept.
fn is_kept_whole(flow: &Flow, text: &str) -> bool {
    text.len() <= super::LONGEST && Flow::parse_draft(super::KIND, text).is_ok_and(|again| again == *flow)
}

async fn keep(tx: &mut habeas_store::Tx, staff: &Staff, draft: &Definition, text: &str) -> Result<()> {
    let actor = Actor::Staff(staff.id);
    let new = NewText { kind: super::KIND, name: &draft.name, text, owner: Owner::Console, actor };
    tx.change_draft(new, &draft.sha256).await?;
    Ok(())
}

async fn stale(app: &App, visit: &Visit, staff: &Staff, name: &str, form: &Form) -> Result<Response> {
    let has_fields = matches!(form.text("act"), "flow" | "stage" | "task" | "add_stage" | "add_task");
    let text = if has_fields {
        "Somebody else changed the flow meanwhile. What you typed stands in the form, the picture shows the new \
         state: save again if it still fits"
    } else {
        "Somebody else changed the flow meanwhile, so nothing was done. Look at the new state, and do it again if \
         it still fits"
    };
    let sent = has_fields.then(|| (Values::of(form), Errors::new()));
    let say = Some((Tone::Bad, text.to_owned()));
    show(app, visit, staff, name, Shown { chosen: chosen(form), sent, say }).await
}

/// Returns what a form is about.
fn chosen(form: &Form) -> Chosen {
    let index = |name: &str| form.text(name).parse().ok();
    match form.text("act") {
        "flow" => Chosen::Flow,
        "stage" | "stage_earlier" | "stage_later" | "stage_insert" | "stage_delete" => {
            Chosen::Stage(form.text("stage").to_owned())
        }
        "add_stage" => Chosen::NewStage(index("place").unwrap_or(usize::MAX)),
        "add_task" => Chosen::NewTask(form.text("stage").to_owned(), slot(index("before"), index("with"))),
        "undo" => Chosen::Nothing,
        _ => Chosen::Task(TaskKey::from_text(form.text("task")), Side::parse(form.text("tab"))),
    }
}

fn change(app: &App, flow: &mut Flow, form: &Form, values: &Values) -> Result<Done> {
    let key = TaskKey::from_text(form.text("task"));
    let at_task = |key: &TaskKey| Done::Changed(format!("task={key}"));
    Ok(match form.text("act") {
        "flow" => rename_flow(flow, values),
        "add_stage" => add_stage(flow, form, values),
        "add_task" => add_task(app, flow, form, values),
        "task" => change_task(app, flow, &key, form, values)?,
        "delete" => match delete_task(flow, &key) {
            Some(next) => Done::Changed(next),
            None => Done::Refused("The task isn't there any more"),
        },
        "place" => {
            let index = |name: &str| form.text(name).parse().ok();
            match flow.move_task(&key, form.text("stage"), slot(index("before"), index("with"))) {
                Some(key) => at_task(&key),
                None => Done::Refused("The task or the stage isn't there any more"),
            }
        }
        act => match Step::ALL.iter().find(|(name, _)| *name == act) {
            // At the end of its way it stays where it is.
            Some((_, step)) => at_task(&flow.step_task(&key, *step).unwrap_or(key)),
            None => change_stage(flow, act, form.text("stage"), values)?,
        },
    })
}

fn title_problem(title: &str) -> Option<Errors> {
    let is_fine = (1..=100).contains(&title.chars().count());
    let said = "Enter a name of at most 100 characters".to_owned();
    (!is_fine).then(|| [("title".to_owned(), said)].into())
}

fn rename_flow(flow: &mut Flow, values: &Values) -> Done {
    if let Some(errors) = title_problem(values.text("title")) {
        return Done::Wrong(errors);
    }
    values.text("title").clone_into(&mut flow.title);
    flow.description = values.text("description").chars().take(2_000).collect();
    Done::Changed("about=flow".to_owned())
}

fn add_stage(flow: &mut Flow, form: &Form, values: &Values) -> Done {
    if let Some(errors) = title_problem(values.text("title")) {
        return Done::Wrong(errors);
    }
    let place = form.text("place").parse().unwrap_or(usize::MAX);
    let key = flow.add_stage(place, values.text("title"));
    Done::Changed(format!("add={key}&before=0"))
}

fn change_stage(flow: &mut Flow, act: &str, key: &str, values: &Values) -> Result<Done> {
    let Some(place) = flow.stages.iter().position(|stage| stage.key == key) else {
        return Ok(Done::Refused("The stage isn't there any more"));
    };
    let stays = Done::Changed(format!("stage={key}"));
    Ok(match act {
        "stage" => {
            if let Some(errors) = title_problem(values.text("title")) {
                return Ok(Done::Wrong(errors));
            }
            let key = flow.rename_stage(key, values.text("name"), values.text("title"));
            Done::Changed(format!("stage={}", key.unwrap_or_default()))
        }
        "stage_earlier" | "stage_later" => {
            flow.move_stage(key, act == "stage_later");
            stays
        }
        "stage_insert" => Done::Changed(format!("add=stage&place={place}")),
        "stage_delete" => {
            flow.delete_stage(key);
            Done::Changed("told=stage_deleted".to_owned())
        }
        _ => return Err(Error::NotFound),
    })
}

/// Returns the role a new task of a person is given until another is chosen.
pub(super) fn usual_role(app: &App) -> RoleName {
    let usual = app.catalog.roles().find(|role| role.name.as_str() == "case_owner");
    let any = usual.or_else(|| app.catalog.roles().next()).map(|role| role.name.clone());
    any.unwrap_or_else(|| Builtin::CaseOwner.name())
}

fn add_task(app: &App, flow: &mut Flow, form: &Form, values: &Values) -> Done {
    let title = values.text("title");
    let mut errors = title_problem(title).unwrap_or_default();
    let does = values.text("does");
    let operation = does.strip_prefix("operation:");
    let operation = operation.and_then(|name| Operation::ALL.into_iter().find(|op| op.as_str() == name));
    if operation.is_none() && !matches!(does, "person" | "review") {
        errors.insert("does".to_owned(), "Choose who or what does it".to_owned());
    }
    if !errors.is_empty() {
        return Done::Wrong(errors);
    }
    let key = flow.free_key(form.text("stage"), title);
    let task = if let Some(operation) = operation {
        Task::automatic_of(key.clone(), title, operation)
    } else {
        let mut task = Task::manual_of(key.clone(), title, usual_role(app));
        if let Work::Manual(manual) = &mut task.work {
            manual.is_data_review = does == "review";
        }
        task
    };
    let index = |name: &str| form.text(name).parse().ok();
    if flow.insert_task(slot(index("before"), index("with")), task) {
        Done::Changed(format!("task={key}"))
    } else {
        Done::Refused("The stage isn't there any more")
    }
}

fn change_task(app: &App, flow: &mut Flow, key: &TaskKey, form: &Form, values: &Values) -> Result<Done> {
    let Some(task) = flow.task(key) else { return Ok(Done::Refused("The task isn't there any more")) };
    let side = Side::parse(form.text("tab"));
    if !panel::fits(task, side) {
        return Ok(Done::Refused(
            "This task has more entries than a form takes, so nothing was kept: change it in a file, by export and import",
        ));
    }
    let errors = Errors::new();
    let sheet = Sheet { app, flow, task, users: &[], values, errors: &errors };
    let changed = match panel::read(&sheet, side) {
        Ok(changed) => changed,
        Err(errors) => return Ok(Done::Wrong(errors)),
    };
    let name = if side == Side::Task { values.text("name") } else { key.name() };
    let stage = key.stage().to_owned();
    let mut key = flow.change_task(key, name, changed).ok_or(Error::Broken("a task was lost"))?;
    if side == Side::Task {
        flow.link_inputs(&key);
        if let Some(slot) = panel::place_of(values.text("place")) {
            key = flow.move_task(&key, &stage, slot).ok_or(Error::Broken("a task was lost"))?;
        }
    }
    Ok(Done::Changed(format!("task={key}&tab={}&told=kept", side.name())))
}

/// Deletes a task; returns what is chosen then: the one that stood before it.
fn delete_task(flow: &mut Flow, key: &TaskKey) -> Option<String> {
    let all: Vec<TaskKey> = flow.tasks().map(|task| task.key.clone()).collect();
    let at = all.iter().position(|known| known == key)?;
    flow.delete_task(key);
    let next = at.checked_sub(1).and_then(|before| all.get(before)).or_else(|| all.get(at + 1));
    Some(match next {
        Some(next) => format!("task={next}&told=task_deleted"),
        None => "told=task_deleted".to_owned(),
    })
}
