//! `GET, POST /my/complain`: a complaint to the organisation, which reaches staff as a message.

use axum::extract::State;
use axum::response::Response;
use habeas_core::law::Obligation;
use habeas_core::request::Request;
use habeas_render::page::portal::Complain;

use super::start::reply_within;
use super::{case, messages, my};
use crate::error::Result;
use crate::form::Form;
use crate::guard::Subject;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit, subject: Subject) -> Result<Response> {
    let request = case::load(&mut app.store.read().await?, subject.id).await?;
    respond::page(&my::chrome_of(&app, &visit, &request), &page(&app, &request)?)
}

pub(super) async fn post(
    State(app): State<App>,
    visit: Visit,
    subject: Subject,
    form: Form,
) -> Result<Response> {
    let text = form.text("text");
    if let Some(problem) = messages::problem(text) {
        let request = case::load(&mut app.store.read().await?, subject.id).await?;
        let page = Complain { text: text.to_owned(), error: Some(problem), ..page(&app, &request)? };
        return respond::page_again(&my::chrome_of(&app, &visit, &request), &page);
    }
    messages::say(&app, subject, format!("Complaint:\n\n{text}")).await?;
    Ok(respond::see("/my?told=complaint#messages"))
}

fn page(app: &App, request: &Request) -> Result<Complain> {
    let ctx = case::context(app, request)?;
    // UK DPA 2018 s.164A sets a period; most laws set none.
    let within = reply_within(
        ctx.law,
        Obligation::ComplaintAcknowledgement,
        request.terms.right,
        request.received_on(&ctx),
    );
    Ok(Complain {
        reference: request.reference.to_string(),
        text: String::new(),
        error: None,
        answered: within
            .map_or_else(|| "without undue delay".to_owned(), |within| format!("within {within}")),
        authority: my::authority(request, &ctx),
    })
}
