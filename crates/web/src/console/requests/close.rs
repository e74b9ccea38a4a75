//! `GET, POST /console/requests/{reference}/close`: closing what was never verified. Proposed by a timer,
//! decided by a person, with a ground of the law about who asks.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::request::Event;
use habeas_render::page::console::{Close, CloseCause};
use habeas_render::page::part::{Entry, Timeline, Tone};

use super::{grounds, letter, tab};
use crate::App;
use crate::console::case;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let page = page(&app, &staff, &reference, &Form::default()).await?;
    tab::show(&app, &visit, &staff, None, &page).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let page = page(&app, &staff, &reference, &form).await?;
    letter::send(&app, &visit, &staff, page, grounds::refusal).await
}

/// What was verified is answered or refused, not closed: the page isn't there for it.
async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<Close> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, staff, reference).await?;
    let request = &case.request;
    if request.verified_at.is_some() || request.status.is_closed() {
        return Err(Error::NotFound);
    }
    let entries = read.lookup_entries(request.id).await?.ok_or(Error::NotFound)?;
    let ctx = case::context(app, request, staff)?;
    let about_who = grounds::of(request, &ctx).into_iter().filter(|ground| grounds::is_identity(ground));
    let choices = about_who.map(|ground| grounds::choice(ground, form));
    let mut tried = Vec::new();
    for entry in entries.iter().rev().take(50) {
        let title = match Event::from_record(&entry.record) {
            Ok(Event::VerificationAsked(_)) => "A code was sent",
            Ok(Event::VerificationFailed(_)) => "A wrong or late code was entered",
            Ok(Event::ClosureProposed(_)) => "The time to enter it was over",
            Ok(_) | Err(_) => continue,
        };
        tried.push(Entry {
            at: case::moment(request, entry.at),
            title: title.to_owned(),
            who: String::new(),
            detail: None,
            tone: Tone::Neutral,
        });
    }
    Ok(Close {
        subject: case.subject(app),
        cause: match request.closure_proposed_at {
            Some(_) => CloseCause::VerificationExpired,
            None => CloseCause::ByHand,
        },
        tried: Timeline { entries: tried },
        grounds: choices.collect(),
        ground_error: None,
        explanation: form.text("explanation").to_owned(),
        explanation_error: None,
        remedies: grounds::remedies(request, &ctx),
    })
}
