//! Who may see a request.

use super::{Context, Denied};
use crate::access::Action;
use crate::pii::Pii;
use crate::request::event::{Assigned, Event, ReadersSet, TaskNamed};
use crate::request::readers::Readers;
use crate::request::state::{Request, TaskState};

/// The most people named.
const MOST: usize = 100;

/// Sets who may see the request. Whoever no longer may gives back what they hold of it.
pub(super) fn narrow(
    request: &Request,
    readers: Readers,
    reason: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    let user = ctx.ensure(Action::Narrow)?;
    if reason.reveal().trim().is_empty() {
        return Err(Denied::ReasonMissing);
    }
    let is_sound = match &readers {
        Readers::Everybody => true,
        // Nobody shuts themselves out: somebody must be left who can open it again.
        Readers::AllBut(users) => (1..=MOST).contains(&users.len()) && !users.contains(&user),
        Readers::Only(users) => (1..=MOST).contains(&users.len()),
    };
    if !is_sound {
        return Err(Denied::AnswerWrong("who may see it".to_owned()));
    }
    if readers == request.readers {
        return Ok(Vec::new());
    }
    let mut events = Vec::new();
    if !request.status.is_closed() {
        let held = request.tasks.iter().filter(|(_, run)| {
            run.state == TaskState::InProgress
                && run.taken_by.is_some_and(|by| !readers.admits(by, by == user))
        });
        events.extend(held.map(|(task, _)| Event::TaskReleased(TaskNamed { task: task.clone() })));
        if request.owner.is_some_and(|owner| !readers.admits(owner, owner == user)) {
            events.push(Event::Assigned(Assigned { owner: None }));
        }
    }
    events.push(Event::ReadersSet(ReadersSet { readers, reason }));
    Ok(events)
}
