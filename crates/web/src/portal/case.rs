//! A request as the portal's pages tell of it: loaded in the person's scope, with its dates explained.

use habeas_core::definition::Activity;
use habeas_core::event::Actor;
use habeas_core::flow::{Flow, Operation};
use habeas_core::id::RequestId;
use habeas_core::request::{Context, Request, governing};
use habeas_render::page::part::{ExplainStep, Explained};
use habeas_render::text::{Day, Moment};
use habeas_store::Read;
use habeas_store::requests::Scope;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::App;
use crate::error::{Error, Result};

/// Returns the request of a session; whoever holds no session for it never gets here.
pub(super) async fn load(read: &mut Read, id: RequestId) -> Result<Request> {
    read.lookup_request(id, &Scope::Request(id)).await?.ok_or(Error::NotFound)
}

/// Returns what the person's own acts are decided on.
pub(super) fn context<'a>(app: &'a App, request: &Request) -> Result<Context<'a>> {
    Ok(app.catalog.context(&request.terms, app.now(), Actor::Subject, &[])?)
}

/// Returns the zone the organisation's days are counted in.
pub(super) fn zone(request: &Request) -> TimeZone {
    TimeZone::get(&request.terms.zone).unwrap_or(TimeZone::UTC)
}

/// Returns an instant as the organisation's clocks show it.
pub(super) fn moment(request: &Request, at: Timestamp) -> Moment {
    Moment(at.to_zoned(zone(request)))
}

/// Returns what was asked for, in the words it was offered in.
pub(super) fn title(app: &App, request: &Request) -> String {
    let activity = app.catalog.activity(&request.terms.activity);
    activity.map_or_else(|| request.terms.activity.clone(), |activity: &Activity| activity.title.clone())
}

/// Returns the legal date with every step that leads to it; none while there is no date.
pub(super) fn due(app: &App, request: &Request) -> Result<Option<Explained>> {
    let ctx = context(app, request)?;
    let all = governing(request, &ctx)
        .map_err(|_| Error::Broken("a legal date once computed can't be explained"))?;
    let Some(deadline) = all.into_ruling() else { return Ok(None) };
    let step = |step: habeas_core::clock::Step| ExplainStep {
        text: capitalised(&step.words),
        rule: Some(step.article).filter(|article| !article.is_empty()),
        on: step.date.map(Day),
    };
    Ok(deadline
        .due
        .map(|on| Explained { on: Day(on), steps: deadline.steps.into_iter().map(step).collect() }))
}

/// Says whether the flow has the person prove who they are.
pub(super) fn asks_code(flow: &Flow) -> bool {
    flow.tasks().any(|task| task.operation() == Some(Operation::VerifyIdentity))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
