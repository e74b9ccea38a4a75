//! The legal dates of a request: what the law's clock says of it, read as its terms say.
//!
//! The steps are not stored: the same pack, calendar and events always give the same ones.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::decide::{Context, Denied};
use super::state::{Due, Request, Status};
use crate::calendar::Calendar;
use crate::clock::{self, ClockError, ClockEvent, Deadline, Query};
use crate::law::{EventKind, Obligation, Pack, Right};

/// The duties a request has beside its answer, in the order they are shown.
const BESIDE: [Obligation; 7] = [
    Obligation::Acknowledgement,
    Obligation::ComplaintAcknowledgement,
    Obligation::RefusalNotice,
    Obligation::ExtensionNotice,
    Obligation::DelayNotice,
    Obligation::Transfer,
    Obligation::RecordRetentionUntil,
];

/// The dates of all laws that bind, and which of them rules.
pub struct Governing {
    /// A date for each law, that of the law the request is answered under first.
    pub deadlines: Vec<Deadline>,
    /// The place of the one that rules.
    pub ruling: usize,
}

impl Governing {
    /// Returns the date that rules.
    pub fn ruling(&self) -> Option<&Deadline> {
        self.deadlines.get(self.ruling)
    }

    /// Returns the date that rules, without the others.
    pub fn into_ruling(self) -> Option<Deadline> {
        self.deadlines.into_iter().nth(self.ruling)
    }
}

pub(super) fn compute(request: &Request, ctx: &Context<'_>) -> Result<Due, Denied> {
    let governing = governing(request, ctx).map_err(|error| Denied::Clock(error.to_string()))?;
    let several = governing.deadlines.len() > 1;
    Ok(governing.ruling().map_or_else(
        || Due { on: None, state: clock::State::Running.as_str().to_owned(), law: None },
        |deadline| Due {
            on: deadline.due,
            state: deadline.state.as_str().to_owned(),
            law: several.then(|| deadline.law.clone()),
        },
    ))
}

/// Computes the date of the answer under each law that binds: the earliest rules.
///
/// A law that grants no such right has no say beside the one the request is answered under.
///
/// # Errors
/// When the calendar doesn't cover a date, or the law the request is answered under sets none.
pub fn governing(request: &Request, ctx: &Context<'_>) -> Result<Governing, ClockError> {
    let mut deadlines = vec![explain(request, None, ctx.law, ctx.calendar, &ctx.zone)?];
    for law in &ctx.also {
        match explain(request, None, law, ctx.calendar, &ctx.zone) {
            Ok(deadline) => deadlines.push(deadline),
            Err(ClockError::NoPeriod { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let dated = deadlines.iter().enumerate().filter_map(|(place, deadline)| Some((deadline.due?, place)));
    let ruling = dated.min().map_or(0, |(_, place)| place);
    Ok(Governing { deadlines, ruling })
}

/// Returns the dates of all duties the law names for such a request: the answer first.
///
/// How long the record is kept counts from the end of the request, so it has no date before.
pub fn duties(request: &Request, ctx: &Context<'_>) -> Vec<Deadline> {
    let main = ctx.law.main_obligation(request.terms.right);
    let beside = BESIDE.into_iter().filter(|obligation| *obligation != main).filter(|obligation| {
        match obligation {
            // A duty of its own only where it was asked for.
            Obligation::ComplaintAcknowledgement => request.terms.right == Right::Complaint,
            Obligation::RecordRetentionUntil => request.closed_at.is_some(),
            _ => true,
        }
    });
    std::iter::once(main)
        .chain(beside)
        .filter_map(|obligation| explain(request, Some(obligation), ctx.law, ctx.calendar, &ctx.zone).ok())
        .collect()
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
    let date = |at: jiff::Timestamp| at.to_zoned(zone.clone()).date();
    let received = match (obligation, request.closed_at) {
        // Counting from the answer is safe where a law doesn't say from when records are kept.
        (Some(Obligation::RecordRetentionUntil), Some(closed_at)) => date(closed_at),
        _ => date(request.received_at),
    };
    let query = Query {
        right: request.terms.right,
        obligation,
        received: received.into(),
        zone: Some(zone.clone()),
        events: events(request, date),
        mode: request.terms.reading,
        today: None,
    };
    clock::compute(law, calendar, &query)
}

/// Returns what happened to the request in the words of the clock.
fn events(request: &Request, date: impl Fn(jiff::Timestamp) -> Date) -> Vec<ClockEvent> {
    let moved = request.clock.iter().map(|(kind, on)| ClockEvent {
        until: request.extended_until.filter(|_| *kind == EventKind::ExtensionNotified),
        ..ClockEvent::new(*kind, *on)
    });
    let asked = request.questions.iter().flat_map(|question| {
        let asked = ClockEvent {
            is_unfounded: !question.is_founded,
            ..ClockEvent::new(question.asked_as, question.asked_on)
        };
        let answer = question.answer.as_ref();
        let answered = answer.map(|answer| ClockEvent::new(answer.answered_as, answer.answered_on));
        std::iter::once(asked).chain(answered)
    });
    let is_answered = matches!(request.status, Status::Completed | Status::PartlyFulfilled | Status::Refused);
    let answered = request.closed_at.filter(|_| is_answered);
    let answered = answered.map(|at| ClockEvent::new(EventKind::Answered, date(at)));
    moved.chain(asked).chain(answered).collect()
}

impl Request {
    /// Returns the civil day of receipt in the entity's zone.
    pub fn received_on(&self, ctx: &Context<'_>) -> Date {
        self.received_at.to_zoned(ctx.zone.clone()).date()
    }
}
