//! When something happened, as outsiders write it: a date, or an instant with its offset.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::temporal::{DateTimeParser, PiecesOffset};
use jiff::tz::TimeZone;

/// A date, or an instant that is a date only where one says in which zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A local date.
    Date(Date),
    /// An instant, and the date as it was written with it.
    Instant {
        /// The instant.
        at: Timestamp,
        /// The date beside the offset it was written with.
        written: Date,
    },
}

/// A text that is neither a date nor an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date such as 2026-02-05 nor an instant such as 2026-02-05T22:30:00Z")]
pub struct NotAMoment;

impl Moment {
    /// Returns the date in a zone; without one, an instant keeps the date it was written with.
    pub fn date_in(self, zone: Option<&TimeZone>) -> Date {
        match (self, zone) {
            (Self::Date(date), _) => date,
            (Self::Instant { at, .. }, Some(zone)) => at.to_zoned(zone.clone()).date(),
            (Self::Instant { written, .. }, None) => written,
        }
    }
}

impl From<Date> for Moment {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self::Instant { at, written: at.to_zoned(TimeZone::UTC).date() }
    }
}

impl FromStr for Moment {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        let text = text.trim();
        let pieces = DateTimeParser::new().parse_pieces(text).map_err(|_| NotAMoment)?;
        let written = pieces.date();
        if pieces.time().is_none() {
            return if pieces.offset().is_none() { Ok(Self::Date(written)) } else { Err(NotAMoment) };
        }
        let at = match (pieces.offset(), pieces.to_time_zone()) {
            (Some(PiecesOffset::Zulu | PiecesOffset::Numeric(_)), _) => {
                text.split('[').next().and_then(|t| t.parse().ok())
            }
            (None, Ok(Some(_))) => text.parse::<jiff::Zoned>().ok().map(|zoned| zoned.timestamp()),
            // A wall clock without a zone: its date is all it says.
            (None, Ok(None)) => return Ok(Self::Date(written)),
            _ => None,
        };
        at.map(|at| Self::Instant { at, written }).ok_or(NotAMoment)
    }
}
