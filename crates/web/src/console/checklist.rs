//! `GET /console/checklist`: first steps of a new installation.

use axum::extract::State;
use axum::response::Response;
use habeas_core::definition::Kind;
use habeas_render::page::Section;
use habeas_render::page::console::{CheckItem, Checklist};
use habeas_store::Read;
use habeas_store::mails::MailState;
use habeas_store::requests::{Filter, Paging};

use super::{case, chrome};
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let mut read = app.store.read().await?;
    let page = Checklist { items: items(&app, &staff, &mut read).await? };
    let chrome = chrome::of(&app, &visit, &staff, Section::Checklist, &mut read).await?;
    respond::page(&chrome, &page)
}

/// Returns the steps in order.
pub(super) async fn items(app: &App, staff: &Staff, read: &mut Read) -> Result<Vec<CheckItem>> {
    let users = read.list_users().await?.len();
    let filter = Filter::default();
    let requests = read.list(&filter, Paging { limit: 0, ..Paging::default() }, &staff.scope).await?.total;
    let mails = read.list_mails(1).await?;
    let was_sent = mails.first().is_some_and(|mail| mail.state == MailState::HandedOver);
    let offered: Vec<String> = app
        .catalog
        .offered()
        .map(|activity| format!("{}, {}", activity.title, case::law_name(app, &activity.law)))
        .collect();
    let sources = app.catalog.texts(Kind::Dataset).len();
    let host = chrome::host(app).map(|entity| entity.title.clone());
    let item = |title: &str, text: String, is_done, action: Option<(&str, &str)>| CheckItem {
        title: title.to_owned(),
        text,
        is_done,
        action: action.map(|(label, href)| (label.to_owned(), href.to_owned())),
    };
    let organisation = match host {
        Some(name) => format!("{name}: {}.", offered.join("; ")),
        None => "Describe it in entity.yml in the definitions folder; it is read at the start.".to_owned(),
    };
    Ok(vec![
        item("First user", "You are here.".to_owned(), true, None),
        item("Organisation and law", organisation, !offered.is_empty(), None),
        item(
            "First data source",
            "A system that holds people's data, described in a file of the folder definitions/datasets."
                .to_owned(),
            sources > 0,
            Some(("Data sources", "/console/sources")),
        ),
        item(
            "A colleague",
            "So that work can be shared, and somebody can let you in when you lose your phone.".to_owned(),
            users > 1,
            Some(("Invite somebody", "/console/users/new")),
        ),
        item(
            "First test request",
            "Ask on the portal as a made-up person and follow it through.".to_owned(),
            requests > 0,
            Some(("Requests", "/console/requests")),
        ),
        item(
            "Mail",
            "Every mail made is in the outbox; once one left, mail works.".to_owned(),
            was_sent,
            Some(("Outbox", "/console/outbox")),
        ),
    ])
}
