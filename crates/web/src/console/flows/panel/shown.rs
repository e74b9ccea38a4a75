//! What whoever does a task sees: a fixed text, an earlier output, or what the person answered on the form.

use habeas_core::flow::{Form, Show, Task};
use habeas_render::page::console::PanelGroup;
use habeas_render::page::part::Choice;

use super::Sheet;
use super::rows::{self, at};
use super::values::{Errors, Values};

pub(super) fn values(task: &Task) -> Values {
    let mut values = Values::default();
    let shows = task.manual().map(|manual| manual.shows.as_slice()).unwrap_or_default();
    for (index, show) in shows.iter().enumerate() {
        values.set(at("label", index), &show.label);
        values.set(at("as", index), show.form.as_str());
        rows::set_source(&mut values, index, &show.source);
        let marks = [("subject", show.is_shown_to_subject), ("must", show.is_mandatory)];
        values.mark(at("flags", index), &marks);
    }
    values
}

pub(super) fn groups(sheet: &Sheet<'_>) -> Vec<PanelGroup> {
    let count = rows::shown(sheet.values, "label");
    (0..count).map(|index| group(sheet, index, count)).collect()
}

fn group(sheet: &Sheet<'_>, index: usize, count: usize) -> PanelGroup {
    let forms = Form::ALL.iter().map(|(name, form)| {
        let words = match form {
            Form::Text => "text",
            Form::Table => "a table",
            Form::File => "a file",
        };
        Choice::new(*name, words)
    });
    let origins = rows::with_present(rows::origins(sheet, None), sheet.values.text(&at("from", index)));
    let shown_as = sheet.choice(&at("as", index), "Shown as", forms.collect());
    let shown_as =
        if sheet.values.text(&at("as", index)).is_empty() { shown_as.value("text") } else { shown_as };
    let marks = [("subject", "Shown to the person too"), ("must", "The task can't be completed without it")];
    let mut fields = vec![
        rows::need(
            sheet.field(rows::LINE, &at("label", index), "What stands before it").max_length(200),
            index,
            count,
        ),
        rows::need(sheet.choice(&at("from", index), "Comes from", origins), index, count),
        rows::words(sheet, index),
        shown_as,
    ];
    fields.push(sheet.marks(&at("flags", index), "And", &rows::with_removal(index, count, &marks)));
    PanelGroup {
        more: Some(rows::question(sheet, index)),
        ..PanelGroup::titled(rows::heading("thing shown", index, count), fields)
    }
}

pub(super) fn read(sheet: &Sheet<'_>, errors: &mut Errors) -> Task {
    let mut task = sheet.task.clone();
    let mut shows: Vec<Show> = Vec::new();
    for index in 0..rows::MOST {
        let values = sheet.values;
        let label = values.text(&at("label", index));
        let is_empty = label.is_empty() && values.text(&at("from", index)).is_empty();
        if is_empty || values.has(&at("flags", index), "remove") {
            continue;
        }
        if label.is_empty() {
            errors.insert(at("label", index), "Say what stands before it".to_owned());
        } else if shows.iter().any(|show| show.label == label) {
            errors.insert(at("label", index), "Something else is shown under these words".to_owned());
        }
        let Some(source) = rows::source(sheet, index, errors) else { continue };
        let form = Form::ALL.iter().find(|(name, _)| *name == values.text(&at("as", index)));
        shows.push(Show {
            label: label.to_owned(),
            source,
            form: form.map_or(Form::Text, |(_, form)| *form),
            is_shown_to_subject: values.has(&at("flags", index), "subject"),
            is_mandatory: values.has(&at("flags", index), "must"),
        });
    }
    if let habeas_core::flow::Work::Manual(manual) = &mut task.work {
        manual.shows = shows;
    }
    task
}
