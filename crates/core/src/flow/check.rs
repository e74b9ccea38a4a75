//! What must hold before a flow may be published. Each message names stage and task.

use std::collections::BTreeSet;

use super::{Flow, Kind, Manual, OnReject, Operation, Source, Task, TaskKey, Work};

/// The most stages, and tasks a stage, a flow may have.
const MOST: usize = 100;

/// Returns everything that keeps a flow from being published; empty when it may be.
pub fn check(flow: &Flow) -> Vec<String> {
    let mut problems = Vec::new();
    if flow.stages.is_empty() || flow.stages.len() > MOST {
        problems.push(format!("flow {}: it needs between 1 and {MOST} stages", flow.name));
    }
    let mut seen = BTreeSet::new();
    for stage in &flow.stages {
        if stage.tasks.is_empty() || stage.tasks.len() > MOST {
            problems.push(format!("stage {}: it needs between 1 and {MOST} tasks", stage.key));
        }
        for task in &stage.tasks {
            if !seen.insert(&task.key) {
                problems.push(format!("task {}: another task has this key", task.key));
            }
        }
    }
    for task in flow.tasks() {
        check_task(flow, task, &mut problems);
    }
    check_order_of_operations(flow, &mut problems);
    problems
}

fn check_task(flow: &Flow, task: &Task, problems: &mut Vec<String>) {
    let mut say = |text: String| problems.push(format!("task {}: {text}", task.key));
    for input in &task.inputs {
        if let Err(text) = check_source(flow, task, &input.source) {
            say(format!("input {}: {text}", input.name));
        }
    }
    match &task.work {
        Work::Automatic(operation) => check_inputs(flow, task, *operation, &mut say),
        Work::Manual(manual) => check_manual(flow, task, manual, &mut say),
    }
    if !task.is_mandatory && task.deadline.is_none() {
        say("it is not mandatory, so it needs a deadline at which it is waived".to_owned());
    }
}

fn check_inputs(flow: &Flow, task: &Task, operation: Operation, say: &mut impl FnMut(String)) {
    let known = operation.inputs();
    for input in &task.inputs {
        match known.iter().find(|(name, _, _)| *name == input.name) {
            None => say(format!("operation {} has no input {}", operation.as_str(), input.name)),
            Some((_, kind, _)) => {
                if let Some(given) = kind_of(flow, &input.source)
                    && !fits(given, *kind)
                {
                    say(format!("input {} takes {kind:?}, not {given:?}", input.name));
                }
            }
        }
    }
    for (name, _, required) in known {
        if *required && !task.inputs.iter().any(|input| input.name == *name) {
            say(format!("operation {} needs the input {name}", operation.as_str()));
        }
    }
}

fn check_manual(flow: &Flow, task: &Task, manual: &Manual, say: &mut impl FnMut(String)) {
    for show in &manual.shows {
        if let Err(text) = check_source(flow, task, &show.source) {
            say(format!("shows {}: {text}", show.label));
        }
    }
    let mut names = BTreeSet::new();
    for ask in &manual.asks {
        if !ask.kind.can_be_asked() {
            say(format!("asks {}: a person can't fill in {:?}", ask.name, ask.kind));
        }
        if !names.insert(&ask.name) {
            say(format!("asks {}: another question has this name", ask.name));
        }
    }
    if let Some(other) = &manual.four_eyes {
        let is_manual = flow.task(other).is_some_and(|other| other.manual().is_some());
        if !is_manual || !precedes(flow, other, &task.key) {
            say(format!("four_eyes names {other}, which is not an earlier manual task"));
        }
    }
    if let Some(OnReject::Rework(other)) = &manual.on_reject
        && !precedes(flow, other, &task.key)
    {
        say(format!("a rejection goes back to {other}, which is not an earlier task"));
    }
    if manual.is_data_review && manual.on_reject == Some(OnReject::Continue) {
        say("a data review that is rejected can't go on: nobody could decide on its records any more"
            .to_owned());
    }
    if manual.is_data_review && !task.is_mandatory {
        say("a review before data leaves the house can't be waived: make it mandatory".to_owned());
    }
}

fn check_source(flow: &Flow, task: &Task, source: &Source) -> Result<(), String> {
    match source {
        Source::Value(_) => Ok(()),
        Source::Form { label, kind } if !kind.can_be_asked() => {
            Err(format!("the form can't ask {label:?} as {kind:?}"))
        }
        Source::Form { label, kind } => match flow.form_fields().iter().find(|(known, _)| known == label) {
            Some((_, first)) if first != kind => {
                Err(format!("{label:?} is asked as {kind:?} here and as {first:?} elsewhere"))
            }
            Some(_) | None => Ok(()),
        },
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

fn kind_of(flow: &Flow, source: &Source) -> Option<Kind> {
    match source {
        Source::Value(_) => None,
        Source::Form { kind, .. } => Some(*kind),
        Source::Link { task, output } => {
            let task = flow.task(task)?;
            task.outputs().into_iter().find(|(name, _)| name == output).map(|(_, kind)| kind)
        }
    }
}

/// Any typed text can stand where a line of text is wanted.
fn fits(given: Kind, wanted: Kind) -> bool {
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

/// Nothing is gathered for, or given to, somebody whose identity isn't proven, and every flow replies.
fn check_order_of_operations(flow: &Flow, problems: &mut Vec<String>) {
    let of = |wanted: Operation| flow.tasks().filter(move |task| task.operation() == Some(wanted));
    let proven_before =
        |task: &Task| of(Operation::VerifyIdentity).any(|v| precedes(flow, &v.key, &task.key));
    for task in of(Operation::Collect).chain(of(Operation::Deliver)) {
        if !proven_before(task) {
            problems.push(format!("task {}: verify_identity must come before it", task.key));
        }
    }
    for task in flow.tasks().filter(|task| task.manual().is_some_and(|manual| manual.is_data_review)) {
        if !of(Operation::Collect).any(|c| precedes(flow, &c.key, &task.key)) {
            problems.push(format!("task {}: a data review needs a collect before it", task.key));
        }
    }
    for task in of(Operation::VerifyIdentity).filter(|task| !task.is_mandatory) {
        problems.push(format!("task {}: proving identity can't be waived", task.key));
    }
    if of(Operation::Deliver).next().is_none() {
        problems.push(format!("flow {}: it must end in a reply to the person (deliver)", flow.name));
    }
    for build in of(Operation::BuildPackage) {
        for review in flow.tasks().filter(|task| task.manual().is_some_and(|manual| manual.is_data_review)) {
            if !precedes(flow, &review.key, &build.key) {
                problems.push(format!("task {}: the review {} must come before it", build.key, review.key));
            }
        }
    }
}
