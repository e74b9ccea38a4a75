//! Work given to somebody: a request by the rule of assignment, a task by a supervisor.

use super::{Context, Denied, task};
use crate::access::{self, Action, Role};
use crate::event::Actor;
use crate::flow::TaskKey;
use crate::id::UserId;
use crate::request::event::{Assigned, Event, TaskNamed, TaskTaken};
use crate::request::state::Request;

/// Names the case owner whom the rule of assignment chose, where nobody has named one yet.
pub(super) fn assign_by_rule(
    request: &Request,
    owner: UserId,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    if ctx.actor != Actor::System {
        return Err(Denied::NotAllowed);
    }
    request.ensure_open()?;
    if request.owner.is_some() || !request.readers.admits(owner, false) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Assigned(Assigned { owner: Some(owner) })])
}

/// Gives a manual task to a member of its team, or back to all of them.
pub(super) fn hand_over(
    request: &Request,
    key: TaskKey,
    to: Option<(UserId, Vec<Role>)>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Assign)?;
    request.ensure_open()?;
    let run = request.running(&key).ok_or(Denied::NotWaiting)?;
    let manual = ctx.flow.task(&key).and_then(|task| task.manual()).ok_or(Denied::NotWaiting)?;
    let Some((user, roles)) = to else {
        let is_held = run.taken_by.is_some();
        return Ok(is_held.then_some(Event::TaskReleased(TaskNamed { task: key })).into_iter().collect());
    };
    let may_do = access::belongs(&roles, &manual.role) && access::may(&roles, Action::DoTasks);
    if !may_do || !request.readers.admits(user, access::may(&roles, Action::Narrow)) {
        return Err(Denied::AnswerWrong("who does it".to_owned()));
    }
    task::ensure_four_eyes(request, manual, user)?;
    if run.taken_by == Some(user) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::TaskTaken(TaskTaken { task: key, user })])
}
