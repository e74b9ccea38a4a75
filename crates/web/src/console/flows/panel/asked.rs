//! What whoever does a task fills in.

use habeas_core::flow::{Ask, Task, Work, slug};
use habeas_render::page::console::PanelGroup;

use super::Sheet;
use super::rows::{self, at};
use super::values::{Errors, Values};

pub(super) fn values(task: &Task) -> Values {
    let mut values = Values::default();
    let asks = task.manual().map(|manual| manual.asks.as_slice()).unwrap_or_default();
    for (index, ask) in asks.iter().enumerate() {
        values.set(at("label", index), &ask.label);
        values.set(at("name", index), &ask.name);
        values.set(at("type", index), ask.kind.as_str());
        values.set(at("list", index), ask.list.clone().unwrap_or_default());
        values.set(at("told", index), ask.shown_to_subject.clone().unwrap_or_default());
        values.mark(at("flags", index), &[("complete", ask.on_complete), ("reject", ask.on_reject)]);
    }
    values
}

pub(super) fn groups(sheet: &Sheet<'_>) -> Vec<PanelGroup> {
    let count = rows::shown(sheet.values, "label");
    (0..count).map(|index| group(sheet, index, count)).collect()
}

fn group(sheet: &Sheet<'_>, index: usize, count: usize) -> PanelGroup {
    let marks = [("complete", "Needed to complete the task"), ("reject", "Needed to reject it")];
    let mut fields = vec![
        rows::need(sheet.field(rows::LINE, &at("label", index), "Question").max_length(200), index, count),
        rows::typed(sheet, index),
        sheet.choice(&at("list", index), "List a choice is made from", rows::lists(sheet)).optional(),
    ];
    fields.push(sheet.marks(&at("flags", index), "And", &rows::with_removal(index, count, &marks)));
    let more = vec![
        sheet
            .field(rows::LINE, &at("told", index), "Shown to the person as")
            .hint("Empty: the person doesn't see the answer.")
            .max_length(200)
            .optional(),
        sheet
            .field(rows::LINE, &at("name", index), "Name in links")
            .hint("Left empty, it is made from the question.")
            .max_length(64)
            .optional(),
    ];
    let is_told = !sheet.values.text(&at("told", index)).is_empty();
    let is_wrong = sheet.errors.contains_key(&at("name", index));
    PanelGroup {
        more: Some(("Who sees it, name in links".to_owned(), is_told || is_wrong, more)),
        ..PanelGroup::titled(rows::heading("question", index, count), fields)
    }
}

pub(super) fn read(sheet: &Sheet<'_>, errors: &mut Errors) -> Task {
    let mut task = sheet.task.clone();
    let mut asks: Vec<Ask> = Vec::new();
    for index in 0..rows::MOST {
        let values = sheet.values;
        let label = values.text(&at("label", index));
        if label.is_empty() || values.has(&at("flags", index), "remove") {
            continue;
        }
        let name = match values.text(&at("name", index)) {
            "" => slug(label, "answer"),
            given => slug(given, "answer"),
        };
        if asks.iter().any(|ask| ask.name == name) {
            errors.insert(at("name", index), "Another question has this name in links".to_owned());
        }
        let filled =
            |name: &str| Some(values.text(&at(name, index)).to_owned()).filter(|text| !text.is_empty());
        asks.push(Ask {
            name,
            label: label.to_owned(),
            kind: rows::kind(values.text(&at("type", index))),
            list: filled("list"),
            on_complete: values.has(&at("flags", index), "complete"),
            on_reject: values.has(&at("flags", index), "reject"),
            shown_to_subject: filled("told"),
        });
    }
    if let Work::Manual(manual) = &mut task.work {
        manual.asks = asks;
    }
    task
}
