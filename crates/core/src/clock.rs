//! The legal clock: from a law pack, a calendar and what happened to the date a duty falls due.
//!
//! All arithmetic is on civil dates in the organisation's time zone: "one month" ends on the same day of the
//! next month, or on its last day, never after 30 times 24 hours. A date can be recomputed at any time from
//! the same pack, calendar and events, with the same [`Step`]s, since nothing else goes in.
//!
//! What always holds: a question never brings a date forward; strict is never later than usual; a date that
//! may roll never lands on a day off; an event the law doesn't count changes nothing.

#[cfg(test)]
mod cases;
mod compute;
mod count;
mod moment;
#[cfg(test)]
mod properties;
mod result;
mod state;
#[cfg(test)]
mod tests;
mod timeline;
mod undated;
mod words;

pub use compute::{ClockError, compute, earliest};
pub use moment::{Moment, NotAMoment};
pub use result::{ClockEvent, Deadline, Mode, Query, State, Step};
