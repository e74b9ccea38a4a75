//! The ends of a request other than an answer, and more time for one.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Context, Denied};
use crate::access::{self, Action};
use crate::definition::ExtensionBy;
use crate::event::Actor;
use crate::law::Pack;
use crate::pii::Pii;
use crate::request::due;
use crate::request::event::{Event, Extended, Refusal, Withdrawn};
use crate::request::state::Request;

/// Refuses with grounds of the law that applies, in the words of a person with a name.
pub(super) fn refuse(
    request: &Request,
    grounds: &[String],
    explanation: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    let by = ctx.ensure(Action::Refuse)?;
    request.ensure_open()?;
    let received_on = request.received_on(ctx);
    let known: Vec<_> = ctx
        .law
        .refusal_grounds()
        .iter()
        .filter(|ground| ground.versions.covers(received_on))
        .filter(|ground| ground.rights.is_empty() || ground.rights.contains(&request.terms.right))
        .filter(|ground| grounds.contains(&ground.id))
        .collect();
    if known.is_empty() || known.len() != grounds.len() {
        return Err(Denied::GroundMissing);
    }
    if explanation.reveal().trim().is_empty() {
        return Err(Denied::ReasonMissing);
    }
    Ok(vec![Event::Refused(Refusal {
        grounds: known.iter().map(|ground| ground.id.clone()).collect(),
        articles: known.iter().map(|ground| ground.article.clone()).collect(),
        explanation,
        by,
    })])
}

/// Only the person takes a request back, and only once they have shown who they are.
pub(super) fn withdraw(request: &Request, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    if ctx.actor != Actor::Subject {
        return Err(Denied::NotAllowed);
    }
    request.ensure_open()?;
    if request.verified_at.is_none() {
        return Err(Denied::Unverified);
    }
    Ok(vec![Event::Withdrawn(Withdrawn {})])
}

/// Prolongs the legal date where the law does so for a notice given today.
pub(super) fn extend(
    request: &Request,
    reason: Pii<String>,
    until: Option<Date>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Extend)?;
    request.ensure_open()?;
    match &request.terms.targets.extension {
        ExtensionBy::Anyone => {}
        ExtensionBy::Role(role) if access::is_member(ctx.roles, role) => {}
        ExtensionBy::Role(_) => return Err(Denied::NotAllowed),
        ExtensionBy::Nobody => return Err(Denied::NoExtension),
    }
    if reason.reveal().trim().is_empty() {
        return Err(Denied::ReasonMissing);
    }
    let extended = Extended { notified_on: ctx.today(), reason, until };
    let mut after = request.clone();
    let event = Event::Extended(extended);
    after.apply(&event, ctx.actor, ctx.now);
    let (before, after) = (due::compute(request, ctx)?, due::compute(&after, ctx)?);
    match (before.on, after.on) {
        (Some(before), Some(after)) if after > before => Ok(vec![event]),
        (_, _) => Err(Denied::NoExtension),
    }
}

/// What the person is told of more time that the law gives without a reason.
const NO_REASON: &str =
    "We need more time than usual to answer. The law lets us take it without a further reason.";

/// Prolongs the legal date where every law that binds does so without a reason, and says how long; else a person
/// has to say why.
pub(super) fn extend_without_reason(request: &Request, ctx: &Context<'_>) -> Option<Event> {
    let right = request.terms.right;
    let received_on = request.received_on(ctx);
    let gives = |law: &Pack| {
        let period = law.period(law.main_obligation(right), right, received_on);
        let extension = period.and_then(|period| period.extension.as_ref());
        extension.is_some_and(|it| !it.needs_reason && it.length.is_some())
    };
    // A law that grants no such right has no say.
    let has_say = |law: &&Pack| law.period(law.main_obligation(right), right, received_on).is_some();
    let is_free = gives(ctx.law) && ctx.also.iter().copied().filter(has_say).all(gives);
    if !is_free || request.terms.targets.extension == ExtensionBy::Nobody {
        return None;
    }
    let before = request.due.as_ref()?.on?;
    let reason = Pii::new(NO_REASON.to_owned());
    let event = Event::Extended(Extended { notified_on: ctx.today(), reason, until: None });
    let mut after = request.clone();
    after.apply(&event, ctx.actor, ctx.now);
    let after = due::compute(&after, ctx).ok()?;
    after.on.is_some_and(|on| on > before).then_some(event)
}

/// Says whether the law would give more time for a notice given today.
pub(super) fn could_extend(request: &Request, ctx: &Context<'_>) -> bool {
    let Some(due_on) = request.due.as_ref().and_then(|due| due.on) else { return false };
    if request.terms.targets.extension == ExtensionBy::Nobody {
        return false;
    }
    let mut after = request.clone();
    // Where the law leaves the length to the notice, any later date will do to see whether it may be given.
    let until = Some(due_on.saturating_add(1.month()));
    let extended = Extended { notified_on: ctx.today(), reason: Pii::default(), until };
    after.apply(&Event::Extended(extended), ctx.actor, ctx.now);
    due::compute(&after, ctx).is_ok_and(|after| after.on.is_some_and(|on| on > due_on))
}
