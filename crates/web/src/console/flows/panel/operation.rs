//! The inputs of a task's operation: a fixed value, an earlier output that fits, or a question on the form.

use habeas_core::flow::{Input, Operation, Task};
use habeas_render::page::console::PanelGroup;

use super::Sheet;
use super::rows::{self, at};
use super::values::{Errors, Values};

fn operation(task: &Task) -> Operation {
    task.operation().unwrap_or(Operation::Acknowledge)
}

pub(super) fn values(task: &Task) -> Values {
    let mut values = Values::default();
    for (index, (name, _, _)) in operation(task).inputs().iter().enumerate() {
        if let Some(input) = task.inputs.iter().find(|input| input.name == *name) {
            rows::set_source(&mut values, index, &input.source);
        }
    }
    values
}

pub(super) fn groups(sheet: &Sheet<'_>) -> Vec<PanelGroup> {
    let operation = operation(sheet.task);
    let inputs = operation.inputs();
    if inputs.is_empty() {
        let hint = format!("“{}” takes no inputs.", operation.title());
        return vec![PanelGroup { hint: Some(hint), ..PanelGroup::plain(Vec::new()) }];
    }
    let group = |(index, (name, kind, is_required)): (usize, &(&str, habeas_core::flow::Kind, bool))| {
        let present = sheet.values.text(&at("from", index));
        let origins = rows::with_present(rows::origins(sheet, Some(*kind)), present);
        let mut from = sheet.choice(&at("from", index), "Comes from", origins);
        if !is_required {
            from = from.hint("Empty: it isn't given.").optional();
        }
        let mut group =
            PanelGroup::titled(format!("{} ({})", name.replace('_', " "), kind.title()), vec![from]);
        if kind.can_be_asked() {
            group.fields.push(rows::words(sheet, index));
            group.more = Some(rows::question(sheet, index));
        }
        group
    };
    inputs.iter().enumerate().map(group).collect()
}

pub(super) fn read(sheet: &Sheet<'_>, errors: &mut Errors) -> Task {
    let mut task = sheet.task.clone();
    task.inputs.clear();
    for (index, (name, _, _)) in operation(sheet.task).inputs().iter().enumerate() {
        // What is needed and isn't given is a problem of the draft, not of the form.
        if sheet.values.text(&at("from", index)).is_empty() {
            continue;
        }
        if let Some(source) = rows::source(sheet, index, errors) {
            task.inputs.push(Input { name: (*name).to_owned(), source });
        }
    }
    task
}
