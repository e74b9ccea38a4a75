//! From a query to a date: picks the rules that apply, walks the events, counts, rolls, explains.

use jiff::civil::Date;

use super::count::Counter;
use super::result::{Deadline, Query, State, Step};
use super::timeline::Timeline;
use super::{count, state, undated, words};
use crate::calendar::{Calendar, OutsideCoverage};
use crate::law::{Effect, Extension, Obligation, Pack, Period, Right, Verified, Wait};

/// Most events a request can have that the clock looks at.
const EVENTS_MAX: usize = 2000;

/// Why there is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The law sets no date for this.
    #[error("{law} sets no date for {obligation} on {right}; {}", words::listed(set))]
    NoPeriod {
        /// The pack.
        law: String,
        /// The duty.
        obligation: Obligation,
        /// The right.
        right: Right,
        /// What it does set dates for.
        set: Vec<Obligation>,
    },
    /// A day is outside the calendar.
    #[error(transparent)]
    OutsideCoverage(#[from] OutsideCoverage),
    /// More events than any request has.
    #[error("more than {EVENTS_MAX} events")]
    TooManyEvents,
    /// A date lies beyond what dates can say.
    #[error("the date is out of range")]
    OutOfRange,
}

/// Computes the date of a duty, with its state and its explanation.
///
/// Without a calendar public holidays aren't considered, which can only make the date earlier; the result
/// says so among its warnings.
///
/// # Errors
/// [`ClockError::NoPeriod`] where the law sets no date, [`ClockError::OutsideCoverage`] where the calendar
/// doesn't know a day that matters.
///
/// # Examples
/// ```
/// use habeas_core::calendar;
/// use habeas_core::clock::{compute, Query};
/// use habeas_core::law::{builtin, Pack, Right};
/// use jiff::civil::date;
///
/// let (_, text) = builtin().iter().find(|(id, _)| *id == "uk-gdpr").unwrap();
/// let pack = Pack::parse(text).unwrap();
/// let calendar = calendar::lookup_builtin("GB-EW").unwrap();
/// let deadline = compute(&pack, Some(&calendar), &Query::new(Right::Access, date(2024, 11, 25))).unwrap();
/// assert_eq!(deadline.due, Some(date(2024, 12, 27))); // over Christmas Day and Boxing Day
/// ```
pub fn compute(pack: &Pack, calendar: Option<&Calendar>, query: &Query) -> Result<Deadline, ClockError> {
    if query.events.len() > EVENTS_MAX {
        return Err(ClockError::TooManyEvents);
    }
    let plan = match Plan::of(pack, calendar, query) {
        Ok(plan) => plan,
        Err(error) => {
            let received_on = query.received.date_in(query.zone.as_ref());
            return undated::answer(pack, query, received_on, error);
        }
    };
    let mut timeline = Timeline::new(&plan);
    let events = plan.events(query);
    for (place, (on, event)) in events.iter().enumerate() {
        let later = events.iter().skip(place + 1).filter(|(_, later)| later.kind == event.kind).count();
        timeline.take(&plan, *on, event, later)?;
    }
    timeline.settle(&plan);
    let due = if timeline.is_withdrawn() { None } else { timeline.explain(&plan)? };
    let state = state::of(&plan, &timeline, due);
    let deemed_refused_from = match (due, &plan.period.deemed_refused) {
        (Some(due), Some(_)) => Some(count::add_days(due, 1)?),
        _ => None,
    };
    Ok(Deadline {
        law: pack.id().to_owned(),
        law_version: pack.version(),
        right: query.right,
        obligation: plan.obligation,
        mode: query.mode,
        calendar: calendar.map(|calendar| calendar.id().to_owned()),
        due,
        state,
        received_on: plan.received_on,
        started_on: (state != State::NotStarted && state != State::Withdrawn).then_some(timeline.start),
        excluded_days: timeline.excluded_days(),
        is_extended: timeline.is_extended(),
        deemed_refused_from,
        verified: verified(&timeline.steps),
        warnings: warnings(&plan, &timeline),
        steps: timeline.steps,
    })
}

/// Returns the deadline that falls due first, which rules where several laws apply.
pub fn earliest(deadlines: &[Deadline]) -> Option<&Deadline> {
    deadlines.iter().filter(|deadline| deadline.due.is_some()).min_by_key(|deadline| deadline.due)
}

/// The rules of a pack that apply to a query.
pub(super) struct Plan<'a> {
    pub(super) pack: &'a Pack,
    pub(super) query: &'a Query,
    pub(super) received_on: Date,
    pub(super) obligation: Obligation,
    pub(super) period: &'a Period,
    pub(super) extension: Option<&'a Extension>,
    pub(super) waits: Vec<(&'a Wait, Effect)>,
    pub(super) counter: Counter<'a>,
}

impl<'a> Plan<'a> {
    fn of(pack: &'a Pack, calendar: Option<&'a Calendar>, query: &'a Query) -> Result<Self, ClockError> {
        let received_on = query.received.date_in(query.zone.as_ref());
        let main = pack.main_obligation(query.right);
        let obligation = obligation_of(pack, query);
        let none = || ClockError::NoPeriod {
            law: pack.id().to_owned(),
            obligation,
            right: query.right,
            set: words::obligations_of(pack),
        };
        let (period, extension) = if obligation == Obligation::ExtensionNotice {
            // Whoever extends must say so within the period that is extended.
            let period =
                pack.period(main, query.right, received_on).filter(|period| period.extension.is_some());
            (period.ok_or_else(none)?, None)
        } else {
            let own = pack.period(obligation, query.right, received_on);
            let period = own.or_else(|| as_answer(pack, obligation, received_on)).ok_or_else(none)?;
            (period, period.extension.as_ref())
        };
        let waits = pack
            .waits()
            .iter()
            .filter(|wait| wait.versions.covers(received_on) && wait.obligations.contains(&obligation))
            .filter(|wait| wait.rights.is_empty() || wait.rights.contains(&query.right))
            .map(|wait| (wait, wait.effect(query.mode)))
            .collect();
        let counter = Counter {
            rolling: pack.rolling.as_ref().filter(|_| period.rolls),
            business_days: pack.business_days.as_ref(),
            calendar,
            mode: query.mode,
        };
        Ok(Self { pack, query, received_on, obligation, period, extension, waits, counter })
    }

    /// Returns the events with their local dates, in order; a question goes before an answer of its day.
    fn events(&self, query: &'a Query) -> Vec<(Date, &'a super::ClockEvent)> {
        let dated = |event: &'a super::ClockEvent| (event.on.date_in(query.zone.as_ref()), event);
        let mut events: Vec<_> = query.events.iter().map(dated).collect();
        let is_answer =
            |event: &super::ClockEvent| self.waits.iter().any(|(wait, _)| wait.answered == event.kind);
        events.sort_by_key(|(on, event)| (*on, is_answer(event)));
        events
    }
}

/// Returns the duty asked about. An opt-out is answered by its effect: asking for the "response" to it asks
/// for that.
pub(super) fn obligation_of(pack: &Pack, query: &Query) -> Obligation {
    match query.obligation {
        None | Some(Obligation::Response) => pack.main_obligation(query.right),
        Some(obligation) => obligation,
    }
}

/// Returns the period of an opt-out or limit under a law that has them answered like any other request.
fn as_answer(pack: &Pack, obligation: Obligation, received_on: Date) -> Option<&Period> {
    let right = match obligation {
        Obligation::OptOut => Right::OptOut,
        Obligation::Limit => Right::LimitUse,
        _ => return None,
    };
    pack.right(right)?;
    pack.period(Obligation::Response, right, received_on)
}

fn verified(steps: &[Step]) -> Verified {
    let is_recalled = steps.iter().any(|step| step.rule != "void" && step.verified == Verified::Recalled);
    if is_recalled { Verified::Recalled } else { Verified::Seen }
}

fn warnings(plan: &Plan<'_>, timeline: &Timeline) -> Vec<String> {
    let pack = plan.pack;
    let mut warnings = timeline.warnings.clone();
    let needs_calendar = plan.counter.asks_for_holidays(plan.period.length.unit);
    if needs_calendar && plan.counter.calendar.is_none() {
        warnings.push(words::no_calendar());
    }
    warnings.extend(words::bound_later(pack, plan.received_on));
    if let Some(from) = plan.period.versions.from.filter(|from| *from > plan.received_on) {
        warnings.push(words::duty_not_yet_in_force(plan.obligation, from));
    }
    if pack.right(plan.query.right).is_none() {
        warnings.push(words::right_not_named(pack.name(), plan.query.right));
    }
    warnings
}
