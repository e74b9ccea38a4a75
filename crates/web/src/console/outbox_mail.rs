//! `GET /console/outbox/{mail}`: one mail.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_render::page::Section;
use habeas_render::page::console::OutboxMail;
use habeas_store::mails::MailState;

use super::{chrome, outbox};
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    // Ids of mails come from our own list; anything else names none.
    let mail = match id.parse() {
        Ok(id) => read.lookup_mail(id).await?,
        Err(_) => None,
    };
    let mail = mail.ok_or(Error::NotFound)?;
    let row = outbox::row(&app, &staff, &mut read, &mail).await?.ok_or(Error::NotFound)?;
    let text = match (app.options.shows_outbox, outbox::part(&mail, "text")) {
        (true, Some(text)) => text,
        (true, None) => "It was deleted with the request's data.".to_owned(),
        (false, _) => "What mails say is not shown here, since they may hold codes.".to_owned(),
    };
    let page = OutboxMail {
        row,
        from: chrome::host(&app).map(|entity| entity.contact_email.clone()).unwrap_or_default(),
        text,
        message_id: format!("<{}>", mail.message_id),
        problem: (mail.state == MailState::Failed).then(|| "The mail server refused it".to_owned()),
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Outbox, &mut read).await?;
    respond::page(&chrome, &page)
}
