//! `GET, POST /console/requests/{reference}/messages`: the conversation with the person.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::event::Actor;
use habeas_core::pii::Pii;
use habeas_core::request::Command;
use habeas_render::page::console::{RequestMessages, RequestTab};
use habeas_render::page::part::{Choice, Message, Writer};

use super::tab;
use crate::console::case::{self, Case};
use crate::console::people::People;
use crate::console::snippets;
use crate::console::told::Told;
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let page = page(&app, &staff, &reference).await?;
    tab::show(&app, &visit, &staff, told.sentence(), &page).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    if form.text("step") == "insert" {
        return insert(&app, &visit, &staff, &reference, &form).await;
    }
    let text = form.text("text");
    let problem = tab::text_problem(text, "Write something before you send it");
    let why = if problem.is_none() {
        let command = Command::Say { text: Pii::new(text.to_owned()), is_internal: false };
        match tab::act(&app, &staff, &reference, command).await? {
            Ok(()) => {
                let reference = page(&app, &staff, &reference).await?.head.reference;
                return Ok(respond::see(&format!("/console/requests/{reference}/messages?told=sent")));
            }
            Err(why) => Some(why),
        }
    } else {
        None
    };
    let page = RequestMessages {
        draft: text.to_owned(),
        draft_error: problem,
        ..page(&app, &staff, &reference).await?
    };
    tab::show_again(&app, &visit, &staff, why, &page).await
}

/// Puts a snippet behind what was typed, filled in for this request, to be read before it is sent.
async fn insert(app: &App, visit: &Visit, staff: &Staff, reference: &str, form: &Form) -> Result<Response> {
    let case = case::load(&mut app.store.read().await?, staff, reference).await?;
    let ctx = case::context(app, &case.request, staff)?;
    let chosen = app.catalog.snippet(form.text("snippet"));
    let put_in = chosen.map(|snippet| snippets::fill(app, &case, &ctx, &snippet.text));
    let parts = [Some(form.text("text").to_owned()).filter(|text| !text.is_empty()), put_in];
    let draft = parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let page = RequestMessages { draft, ..page(app, staff, reference).await? };
    tab::show(app, visit, staff, None, &page).await
}

/// Returns the tab.
pub(super) async fn page(app: &App, staff: &Staff, reference: &str) -> Result<RequestMessages> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, staff, reference).await?;
    let people = People::read(&mut read).await?;
    Ok(RequestMessages {
        head: case.head(app, staff, &people, RequestTab::Messages)?,
        messages: messages(&case, &people),
        can_write: access::may(&staff.roles, Action::Converse),
        pause: None,
        snippets: app.catalog.snippets().map(|known| Choice::new(&known.name, &known.title)).collect(),
        draft: String::new(),
        draft_error: None,
    })
}

fn messages(case: &Case, people: &People) -> Vec<Message> {
    let messages = case.request.messages.iter().filter(|_| case.is_seen);
    messages
        .map(|message| Message {
            writer: match (message.is_internal, message.from) {
                (true, _) => Writer::Note,
                (false, Actor::Subject) => Writer::Subject,
                (false, Actor::Staff(_) | Actor::System) => Writer::Staff,
            },
            from: match message.from {
                Actor::Subject => case.person().name,
                Actor::Staff(_) | Actor::System => people.actor(message.from),
            },
            at: case::moment(&case.request, message.at),
            text: message.text.reveal().clone(),
            files: Vec::new(),
        })
        .collect()
}
