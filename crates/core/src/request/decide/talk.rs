//! Messages, notes, and who answers for a request.

use super::{Context, Denied};
use crate::access::Action;
use crate::event::Actor;
use crate::id::UserId;
use crate::pii::Pii;
use crate::request::event::{Assigned, Event, Said};
use crate::request::state::Request;

/// The longest message, in characters.
const LONGEST: usize = 10_000;

pub(super) fn say(
    request: &Request,
    text: Pii<String>,
    is_internal: bool,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    match ctx.actor {
        Actor::Staff(_) => {
            ctx.ensure(Action::Converse)?;
        }
        Actor::Subject if !is_internal && request.verified_at.is_some() => {}
        Actor::System if is_internal => {}
        Actor::Subject | Actor::System => return Err(Denied::NotAllowed),
    }
    if text.reveal().trim().is_empty() {
        return Err(Denied::AnswerMissing("the message".to_owned()));
    }
    if text.reveal().chars().count() > LONGEST {
        return Err(Denied::AnswerWrong("the message".to_owned()));
    }
    Ok(vec![Event::Said(Said { text, is_internal })])
}

pub(super) fn assign(
    request: &Request,
    owner: Option<UserId>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    let user = ctx.ensure(Action::SeeRequests)?;
    let takes_it = owner == Some(user) && request.owner.is_none();
    if !takes_it {
        ctx.ensure(Action::Assign)?;
    }
    request.ensure_open()?;
    if owner.is_some_and(|owner| !request.readers.admits(owner, true)) {
        return Err(Denied::AnswerWrong("the owner".to_owned()));
    }
    if request.owner == owner {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Assigned(Assigned { owner })])
}
