//! Snippets: written in the console or in files, put into messages to people.

pub(super) mod list;
pub(super) mod snippet;

use habeas_core::request::Context;
use habeas_core::snippet::{Place, fill as fill_in};
use habeas_render::text::Day;

use super::case::{self, Case};
use crate::App;

/// Fills a text in for a request. What the reader may not see of the person stays a dash.
pub(super) fn fill(app: &App, case: &Case, ctx: &Context<'_>, text: &str) -> String {
    let request = &case.request;
    let entity = app.catalog.entity(&request.terms.entity);
    let value = |place| match place {
        Place::Name => Some(request.subject.reveal().name()).filter(|name| case.is_seen && !name.is_empty()),
        Place::Reference => Some(request.reference.to_string()),
        Place::Asked => Some(case::title(app, &request.terms.activity)),
        Place::Law => Some(ctx.law.title()),
        Place::ReceivedOn => Some(Day(request.received_on(ctx)).to_string()),
        Place::DueOn => request.due.as_ref().and_then(|due| due.on).map(|on| Day(on).to_string()),
        Place::Organisation => entity.map(|entity| entity.title.clone()),
        Place::ContactEmail => entity.map(|entity| entity.contact_email.clone()),
    };
    fill_in(text, value).into_revealed()
}
