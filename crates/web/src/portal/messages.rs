//! `POST /my/messages`: the person writes about their request.

use axum::extract::State;
use axum::response::Response;
use habeas_core::pii::Pii;
use habeas_core::request::Command;

use super::{case, my};
use crate::error::Result;
use crate::form::Form;
use crate::guard::Subject;
use crate::visit::Visit;
use crate::{App, limit, respond};

/// The longest message, in characters.
const LONGEST: usize = 5_000;

pub(super) async fn post(
    State(app): State<App>,
    visit: Visit,
    subject: Subject,
    form: Form,
) -> Result<Response> {
    let text = form.text("text");
    if let Some(problem) = problem(text) {
        let request = case::load(&mut app.store.read().await?, subject.id).await?;
        let mut page = my::page(&app, &request).await?;
        text.clone_into(&mut page.draft);
        page.draft_error = Some(problem);
        return respond::page_again(&my::chrome_of(&app, &visit, &request), &page);
    }
    say(&app, subject, text.to_owned()).await?;
    Ok(respond::see("/my?told=message#messages"))
}

/// Says what is wrong with a message.
pub(super) fn problem(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("Write something before you send it".to_owned());
    }
    if text.chars().count() > LONGEST {
        return Some(format!("Shorten it to at most {LONGEST} characters, or send it in parts"));
    }
    let is_plain = text.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control());
    (!is_plain).then(|| "Send plain text, without unseen characters".to_owned())
}

/// Adds a message to the conversation.
pub(super) async fn say(app: &App, subject: Subject, text: String) -> Result<()> {
    app.limit(limit::ACT_REQUEST, subject.id.as_bytes()).await?;
    let mut tx = app.store.begin().await?;
    let request = case::load(&mut tx, subject.id).await?;
    let ctx = case::context(app, &request)?;
    tx.act(&request, Command::Say { text: Pii::new(text), is_internal: false }, &ctx).await?;
    Ok(tx.commit().await?)
}
