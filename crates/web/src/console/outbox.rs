//! `GET /console/outbox`: mails that left or wait.
//!
//! A mail may hold the code that opens somebody's data: whom it is for and what it says is shown only where
//! the installation is a demonstration.

use axum::extract::State;
use axum::response::Response;
use habeas_render::page::Section;
use habeas_render::page::console::{MailRow, Outbox};
use habeas_render::page::part::{Badge, Tone};
use habeas_render::text::{self, Moment};
use habeas_store::Read;
use habeas_store::mails::{Mail, MailState};

use super::chrome;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// No list is longer.
const LONGEST: u32 = 100;

pub(super) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let mut read = app.store.read().await?;
    let mut rows = Vec::new();
    for mail in read.list_mails(LONGEST).await? {
        rows.extend(row(&app, &staff, &mut read, &mail).await?);
    }
    let remark = if app.options.shows_outbox {
        "This is a demonstration: mails are kept here, with what they say."
    } else {
        "What mails say is not shown here, since they may hold codes."
    };
    let page = Outbox { rows, pagination: None, remark: Some(remark.to_owned()) };
    let chrome = chrome::of(&app, &visit, &staff, Section::Outbox, &mut read).await?;
    respond::page(&chrome, &page)
}

/// Returns a mail as the reader may see it; none where its request is outside their scope.
pub(super) async fn row(app: &App, staff: &Staff, read: &mut Read, mail: &Mail) -> Result<Option<MailRow>> {
    let reference = match mail.request_id {
        Some(id) => match read.lookup_row(id, &staff.scope).await? {
            Some(row) => Some(row.reference.to_string()),
            None => return Ok(None),
        },
        None => None,
    };
    let (state, word) = match mail.state {
        MailState::Queued => (Tone::Info, "Waiting"),
        MailState::HandedOver if app.options.shows_outbox => (Tone::Good, "Kept here"),
        MailState::HandedOver => (Tone::Good, "Sent"),
        MailState::Failed => (Tone::Bad, "Failed"),
    };
    let shown = |name: &str| part(mail, name).filter(|_| app.options.shows_outbox);
    let to = part(mail, "to").map(|to| text::masked_email(&to));
    let occasion = mail.occasion.replace('_', " ");
    Ok(Some(MailRow {
        id: mail.id.to_string(),
        subject: shown("subject").unwrap_or_else(|| super::told::capitalised(&occasion)),
        to: shown("to").or(to).unwrap_or_else(|| "Deleted".to_owned()),
        at: Moment(mail.created_at.to_zoned(chrome::zone(app))),
        state: Badge::new(state, word),
        reference,
    }))
}

/// Returns a part of a mail's content.
pub(super) fn part(mail: &Mail, name: &str) -> Option<String> {
    mail.content.as_ref()?.get(name)?.as_str().map(str::to_owned)
}
