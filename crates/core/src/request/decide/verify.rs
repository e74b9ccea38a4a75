//! Proving identity. Codes themselves are the shell's: here is only what follows from them.

use super::{Context, Denied};
use crate::flow::{Operation, TaskKey};
use crate::pii::Pii;
use crate::request::event::{Event, TaskAnswered, VerificationAsked, VerificationFailed, Verified};
use crate::request::state::Request;

pub(super) fn ask(request: &Request, asked: VerificationAsked) -> Vec<Event> {
    if request.status.is_closed() || request.verified_at.is_some() {
        return Vec::new();
    }
    vec![Event::VerificationAsked(asked)]
}

/// A right code entered twice, or after the task is over, changes nothing.
pub(super) fn prove(request: &Request, rung: String, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    if request.verified_at.is_some() {
        return Ok(Vec::new());
    }
    request.ensure_open()?;
    let waiting: Option<&TaskKey> = ctx
        .flow
        .tasks()
        .filter(|task| task.operation() == Some(Operation::VerifyIdentity))
        .map(|task| &task.key)
        .find(|key| request.running(key).is_some());
    let done =
        waiting.map(|key| Event::TaskCompleted(TaskAnswered { task: key.clone(), answers: Pii::default() }));
    Ok(std::iter::once(Event::Verified(Verified { rung })).chain(done).collect())
}

pub(super) fn note_wrong_code(request: &Request, cause: String) -> Vec<Event> {
    if request.status.is_closed() {
        return Vec::new();
    }
    vec![Event::VerificationFailed(VerificationFailed { cause })]
}
