//! `GET /my`: the person's own request.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_core::flow::{Flow, Stage};
use habeas_core::request::{Context, Request, Status};
use habeas_render::page::part::{self, Dates, Facts, Notice, Row, Step, StepState, Steps, Tone, Writer};
use habeas_render::page::portal::{Authority, Document, MyRequest, Needed};
use habeas_render::text::{self, Day};
use serde::Deserialize;

use super::{case, chrome, done, found};
use crate::error::Result;
use crate::guard::Subject;
use crate::visit::Visit;
use crate::{App, dates, respond};

/// What was just done, for a line on top of the page.
#[derive(Deserialize)]
pub(super) struct Told {
    #[serde(default)]
    told: String,
}

pub(super) async fn get(
    State(app): State<App>,
    visit: Visit,
    subject: Subject,
    Query(told): Query<Told>,
) -> Result<Response> {
    let request = case::load(&mut app.store.read().await?, subject.id).await?;
    let mut chrome = chrome_of(&app, &visit, &request);
    let done = match told.told.as_str() {
        "message" => Some("Your message was sent"),
        "complaint" => Some("Your complaint was sent"),
        "answered" => Some("Your answer was sent"),
        "withdrawn" => Some("You have withdrawn your request"),
        _ => None,
    };
    chrome.notices.extend(done.map(|done| Notice::new(Tone::Good, done)));
    respond::page(&chrome, &page(&app, &request).await?)
}

/// Returns the chrome of a page about a request one is signed in to.
pub(super) fn chrome_of(app: &App, visit: &Visit, request: &Request) -> habeas_render::page::Chrome {
    let entity = app.catalog.entity(&request.terms.entity);
    chrome::of(app, visit, entity, Some(request.reference.as_str()))
}

/// Returns the page as it stands.
pub(super) async fn page(app: &App, request: &Request) -> Result<MyRequest> {
    let ctx = case::context(app, request)?;
    // Before the reply is given, a person may still decide what can be told of where was looked.
    let found = if is_given(request) { found::read(app, request).await? } else { None };
    let (tone, state) = sentence(request, &ctx);
    Ok(MyRequest {
        reference: request.reference.to_string(),
        title: case::title(app, request),
        tone,
        state,
        received_at: case::moment(request, request.received_at),
        needed: needed(request, &ctx),
        steps: Steps {
            label: "How far your request is".to_owned(),
            steps: ctx.flow.stages.iter().map(|stage| step(request, ctx.flow, stage)).collect(),
        },
        due: if request.status.is_closed() { None } else { case::due(app, request)? },
        dates: if request.status.is_closed() { Dates::default() } else { dates::dates(request, &ctx) },
        notices: notices(request),
        told: told(app, request, &ctx),
        messages: messages(request),
        can_write: request.verified_at.is_some(),
        draft: String::new(),
        draft_error: None,
        documents: documents(request, &ctx),
        corrected: done::corrected(request),
        stays: done::stays(request),
        recipients: done::recipients(request),
        coverage: found.map(|found| found.coverage(request)),
        can_withdraw: request.verified_at.is_some() && !request.status.is_closed(),
        authority: authority(request, &ctx),
    })
}

/// Says how a request stands, in one sentence. A refusal is said with its reason where the person reads it.
fn sentence(request: &Request, ctx: &Context<'_>) -> (Tone, String) {
    if let Some((_, main)) = &request.shape.merged_into {
        if request.is_merged() {
            return (Tone::Info, format!("We answer this request together with your request {main}."));
        }
        if matches!(request.status, Status::Completed | Status::PartlyFulfilled) {
            return (
                Tone::Good,
                format!("It is answered: the reply to your request {main} is the reply to both."),
            );
        }
    }
    let is_ready = is_open(request, ctx);
    let (tone, text) = match request.status {
        Status::Received => (Tone::Info, "Your request is in, and we have begun to look at it."),
        Status::AwaitingVerification => (Tone::Warn, "We are waiting for the code from our e-mail."),
        Status::AwaitingSubject => (Tone::Warn, "We are waiting for your answer."),
        Status::InProgress => return (Tone::Info, in_progress(request, ctx.flow)),
        Status::Completed if request.holds_nothing() => {
            (Tone::Good, "We have answered your request: we found no data about you.")
        }
        Status::Completed if is_ready => (Tone::Good, "We have answered your request."),
        Status::Completed => (Tone::Good, "We have answered your request."),
        Status::PartlyFulfilled if is_ready => {
            (Tone::Good, "Our reply is ready. It leaves something out; the reply says what and why.")
        }
        Status::PartlyFulfilled => (Tone::Good, "We have answered your request in part."),
        Status::Refused => (Tone::Bad, "We have refused your request. Our reasons stand below."),
        Status::Withdrawn => (Tone::Neutral, "You have withdrawn this request."),
    };
    (tone, text.to_owned())
}

fn in_progress(request: &Request, flow: &Flow) -> String {
    let current = flow.stages.iter().find(|stage| !is_over(request, flow, stage));
    match current.map(|stage| stage.key.as_str()) {
        Some("collection") => "We are collecting your data from our systems.".to_owned(),
        Some("review") => "A person is looking over what was found.".to_owned(),
        Some("delivery") => "We are putting our reply together.".to_owned(),
        _ => "We are working on your request.".to_owned(),
    }
}

fn is_over(request: &Request, flow: &Flow, stage: &Stage) -> bool {
    flow.stages.iter().any(|known| known.key == stage.key)
        && stage.tasks.iter().all(|task| request.tasks.get(&task.key).is_some_and(|run| run.state.is_over()))
}

/// Returns a stage as a step: what waits inside the house is work to the person, not a failure.
fn step(request: &Request, flow: &Flow, stage: &Stage) -> Step {
    let runs = || stage.tasks.iter().filter_map(|task| request.tasks.get(&task.key));
    if is_over(request, flow, stage) {
        let ended = runs().filter_map(|run| run.ended.map(|(_, at)| at)).max();
        let note = ended.map(|at| case::moment(request, at).day().short());
        return Step::new(&stage.title, StepState::Done, note);
    }
    if request.status.is_closed() {
        return Step::new(&stage.title, StepState::Skipped, None);
    }
    match runs().map(|run| run.started_at).min() {
        Some(since) => {
            let note = format!("since {}", case::moment(request, since).day().short());
            Step::new(&stage.title, StepState::Current, Some(note))
        }
        None => Step::new(&stage.title, StepState::Todo, None),
    }
}

fn needed(request: &Request, ctx: &Context<'_>) -> Option<Needed> {
    if request.status == Status::AwaitingVerification && request.verified_at.is_none() {
        return Some(Needed::Code);
    }
    if let Some(question) = request.open_questions().next().filter(|_| !request.status.is_closed()) {
        return Some(Needed::Answer {
            question: question.text.reveal().clone(),
            by: Some(Day(question.answer_by)),
            pauses: question.is_founded && question.about.may_wait(request, ctx),
        });
    }
    let until = request.package.as_ref().and_then(|package| package.available_until)?;
    is_open(request, ctx).then(|| Needed::Fetch { until: case::moment(request, until) })
}

/// Says whether the reply can be fetched now: its time isn't over, and it wasn't fetched too often.
pub(super) fn is_open(request: &Request, ctx: &Context<'_>) -> bool {
    request.reply().is_some_and(|package| {
        package.download_count < ctx.settings.download_limit
            && package.available_until.is_some_and(|until| ctx.now < until)
    })
}

fn is_given(request: &Request) -> bool {
    request.package.as_ref().is_some_and(|package| package.available_until.is_some())
}

fn notices(request: &Request) -> Vec<Notice> {
    let mut notices = Vec::new();
    if request.is_extended() && !request.status.is_closed() {
        notices.push(Notice::new(Tone::Info, "We need more time").text("Our message below says why."));
    }
    if let Some(refusal) = &request.refusal {
        let articles = refusal.articles.join(", ");
        let text = format!("{} ({articles})", refusal.explanation.reveal());
        notices.push(Notice::new(Tone::Warn, "Why we refused").text(text));
    }
    notices
}

/// Returns what the flow has the person told, once they have proven who they are.
fn told(app: &App, request: &Request, ctx: &Context<'_>) -> Facts {
    if request.verified_at.is_none() {
        return Facts { rows: Vec::new() };
    }
    let row = |(label, value, list): (&str, String, Option<&str>)| {
        let list = list.and_then(|name| app.catalog.list(name));
        let words = list.and_then(|list| list.value(&value)).map(str::to_owned);
        Row::new(label, words.unwrap_or(value))
    };
    Facts { rows: request.told_to_subject(ctx.flow).into_iter().map(row).collect() }
}

/// Returns the conversation; notes of staff never get here.
fn messages(request: &Request) -> Vec<part::Message> {
    let told = request.messages.iter().filter(|message| !message.is_internal);
    told.map(|message| {
        let (writer, from) = match message.from {
            Actor::Subject => (Writer::Subject, "You"),
            Actor::Staff(_) => (Writer::Staff, "The privacy team"),
            Actor::System => (Writer::Staff, "Automatic message"),
        };
        part::Message {
            writer,
            from: from.to_owned(),
            at: case::moment(request, message.at),
            text: message.text.reveal().clone(),
            files: Vec::new(),
        }
    })
    .collect()
}

fn documents(request: &Request, ctx: &Context<'_>) -> Vec<Document> {
    let received = case::moment(request, request.received_at).day().short();
    let receipt = Document {
        title: "Receipt".to_owned(),
        href: "/my/receipt".to_owned(),
        note: format!("{received}, signed text"),
    };
    let package = request.package.as_ref().filter(|package| !package.is_deleted);
    let reply = package.and_then(|package| Some((package, package.kept_until?))).map(|(package, kept)| {
        let kept = Day(kept.to_zoned(ctx.zone.clone()).date());
        Document {
            title: "Our reply".to_owned(),
            href: "/my/reply".to_owned(),
            note: format!("{}, kept until {kept}", text::size(package.byte_count)),
        }
    });
    std::iter::once(receipt).chain(reply).collect()
}

/// Returns who hears complaints about the organisation, as the law pack of the day of receipt names them:
/// the one for the person's country where there are several.
pub(super) fn authority(request: &Request, ctx: &Context<'_>) -> Option<Authority> {
    let received_on = request.received_on(ctx);
    let country = request.subject.reveal().country.as_deref();
    let known =
        || ctx.law.remedies(received_on).filter(|remedy| remedy.kind == "authority" && remedy.site.is_some());
    let near = known().find(|remedy| remedy.region.is_some() && remedy.region.as_deref() == country);
    let remedy =
        near.or_else(|| known().find(|remedy| remedy.region.is_none())).or_else(|| known().next())?;
    Some(Authority {
        name: remedy.name.clone(),
        url: remedy.site.clone().filter(|url| url.starts_with("https://"))?,
        phone: remedy.phone.clone(),
    })
}
