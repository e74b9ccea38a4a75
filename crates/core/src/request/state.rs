//! What a request is: the state that its events fold into.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::correct::Correction;
use super::event::{Found, Package, Refusal, Turn};
use super::hours::TimeEntry;
use super::mark::Mark;
use super::notice::RecipientNotice;
use super::owner::OwnerAsk;
use super::question::Question;
use super::readers::Readers;
use super::shape::Shape;
use crate::clock::Mode;
use crate::definition::Targets;
use crate::event::Actor;
use crate::flow::TaskKey;
use crate::id::{Reference, RequestId, UserId};
use crate::law::{EventKind, Right};
use crate::pii::{self, Pii};

/// The state of a request as people are told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It has come in.
    Received,
    /// The person has been asked to prove who they are.
    AwaitingVerification,
    /// It is being worked on.
    InProgress,
    /// The person has been asked something.
    AwaitingSubject,
    /// It was answered in full.
    Completed,
    /// It was answered in part, with reasons.
    PartlyFulfilled,
    /// It was refused, with ground and remedies.
    Refused,
    /// The person took it back.
    Withdrawn,
}

impl Status {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Received,
        Self::AwaitingVerification,
        Self::InProgress,
        Self::AwaitingSubject,
        Self::Completed,
        Self::PartlyFulfilled,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// Returns the state's name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::AwaitingVerification => "awaiting_verification",
            Self::InProgress => "in_progress",
            Self::AwaitingSubject => "awaiting_subject",
            Self::Completed => "completed",
            Self::PartlyFulfilled => "partly_fulfilled",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Says whether nothing more is to be done.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Completed | Self::PartlyFulfilled | Self::Refused | Self::Withdrawn)
    }
}

/// How a request came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The portal's form.
    Portal,
    /// Told on the telephone, written down by staff.
    Phone,
    /// On paper, written down by staff.
    Paper,
    /// By e-mail, written down by staff.
    Email,
    /// At the counter, written down by staff.
    InPerson,
    /// On social media, written down by staff.
    SocialMedia,
}

/// The person as they described themselves on the form.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Subject {
    /// The given name.
    pub given_name: String,
    /// The family name; empty where somebody has one name.
    pub family_name: String,
    /// The e-mail address, in lower case.
    pub email: String,
    /// The telephone number as typed.
    pub phone: Option<String>,
    /// The country of residence as an ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// Customer, employee or other.
    pub relation: Option<String>,
    /// What they wrote about their wish.
    pub description: Option<String>,
    /// Answers to the flow's own questions, by label.
    pub answers: BTreeMap<String, String>,
    /// Who asks in their name, and by what authority; none where they ask themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

impl Subject {
    /// Returns the whole name.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }
}

/// What the request is made under, fixed on the day of receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The entity (controller).
    pub entity: String,
    /// The activity's name.
    pub activity: String,
    /// The right exercised.
    pub right: Right,
    /// The law pack's id.
    pub law: String,
    /// The SHA-256 of the law pack's text on that day, hexadecimal.
    pub law_hash: String,
    /// The calendar's id.
    pub calendar: Option<String>,
    /// The entity's time zone, an IANA name.
    pub zone: String,
    /// The flow's name.
    pub flow: String,
    /// The flow's version.
    pub flow_version: u32,
    /// The language of pages, mails and package.
    pub language: String,
    /// How what the law leaves open is read.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reading: Mode,
    /// Other laws whose dates bind too: the earliest rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<AlsoLaw>,
    /// What the organisation has set for this kind of request.
    #[serde(default, skip_serializing_if = "is_default")]
    pub targets: Targets,
}

/// A law that applies beside the one a request is answered under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlsoLaw {
    /// The law pack's id.
    pub law: String,
    /// The SHA-256 of its text on the day of receipt, hexadecimal.
    pub law_hash: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Its turn is to come again.
    Again,
    /// Its turn has come; it starts at a set time.
    Planned,
    /// Its turn has come.
    InProgress,
    /// It was completed.
    Done,
    /// It was rejected, and the flow went on.
    Rejected,
    /// Its time passed and it wasn't mandatory.
    Waived,
    /// It isn't wanted for this request.
    Skipped,
    /// It failed and waits for a person.
    Failed,
    /// It was rejected, and the request waits at the refusal gate.
    Stopped,
}

impl TaskState {
    /// Says whether the flow goes on past it.
    pub fn is_over(self) -> bool {
        match self {
            Self::Done | Self::Rejected | Self::Waived | Self::Skipped => true,
            Self::Again | Self::Planned | Self::InProgress | Self::Failed | Self::Stopped => false,
        }
    }

    /// Says whether it waits for a person to decide.
    pub fn is_stuck(self) -> bool {
        matches!(self, Self::Failed | Self::Stopped)
    }

    /// Returns the state's name in conditions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::Planned => "planned",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::Waived => "waived",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }
}

/// One run of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRun {
    /// Where it stands.
    pub state: TaskState,
    /// Whose turn it is.
    pub turn: Turn,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// When this try started, or its turn came.
    pub started_at: Timestamp,
    /// When it will start, where that is set.
    pub starts_at: Option<Timestamp>,
    /// When it should be over.
    pub due_at: Option<Timestamp>,
    /// Whether that instant has passed.
    pub is_overdue: bool,
    /// Who has taken it.
    pub taken_by: Option<UserId>,
    /// Who ended it, and when.
    pub ended: Option<(Actor, Timestamp)>,
    /// What was filled in, saved or final.
    pub answers: Pii<BTreeMap<String, String>>,
    /// Why it was rejected.
    pub rejection: Option<Pii<String>>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// How often whoever should do it was reminded.
    pub reminder_count: u32,
}

impl TaskRun {
    /// Returns a run whose turn came at an instant.
    pub(super) fn new(state: TaskState, turn: Turn, attempt: u32, at: Timestamp) -> Self {
        Self {
            state,
            turn,
            attempt,
            started_at: at,
            starts_at: None,
            due_at: None,
            is_overdue: false,
            taken_by: None,
            ended: None,
            answers: Pii::default(),
            rejection: None,
            failure: None,
            reminder_count: 0,
        }
    }
}

/// Why an automatic task waits for a person. Holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// A stable word for the cause, such as `source_failed`.
    pub code: String,
    /// The data source it happened at.
    pub source: Option<String>,
    /// A sentence a person can act on.
    pub message: String,
}

impl Failure {
    /// The code of a condition that can't be told.
    pub(super) const CONDITION: &str = "condition";

    /// Says whether it can't be told whether the task is wanted: a person may leave it out.
    pub fn is_condition(&self) -> bool {
        self.code == Self::CONDITION
    }
}

/// A message between the person and staff.
#[derive(Clone, PartialEq)]
pub struct Message {
    /// Who wrote it.
    pub from: Actor,
    /// When.
    pub at: Timestamp,
    /// What it says.
    pub text: Pii<String>,
    /// Whether it is a note that the person doesn't see.
    pub is_internal: bool,
}

/// The legal date and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last permitted date; none while it isn't determined.
    pub on: Option<Date>,
    /// The clock's state, such as `running`.
    pub state: String,
    /// The law whose date rules, where several bind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
}

/// A gap in what was searched, explained by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excuse {
    /// The data source that isn't searched.
    pub source: String,
    /// Why.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
    /// The member of staff who decided it.
    pub by: Actor,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 6] =
        [Self::Portal, Self::Phone, Self::Paper, Self::Email, Self::InPerson, Self::SocialMedia];

    /// Returns the channel's name in forms and in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Phone => "phone",
            Self::Paper => "paper",
            Self::Email => "email",
            Self::InPerson => "in_person",
            Self::SocialMedia => "social_media",
        }
    }

    /// Returns what people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Portal => "Portal",
            Self::Phone => "Phone",
            Self::Paper => "Letter",
            Self::Email => "E-mail",
            Self::InPerson => "In person",
            Self::SocialMedia => "Social media",
        }
    }

    /// Returns the channels of requests that staff write down.
    pub fn told_to_staff() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|channel| *channel != Self::Portal)
    }

    /// Returns the channel of that name.
    pub fn lookup(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name)
    }
}

/// A request, folded from its events.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Its name for people.
    pub reference: Reference,
    /// What it is made under.
    pub terms: Terms,
    /// How it came in.
    pub channel: Channel,
    /// When it came in.
    pub received_at: Timestamp,
    /// Who asks.
    pub subject: Pii<Subject>,
    /// Where it stands.
    pub status: Status,
    /// When identity was proven.
    pub verified_at: Option<Timestamp>,
    /// When staff were asked to close it, since identity wasn't proven in time.
    pub closure_proposed_at: Option<Timestamp>,
    /// The legal date.
    pub due: Option<Due>,
    /// What happened that the law's clock may count, beside questions.
    pub clock: Vec<(EventKind, Date)>,
    /// The date told with an extension whose length the law leaves to the notice.
    pub extended_until: Option<Date>,
    /// What the person was asked, in order.
    pub questions: Vec<Question>,
    /// When staff were asked to think of an extension.
    pub extension_proposed_at: Option<Timestamp>,
    /// Why the legal date was prolonged, as the person was told.
    pub extension_reason: Option<Pii<String>>,
    /// The case owner.
    pub owner: Option<UserId>,
    /// Who among staff may see it.
    pub readers: Readers,
    /// The tasks whose turn has come, by key.
    pub tasks: BTreeMap<TaskKey, TaskRun>,
    /// What was found.
    pub found: Option<Found>,
    /// What is corrected.
    pub correction: Option<Correction>,
    /// Who is told of what was done.
    pub notices: Vec<RecipientNotice>,
    /// What the owners of sources are asked, by source.
    pub owner_asks: BTreeMap<String, OwnerAsk>,
    /// What a person said of records, in the order said; the last that fits a record counts.
    pub marks: Vec<Mark>,
    /// The archive.
    pub package: Option<Package>,
    /// Open requests of the same person and activity.
    pub duplicates: BTreeSet<RequestId>,
    /// Sources left out with a reason.
    pub excuses: Vec<Excuse>,
    /// When the person was answered in words.
    pub replied_at: Option<Timestamp>,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
    /// What was said.
    pub messages: Vec<Message>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// What became of it as a case.
    pub shape: Shape,
    /// The time worked on it.
    pub hours: Vec<TimeEntry>,
    /// The events folded so far.
    pub seq: u64,
}
