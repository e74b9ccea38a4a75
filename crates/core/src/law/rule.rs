//! The rules a law pack is made of: rights, periods, questions, days off, grounds, remedies.
//!
//! Each names its article, the mark of its source, and the days of receipt it is for.

use std::fmt;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::word::{EventKind, Obligation, Right, Verified};
use crate::clock::Mode;

/// From when to when a version of a rule applies, by the day a request was received.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Versions {
    /// The first day.
    pub from: Option<Date>,
    /// The first day on which it no longer applies.
    pub before: Option<Date>,
}

impl Versions {
    /// Tells whether a request received on that day follows this version.
    pub fn covers(self, received_on: Date) -> bool {
        self.from.is_none_or(|from| from <= received_on)
            && self.before.is_none_or(|before| received_on < before)
    }
}

/// A right as the law grants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RightRule {
    /// The right.
    pub right: Right,
    /// The article it rests on.
    pub article: String,
    /// What is particular about it here.
    pub words: Option<String>,
    /// The duty that answers it.
    pub obligation: Obligation,
    /// How it was verified.
    pub verified: Verified,
    /// From when it is granted.
    pub versions: Versions,
}

/// How a length of time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The same day of a later month.
    CalendarMonth,
    /// Days, the day of the event not counted.
    Day,
    /// Days that are not days off, the day of the event not counted.
    BusinessDay,
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Length {
    /// How many.
    pub n: u16,
    /// Of what.
    pub unit: Unit,
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::CalendarMonth => "month",
            Unit::Day => "day",
            Unit::BusinessDay => "business day",
        };
        if self.n == 1 { write!(f, "one {unit}") } else { write!(f, "{} {unit}s", self.n) }
    }
}

/// How long the law gives for a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The duties it is for.
    pub obligations: Vec<Obligation>,
    /// The rights it is for; all if empty.
    pub rights: Vec<Right>,
    /// How long.
    pub length: Length,
    /// The article it rests on.
    pub article: String,
    /// What else matters, in words.
    pub words: Option<String>,
    /// How it was verified.
    pub verified: Verified,
    /// Which requests it is for.
    pub versions: Versions,
    /// Whether a last day that is a day off moves.
    pub rolls: bool,
    /// Whether silence beyond the date counts as a refusal, and by which article.
    pub deemed_refused: Option<String>,
    /// Whether it may be extended.
    pub extension: Option<Extension>,
}

/// A duty the law sets without a number of days: "without delay", "in a reasonable time".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undated {
    /// The duties it is for.
    pub obligations: Vec<Obligation>,
    /// The rights it is for; all if empty.
    pub rights: Vec<Right>,
    /// What the law says instead.
    pub words: String,
    /// The article.
    pub article: String,
    /// How it was verified.
    pub verified: Verified,
    /// Which requests it is for.
    pub versions: Versions,
}

/// How a period may be extended. The whole is measured from the start of the clock, in the period's unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extension {
    /// How much is added; nothing where the law leaves the date to the notice.
    pub length: Option<Length>,
    /// How often.
    pub times_max: u16,
    /// Whether the person must be told a reason.
    pub needs_reason: bool,
    /// The article.
    pub article: String,
    /// On which conditions.
    pub conditions: Vec<String>,
    /// How it was verified.
    pub verified: Verified,
}

/// What a question to the person does to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing.
    None,
    /// The clock starts with the answer.
    StartsClock,
    /// The clock starts when a time to think it over is up; silence takes the request back.
    StartsAfterReflection,
    /// The days from the question to the answer don't count, the day of the answer does.
    ExcludesDaysBetween,
    /// The days from the question to the answer don't count, neither of the two.
    ExcludesBothDays,
}

/// A question whose answer the clock waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wait {
    /// Its name in the pack.
    pub id: String,
    /// The question.
    pub asked: EventKind,
    /// The answer.
    pub answered: EventKind,
    /// What it does in usual mode.
    pub usual: Effect,
    /// What it does in strict mode.
    pub strict: Effect,
    /// How long the person may think it over, in days.
    pub reflection_days: Option<u16>,
    /// The rights it is for; all if empty.
    pub rights: Vec<Right>,
    /// The duties whose date it moves.
    pub obligations: Vec<Obligation>,
    /// What the law demands of the question.
    pub condition: Option<String>,
    /// From how many days after receipt on the question needs an explanation for coming so late.
    pub prompt_days: Option<u16>,
    /// The article.
    pub article: String,
    /// How it was verified.
    pub verified: Verified,
    /// Which requests it is for.
    pub versions: Versions,
}

impl Wait {
    /// Returns what the question does in a mode.
    pub fn effect(&self, mode: Mode) -> Effect {
        match mode {
            Mode::Strict => self.strict,
            Mode::Usual => self.usual,
        }
    }
}

/// A kind of day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DayOff {
    /// Saturdays.
    Saturday,
    /// Sundays.
    Sunday,
    /// The holidays of the calendar.
    Holiday,
}

impl DayOff {
    pub(crate) fn weekday(self) -> Option<Weekday> {
        match self {
            Self::Saturday => Some(Weekday::Saturday),
            Self::Sunday => Some(Weekday::Sunday),
            Self::Holiday => None,
        }
    }
}

/// Which days the law takes for days off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DaysOff {
    /// The article.
    pub article: String,
    /// What it says.
    pub words: Option<String>,
    /// How it was verified.
    pub verified: Verified,
    pub(crate) usual: Vec<DayOff>,
    pub(crate) strict: Vec<DayOff>,
    /// Days of each year that are off, from month and day to month and day, over New Year if need be.
    pub(crate) closed: Vec<Closed>,
}

impl DaysOff {
    pub(crate) fn of(&self, mode: Mode) -> &[DayOff] {
        match mode {
            Mode::Strict => &self.strict,
            Mode::Usual => &self.usual,
        }
    }
}

/// A stretch of each year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Closed {
    pub(crate) from: (i8, i8),
    pub(crate) until: (i8, i8),
}

impl Closed {
    pub(crate) fn covers(self, date: Date) -> bool {
        let day = (date.month(), date.day());
        if self.from <= self.until {
            self.from <= day && day <= self.until
        } else {
            self.from <= day || day <= self.until
        }
    }
}

/// A ground to refuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ground {
    /// Its name in the pack, which the log keeps.
    pub id: String,
    /// The article.
    pub article: String,
    /// The ground in words fit for a letter.
    pub words: String,
    /// The rights it can be held against; all if empty.
    pub rights: Vec<Right>,
    /// What a refusal on it must tell beyond what each refusal must.
    pub must_tell: Vec<String>,
    /// How it was verified.
    pub verified: Verified,
    /// Which requests it is for.
    pub versions: Versions,
}

/// Something a refusal must tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Its name: `reasons`, `authority`, `court`, `controller_complaint`, `appeal`.
    pub id: String,
    /// In words.
    pub words: String,
    /// The article.
    pub article: String,
    /// Which requests it is for.
    pub versions: Versions,
}

/// Where a person may turn who doesn't agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// `controller`, `appeal`, `authority` or `court`.
    pub kind: String,
    /// Who.
    pub name: String,
    /// The country or state, where the pack names one for each.
    pub region: Option<String>,
    /// The article.
    pub article: String,
    /// How and when.
    pub words: Option<String>,
    /// Where on the web.
    pub site: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// How it was verified.
    pub verified: Verified,
    /// Which requests it is for.
    pub versions: Versions,
}

/// What a law says on a matter, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provision {
    /// The matter.
    pub topic: String,
    /// The article.
    pub article: String,
    /// What it says.
    pub words: String,
    /// The parts of it, where it lists any.
    pub items: Vec<String>,
    /// How it was verified.
    pub verified: Verified,
    /// Which requests it is for.
    pub versions: Versions,
}
