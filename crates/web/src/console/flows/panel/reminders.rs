//! The reminders of a task: how long after it started, and to whom.

use habeas_core::access::RoleName;
use habeas_core::flow::{Recipient, Reminder, Task};
use habeas_render::page::console::PanelGroup;
use habeas_render::page::part::{Choice, FieldKind};

use super::Sheet;
use super::rows::{self, at};
use super::values::{Errors, Values, unit};

pub(super) fn values(task: &Task) -> Values {
    let mut values = Values::default();
    for (index, reminder) in task.reminders.iter().enumerate() {
        values.set_span(&at("after", index), Some(reminder.after));
        let to = match &reminder.to {
            Recipient::Holder => "holder".to_owned(),
            Recipient::CaseOwner => "case_owner".to_owned(),
            Recipient::Role(role) => format!("role:{role}"),
            Recipient::User(user) => format!("user:{user}"),
        };
        values.set(at("to", index), to);
    }
    values
}

pub(super) fn groups(sheet: &Sheet<'_>) -> Vec<PanelGroup> {
    let count = rows::shown(sheet.values, "after");
    (0..count).map(|index| group(sheet, index, count)).collect()
}

fn group(sheet: &Sheet<'_>, index: usize, count: usize) -> PanelGroup {
    let mut recipients = vec![
        Choice::new("holder", "Whoever has the task, or else its team"),
        Choice::new("case_owner", "The case owner"),
    ];
    let roles = sheet.app.catalog.roles();
    recipients
        .extend(roles.map(|role| Choice::new(format!("role:{}", role.name), format!("Team {}", role.title))));
    let users = sheet.users.iter();
    recipients.extend(users.map(|(email, name)| Choice::new(format!("user:{email}"), name)));
    let mut fields = vec![
        rows::need(
            sheet.field(FieldKind::Number, &at("after", index), "This long after the start"),
            index,
            count,
        ),
        unit(sheet, &at("after", index)),
        rows::need(sheet.choice(&at("to", index), "To", recipients), index, count),
    ];
    let marks = rows::with_removal(index, count, &[]);
    if !marks.is_empty() {
        fields.push(sheet.marks(&at("flags", index), "And", &marks));
    }
    let group = PanelGroup::titled(rows::heading("reminder", index, count), fields);
    let hint = "Sent only while the task is in progress; the address is looked up when it is sent.";
    PanelGroup { hint: (index == 0).then(|| hint.to_owned()), ..group }
}

pub(super) fn read(sheet: &Sheet<'_>, errors: &mut Errors) -> Task {
    let mut task = sheet.task.clone();
    task.reminders.clear();
    for index in 0..rows::MOST {
        let values = sheet.values;
        if values.has(&at("flags", index), "remove") {
            continue;
        }
        let after = values.span(&at("after", index), errors);
        let to = values.text(&at("to", index));
        let recipient = match to {
            "holder" => Some(Recipient::Holder),
            "case_owner" => Some(Recipient::CaseOwner),
            other => named(other),
        };
        match (after, recipient) {
            (Some(after), Some(to)) => task.reminders.push(Reminder { after, to }),
            (Some(_), None) => {
                errors.insert(at("to", index), "Choose whom it goes to".to_owned());
            }
            (None, Some(_)) => {
                let said = "Say how long after the start it is sent".to_owned();
                errors.entry(at("after", index)).or_insert(said);
            }
            (None, None) => {}
        }
    }
    task
}

fn named(text: &str) -> Option<Recipient> {
    match text.split_once(':') {
        Some(("role", name)) => RoleName::parse(name).ok().map(Recipient::Role),
        Some(("user", email)) if !email.is_empty() => Some(Recipient::User(email.to_owned())),
        Some(_) | None => None,
    }
}
