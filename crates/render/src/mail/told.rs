//! What letters to a person say, from a request and what it is decided on: for the mails that are sent and
//! for those a trial shows.

use habeas_core::clock::Step;
use habeas_core::flow::Operation;
use habeas_core::law::{EventKind, Remedy};
use habeas_core::request::{Context, Request, governing};
use jiff::{SignedDuration, Timestamp};

use super::{
    About, Closed, CodeReminder, Completed, Extended, Letter, Question, Receipt, Refusal, Withdrawn,
};
use crate::page::part::{ExplainStep, Explained};
use crate::text::{Day, Moment};

/// Returns the receipt.
pub fn receipt(request: &Request, about: About, ctx: &Context<'_>) -> Letter {
    Letter::Receipt(Receipt {
        about,
        received_at: moment(ctx, request.received_at),
        due: explained(request, ctx),
        needs_code: request.verified_at.is_none() && asks(ctx, Operation::VerifyIdentity),
        next: next_steps(ctx),
    })
}

/// Returns the letter that the request was taken back.
pub fn withdrawn(request: &Request, about: About, ctx: &Context<'_>) -> Letter {
    Letter::Withdrawn(Withdrawn { about, at: moment(ctx, request.closed_at.unwrap_or(ctx.now)) })
}

/// Returns the letter that the answer stands in the portal.
pub fn replied(about: About) -> Letter {
    let done = vec!["Our answer stands on the page of your request: sign in there to read it.".to_owned()];
    Letter::Completed(Completed { about, done, kept: Vec::new() })
}

/// Returns the reminder to prove who asks.
pub fn code_reminder(request: &Request, about: About, ctx: &Context<'_>) -> Letter {
    let wait = SignedDuration::from_hours(24 * i64::from(ctx.settings.verification_days));
    let until = request.received_at.saturating_add(wait).unwrap_or(Timestamp::MAX);
    Letter::CodeReminder(CodeReminder { about, until: Day(until.to_zoned(ctx.zone.clone()).date()) })
}

/// Says whether the flow has a task with an operation.
fn asks(ctx: &Context<'_>, wanted: Operation) -> bool {
    ctx.flow.tasks().any(|task| task.operation() == Some(wanted))
}

/// Returns what happens next under the flow, a sentence each.
fn next_steps(ctx: &Context<'_>) -> Vec<String> {
    let mut steps = Vec::new();
    if asks(ctx, Operation::VerifyIdentity) {
        steps.push("We check that it is really you who asks, with a code by e-mail.");
    }
    if asks(ctx, Operation::Collect) {
        steps.push("We look for your data in every system we use.");
        steps.push("A member of our team looks through what was found, then you get it.");
    } else {
        steps.push("A member of our team sees to it, then you get an answer.");
    }
    steps.into_iter().map(str::to_owned).collect()
}

/// A refusal because nobody proved who asks is a letter of its own.
pub fn refused(request: &Request, about: About, decided_by: &str, ctx: &Context<'_>) -> Option<Letter> {
    let refusal = request.refusal.as_ref()?;
    let known = |id: &String| ctx.law.refusal_grounds().iter().find(|ground| ground.id == *id);
    let grounds: Vec<String> = refusal
        .grounds
        .iter()
        .zip(&refusal.articles)
        .map(|(id, article)| {
            known(id).map_or_else(|| article.clone(), |g| format!("{} ({article})", g.words))
        })
        .collect();
    let remedies = remedies(request, ctx);
    let explanation = refusal.explanation.reveal().clone();
    if request.verified_at.is_none() {
        return Some(Letter::Closed(Closed { about, ground: grounds.join("; "), explanation, remedies }));
    }
    let decided_by = decided_by.to_owned();
    Some(Letter::Refusal(Refusal { about, is_partial: false, grounds, explanation, remedies, decided_by }))
}

/// The newest open question; none where the person was quicker than the mail.
pub fn question(request: &Request, about: About, is_reminder: bool, ctx: &Context<'_>) -> Option<Letter> {
    let question = request.open_questions().last()?;
    let (_, _, wait) = question.about.rule(request, ctx);
    let waits = question.is_founded && question.about.may_wait(request, ctx);
    let pause = wait.filter(|_| waits).map(|wait| {
        format!("The time for our reply stands still until you have answered ({}).", wait.article)
    });
    Some(Letter::Question(Question { about, by: Some(Day(question.answer_by)), is_reminder, pause }))
}

/// Tells that it takes longer, until when and why.
pub fn extended(request: &Request, about: About, ctx: &Context<'_>) -> Option<Letter> {
    let mut before = request.clone();
    before.clock.retain(|(kind, _)| *kind != EventKind::ExtensionNotified);
    let from = explained(&before, ctx)?.on;
    let to = explained(request, ctx)?;
    let article = to.steps.iter().rev().find_map(|step| step.rule.clone()).unwrap_or_default();
    Some(Letter::Extended(Extended {
        about,
        from,
        to,
        ground: "We need more time to answer in full".to_owned(),
        article,
        explanation: request
            .extension_reason
            .as_ref()
            .map(|reason| reason.reveal().clone())
            .unwrap_or_default(),
        remedies: remedies(request, ctx),
    }))
}

/// Returns what the person can do, a sentence each.
fn remedies(request: &Request, ctx: &Context<'_>) -> Vec<String> {
    let line = |remedy: &Remedy| {
        let mut line = format!("{} ({})", remedy.name, remedy.article);
        for part in [&remedy.words, &remedy.site, &remedy.phone, &remedy.email].into_iter().flatten() {
            line.push_str(": ");
            line.push_str(part);
        }
        line
    };
    ctx.law.remedies(request.received_on(ctx)).map(line).collect()
}

/// Returns an instant in the organisation's zone.
pub fn moment(ctx: &Context<'_>, at: Timestamp) -> Moment {
    Moment(at.to_zoned(ctx.zone.clone()))
}

/// Returns the legal date with its steps; none where there is no date now.
pub fn explained(request: &Request, ctx: &Context<'_>) -> Option<Explained> {
    let deadline = governing(request, ctx).ok()?.into_ruling()?;
    let step = |step: Step| ExplainStep {
        text: step.words,
        rule: Some(step.article).filter(|article| !article.is_empty()),
        on: step.date.map(Day),
    };
    let on = Day(deadline.due?);
    Some(Explained { on, steps: deadline.steps.into_iter().map(step).collect() })
}
