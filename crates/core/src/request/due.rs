//! The legal date of a request: what the law's clock says of it, read strictly.
//!
//! The steps are not stored: the same pack, calendar and events always give the same ones.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::decide::{Context, Denied};
use super::event::ClockKind;
use super::state::{Due, Request};
use crate::calendar::Calendar;
use crate::clock::{self, ClockError, ClockEvent, Deadline, Mode, Query};
use crate::law::{EventKind, Obligation, Pack};

pub(super) fn compute(request: &Request, ctx: &Context<'_>) -> Result<Due, Denied> {
    let deadline = explain(request, None, ctx.law, ctx.calendar, &ctx.zone);
    let deadline = deadline.map_err(|error| Denied::Clock(error.to_string()))?;
    Ok(Due { on: deadline.due, state: deadline.state.as_str().to_owned() })
}

/// Returns the date of a duty (the answer, if none is named) with every step that leads to it.
///
/// # Errors
/// When the calendar doesn't cover the date, or the law doesn't know the duty.
pub fn explain(
    request: &Request,
    obligation: Option<Obligation>,
    law: &Pack,
    calendar: Option<&Calendar>,
    zone: &TimeZone,
) -> Result<Deadline, ClockError> {
    let kind = |kind: &ClockKind| match kind {
        ClockKind::ExtensionNotified => EventKind::ExtensionNotified,
    };
    let query = Query {
        right: request.terms.right,
        obligation,
        received: request.received_at.to_zoned(zone.clone()).date().into(),
        zone: Some(zone.clone()),
        events: request.clock.iter().map(|(what, on)| ClockEvent::new(kind(what), *on)).collect(),
        mode: Mode::Strict,
        today: None,
    };
    clock::compute(law, calendar, &query)
}

impl Request {
    /// Returns the civil day of receipt in the entity's zone.
    pub fn received_on(&self, ctx: &Context<'_>) -> Date {
        self.received_at.to_zoned(ctx.zone.clone()).date()
    }
}
