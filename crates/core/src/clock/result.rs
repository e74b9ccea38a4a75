//! What the clock is asked and what it answers.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::Moment;
use crate::law::{EventKind, Obligation, Right, Verified};

/// How to read a law where it leaves something open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The reading nobody can object to, with the earlier date.
    #[default]
    Strict,
    /// The reading that guidance and practice follow.
    Usual,
}

/// Something that happened to the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockEvent {
    /// What.
    pub kind: EventKind,
    /// When.
    pub on: Moment,
    /// Whether a question was asked without what the law demands of it, such as reasonable doubt. Such a
    /// question doesn't move the date.
    pub is_unfounded: bool,
    /// The date told to the person, where a law leaves the length of an extension to the notice.
    pub until: Option<Date>,
}

impl ClockEvent {
    /// Makes an event that is in order.
    pub fn new(kind: EventKind, on: impl Into<Moment>) -> Self {
        Self { kind, on: on.into(), is_unfounded: false, until: None }
    }
}

/// A question to the clock.
#[derive(Debug, Clone)]
pub struct Query {
    /// What was asked for.
    pub right: Right,
    /// The duty whose date is wanted; the one that answers the right if none is named.
    pub obligation: Option<Obligation>,
    /// When the request came in, by whatever channel.
    pub received: Moment,
    /// The organisation's time zone; without one, instants keep the date they were written with.
    pub zone: Option<TimeZone>,
    /// What happened since, in any order.
    pub events: Vec<ClockEvent>,
    /// How to read what the law leaves open.
    pub mode: Mode,
    /// The present day; without one nothing is ever missed.
    pub today: Option<Date>,
}

impl Query {
    /// Asks for the date of the answer, strictly, with nothing happened since.
    pub fn new(right: Right, received: impl Into<Moment>) -> Self {
        Self {
            right,
            obligation: None,
            received: received.into(),
            zone: None,
            events: Vec::new(),
            mode: Mode::Strict,
            today: None,
        }
    }
}

/// How a duty stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The clock waits for something before it starts.
    NotStarted,
    /// It runs.
    Running,
    /// It waits for an answer of the person.
    Paused,
    /// The duty was fulfilled in time.
    Met,
    /// It wasn't.
    Missed,
    /// The person took the request back.
    Withdrawn,
    /// It wasn't, and the law takes silence for a refusal.
    DeemedRefused,
}

impl State {
    /// Returns the word used in the log and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Withdrawn => "withdrawn",
            Self::DeemedRefused => "deemed_refused",
        }
    }
}

/// A line of the explanation of a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The kind of line: `receipt`, `start`, `waiting`, `period`, `excluded`, `extension`, `roll`, `void`, `note`.
    pub rule: String,
    /// The article it rests on.
    pub article: String,
    /// The date after this line, the same as `to`.
    pub date: Option<Date>,
    /// The date before it.
    pub from: Option<Date>,
    /// The date after it.
    pub to: Option<Date>,
    /// How many days or months it counts.
    pub n: Option<i64>,
    /// The line in plain English, without a full stop.
    pub words: String,
    /// How the rule was verified.
    pub verified: Verified,
}

/// A date and all that explains it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The pack.
    pub law: String,
    /// Its version.
    pub law_version: u32,
    /// The right.
    pub right: Right,
    /// The duty.
    pub obligation: Obligation,
    /// How open questions were read.
    pub mode: Mode,
    /// The calendar used.
    pub calendar: Option<String>,
    /// The last day, to its end in the organisation's zone; nothing while the clock waits.
    pub due: Option<Date>,
    /// How it stands.
    pub state: State,
    /// The local date of receipt.
    pub received_on: Date,
    /// The day the clock started.
    pub started_on: Option<Date>,
    /// How many days don't count.
    pub excluded_days: i64,
    /// Whether an extension holds.
    pub is_extended: bool,
    /// The first day on which silence counts as a refusal, where the law says so.
    pub deemed_refused_from: Option<Date>,
    /// Whether any rule that made the date is to be checked by counsel.
    pub verified: Verified,
    /// What people should know before they rely on it.
    pub warnings: Vec<String>,
    /// How the date came about, line by line.
    pub steps: Vec<Step>,
}

impl Deadline {
    /// Returns the weekday of the date.
    pub fn weekday(&self) -> Option<Weekday> {
        self.due.map(Date::weekday)
    }

    /// Returns how many days are left, negative when the date is past.
    pub fn days_left(&self, today: Date) -> Option<i64> {
        self.due.map(|due| super::count::days_between(today, due))
    }
}
