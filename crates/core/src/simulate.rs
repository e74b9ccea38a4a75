//! Flows tried out: a request's whole life on a clock that jumps from one happening to the next, in memory.
//!
//! Everything but people and sources is the real thing: the same decisions, the same jobs, the same timers.
//! What people and sources do is told by a [`World`]: a [`Script`] of sample answers, or [`Crowd`] with a seed.

mod check;
mod crowd;
mod life;
mod script;
mod timeline;
mod work;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::calendar::Calendar;
use crate::event::Actor;
use crate::flow::{Flow, Task, TaskKey};
use crate::law::Pack;
use crate::request::{Event, Failure, Occasion, Question, Request, Settings, Subject, Terms};

pub use check::violations;
pub use crowd::{Crowd, Dice};
pub use life::live;
pub use script::{Decides, Script, Step};
pub use timeline::{Line, Stretch};

/// What a request is tried out under.
pub struct Setting<'a> {
    /// The flow.
    pub flow: &'a Flow,
    /// The law pack.
    pub law: &'a Pack,
    /// The calendar of the legal date.
    pub calendar: Option<&'a Calendar>,
    /// The organisation's zone.
    pub zone: TimeZone,
    /// What the organisation has set.
    pub settings: Settings,
    /// What the request is made under.
    pub terms: Terms,
    /// Who asks.
    pub subject: Subject,
    /// When it comes in.
    pub received_at: Timestamp,
    /// After so many days it is looked at as it is.
    pub days: u16,
}

/// What people and sources do. A delay counts from what they are asked by; none: they never do it.
pub trait World {
    /// What whoever should do a manual task does.
    fn deed(&mut self, request: &Request, task: &Task) -> Option<(SignedDuration, Deed)>;
    /// When the person enters the right code.
    fn proof(&mut self, request: &Request) -> Option<SignedDuration>;
    /// What the person answers to a question.
    fn answer(&mut self, request: &Request, question: &Question) -> Option<(SignedDuration, String)>;
    /// What comes of an operation that looks into sources.
    fn search(&mut self, request: &Request, task: &TaskKey) -> Result<Search, Failure>;
    /// What staff do about something that waits for them.
    fn rescue(&mut self, request: &Request, stuck: &Stuck) -> Option<(SignedDuration, Rescue)>;
    /// What the person does of their own accord, from receipt on.
    fn whims(&mut self, request: &Request) -> Vec<(SignedDuration, Whim)>;
}

/// What somebody does with a manual task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// They complete it.
    Complete(BTreeMap<String, String>),
    /// They reject it, where it may be.
    Reject(BTreeMap<String, String>, String),
}

/// What a search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// How many records.
    pub record_count: u64,
    /// In how many sources.
    pub source_count: u32,
}

/// What waits for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stuck {
    /// A task failed.
    Failed(TaskKey),
    /// A task was rejected, and the request waits at the refusal gate.
    Stopped(TaskKey),
    /// Identity wasn't proven in time.
    Unproven,
    /// A question wasn't answered in time.
    Unanswered(u32),
    /// The legal date is near.
    Near,
}

/// What staff do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rescue {
    /// Try the task again, or have it done.
    Retry,
    /// Go on without the source, or leave the task out.
    Excuse,
    /// Refuse with the first ground the law knows.
    Refuse,
    /// Answer in the person's place, as they told.
    Answer,
    /// Take more time.
    Extend,
}

/// What a person does of their own accord.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whim {
    /// They take the request back.
    Withdraw,
    /// They write.
    Write,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What.
    pub event: Event,
}

/// A mail that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// When.
    pub at: Timestamp,
    /// Its kind.
    pub kind: &'static str,
    /// Whether it goes to staff.
    pub is_for_staff: bool,
    /// The task it is about, where it is about one.
    pub task: Option<TaskKey>,
    /// Which of the task's reminders it is, from 1.
    pub number: Option<u32>,
    /// How many events had happened: [`Life::as_of`] gives the request as the mail found it.
    pub seq: u64,
}

impl Sent {
    fn of(at: Timestamp, occasion: Occasion, task: Option<TaskKey>, seq: u64) -> Self {
        let kind = occasion.as_str();
        Self { at, kind, is_for_staff: kind.starts_with("staff_"), task, number: None, seq }
    }
}

/// A request's life.
pub struct Life {
    /// The request at its end.
    pub request: Request,
    /// What happened.
    pub happened: Vec<Happened>,
    /// What was written.
    pub mails: Vec<Sent>,
    /// The instant it was left at.
    pub until: Timestamp,
    /// Whether anything was still to come.
    pub is_waiting: bool,
}

#[cfg(test)]
mod tests;
