//! Reports: what is counted over requests, from facts to figures, with no I/O.
//!
//! A [`Fact`] is the part of a request's row that is counted; nothing in it is personal. Days are civil days
//! in the zone of the request's organisation, so that a request closed shortly before midnight in Paris
//! counts for that day everywhere.

mod figures;
mod kind;
mod metrics;
mod period;
mod register;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use figures::{Count, Day, Figures, figures};
pub use kind::Report;
pub use metrics::{Ccpa, CcpaRow, Metric, ccpa, metrics};
pub use period::{InvalidPeriod, Period};
pub use register::{COLUMNS, Entry};

use crate::id::UserId;

/// What is counted of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The law's id.
    pub law: String,
    /// The right exercised.
    pub right: String,
    /// The activity's name.
    pub activity: String,
    /// Its state's name.
    pub status: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The legal date.
    pub due_on: Option<Date>,
    /// The case owner.
    pub owner: Option<UserId>,
    /// The zone its days are counted in.
    pub zone: TimeZone,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Answered in full.
    Whole,
    /// Answered in part.
    Part,
    /// Refused.
    Denied,
    /// Taken back by the person: no answer was owed any more.
    Withdrawn,
}

impl Fact {
    /// Returns the day it came in.
    pub fn received_on(&self) -> Date {
        self.received_at.to_zoned(self.zone.clone()).date()
    }

    /// Returns the day it was closed.
    pub fn closed_on(&self) -> Option<Date> {
        self.closed_at.map(|at| at.to_zoned(self.zone.clone()).date())
    }

    /// Returns how it ended; none while it is open.
    pub fn ending(&self) -> Option<Ending> {
        match self.status.as_str() {
            "completed" => Some(Ending::Whole),
            "partly_fulfilled" => Some(Ending::Part),
            "refused" => Some(Ending::Denied),
            "withdrawn" => Some(Ending::Withdrawn),
            _ => None,
        }
    }

    /// Returns the days from receipt to answer, for requests that were answered or refused.
    pub fn days_to_answer(&self) -> Option<i32> {
        let is_answered = self.ending().is_some_and(|ending| ending != Ending::Withdrawn);
        let closed_on = self.closed_on().filter(|_| is_answered)?;
        self.received_on().until(closed_on).ok().map(|span| span.get_days())
    }

    /// Says whether the answer was in time; none where no date applied or no answer was owed.
    pub fn is_in_time(&self) -> Option<bool> {
        let closed_on = self.closed_on().filter(|_| self.days_to_answer().is_some())?;
        self.due_on.map(|due_on| closed_on <= due_on)
    }
}

/// Returns the median, halves included; none of nothing.
pub(crate) fn median(mut days: Vec<i32>) -> Option<f64> {
    days.sort_unstable();
    let middle = days.len() / 2;
    let upper = f64::from(*days.get(middle)?);
    if days.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = days.get(middle.checked_sub(1)?)?;
    Some(f64::midpoint(f64::from(*lower), upper))
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// Returns an open access request under the UK's law, received at noon.
    pub(crate) fn fact(received: &str) -> Fact {
        Fact {
            law: "uk-gdpr".to_owned(),
            right: "access".to_owned(),
            activity: "access".to_owned(),
            status: "in_progress".to_owned(),
            received_at: at(received),
            closed_at: None,
            due_on: None,
            owner: None,
            zone: TimeZone::get("Europe/London").unwrap(),
        }
    }

    /// Returns the same, closed at noon in a state.
    pub(crate) fn closed(received: &str, closed: &str, status: &str) -> Fact {
        Fact { status: status.to_owned(), closed_at: Some(at(closed)), ..fact(received) }
    }

    fn at(day: &str) -> Timestamp {
        format!("{day}T12:00:00Z").parse().unwrap()
    }
}
