//! Questions to the person, their answers, and what the clock wakes a request for.
//!
//! Staff state why a question had to be asked: without that it goes out, but the law doesn't let the date
//! wait for it. Nothing here closes a request; who doesn't answer is decided on by a person.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Context, Denied, close};
use crate::access::Action;
use crate::clock::State;
use crate::event::Actor;
use crate::flow::TaskKey;
use crate::pii::Pii;
use crate::request::event::{
    Answered, Asked, DuePassed, Event, ExtensionProposed, Forwarded, QuestionNamed, TaskAnswered,
};
use crate::request::question::About;
use crate::request::state::Request;

/// The longest question or answer, in characters.
const LONGEST: usize = 10_000;

/// Most questions a request can have.
const QUESTIONS_MAX: usize = 50;

/// Asks the person; one question about a matter at a time.
pub(super) fn ask(
    request: &Request,
    about: About,
    text: Pii<String>,
    basis: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Converse)?;
    request.ensure_open()?;
    ensure_text(&text, "the question")?;
    ensure_short(&basis, "why it is asked")?;
    if request.open_questions().any(|question| question.about == about) {
        return Err(Denied::AlreadyAsked);
    }
    if request.questions.len() >= QUESTIONS_MAX {
        return Err(Denied::TooManyQuestions);
    }
    Ok(vec![Event::Asked(asked(request, about, text, basis, ctx))])
}

/// A task of the flow asks the person; it waits until they answer.
pub(super) fn ask_for(
    request: &Request,
    task: &TaskKey,
    text: Pii<String>,
    basis: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    let waits = request.open_questions().any(|question| question.task.as_ref() == Some(task));
    if waits {
        return Ok(Vec::new());
    }
    ensure_text(&text, "the question")?;
    if request.questions.len() >= QUESTIONS_MAX {
        return Err(Denied::TooManyQuestions);
    }
    let asked = asked(request, About::Clarification, text, basis, ctx);
    Ok(vec![Event::Asked(Asked { task: Some(task.clone()), ..asked })])
}

fn asked(request: &Request, about: About, text: Pii<String>, basis: Pii<String>, ctx: &Context<'_>) -> Asked {
    let (asked_as, _, wait) = about.rule(request, ctx);
    let is_stated = !basis.reveal().trim().is_empty();
    let is_founded = is_stated || wait.is_none_or(|wait| wait.condition.is_none());
    let number = u32::try_from(request.questions.len()).unwrap_or(u32::MAX).saturating_add(1);
    let answer_by = ctx.today().saturating_add(i64::from(ctx.settings.verification_days).days());
    let asked_on = ctx.today();
    Asked { number, about, asked_as, asked_on, text, is_founded, basis, answer_by, task: None }
}

/// Takes an answer in: from the person, or from staff whom the person told it.
///
/// That a fee is paid is for staff to say, who see the money; a person only says that they want to pay.
pub(super) fn answer(
    request: &Request,
    number: u32,
    text: Pii<String>,
    answered_on: Option<Date>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    request.ensure_open()?;
    let question = request.open_questions().find(|question| question.number == number);
    let question = question.ok_or(Denied::NotWaiting)?;
    let (_, answered_as, _) = question.about.rule(request, ctx);
    let answered_on = match ctx.actor {
        Actor::Staff(_) => {
            ctx.ensure(Action::Converse)?;
            answered_on.unwrap_or_else(|| ctx.today())
        }
        Actor::Subject if request.verified_at.is_some() || question.about == About::Identity => {
            if answered_as == crate::law::EventKind::FeePaid {
                return Err(Denied::NotAllowed);
            }
            ctx.today()
        }
        Actor::Subject => return Err(Denied::Unverified),
        Actor::System => return Err(Denied::NotAllowed),
    };
    if answered_on < question.asked_on || answered_on > ctx.today() {
        return Err(Denied::AnswerWrong("the day of the answer".to_owned()));
    }
    ensure_text(&text, "the answer")?;
    let waiting = question.task.clone().filter(|task| request.running(task).is_some());
    let done = waiting.map(|task| {
        let answers = Pii::new([("answer".to_owned(), text.reveal().clone())].into());
        Event::TaskCompleted(TaskAnswered { task, answers })
    });
    let answered = Event::Answered(Answered { number, answered_as, answered_on, text });
    Ok(std::iter::once(answered).chain(done).collect())
}

/// Notes the day a request that came in elsewhere reached those who handle requests.
pub(super) fn forward(
    request: &Request,
    forwarded_on: Date,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Converse)?;
    request.ensure_open()?;
    if forwarded_on < request.received_on(ctx) || forwarded_on > ctx.today() {
        return Err(Denied::AnswerWrong("the day it was passed on".to_owned()));
    }
    Ok(vec![Event::Forwarded(Forwarded { forwarded_on })])
}

/// The day came by which a question was to be answered.
pub(super) fn overdue(request: &Request, number: u32, ctx: &Context<'_>) -> Option<Event> {
    let question = request.open_questions().find(|question| question.number == number)?;
    let is_late = !request.status.is_closed() && ctx.today() > question.answer_by && !question.is_overdue;
    is_late.then_some(Event::QuestionOverdue(QuestionNamed { number }))
}

/// The date is near: proposes more time where the law would give it, or takes it where no law wants a reason
/// and the organisation has set so; once.
pub(super) fn propose_extension(request: &Request, ctx: &Context<'_>) -> Option<Event> {
    if request.status.is_closed() || request.is_extended() || request.extension_proposed_at.is_some() {
        return None;
    }
    let due_on = request.due.as_ref()?.on?;
    let lead = i64::from(request.terms.targets.propose_extension_days);
    let from = due_on.checked_sub(lead.days()).ok().filter(|_| lead > 0)?;
    let is_near = (from..=due_on).contains(&ctx.today());
    if is_near { propose(request, ctx) } else { None }
}

/// Proposes more time where the law would give it, once.
pub(super) fn propose(request: &Request, ctx: &Context<'_>) -> Option<Event> {
    let due_on = request.due.as_ref()?.on?;
    let is_open = !request.is_extended() && request.extension_proposed_at.is_none();
    if !is_open {
        return None;
    }
    if request.terms.targets.extends_itself
        && let Some(extended) = close::extend_without_reason(request, ctx)
    {
        return Some(extended);
    }
    close::could_extend(request, ctx).then_some(Event::ExtensionProposed(ExtensionProposed { due_on }))
}

/// The date passed: the answer is missed, or counts as a refusal where the law says so.
pub(super) fn pass(request: &Request, ctx: &Context<'_>) -> Option<Event> {
    let due = request.due.as_ref().filter(|due| due.state == State::Running.as_str())?;
    let due_on = due.on.filter(|on| !request.status.is_closed() && ctx.today() > *on)?;
    let ruling = super::due::governing(request, ctx).ok()?;
    let is_refusal = ruling.ruling()?.deemed_refused_from.is_some();
    let state = if is_refusal { State::DeemedRefused } else { State::Missed };
    Some(Event::DuePassed(DuePassed { due_on, state: state.as_str().to_owned() }))
}

fn ensure_text(text: &Pii<String>, what: &str) -> Result<(), Denied> {
    if text.reveal().trim().is_empty() {
        return Err(Denied::AnswerMissing(what.to_owned()));
    }
    ensure_short(text, what)
}

fn ensure_short(text: &Pii<String>, what: &str) -> Result<(), Denied> {
    if text.reveal().chars().count() > LONGEST {
        return Err(Denied::AnswerWrong(what.to_owned()));
    }
    Ok(())
}
