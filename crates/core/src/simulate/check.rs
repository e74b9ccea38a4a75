//! What must hold of every life, whatever people do: nothing silently late, stuck, or closed with a gap.

use jiff::civil::Date;

use super::{Happened, Life, Setting};
use crate::event::Actor;
use crate::flow::{Operation, Task};
use crate::request::{Event, Status, TaskState};

/// Returns what doesn't hold; empty when all is well.
pub fn violations(life: &Life, setting: &Setting<'_>) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(stuck(life));
    found.extend(late(life, setting));
    found.extend(gaps(life, setting));
    found.extend(handed_over(life));
    found.extend(reviews(life, setting));
    found
}

/// An open request waits for somebody who was told, or for a set time.
fn stuck(life: &Life) -> Option<String> {
    let request = &life.request;
    if request.status.is_closed() || life.is_waiting {
        return None;
    }
    let is_told = life.mails.iter().any(|mail| mail.is_for_staff);
    let is_seen = request.needs_attention() || request.waits_on() != "nothing";
    match (is_seen, is_told) {
        (true, true) => None,
        (true, false) => Some("it waits, and nobody of the staff was ever told".to_owned()),
        (false, _) => Some("it is open, waits for nobody, and nothing is to come".to_owned()),
    }
}

/// A legal date that passes is noted and told.
fn late(life: &Life, setting: &Setting<'_>) -> Option<String> {
    let due_on = life.request.due.as_ref()?.on?;
    let day = |at: jiff::Timestamp| -> Date { at.to_zoned(setting.zone.clone()).date() };
    let until = day(life.request.closed_at.unwrap_or(life.until));
    // The note is made in the morning of the day after.
    if until <= due_on.tomorrow().unwrap_or(due_on) {
        return None;
    }
    let is_noted = life.happened.iter().any(|it| matches!(&it.event, Event::DuePassed(_)));
    let is_told = life.mails.iter().any(|mail| mail.kind == "staff_due_passed");
    (!is_noted || !is_told).then(|| format!("the legal date {due_on} passed unnoticed, it is {until}"))
}

/// A request ends answered, refused by a person with a ground, or taken back by the person.
fn gaps(life: &Life, setting: &Setting<'_>) -> Vec<String> {
    let request = &life.request;
    let mut found = Vec::new();
    let has_reply = || life.happened.iter().any(|it| is_reply(&it.event));
    match request.status {
        Status::Completed | Status::PartlyFulfilled => {
            if !has_reply() {
                found.push("it is completed and nobody was answered".to_owned());
            }
            let has_close = setting.flow.tasks().any(|task| task.operation() == Some(Operation::Close));
            let open = setting.flow.tasks().find(|task| !is_over(life, task));
            found.extend(
                open.filter(|_| !has_close).map(|task| format!("it is completed before {}", task.key)),
            );
            if request.status == Status::Completed && !request.excuses.is_empty() {
                found.push("a source was left out, and the answer counts as whole".to_owned());
            }
        }
        Status::Refused => {
            let refused = life.happened.iter().find(|it| matches!(it.event, Event::Refused(_)));
            let is_by_staff = refused.is_some_and(|it| matches!(it.actor, Actor::Staff(_)));
            let has_ground = request.refusal.as_ref().is_some_and(|refusal| !refusal.grounds.is_empty());
            if !is_by_staff || !has_ground {
                found.push("it is refused without a person or a ground".to_owned());
            }
        }
        Status::Withdrawn => {
            let withdrawn = life.happened.iter().find(|it| matches!(it.event, Event::Withdrawn(_)));
            if withdrawn.is_none_or(|it| it.actor != Actor::Subject) {
                found.push("somebody else than the person took it back".to_owned());
            }
        }
        _ => {}
    }
    found
}

fn is_reply(event: &Event) -> bool {
    matches!(event, Event::Replied(_) | Event::PackageReleased(_))
}

fn is_over(life: &Life, task: &Task) -> bool {
    life.request.tasks.get(&task.key).is_some_and(|run| run.state.is_over())
}

/// Nothing is gathered or handed over before identity is proven.
fn handed_over(life: &Life) -> Option<String> {
    let place = |wanted: fn(&Happened) -> bool| life.happened.iter().position(wanted);
    let proven = place(|it| matches!(it.event, Event::Verified(_)));
    let given = place(|it| matches!(it.event, Event::Collected(_) | Event::PackageReleased(_)))?;
    proven.is_none_or(|proven| proven > given).then(|| "data moved before identity was proven".to_owned())
}

/// A review before data leave the house is done by a person.
fn reviews(life: &Life, setting: &Setting<'_>) -> Option<String> {
    life.happened.iter().find(|it| matches!(it.event, Event::PackageReleased(_)))?;
    let reviews =
        setting.flow.tasks().filter(|task| task.manual().is_some_and(|manual| manual.is_data_review));
    let mut undone = reviews
        .filter(|task| life.request.tasks.get(&task.key).is_none_or(|run| run.state != TaskState::Done));
    undone.next().map(|task| format!("the archive was made available without the review {}", task.key))
}
