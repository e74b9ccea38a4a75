//! The first tab: name, who does it, order, start, deadline, condition, lateness, rejection, four eyes.

use habeas_core::access::RoleName;
use habeas_core::flow::{
    Condition, Flow, Late, Manual, OnReject, Operation, Schedule, Slot, Start, Task, TaskKey, Work,
};
use habeas_render::page::console::PanelGroup;
use habeas_render::page::part::{Choice, FieldKind};

use super::values::{Errors, Values, unit};
use super::{Sheet, does_choices, rows};

/// Returns what the form holds of a task.
pub(super) fn values(flow: &Flow, task: &Task) -> Values {
    let mut values = Values::from([
        ("title", task.title.as_str()),
        ("name", task.key.name()),
        ("description", task.description.as_str()),
    ]);
    match &task.work {
        Work::Automatic(operation) => {
            values.set("does", format!("operation:{}", operation.as_str()));
            values.set("told", task.told.as_ref().map_or("", RoleName::as_str));
        }
        Work::Manual(manual) => {
            values.set("does", if manual.is_data_review { "review" } else { "person" });
            values.set("role", manual.role.as_str());
            values.set("four_eyes", manual.four_eyes.as_ref().map_or("", TaskKey::as_str));
            values.set("on_reject", manual.on_reject.as_ref().map_or_else(String::new, rejection));
        }
    }
    values.mark("mandatory", &[("yes", task.is_mandatory)]);
    values.set("place", present_place(flow, task));
    if let Start::Next(schedule) = &task.start {
        values.set("schedule", schedule.as_str());
    }
    values.set_span("deadline", task.deadline);
    values.set("condition", task.condition.as_ref().map_or("", Condition::as_str));
    if let Some(late) = &task.late {
        values.set("late", late.task.as_str());
        values.set_span("late_after", Some(late.after));
    }
    values
}

fn rejection(then: &OnReject) -> String {
    match then {
        OnReject::Continue => "continue".to_owned(),
        OnReject::Stop => "stop".to_owned(),
        OnReject::Rework(key) => format!("rework:{key}"),
    }
}

fn present_place(flow: &Flow, task: &Task) -> String {
    let group = flow.stage_of(&task.key).and_then(|stage| stage.group_of(&task.key));
    format!("with:{}", group.unwrap_or(0))
}

/// Returns the place a form chose, as a stage has them.
pub(in super::super) fn place_of(text: &str) -> Option<Slot> {
    let (how, index) = text.split_once(':')?;
    let index = index.parse().ok()?;
    match how {
        "before" => Some(Slot::Before(index)),
        "with" => Some(Slot::With(index)),
        _ => None,
    }
}

/// Returns the fields.
pub(super) fn groups(sheet: &Sheet<'_>) -> Vec<PanelGroup> {
    let mut who = vec![
        sheet.field(FieldKind::Text, "title", "What people call it").max_length(100),
        sheet.choice("does", "Who or what does it", does_choices()),
    ];
    if sheet.task.manual().is_some() || matches!(sheet.values.text("does"), "person" | "review") {
        who.push(sheet.choice("role", "Whose members do it", sheet.roles()));
    } else {
        who.push(
            sheet
                .choice("told", "Who is told when it fails or is late", sheet.roles())
                .hint("Empty: whoever may have it tried again.")
                .optional(),
        );
    }
    let mut groups = vec![PanelGroup::plain(who)];
    groups.push(PanelGroup {
        more: Some((
            "Name in links, description".to_owned(),
            sheet.errors.contains_key("name"),
            vec![
                sheet
                    .field(FieldKind::Text, "name", "Name in links")
                    .hint("What links to the task follows when it changes.")
                    .max_length(64),
                sheet
                    .field(FieldKind::LongText, "description", "What whoever does it should know")
                    .optional()
                    .max_length(2_000),
            ],
        )),
        ..PanelGroup::titled(
            "Time",
            vec![
                sheet.field(FieldKind::Number, "deadline", "Deadline").optional(),
                unit(sheet, "deadline"),
                sheet.choice("place", "Order in the stage", places(sheet)),
                sheet.marks(
                    "mandatory",
                    "At the deadline",
                    &[("yes", "The flow waits for it. Without this it is left out once late")],
                ),
            ],
        )
    });
    groups.push(conditions(sheet));
    if sheet.task.manual().is_some() {
        groups.push(rejections(sheet));
    }
    groups
}

fn conditions(sheet: &Sheet<'_>) -> PanelGroup {
    let stage = sheet.flow.stage_of(&sheet.task.key);
    let others = stage
        .into_iter()
        .flat_map(|stage| &stage.tasks)
        .filter(|other| other.order == sheet.task.order && other.key != sheet.task.key);
    let others = others.map(|other| Choice::new(other.key.as_str(), Sheet::name_of(other))).collect();
    let task = sheet.task;
    let is_set = task.condition.is_some() || task.late.is_some() || task.start != Start::AtOnce;
    let is_wrong =
        ["schedule", "condition", "late", "late_after"].iter().any(|n| sheet.errors.contains_key(*n));
    let fields = vec![
        sheet
            .field(FieldKind::Text, "schedule", "Starts at the next time that fits")
            .hint(
                "Minute, hour, day, month, weekday: 0 9 * * 1-5 is nine o'clock on weekdays. Empty: at once.",
            )
            .optional()
            .max_length(60),
        sheet
            .field(FieldKind::Text, "condition", "Only where this holds")
            .hint("Such as request.country == 'GB'. It knows request, form and outputs.")
            .optional()
            .max_length(500),
        sheet
            .choice("late", "Only if this task is late", others)
            .hint("A task of the same order: left out where that one is done in time.")
            .optional(),
        sheet.field(FieldKind::Number, "late_after", "Late after").optional(),
        unit(sheet, "late_after"),
    ];
    PanelGroup {
        more: Some(("When it starts, and whether".to_owned(), is_set || is_wrong, fields)),
        ..PanelGroup::plain(Vec::new())
    }
}

fn rejections(sheet: &Sheet<'_>) -> PanelGroup {
    let mut rejections = vec![
        Choice::new("continue", "The flow goes on"),
        Choice::new("stop", "The request stops, and the refusal asks for ground and article"),
    ];
    rejections.extend(rows::earlier(sheet, |_| true).into_iter().map(|earlier| {
        Choice::new(format!("rework:{}", earlier.value), format!("Back to {}", earlier.label))
    }));
    let fields = vec![
        sheet
            .choice("on_reject", "When it is rejected", rejections)
            .hint("Empty: it can't be rejected.")
            .optional(),
        sheet
            .choice("four_eyes", "Not by who did", rows::earlier(sheet, |task| task.manual().is_some()))
            .hint("Four eyes: the person who completed that task may not complete this one.")
            .optional(),
    ];
    PanelGroup::titled("Rejection and four eyes", fields)
}

fn places(sheet: &Sheet<'_>) -> Vec<Choice> {
    let Some(stage) = sheet.flow.stage_of(&sheet.task.key) else { return Vec::new() };
    let own = stage.group_of(&sheet.task.key);
    let groups = stage.groups();
    let mut choices = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let others: Vec<&str> =
            group.iter().filter(|task| task.key != sheet.task.key).map(|task| task.title.as_str()).collect();
        let (is_own, is_alone) = (own == Some(at), others.is_empty());
        let is_behind_own = at.checked_sub(1).is_some_and(|before| own == Some(before));
        let was_alone = is_behind_own && groups.get(at - 1).is_some_and(|group| group.len() == 1);
        let is_as_now = (is_own && is_alone) || was_alone;
        if !is_as_now {
            choices.push(Choice::new(format!("before:{at}"), format!("by itself before {}", at + 1)));
        }
        let words = match (is_own, is_alone) {
            (true, true) => format!("{}, by itself (as now)", at + 1),
            (true, false) => format!("{}, at once with {} (as now)", at + 1, others.join(", ")),
            (false, _) => format!("{}, at once with {}", at + 1, others.join(", ")),
        };
        choices.push(Choice::new(format!("with:{at}"), words));
    }
    choices.push(Choice::new(format!("before:{}", groups.len()), "by itself, at the end".to_owned()));
    choices
}

/// Reads the task the form describes.
pub(super) fn read(sheet: &Sheet<'_>, errors: &mut Errors) -> Task {
    let values = sheet.values;
    let mut task = sheet.task.clone();
    let title = values.text("title");
    if title.is_empty() || title.chars().count() > 100 {
        errors.insert("title".to_owned(), "Enter a name of at most 100 characters".to_owned());
    }
    title.clone_into(&mut task.title);
    task.description = values.text("description").chars().take(2_000).collect();
    task.work = work(sheet, errors);
    task.told = task.operation().and_then(|_| RoleName::parse(values.text("told")).ok());
    if let Work::Automatic(operation) = task.work {
        task.inputs.retain(|input| operation.inputs().iter().any(|(name, _, _)| *name == input.name));
    } else {
        task.inputs.clear();
    }
    task.is_mandatory = values.has("mandatory", "yes");
    task.deadline = values.span("deadline", errors);
    task.start = match values.text("schedule") {
        "" => Start::AtOnce,
        text => match Schedule::parse(text) {
            Ok(schedule) => Start::Next(schedule),
            Err(said) => {
                errors.insert("schedule".to_owned(), super::super::super::told::capitalised(&said));
                Start::AtOnce
            }
        },
    };
    task.condition = match values.text("condition") {
        "" => None,
        text => match Condition::parse(text) {
            Ok(condition) => Some(condition),
            Err(said) => {
                errors.insert("condition".to_owned(), super::super::super::told::capitalised(&said));
                None
            }
        },
    };
    task.late = late(values, errors);
    task
}

fn late(values: &Values, errors: &mut Errors) -> Option<Late> {
    let other = values.text("late");
    let after = values.span("late_after", errors);
    match (other, after) {
        ("", _) => None,
        (other, Some(after)) => Some(Late { task: TaskKey::from_text(other), after }),
        (_, None) => {
            let said = "Say after how long the other task is late".to_owned();
            errors.entry("late_after".to_owned()).or_insert(said);
            None
        }
    }
}

fn work(sheet: &Sheet<'_>, errors: &mut Errors) -> Work {
    let values = sheet.values;
    let does = values.text("does");
    if let Some(name) = does.strip_prefix("operation:") {
        let known = Operation::ALL.into_iter().find(|operation| operation.as_str() == name);
        if let Some(operation) = known {
            return Work::Automatic(operation);
        }
    }
    if !matches!(does, "person" | "review") {
        errors.insert("does".to_owned(), "Choose who or what does it".to_owned());
        return sheet.task.work.clone();
    }
    let before = sheet.task.manual();
    let role = match RoleName::parse(values.text("role")) {
        Ok(role) => role,
        // Where it was automatic until now, the form had no field for it yet.
        Err(_) if before.is_none() => first_role(sheet),
        Err(_) => {
            errors.insert("role".to_owned(), "Choose whose members do it".to_owned());
            first_role(sheet)
        }
    };
    let key = |name: &str| Some(values.text(name)).filter(|text| !text.is_empty()).map(TaskKey::from_text);
    let on_reject = match values.text("on_reject") {
        "continue" => Some(OnReject::Continue),
        "stop" => Some(OnReject::Stop),
        other => other.strip_prefix("rework:").map(|key| OnReject::Rework(TaskKey::from_text(key))),
    };
    Work::Manual(Manual {
        role,
        is_data_review: does == "review",
        on_reject,
        four_eyes: key("four_eyes"),
        asks: before.map(|manual| manual.asks.clone()).unwrap_or_default(),
        shows: before.map(|manual| manual.shows.clone()).unwrap_or_default(),
    })
}

fn first_role(sheet: &Sheet<'_>) -> RoleName {
    super::super::edit::usual_role(sheet.app)
}
