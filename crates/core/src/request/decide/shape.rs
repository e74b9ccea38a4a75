//! A request as a case: opened again, taken as another kind, parted in two, answered with another, spam.
//!
//! Each of these is a person's act with a reason. What follows by itself is only that the answer to one
//! request answers those that were merged with it.

use super::{Command, Context, Denied};
use crate::access::Action;
use crate::event::Actor;
use crate::flow::{Operation, TaskKey};
use crate::id::{Reference, RequestId};
use crate::pii::Pii;
use crate::request::advance::from_task_on;
use crate::request::event::{Event, ReadersSet, Refusal};
use crate::request::readers::Readers;
use crate::request::shape::{
    AnsweredTogether, Main, Merged, Reclassified, Reopened, SpamCause, SpamCleared, SpamMarked, SplitOff,
    Tied, Unmerged,
};
use crate::request::state::{Request, Status, TaskState, Terms};

/// The rung of an identity that was proven for the request this one was taken out of.
pub const CARRIED_OVER: &str = "carried_over";

/// How the request that others follow ended.
pub enum MainEnd {
    /// It was answered.
    Answered {
        /// Whether something is missing for a reason that is told.
        is_partial: bool,
    },
    /// It was refused: so are those that asked the same, by the same person and on the same grounds.
    Refused(Refusal),
    /// The person took it back, and it alone: the others go on by themselves.
    Withdrawn,
}

impl MainEnd {
    /// Returns how a request ended; none while it is open.
    pub fn of(request: &Request) -> Option<Self> {
        match request.status {
            Status::Completed => Some(Self::Answered { is_partial: false }),
            Status::PartlyFulfilled => Some(Self::Answered { is_partial: true }),
            Status::Refused => request.refusal.clone().map(Self::Refused),
            Status::Withdrawn => Some(Self::Withdrawn),
            _ => None,
        }
    }
}

/// An act on a request as a case.
pub enum Reshape {
    /// Open a closed request again.
    Reopen {
        /// The task from which on all is done again; none: only what was cut off.
        from: Option<TaskKey>,
        /// Why; told to the person.
        reason: Pii<String>,
    },
    /// Take it as another kind of request.
    Reclassify {
        /// What it is made under then.
        terms: Box<Terms>,
        /// Why; told to the person.
        reason: Pii<String>,
    },
    /// Take one wish out into a request of its own.
    SplitOff {
        /// The new request.
        request: RequestId,
        /// Its name for people.
        reference: Reference,
        /// Why.
        reason: Pii<String>,
    },
    /// Tie a new request to the one it was taken out of; whom that hides from, this hides from too.
    ComeFrom {
        /// The other request.
        from: RequestId,
        /// Who may see the other.
        readers: Readers,
    },
    /// Let it follow another request's answer.
    Merge {
        /// The other request.
        into: Box<Main>,
        /// Why.
        reason: Pii<String>,
    },
    /// Note that another follows this one.
    TakeIn(RequestId),
    /// Answer it by itself again.
    Unmerge {
        /// Why.
        reason: Pii<String>,
    },
    /// Note that another no longer follows this one.
    LetGo(RequestId),
    /// End with the request it follows.
    FollowMain {
        /// That request.
        main: RequestId,
        /// How it ended.
        end: MainEnd,
    },
    /// Set it aside as spam.
    MarkSpam {
        /// What it is told by.
        cause: SpamCause,
        /// Why.
        reason: Pii<String>,
    },
    /// Say that it is no spam.
    ClearSpam {
        /// Why.
        reason: Pii<String>,
    },
}

pub(super) fn decide(request: &Request, act: Reshape, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    match act {
        Reshape::Reopen { from, reason } => reopen(request, from.as_ref(), reason, ctx),
        Reshape::Reclassify { terms, reason } => reclassify(request, *terms, reason, ctx),
        Reshape::SplitOff { request: other, reference, reason } => {
            split_off(request, (other, reference), reason, ctx)
        }
        Reshape::ComeFrom { from, readers } => come_from(request, from, readers, ctx),
        Reshape::Merge { into, reason } => merge(request, &into, reason, ctx),
        Reshape::TakeIn(other) => take_in(request, other, ctx),
        Reshape::Unmerge { reason } => unmerge(request, reason, ctx),
        Reshape::LetGo(other) => let_go(request, other, ctx),
        Reshape::FollowMain { main, end } => follow_main(request, main, end, ctx),
        Reshape::MarkSpam { cause, reason } => mark_spam(request, cause, reason, ctx),
        Reshape::ClearSpam { reason } => clear_spam(request, reason, ctx),
    }
}

fn ensure_reason(reason: &Pii<String>) -> Result<(), Denied> {
    if reason.reveal().trim().is_empty() { Err(Denied::ReasonMissing) } else { Ok(()) }
}

/// Where the data is gone, there is nobody left to answer.
fn ensure_kept(request: &Request) -> Result<(), Denied> {
    if request.subject.reveal().email.is_empty() { Err(Denied::Gone) } else { Ok(()) }
}

/// A request that follows another is answered there: only what happens by itself, what the person does and
/// taking it out again are possible.
pub(super) fn ensure_not_merged(request: &Request, command: &Command) -> Result<(), Denied> {
    let is_answering = matches!(
        command,
        Command::Take(_)
            | Command::Complete { .. }
            | Command::Reject { .. }
            | Command::Retry(_)
            | Command::Excuse { .. }
            | Command::Owner(..)
            | Command::Mark { .. }
            | Command::Refuse { .. }
            | Command::Extend { .. }
            | Command::Reshape(Reshape::Reclassify { .. } | Reshape::SplitOff { .. })
    );
    if is_answering && request.is_merged() { Err(Denied::Merged) } else { Ok(()) }
}

/// Opens a closed request again: tasks that were not over go on, and those from a named one are done again.
fn reopen(
    request: &Request,
    from: Option<&TaskKey>,
    reason: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Reshape)?;
    if !request.status.is_closed() {
        return Err(Denied::NotClosed);
    }
    ensure_kept(request)?;
    ensure_reason(&reason)?;
    let is_cut_off = |key: &&TaskKey| {
        request.tasks.get(*key).is_some_and(|run| !run.state.is_over() && run.state != TaskState::Again)
    };
    let mut again: Vec<TaskKey> = request.tasks.keys().filter(is_cut_off).cloned().collect();
    if let Some(from) = from {
        if !can_go_on_from(request, from, ctx) {
            return Err(Denied::NotWaiting);
        }
        again.extend(from_task_on(request, ctx, from));
        again.sort();
        again.dedup();
    }
    // With every task over, it would be answered again at once, and with the same.
    let is_whole = ctx.flow.tasks().all(|task| request.tasks.contains_key(&task.key));
    if again.is_empty() && is_whole {
        return Err(Denied::AnswerMissing("where the work goes on".to_owned()));
    }
    Ok(vec![Event::Reopened(Reopened { again, reason })])
}

/// Says whether a reopened request may go on from a task: what is told and proven once is not done again.
pub fn can_go_on_from(request: &Request, task: &TaskKey, ctx: &Context<'_>) -> bool {
    let is_once = |operation| {
        matches!(operation, Operation::Acknowledge | Operation::CheckDuplicates | Operation::VerifyIdentity)
    };
    let known = ctx.flow.task(task);
    request.tasks.contains_key(task) && known.is_some_and(|task| !task.operation().is_some_and(is_once))
}

/// Takes the request as another kind: under other terms from the day of receipt on, with the flow begun anew.
/// The context is that of the new terms.
fn reclassify(
    request: &Request,
    terms: Terms,
    reason: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Reshape)?;
    request.ensure_open()?;
    ensure_kept(request)?;
    if terms.entity != request.terms.entity {
        return Err(Denied::NotAllowed);
    }
    if terms.activity == request.terms.activity {
        return Err(Denied::NothingChanges);
    }
    if !request.shape.merged.is_empty() {
        return Err(Denied::OthersFollow);
    }
    ensure_reason(&reason)?;
    let is_settled = |key: &TaskKey, operation: Option<Operation>| {
        let before = request.tasks.get(key).map(|run| run.state);
        match operation {
            Some(Operation::Acknowledge | Operation::CheckDuplicates) => {
                before.is_none_or(|state| state == TaskState::Done)
            }
            Some(Operation::VerifyIdentity) => request.verified_at.is_some(),
            _ => false,
        }
    };
    let settled = ctx.flow.tasks().filter(|task| is_settled(&task.key, task.operation()));
    let settled = settled.map(|task| task.key.clone()).collect();
    Ok(vec![Event::Reclassified(Box::new(Reclassified { terms, settled, reason }))])
}

/// Takes one wish out: the other request is made in the same transaction.
fn split_off(
    request: &Request,
    (other, reference): (RequestId, Reference),
    reason: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Reshape)?;
    request.ensure_open()?;
    ensure_kept(request)?;
    ensure_reason(&reason)?;
    Ok(vec![Event::SplitOff(SplitOff { request: other, reference, reason })])
}

/// Ties a new request to the one it was taken out of.
fn come_from(
    request: &Request,
    from: RequestId,
    readers: Readers,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Reshape)?;
    request.ensure_open()?;
    if request.shape.split_from.is_some() || from == request.id {
        return Err(Denied::NothingChanges);
    }
    let mut events = vec![Event::SplitFrom(Tied { request: from })];
    if readers != request.readers {
        let reason = Pii::new("As the request it was taken out of".to_owned());
        events.push(Event::ReadersSet(ReadersSet { readers, reason }));
    }
    Ok(events)
}

/// Lets the request follow another: only once both are proven to be of the same person, who asked the same.
fn merge(
    request: &Request,
    main: &Main,
    reason: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Reshape)?;
    request.ensure_open()?;
    if request.verified_at.is_none() || !main.is_verified {
        return Err(Denied::Unverified);
    }
    let is_same = main.entity == request.terms.entity
        && main.activity == request.terms.activity
        && *main.email.reveal() == crate::request::normal_email(&request.subject.reveal().email);
    if !is_same || main.id == request.id {
        return Err(Denied::NotSame);
    }
    if !main.is_open {
        return Err(Denied::Closed);
    }
    if main.follows || request.is_merged() {
        return Err(Denied::Merged);
    }
    if !request.shape.merged.is_empty() {
        return Err(Denied::OthersFollow);
    }
    ensure_reason(&reason)?;
    Ok(vec![Event::Merged(Merged { into: main.id, reference: main.reference.clone(), reason })])
}

/// Notes on the main request that another follows it.
fn take_in(request: &Request, other: RequestId, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Reshape)?;
    request.ensure_open()?;
    if request.is_merged() {
        return Err(Denied::Merged);
    }
    Ok(vec![Event::MergedIn(Tied { request: other })])
}

/// Takes the request out again: it goes on where it stood.
fn unmerge(request: &Request, reason: Pii<String>, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Reshape)?;
    request.ensure_open()?;
    let (from, _) = request.shape.merged_into.as_ref().ok_or(Denied::NothingChanges)?;
    ensure_reason(&reason)?;
    Ok(vec![Event::Unmerged(Unmerged { from: *from, reason })])
}

/// Notes on the main request that another no longer follows it.
fn let_go(request: &Request, other: RequestId, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Reshape)?;
    if !request.shape.merged.contains(&other) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::LetGo(Tied { request: other })])
}

/// Ends a request with the one it follows. Comes late or twice without harm.
fn follow_main(
    request: &Request,
    main: RequestId,
    end: MainEnd,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    if ctx.actor != Actor::System {
        return Err(Denied::NotAllowed);
    }
    let follows = request.shape.merged_into.as_ref().is_some_and(|(id, _)| *id == main);
    if request.status.is_closed() || !follows {
        return Ok(Vec::new());
    }
    Ok(vec![match end {
        MainEnd::Answered { is_partial } => {
            Event::AnsweredTogether(AnsweredTogether { with: main, is_partial })
        }
        MainEnd::Refused(refusal) => Event::Refused(refusal),
        MainEnd::Withdrawn => Event::Unmerged(Unmerged { from: main, reason: Pii::default() }),
    }])
}

/// Sets a request aside as spam: by a person with a reason, or by what Habeas saw at its receipt.
fn mark_spam(
    request: &Request,
    cause: SpamCause,
    reason: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    match cause {
        SpamCause::Person => {
            ctx.ensure(Action::MarkSpam)?;
            ensure_reason(&reason)?;
        }
        // A proven identity is somebody's: no pattern of requests speaks against it.
        SpamCause::Flood | SpamCause::Template if request.verified_at.is_some() => return Ok(Vec::new()),
        SpamCause::Flood | SpamCause::Template => {}
    }
    if request.is_spam() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::SpamMarked(SpamMarked { cause, reason })])
}

fn clear_spam(request: &Request, reason: Pii<String>, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::MarkSpam)?;
    ensure_reason(&reason)?;
    if !request.is_spam() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::SpamCleared(SpamCleared { reason })])
}

/// Proof of who asks takes back what Habeas had only supposed; a person's word stays until a person changes it.
pub(super) fn after_proof(request: &Request) -> Option<Event> {
    let is_supposed = matches!(request.shape.spam, Some(SpamCause::Flood | SpamCause::Template));
    is_supposed.then(|| Event::SpamCleared(SpamCleared { reason: Pii::default() }))
}
