//! `GET /`: what can be asked for.

use axum::extract::State;
use axum::response::Response;
use habeas_core::definition::Activity;
use habeas_core::law::{Length, Obligation, Pack, Right, Unit};
use habeas_render::page::portal::{Offer, Start};
use jiff::civil::Date;

use super::{case, chrome};
use crate::error::Result;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit) -> Result<Response> {
    let entity = chrome::host(&app);
    let today =
        app.now().to_zoned(entity.map_or(jiff::tz::TimeZone::UTC, |entity| entity.zone.clone())).date();
    let offers: Vec<(Offer, Option<String>)> =
        app.catalog.offered().map(|activity| offer(&app, activity, today)).collect();
    let mut laws: Vec<String> = Vec::new();
    for activity in app.catalog.offered() {
        let name = app.catalog.latest_law(&activity.law).map(|(law, _)| law.title());
        laws.extend(name.filter(|name| !laws.contains(name)));
    }
    let within = offers.iter().find_map(|(_, within)| within.clone());
    let page = Start {
        organisation: entity.map_or_else(|| "this organisation".to_owned(), |entity| entity.title.clone()),
        reply_within: within.unwrap_or_else(|| "the time the law gives".to_owned()),
        offers: offers.into_iter().map(|(offer, _)| offer).collect(),
        laws,
    };
    respond::page(&chrome::of(&app, &visit, entity, None), &page)
}

fn offer(app: &App, activity: &Activity, today: Date) -> (Offer, Option<String>) {
    let law = app.catalog.latest_law(&activity.law).map(|(law, _)| law);
    let within =
        law.and_then(|law| reply_within(law, law.main_obligation(activity.right), activity.right, today));
    let asks_code = app.catalog.flow_of(activity).is_some_and(|(_, flow)| case::asks_code(flow));
    let mut note = within.as_ref().map_or_else(String::new, |within| format!("Reply within {within}."));
    if asks_code {
        note.push_str(" We check your identity with a code by e-mail.");
    }
    let offer = Offer {
        slug: activity.name.clone(),
        title: activity.title.clone(),
        summary: activity.description.clone(),
        note: note.trim().to_owned(),
    };
    (offer, within)
}

/// Returns the time a law gives for a duty, as people say it: the rule for this right before the one for
/// all.
pub(super) fn reply_within(law: &Pack, duty: Obligation, right: Right, today: Date) -> Option<String> {
    let current =
        || law.periods().iter().filter(|p| p.obligations.contains(&duty) && p.versions.covers(today));
    let own = current().find(|period| period.rights.contains(&right));
    own.or_else(|| current().find(|period| period.rights.is_empty())).map(|period| words(period.length))
}

fn words(length: Length) -> String {
    let (one, many) = match length.unit {
        Unit::CalendarMonth => ("month", "months"),
        Unit::Day => ("day", "days"),
        Unit::BusinessDay => ("working day", "working days"),
    };
    match length.n {
        1 => format!("one {one}"),
        n => format!("{n} {many}"),
    }
}
