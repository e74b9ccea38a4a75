//! The review of what was found: marks with reasons, and gaps explained.

use super::{Context, Denied, owner, task};
use crate::access::Action;
use crate::id::UserId;
use crate::pii::Pii;
use crate::request::event::Event;
use crate::request::mark::{Mark, MarkScope, Verdict};
use crate::request::state::{Excuse, Request, TaskState};

pub(super) fn mark(
    request: &Request,
    scope: MarkScope,
    verdict: Verdict,
    reason: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    let by = ensure_reviewing(request, ctx)?;
    if verdict != Verdict::Give && reason.reveal().trim().is_empty() {
        return Err(Denied::ReasonMissing);
    }
    Ok(vec![Event::Marked(Mark { scope, verdict, reason, by })])
}

/// Returns the member of staff who has the data review.
pub(super) fn ensure_reviewing(request: &Request, ctx: &Context<'_>) -> Result<UserId, Denied> {
    let by = ctx.ensure(Action::Review)?;
    request.ensure_open()?;
    let is_reviewed_now = ctx.flow.tasks().any(|task| {
        task.manual().is_some_and(|manual| manual.is_data_review)
            && request.running(&task.key).is_some_and(|run| run.taken_by == Some(by))
    });
    if !is_reviewed_now {
        return Err(Denied::NotTaken);
    }
    Ok(by)
}

/// Leaves a source out of the search and tries the task that failed on it again, or goes on without
/// its owner's answer.
pub(super) fn excuse(
    request: &Request,
    source: &str,
    reason: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::RetryTask)?;
    request.ensure_open()?;
    if reason.reveal().trim().is_empty() {
        return Err(Denied::ReasonMissing);
    }
    let failed = request.tasks.iter().find(|(_, run)| {
        run.state == TaskState::Failed
            && run.failure.as_ref().is_some_and(|failure| failure.source.as_deref() == Some(source))
    });
    let excused = Event::SourceExcused(Excuse { source: source.to_owned(), reason, by: ctx.actor });
    let Some((key, _)) = failed else {
        return owner::excuse(request, source, excused, ctx).ok_or(Denied::NotWaiting);
    };
    let mut events = vec![excused];
    events.extend(owner::settled(request, source, &events, ctx));
    events.extend(task::again(request, key, ctx)?);
    Ok(events)
}
