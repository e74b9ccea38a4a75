//! `GET /sent`: the request is in. Says the same whether or not the person is known.

use axum::extract::State;
use axum::response::Response;
use habeas_core::flow::{Flow, Work};
use habeas_render::page::portal::Sent;
use habeas_render::text::masked_email;

use super::{case, chrome, state};
use crate::error::Result;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit) -> Result<Response> {
    let state: state::State = visit.data();
    let Some(filed) = state.filed else { return Ok(respond::see("/")) };
    let request = case::load(&mut app.store.read().await?, filed.request).await?;
    let ctx = case::context(&app, &request)?;
    let asks_code = case::asks_code(ctx.flow) && request.verified_at.is_none();
    let page = Sent {
        reference: request.reference.to_string(),
        title: case::title(&app, &request),
        received_at: case::moment(&request, request.received_at),
        due: case::due(&app, &request)?,
        code_sent_to: asks_code.then(|| masked_email(&request.subject.reveal().email)),
        next: next(ctx.flow, asks_code),
        receipt_href: None,
    };
    respond::page(&chrome::of(&app, &visit, app.catalog.entity(&request.terms.entity), None), &page)
}

/// Returns what happens next, as far as the flow says.
fn next(flow: &Flow, asks_code: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if asks_code {
        lines.push("You enter the code from our e-mail, so that nobody else gets an answer in your name.");
    }
    lines.push("We search our systems for your data.");
    if flow.tasks().any(|task| matches!(task.work, Work::Manual(_))) {
        lines.push("A person looks over what was found before it leaves the house.");
    }
    lines.push("You get an e-mail as soon as our reply is here. It tells of no data; you sign in to see it.");
    lines.into_iter().map(str::to_owned).collect()
}
