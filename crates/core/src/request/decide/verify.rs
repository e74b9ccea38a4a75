//! Proving identity. Codes themselves are the shell's: here is only what follows from them.

use super::{Context, Denied};
use crate::flow::{Operation, TaskKey};
use crate::pii::Pii;
use crate::request::event::{Event, TaskAnswered, VerificationAsked, VerificationFailed, Verified};
use crate::request::state::{Request, TaskState};

pub(super) fn ask(request: &Request, asked: VerificationAsked) -> Vec<Event> {
    if request.status.is_closed() || request.verified_at.is_some() {
        return Vec::new();
    }
    vec![Event::VerificationAsked(asked)]
}

/// A right code entered twice, or after the task is over, changes nothing. A task that failed on sending a
/// code is over with it, and one that is done again needs no second proof: else nothing could ever end it.
pub(super) fn prove(request: &Request, rung: String, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    let is_proven = request.verified_at.is_some();
    if is_proven && request.status.is_closed() {
        return Ok(Vec::new());
    }
    request.ensure_open()?;
    let waits = |key: &&TaskKey| {
        let state = request.tasks.get(key).map(|run| run.state);
        matches!(state, Some(TaskState::InProgress | TaskState::Failed))
    };
    let waiting = ctx
        .flow
        .tasks()
        .filter(|task| task.operation() == Some(Operation::VerifyIdentity))
        .map(|task| &task.key)
        .find(waits);
    let done =
        waiting.map(|key| Event::TaskCompleted(TaskAnswered { task: key.clone(), answers: Pii::default() }));
    let proven = (!is_proven).then_some(Event::Verified(Verified { rung }));
    Ok(proven.into_iter().chain(done).collect())
}

pub(super) fn note_wrong_code(request: &Request, cause: String) -> Vec<Event> {
    if request.status.is_closed() {
        return Vec::new();
    }
    vec![Event::VerificationFailed(VerificationFailed { cause })]
}
