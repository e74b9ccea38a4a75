//! Time worked on a request: entered by who worked, struck out by them or by who assigns work.

use jiff::civil::Date;

use super::{Context, Denied};
use crate::access::{self, Action};
use crate::pii::Pii;
use crate::request::event::Event;
use crate::request::hours::{TimeLogged, TimeStruck};
use crate::request::state::Request;

/// No entry is longer than a day.
const MOST_MINUTES: u32 = 24 * 60;
/// No request has more entries.
const MOST_ENTRIES: usize = 1_000;
/// No note is longer, in characters.
const LONGEST: usize = 500;

pub(super) fn log(
    request: &Request,
    on: Date,
    minutes: u32,
    note: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    let user = ctx.ensure(Action::LogTime)?;
    if !(1..=MOST_MINUTES).contains(&minutes) {
        return Err(Denied::AnswerWrong("the time".to_owned()));
    }
    if on > ctx.today() {
        return Err(Denied::AnswerWrong("the day".to_owned()));
    }
    if note.reveal().chars().count() > LONGEST || request.hours.len() >= MOST_ENTRIES {
        return Err(Denied::AnswerWrong("the note".to_owned()));
    }
    let cost = ctx.settings.hour_rate.as_ref().map(|rate| rate.for_minutes(minutes));
    Ok(vec![Event::TimeLogged(TimeLogged { user, on, minutes, cost, note })])
}

pub(super) fn strike(request: &Request, entry: u32, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    let user = ctx.ensure(Action::LogTime)?;
    let known = request.hours.iter().find(|known| known.number == entry).ok_or(Denied::NotWaiting)?;
    if known.logged.user != user && !access::may(ctx.roles, Action::Assign) {
        return Err(Denied::NotAllowed);
    }
    if known.is_struck {
        return Ok(Vec::new());
    }
    Ok(vec![Event::TimeStruck(TimeStruck { entry })])
}
