//! `GET /my/receipt`: a receipt to keep, signed with the installation's key.
//!
//! Plain text and, after a line of its own, the signature over every byte before it. It can be checked
//! later with the public key alone, which stands in the log's export too.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use habeas_core::request::Request;

use super::case;
use crate::App;
use crate::error::{Error, Result};
use crate::guard::Subject;

pub(super) async fn get(State(app): State<App>, subject: Subject) -> Result<Response> {
    let request = case::load(&mut app.store.read().await?, subject.id).await?;
    let text = receipt(&app, &request)?;
    let name = format!("attachment; filename=\"receipt-{}.txt\"", request.reference);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&name).map_err(|_| Error::Broken("a file name"))?,
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
        ),
    ];
    Ok((headers, text).into_response())
}

/// Names what was asked and when, not who asked: whoever shows it has it.
fn receipt(app: &App, request: &Request) -> Result<String> {
    let entity = app.catalog.entity(&request.terms.entity);
    let mut text = format!(
        "Receipt\n\nReference: {}\nAsked for: {}\nAsked of: {}\nReceived: {}\nLaw: {}\n",
        request.reference,
        case::title(app, request),
        entity.map_or(request.terms.entity.as_str(), |entity| &entity.title),
        case::moment(request, request.received_at),
        case::context(app, request)?.law.title(),
    );
    if let Some(due) = case::due(app, request)? {
        let _ = write!(text, "Reply by: {}\n\nHow the date comes about:\n", due.on);
        for step in due.steps {
            let rule = step.rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
            let _ = writeln!(text, "- {}{rule}", step.text);
        }
    }
    let _ = write!(text, "\nPublic key: {}\n", app.store.public_key());
    let signature = hex::encode(app.store.sign(text.as_bytes()));
    let _ = writeln!(text, "Signature (Ed25519, over everything above this line): {signature}");
    Ok(text)
}
