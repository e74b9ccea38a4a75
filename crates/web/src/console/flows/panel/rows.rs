//! Forms of several entries: the fields of an entry carry its number, one empty entry stands at the end.

use habeas_core::flow::{Field, Flow, Kind, Source, Task, TaskKey};
use habeas_render::page::console::PanelGroup;
use habeas_render::page::part::{Choice, Field as Shown, FieldKind};

use super::values::{Errors, Values};
use super::{Sheet, text};

/// No task has more entries in one tab: a form has at most 200 fields.
pub(super) const MOST: usize = 15;

/// Returns a field's name in an entry.
pub(super) fn at(name: &str, index: usize) -> String {
    format!("{name}_{index}")
}

/// Returns how many entries a form shows.
pub(super) fn count(groups: &[PanelGroup]) -> usize {
    groups.len()
}

/// Returns how many entries were sent, or are there to be shown: one more than are filled in.
pub(super) fn shown(values: &Values, first_field: &str) -> usize {
    let filled = (0..MOST).filter(|index| !values.text(&at(first_field, *index)).is_empty()).max();
    filled.map_or(1, |last| (last + 2).min(MOST))
}

/// Puts where a value comes from into an entry's fields.
pub(super) fn set_source(values: &mut Values, index: usize, source: &Source) {
    match source {
        Source::Value(value) => {
            values.set(at("from", index), "value");
            values.set(at("text", index), value);
        }
        Source::Link { task, output } => values.set(at("from", index), format!("link:{task}.{output}")),
        Source::Form(field) => {
            values.set(at("from", index), "input");
            values.set(at("text", index), &field.label);
            values.set(at("type", index), field.kind.as_str());
            values.set(at("list", index), field.list.clone().unwrap_or_default());
            values.mark(at("need", index), &[("required", field.is_required)]);
        }
    }
}

/// Returns where a value can come from, as choices: earlier outputs that fit, a fixed value, the form.
pub(super) fn origins(sheet: &Sheet<'_>, wanted: Option<Kind>) -> Vec<Choice> {
    let mut choices = Vec::new();
    if wanted.is_none_or(Kind::can_be_asked) {
        choices.push(Choice::new("value", "A fixed value"));
        choices.push(Choice::new("input", "The person, on the form"));
    }
    choices.extend(sheet.flow.linkable(&sheet.task.key, wanted).into_iter().map(|(task, output, kind)| {
        Choice::new(
            format!("link:{}.{output}", task.key),
            format!("{output} of {} ({})", task.title, kind.title()),
        )
    }));
    choices
}

/// Adds the link a value has now where it is no longer offered, so that saving doesn't drop it unseen.
pub(super) fn with_present(mut choices: Vec<Choice>, present: &str) -> Vec<Choice> {
    if let Some(link) = present.strip_prefix("link:")
        && choices.iter().all(|choice| choice.value != present)
    {
        choices.push(Choice::new(present, format!("{link} (doesn't fit here)")));
    }
    choices
}

/// Returns the fields of what is asked on the form.
pub(super) fn question(sheet: &Sheet<'_>, index: usize) -> (String, bool, Vec<Shown>) {
    let is_open = sheet.values.text(&at("from", index)) == "input";
    let fields = vec![
        typed(sheet, index),
        sheet.choice(&at("list", index), "List a choice is made from", lists(sheet)).optional(),
        sheet.marks(&at("need", index), "Answer", &[("required", "An answer is demanded")]),
    ];
    ("If the person is asked".to_owned(), is_open, fields)
}

/// Returns the field for the type of an answer.
pub(super) fn typed(sheet: &Sheet<'_>, index: usize) -> Shown {
    let name = at("type", index);
    let field = sheet.choice(&name, "Type of answer", kinds());
    if sheet.values.text(&name).is_empty() { field.value(Kind::Text.as_str()) } else { field }
}

/// Returns the field for a fixed value or a question.
pub(super) fn words(sheet: &Sheet<'_>, index: usize) -> Shown {
    let field = text(&at("text", index), "The value, or the question on the form", 300).optional();
    super::filled(field, sheet.values, sheet.errors)
}

/// Reads where a value comes from.
pub(super) fn source(sheet: &Sheet<'_>, index: usize, errors: &mut Errors) -> Option<Source> {
    let words = sheet.values.text(&at("text", index));
    let mut wrong = |name: &str, said: &str| {
        errors.insert(at(name, index), said.to_owned());
        None
    };
    match sheet.values.text(&at("from", index)) {
        "value" => Some(Source::Value(words.to_owned())),
        "input" if words.is_empty() => wrong("text", "Enter the question the person is asked"),
        "input" => Some(Source::Form(Field {
            label: words.to_owned(),
            kind: kind(sheet.values.text(&at("type", index))),
            list: Some(sheet.values.text(&at("list", index)).to_owned()).filter(|list| !list.is_empty()),
            is_required: sheet.values.has(&at("need", index), "required"),
        })),
        link => match link.strip_prefix("link:").and_then(|link| link.rsplit_once('.')) {
            Some((task, output)) => {
                Some(Source::Link { task: TaskKey::from_text(task), output: output.to_owned() })
            }
            None => wrong("from", "Choose where it comes from"),
        },
    }
}

/// Returns the types a person can fill in, as choices.
pub(super) fn kinds() -> Vec<Choice> {
    Kind::ASKED.iter().map(|(name, kind)| Choice::new(*name, kind.title())).collect()
}

/// Returns the type of that name; text for one we don't know.
pub(super) fn kind(name: &str) -> Kind {
    Kind::ASKED.iter().find(|(known, _)| *known == name).map_or(Kind::Text, |(_, kind)| *kind)
}

/// Returns the custom lists as choices, with the one that is named now.
pub(super) fn lists(sheet: &Sheet<'_>) -> Vec<Choice> {
    let mut all = super::super::lists(sheet.app);
    let named = sheet.flow.lists().into_iter().filter(|name| all.iter().all(|(known, _)| known != name));
    let missing: Vec<(String, String)> =
        named.map(|name| (name.to_owned(), format!("{name} (there is no such list)"))).collect();
    all.extend(missing);
    all.into_iter().map(|(name, title)| Choice::new(name, title)).collect()
}

/// Returns the earlier tasks that satisfy a condition, as choices.
pub(super) fn earlier(sheet: &Sheet<'_>, fits: impl Fn(&Task) -> bool) -> Vec<Choice> {
    let tasks = earlier_tasks(sheet.flow, &sheet.task.key).into_iter().filter(|task| fits(task));
    tasks.map(|task| Choice::new(task.key.as_str(), Sheet::name_of(task))).collect()
}

fn earlier_tasks<'a>(flow: &'a Flow, key: &TaskKey) -> Vec<&'a Task> {
    flow.tasks().filter(|task| flow.precedes(&task.key, key)).collect()
}

/// Returns an entry's heading.
pub(super) fn heading(title: &str, index: usize, count: usize) -> String {
    if index + 1 == count { format!("One more {title}") } else { format!("{} {}", capital(title), index + 1) }
}

fn capital(text: &str) -> String {
    super::super::super::told::capitalised(text)
}

/// Says that a field of the empty entry at the end may stay empty.
pub(super) fn need(field: Shown, index: usize, count: usize) -> Shown {
    if index + 1 == count { field.optional() } else { field }
}

/// Returns the field by which an entry is taken away.
pub(super) fn with_removal<'a>(
    index: usize,
    count: usize,
    marks: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut all = marks.to_vec();
    if index + 1 < count {
        all.push(("remove", "Remove it"));
    }
    all
}

/// The kind of a field of one line.
pub(super) const LINE: FieldKind = FieldKind::Text;
