//! What must hold before a flow may be published. Each message names stage and task.

use std::collections::BTreeSet;
use std::fmt;

use super::{
    Ask, Condition, Field, Flow, Kind, Manual, OnReject, Operation, REJECTION, STATE, Source, Stage, Task,
    TaskKey, Work,
};

/// The most stages, and tasks a stage, a flow may have.
const MOST: usize = 100;

/// The most reminders of a task.
const MOST_REMINDERS: usize = 20;

/// Where in a flow something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The flow as a whole, by its name.
    Flow(String),
    /// A stage, by its key.
    Stage(String),
    /// A task.
    Task(TaskKey),
}

/// Something that keeps a flow from being published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub text: String,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Flow(name) => write!(f, "flow {name}: {}", self.text),
            Place::Stage(key) => write!(f, "stage {key}: {}", self.text),
            Place::Task(key) => write!(f, "task {key}: {}", self.text),
        }
    }
}

/// Returns everything that keeps a flow from being published; empty when it may be.
pub fn check(flow: &Flow) -> Vec<Issue> {
    let mut issues = Issues { flow, found: Vec::new() };
    issues.structure();
    for stage in &flow.stages {
        for task in &stage.tasks {
            issues.task(stage, task);
        }
    }
    issues.proof();
    issues.reviews();
    issues.approvals();
    issues.reply();
    issues.ends();
    issues.found
}

struct Issues<'a> {
    flow: &'a Flow,
    found: Vec<Issue>,
}

impl Issues<'_> {
    fn say(&mut self, place: Place, text: impl Into<String>) {
        self.found.push(Issue { place, text: text.into() });
    }

    fn of_task(&mut self, task: &Task, text: impl Into<String>) {
        self.say(Place::Task(task.key.clone()), text);
    }

    fn of_flow(&mut self, text: impl Into<String>) {
        self.say(Place::Flow(self.flow.name.clone()), text);
    }

    fn structure(&mut self) {
        let flow = self.flow;
        if flow.stages.is_empty() || flow.stages.len() > MOST {
            self.of_flow(format!("it needs between 1 and {MOST} stages"));
        }
        let mut stages = BTreeSet::new();
        let mut tasks = BTreeSet::new();
        for stage in &flow.stages {
            let place = || Place::Stage(stage.key.clone());
            if stage.title.trim().is_empty() {
                self.say(place(), "give it a name");
            }
            if !stages.insert(&stage.key) {
                self.say(place(), "another stage has this key");
            }
            if stage.tasks.is_empty() || stage.tasks.len() > MOST {
                self.say(place(), format!("it needs between 1 and {MOST} tasks"));
            }
            for task in &stage.tasks {
                if !tasks.insert(&task.key) {
                    self.of_task(task, "another task has this key");
                }
            }
        }
    }

    fn task(&mut self, stage: &Stage, task: &Task) {
        if task.title.trim().is_empty() {
            self.of_task(task, "give it a name");
        }
        for input in &task.inputs {
            self.source(task, &format!("input {}", input.name), &input.source);
        }
        match &task.work {
            Work::Automatic(operation) => self.inputs(task, *operation),
            Work::Manual(manual) => self.manual(task, manual),
        }
        if !task.is_mandatory && task.deadline.is_none() {
            self.of_task(task, "it is not mandatory, so it needs a deadline at which it is waived");
        }
        if task.reminders.len() > MOST_REMINDERS {
            self.of_task(task, format!("it has more than {MOST_REMINDERS} reminders"));
        }
        self.turn(stage, task);
    }

    /// Whether its turn can ever come.
    fn turn(&mut self, stage: &Stage, task: &Task) {
        if let Some(late) = &task.late {
            let other = stage.tasks.iter().find(|other| other.key == late.task && other.key != task.key);
            match other {
                None => {
                    self.of_task(
                        task,
                        format!("late names {}, which is not a task of this stage", late.task),
                    );
                }
                Some(other) if other.order != task.order => self.of_task(
                    task,
                    format!(
                        "it could never start: {} is over before its turn comes, so give both the same order",
                        late.task
                    ),
                ),
                Some(_) => {}
            }
        }
        if is_late_in_a_ring(stage, task) {
            self.of_task(
                task,
                "it could never start: tasks that wait for each other to be late go round in a ring",
            );
        }
        for named in task.condition.iter().flat_map(outputs_named) {
            let key = TaskKey::from_text(&named);
            if !precedes(self.flow, &key, &task.key) {
                self.of_task(
                    task,
                    format!("the condition names {named}, which does not come before this task"),
                );
            }
        }
    }

    fn inputs(&mut self, task: &Task, operation: Operation) {
        let known = operation.inputs();
        for input in &task.inputs {
            let Some((_, wanted, is_required)) = known.iter().find(|(name, _, _)| *name == input.name) else {
                self.of_task(task, format!("operation {} has no input {}", operation.as_str(), input.name));
                continue;
            };
            if let Some(given) = kind_of(self.flow, &input.source)
                && !fits(given, *wanted)
            {
                self.of_task(task, format!("input {} takes {wanted:?}, not {given:?}", input.name));
            }
            if operation.mails_its_inputs() && !matches!(input.source, Source::Value(_)) {
                let text = format!(
                    "input {} goes into a mail, which holds no data: write it as a value",
                    input.name
                );
                self.of_task(task, text);
            }
            if *is_required && let Some((other, name)) = self.optional_answer(&input.source) {
                let text = format!(
                    "input {} links to {name} of {other}, which may be left empty: demand it on_complete",
                    input.name
                );
                self.of_task(task, text);
            }
            if *is_required && let Some(other) = self.may_be_missing(task, &input.source) {
                let text = format!("input {} links to {other}, which may be skipped or waived", input.name);
                self.of_task(task, text);
            }
        }
        for (name, _, is_required) in known {
            if *is_required && !task.inputs.iter().any(|input| input.name == *name) {
                self.of_task(task, format!("operation {} needs the input {name}", operation.as_str()));
            }
        }
    }

    /// Returns the linked answer of a steward where it may be left empty.
    fn optional_answer<'s>(&self, source: &'s Source) -> Option<(&'s TaskKey, &'s str)> {
        let Source::Link { task, output } = source else { return None };
        let manual = self.flow.task(task)?.manual()?;
        let ask = manual.asks.iter().find(|ask| ask.name == *output)?;
        (!ask.on_complete).then_some((task, output.as_str()))
    }

    /// Returns the linked task where it may not have run although this one does.
    fn may_be_missing(&self, task: &Task, source: &Source) -> Option<TaskKey> {
        let Source::Link { task: key, .. } = source else { return None };
        let other = self.flow.task(key)?;
        let goes_on = other.manual().is_some_and(|manual| manual.on_reject == Some(OnReject::Continue));
        let is_sure = other.is_mandatory
            && !goes_on
            && other.late.is_none()
            && (other.condition.is_none() || other.condition == task.condition);
        (!is_sure).then(|| key.clone())
    }

    fn manual(&mut self, task: &Task, manual: &Manual) {
        for show in &manual.shows {
            self.source(task, &format!("shows {}", show.label), &show.source);
        }
        let mut names = BTreeSet::new();
        for ask in &manual.asks {
            self.ask(task, ask);
            if !names.insert(&ask.name) {
                self.of_task(task, format!("asks {}: another question has this name", ask.name));
            }
        }
        if let Some(other) = &manual.four_eyes {
            let is_manual = self.flow.task(other).is_some_and(|other| other.manual().is_some());
            if !is_manual || !precedes(self.flow, other, &task.key) {
                self.of_task(task, format!("four_eyes names {other}, which is not an earlier manual task"));
            }
        }
        if let Some(OnReject::Rework(other)) = &manual.on_reject
            && !precedes(self.flow, other, &task.key)
        {
            self.of_task(task, format!("a rejection goes back to {other}, which is not an earlier task"));
        }
        if manual.is_data_review && manual.on_reject == Some(OnReject::Continue) {
            let text =
                "a data review that is rejected can't go on: nobody could decide on its records any more";
            self.of_task(task, text);
        }
        let may_be_left_out = !task.is_mandatory || task.condition.is_some() || task.late.is_some();
        if manual.is_data_review && may_be_left_out {
            self.of_task(
                task,
                "a review before data leaves the house can't be waived: make it mandatory, without condition",
            );
        }
    }

    fn ask(&mut self, task: &Task, ask: &Ask) {
        if [REJECTION, STATE].contains(&ask.name.as_str()) {
            self.of_task(task, format!("asks {}: this name is taken by Habeas, choose another", ask.name));
        }
        if !ask.kind.can_be_asked() {
            self.of_task(task, format!("asks {}: a person can't fill in {:?}", ask.name, ask.kind));
        }
        if let Err(text) = check_list(ask.kind, ask.list.as_deref()) {
            self.of_task(task, format!("asks {}: {text}", ask.name));
        }
    }

    fn source(&mut self, task: &Task, what: &str, source: &Source) {
        if let Err(text) = check_source(self.flow, task, source) {
            self.of_task(task, format!("{what}: {text}"));
        }
    }

    /// Nothing is gathered for, or given to, somebody whose identity isn't proven.
    fn proof(&mut self) {
        let flow = self.flow;
        let proofs: Vec<&Task> = of(flow, Operation::VerifyIdentity).collect();
        let wants_proof = [Operation::Collect, Operation::Deliver, Operation::PlanRectification];
        for task in wants_proof.into_iter().flat_map(|operation| of(flow, operation)) {
            if !proofs.iter().any(|proof| precedes(flow, &proof.key, &task.key)) {
                self.of_task(task, "verify_identity must come before it");
            }
        }
        for task in proofs {
            if !task.is_mandatory || task.condition.is_some() || task.late.is_some() {
                self.of_task(task, "proving identity can't be waived: make it mandatory, without condition");
            }
        }
    }

    fn reviews(&mut self) {
        let flow = self.flow;
        let reviews =
            || flow.tasks().filter(|task| task.manual().is_some_and(|manual| manual.is_data_review));
        for review in reviews() {
            if !of(flow, Operation::Collect).any(|collect| precedes(flow, &collect.key, &review.key)) {
                self.of_task(review, "a data review needs a collect before it");
            }
        }
        for build in of(flow, Operation::BuildPackage) {
            for review in reviews() {
                if !precedes(flow, &review.key, &build.key) {
                    self.of_task(build, format!("the review {} must come before it", review.key));
                }
            }
        }
    }

    /// Nothing is changed in a source that a person hasn't seen: between the plan and its execution somebody approves.
    fn approvals(&mut self) {
        let flow = self.flow;
        for doing in of(flow, Operation::Rectify) {
            let plans = || {
                of(flow, Operation::PlanRectification).filter(|plan| precedes(flow, &plan.key, &doing.key))
            };
            let is_approval = |task: &Task| {
                task.manual().is_some_and(|manual| {
                    matches!(manual.on_reject, Some(OnReject::Stop | OnReject::Rework(_)))
                }) && task.is_mandatory
                    && task.condition.is_none()
                    && task.late.is_none()
                    && precedes(flow, &task.key, &doing.key)
                    && plans().any(|plan| precedes(flow, &plan.key, &task.key))
            };
            if plans().next().is_none() {
                self.of_task(doing, "plan_rectification must come before it");
            } else if !flow.tasks().any(is_approval) {
                self.of_task(
                    doing,
                    "a person must approve the plan before it: a mandatory manual task after plan_rectification whose rejection stops or goes back",
                );
            }
        }
    }

    /// A request ends only once it is answered.
    fn ends(&mut self) {
        let flow = self.flow;
        let replies: Vec<&Task> =
            flow.tasks().filter(|task| task.operation().is_some_and(Operation::replies)).collect();
        for close in of(flow, Operation::Close) {
            if !replies.iter().any(|reply| precedes(flow, &reply.key, &close.key)) {
                self.of_task(close, "a reply to the person must come before it");
            }
        }
    }

    /// Every path ends in a reply: at least one is sent whatever the conditions say.
    fn reply(&mut self) {
        let replies = || self.flow.tasks().filter(|task| task.operation().is_some_and(Operation::replies));
        let is_sure = |task: &Task| task.is_mandatory && task.condition.is_none() && task.late.is_none();
        if replies().next().is_none() {
            let known: Vec<&str> =
                Operation::ALL.into_iter().filter(|op| op.replies()).map(Operation::as_str).collect();
            self.of_flow(format!("it must end in a reply to the person ({})", known.join(", ")));
        } else if !replies().any(is_sure) {
            self.of_flow("every reply to the person may be left out: make one mandatory, without condition");
        }
    }
}

fn is_late_in_a_ring(stage: &Stage, task: &Task) -> bool {
    let mut at = task;
    for _ in 0..stage.tasks.len() {
        let Some(late) = &at.late else { return false };
        let Some(next) = stage.tasks.iter().find(|other| other.key == late.task) else { return false };
        if next.key == task.key {
            return true;
        }
        at = next;
    }
    false
}

fn of(flow: &Flow, wanted: Operation) -> impl Iterator<Item = &Task> {
    flow.tasks().filter(move |task| task.operation() == Some(wanted))
}

fn check_source(flow: &Flow, task: &Task, source: &Source) -> Result<(), String> {
    match source {
        Source::Value(_) => Ok(()),
        Source::Form(field) => check_field(flow, field),
        Source::Link { task: other, output } => {
            let Some(linked) = flow.task(other) else { return Err(format!("there is no task {other}")) };
            if !precedes(flow, other, &task.key) {
                return Err(format!("{other} does not come before this task"));
            }
            if linked.outputs().iter().any(|(name, _)| name == output) {
                Ok(())
            } else {
                Err(format!("{other} has no output {output}"))
            }
        }
    }
}

fn check_field(flow: &Flow, field: &Field) -> Result<(), String> {
    let Field { label, kind, list, .. } = field;
    if !kind.can_be_asked() {
        return Err(format!("the form can't ask {label:?} as {kind:?}"));
    }
    check_list(*kind, list.as_deref())?;
    match flow.form_fields().into_iter().find(|known| known.label == *label) {
        Some(first) if first.kind != *kind || first.list != *list => {
            Err(format!("{label:?} is asked as {kind:?} here and as {:?} elsewhere", first.kind))
        }
        Some(_) | None => Ok(()),
    }
}

fn check_list(kind: Kind, list: Option<&str>) -> Result<(), String> {
    match (kind, list) {
        (Kind::Choice, None) => Err("name the custom list the choice is made from".to_owned()),
        (Kind::Choice, Some(_)) | (_, None) => Ok(()),
        (_, Some(list)) => Err(format!("only a choice is made from a list; {list} is not used")),
    }
}

/// Returns the tasks whose outputs a condition names.
fn outputs_named(condition: &Condition) -> Vec<String> {
    let mut named = Vec::new();
    for part in condition.as_str().split("outputs[").skip(1) {
        let Some(quote) = part.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        named.extend(part.split(quote).nth(1).map(str::to_owned));
    }
    named
}

fn kind_of(flow: &Flow, source: &Source) -> Option<Kind> {
    match source {
        Source::Value(_) => None,
        Source::Form(field) => Some(field.kind),
        Source::Link { task, output } => {
            let task = flow.task(task)?;
            task.outputs().into_iter().find(|(name, _)| name == output).map(|(_, kind)| kind)
        }
    }
}

/// Any typed text can stand where a line of text is wanted.
pub(super) fn fits(given: Kind, wanted: Kind) -> bool {
    given == wanted || (matches!(wanted, Kind::Text | Kind::LongText) && given.can_be_asked())
}

/// Says whether one task is over before another starts: an earlier stage, or a smaller number in the same.
pub(super) fn precedes(flow: &Flow, first: &TaskKey, second: &TaskKey) -> bool {
    let place = |key: &TaskKey| {
        flow.stages.iter().enumerate().find_map(|(stage, found)| {
            found.tasks.iter().find(|task| task.key == *key).map(|task| (stage, task.order))
        })
    };
    match (place(first), place(second)) {
        (Some(first), Some(second)) => first < second,
        (None, _) | (_, None) => false,
    }
}
