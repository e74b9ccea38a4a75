//! `GET, POST /my/answer`: the person reads the oldest open question and answers it.

use axum::extract::State;
use axum::response::Response;
use habeas_core::law::{Effect, EventKind};
use habeas_core::pii::Pii;
use habeas_core::request::{About, Command, Context, Question, Request};
use habeas_render::page::portal::AnswerQuestion;
use habeas_render::text::Day;

use super::{case, messages, my};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Subject;
use crate::visit::Visit;
use crate::{App, limit, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit, subject: Subject) -> Result<Response> {
    let request = case::load(&mut app.store.read().await?, subject.id).await?;
    let question = request.open_questions().next().filter(|_| !request.status.is_closed());
    let page = page(&app, &request, question.ok_or(Error::NotFound)?)?;
    respond::page(&my::chrome_of(&app, &visit, &request), &page)
}

pub(super) async fn post(
    State(app): State<App>,
    visit: Visit,
    subject: Subject,
    form: Form,
) -> Result<Response> {
    let text = form.text("text");
    let number: u32 = form.text("number").parse().unwrap_or_default();
    if let Some(problem) = messages::problem(text) {
        let request = case::load(&mut app.store.read().await?, subject.id).await?;
        let question = request.question(number).filter(|question| question.answer.is_none());
        let page = page(&app, &request, question.ok_or(Error::NotFound)?)?;
        let page = AnswerQuestion { text: text.to_owned(), error: Some(problem), ..page };
        return respond::page_again(&my::chrome_of(&app, &visit, &request), &page);
    }
    app.limit(limit::ACT_REQUEST, subject.id.as_bytes()).await?;
    let mut tx = app.store.begin().await?;
    let request = case::load(&mut tx, subject.id).await?;
    let question = request.question(number).ok_or(Error::NotFound)?;
    // Sent twice, it is answered once.
    if question.answer.is_none() {
        let ctx = case::context(&app, &request)?;
        let text = Pii::new(text.to_owned());
        tx.act(&request, Command::Answer { number, text, answered_on: None }, &ctx).await?;
        tx.commit().await?;
    }
    Ok(respond::see("/my?told=answered"))
}

fn page(app: &App, request: &Request, question: &Question) -> Result<AnswerQuestion> {
    let ctx = case::context(app, request)?;
    let (_, answered_as, _) = question.about.rule(request, &ctx);
    Ok(AnswerQuestion {
        reference: request.reference.to_string(),
        title: case::title(app, request),
        number: question.number,
        question: question.text.reveal().clone(),
        by: Day(question.answer_by),
        effects: vec![effect(request, question, &ctx)],
        due: case::due(app, request)?,
        can_answer: answered_as != EventKind::FeePaid,
        text: String::new(),
        error: None,
    })
}

/// Says what a question does to the time for our reply, with the article that says so.
pub(super) fn effect(request: &Request, question: &Question, ctx: &Context<'_>) -> String {
    let (_, _, wait) = question.about.rule(request, ctx);
    let effect = wait.map_or(Effect::None, |wait| wait.effect(request.terms.reading));
    let article = wait.map_or("", |wait| wait.article.as_str());
    let until = if question.about == About::Fee { "the fee is settled" } else { "you have answered" };
    match effect {
        Effect::None => "The time for our reply runs on while we wait for you.".to_owned(),
        _ if !question.is_founded => "The time for our reply runs on while we wait for you.".to_owned(),
        Effect::StartsClock => format!("The time for our reply begins when {until} ({article})."),
        Effect::StartsAfterReflection => format!(
            "You have {} days to think it over; the time for our reply begins after them. If you don't confirm, \
             the request counts as taken back, at no cost ({article}).",
            wait.and_then(|wait| wait.reflection_days).unwrap_or_default()
        ),
        Effect::ExcludesDaysBetween | Effect::ExcludesBothDays => {
            format!("The time for our reply stands still until {until} ({article}).")
        }
    }
}
