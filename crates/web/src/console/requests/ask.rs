//! `GET, POST /console/requests/{reference}/ask`: a question to the person that the law's clock may wait for.
//! `POST …/answer`: an answer that came by another way, written down by staff.
//!
//! What a question does to the date is shown before it is sent, computed by the same clock.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_core::pii::Pii;
use habeas_core::request::{About, Answered, Asked, Command, Context, Event, Request, governing};
use habeas_render::page::console::{AskPerson, Effect, OpenQuestion};
use habeas_render::page::part::Choice;
use habeas_render::text::Day;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::tab;
use crate::console::case::{self, Case};
use crate::console::told::capitalised;
use crate::console::words;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let page = page(&app, &staff, &reference, &Form::default()).await?;
    tab::show(&app, &visit, &staff, None, &page).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut page = page(&app, &staff, &reference, &form).await?;
    let about = About::lookup(form.text("about"));
    page.matter_error = about.is_none().then(|| "Choose what it is about".to_owned());
    page.text_error = tab::text_problem(form.text("text"), "Write the question");
    let Some(about) = about.filter(|_| page.text_error.is_none()) else {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    };
    let text = Pii::new(form.text("text").to_owned());
    let basis = Pii::new(form.text("basis").to_owned());
    match tab::act(&app, &staff, &reference, Command::Ask { about, text, basis }).await? {
        Ok(()) => Ok(respond::see(&format!("/console/requests/{}?told=asked", page.subject.reference))),
        Err(why) => tab::show_again(&app, &visit, &staff, Some(why), &page).await,
    }
}

/// Takes an answer that came by telephone, by post or as money.
pub(in crate::console) async fn answer(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut page = page(&app, &staff, &reference, &form).await?;
    let day = form.text("answered_on");
    let answered_on: Option<Date> = day.parse().ok();
    let number = form.text("number").parse().unwrap_or_default();
    page.answer_error = tab::text_problem(form.text("answer"), "Write what they answered");
    if page.answer_error.is_none() && answered_on.is_none() && !day.is_empty() {
        page.answer_error = Some("Write the day as year, month and day, or leave it empty".to_owned());
    }
    if page.answer_error.is_some() {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    }
    let text = Pii::new(form.text("answer").to_owned());
    match tab::act(&app, &staff, &reference, Command::Answer { number, text, answered_on }).await? {
        Ok(()) => Ok(respond::see(&format!("/console/requests/{}?told=answered", page.subject.reference))),
        Err(why) => tab::show_again(&app, &visit, &staff, Some(why), &page).await,
    }
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<AskPerson> {
    let case = case::load(&mut app.store.read().await?, staff, reference).await?;
    let request = &case.request;
    let ctx = case::context(app, request, staff)?;
    let answer_by = ctx.today().saturating_add(i64::from(ctx.settings.verification_days).days());
    let is_open = |about: About| request.open_questions().any(|question| question.about == about);
    let matters: Vec<About> = About::ALL.into_iter().filter(|about| !is_open(*about)).collect();
    let chosen = form.text("about");
    let choice = |about: &About| {
        Choice::new(about.as_str(), capitalised(words::about(*about))).selected(about.as_str() == chosen)
    };
    let effects: Result<Vec<Effect>> =
        matters.iter().map(|about| effect(*about, request, answer_by, &ctx)).collect();
    Ok(AskPerson {
        subject: case.subject(app),
        due: case::legal_date(request, &ctx)?,
        open: open(&case),
        matters: matters.iter().map(choice).collect(),
        matter_error: None,
        effects: effects?,
        answer_by: Day(answer_by),
        text: form.text("text").to_owned(),
        text_error: None,
        basis: form.text("basis").to_owned(),
        demands: matters.iter().filter_map(|about| demand(*about, request, &ctx)).collect(),
        answer: form.text("answer").to_owned(),
        answer_error: None,
        answered_on: form.text("answered_on").to_owned(),
        denied: request.status.is_closed().then(|| "The request is closed.".to_owned()),
    })
}

fn open(case: &Case) -> Vec<OpenQuestion> {
    let told = case.request.open_questions().map(|question| OpenQuestion {
        number: question.number,
        about: words::about(question.about).to_owned(),
        text: case.is_seen.then(|| question.text.reveal().clone()),
        asked_on: Day(question.asked_on),
        answer_by: Day(question.answer_by),
        is_overdue: question.is_overdue,
    });
    told.collect()
}

/// Says what the law demands of a question that moves the date.
fn demand(about: About, request: &Request, ctx: &Context<'_>) -> Option<String> {
    let (_, _, wait) = about.rule(request, ctx);
    let wait = wait.filter(|_| about.may_wait(request, ctx))?;
    let condition = wait.condition.as_ref()?;
    Some(format!("{}: {condition} ({})", capitalised(words::about(about)), wait.article))
}

/// Computes what a question would do that is asked today and answered on the last day.
fn effect(about: About, request: &Request, answer_by: Date, ctx: &Context<'_>) -> Result<Effect> {
    let (asked_as, answered_as, wait) = about.rule(request, ctx);
    let broken = || Error::Broken("a legal date can't be explained");
    let number = u32::MAX;
    let mut after = request.clone();
    let asked = Asked {
        task: None,
        number,
        about,
        asked_as,
        asked_on: ctx.today(),
        text: Pii::default(),
        is_founded: true,
        basis: Pii::default(),
        answer_by,
    };
    after.apply(&Event::Asked(asked), Actor::System, ctx.now);
    let waits = governing(&after, ctx).map_err(|_| broken())?.ruling().is_some_and(|date| date.due.is_none());
    let answered = Answered { number, answered_as, answered_on: answer_by, text: Pii::default() };
    after.apply(&Event::Answered(answered), Actor::System, ctx.now);
    let due = governing(&after, ctx).map_err(|_| broken())?.ruling().and_then(|date| date.due);
    let article = wait.map(|wait| format!(" ({})", wait.article)).unwrap_or_default();
    let while_open =
        if waits { format!("The date waits for the answer{article}") } else { "The date runs on".to_owned() };
    Ok(Effect { about: capitalised(words::about(about)), while_open, answered: due.map(Day) })
}
