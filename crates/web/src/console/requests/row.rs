//! A request in a list.

use habeas_core::access::{self, Action};
use habeas_core::pii::Pii;
use habeas_core::request::RequestRow as Row;
use habeas_render::page::console::RequestRow;

use crate::App;
use crate::console::people::People;
use crate::console::{case, chrome};
use crate::guard::Staff;

/// Returns the row as the reader may see it.
pub(in crate::console) fn of(app: &App, staff: &Staff, people: &People, row: &Row) -> RequestRow {
    let is_seen = access::may(&staff.roles, Action::SeeSubjects);
    let due_on = row.due_on.filter(|_| !row.is_closed);
    let risk = match (row.needs_attention, row.waits_on.as_str()) {
        (_, "source") => Some("A source can't be searched"),
        (true, _) => Some("A person must decide"),
        (false, _) => None,
    };
    RequestRow {
        reference: row.reference.to_string(),
        person: case::person(row.subject.as_ref().map(Pii::reveal), is_seen),
        kind: case::title(app, &row.activity),
        law: case::law_name(app, &row.law),
        stage: stage(app, row),
        state: case::state(&row.status, row.needs_attention),
        due: due_on.map(|on| case::due(on, chrome::today(app))),
        owner: row.owner.map(|owner| people.name(owner)),
        risk: risk.map(str::to_owned),
    }
}

/// Returns the stage's title; the flow may have changed since, and then its key must do.
pub(super) fn stage(app: &App, row: &Row) -> String {
    let Some(key) = &row.stage else { return String::new() };
    let activity = app.catalog.activity(&row.activity);
    let flow = activity.and_then(|activity| app.catalog.flow_of(activity));
    let stage = flow.and_then(|(_, flow)| flow.stages.iter().find(|stage| stage.key == *key));
    stage.map_or_else(|| key.clone(), |stage| stage.title.clone())
}
