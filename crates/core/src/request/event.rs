//! Everything that can happen to a request.
//!
//! The kinds and shapes here are what is stored for years: a change of shape is a new version with a
//! way up from the old one, never an edit.

mod task;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::correct::{Corrected, CorrectionPlanned};
use super::hours::{TimeLogged, TimeStruck};
use super::mark::Mark;
use super::notice::{RecipientNoted, RecipientsListed};
use super::owner::{FileAdded, FileDecided, FileRemoved, OwnerAnswered, OwnerAsked, OwnerNamed};
use super::question::About;
use super::readers::Readers;
use super::shape::{
    AnsweredTogether, Merged, Reclassified, Reopened, SpamCleared, SpamMarked, SplitOff, Tied, Unmerged,
};
use super::state::{Channel, Due, Excuse, Subject, Terms};
use crate::event::{Actor, Record, join, split};
use crate::flow::TaskKey;
use crate::id::{BlobId, Reference, RequestId, UserId};
use crate::law::EventKind;
use crate::pii::{self, Pii};

pub use task::*;

/// The version of every event's shape so far.
const VERSION: u16 = 1;

/// Something that happened to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    /// It came in.
    Received(Box<Received>),
    /// Its legal date was computed, anew after whatever moves it.
    DueComputed(Due),
    /// A task's turn came, or came again.
    TaskStarted(TaskStarted),
    /// A task's time passed.
    TaskOverdue(TaskNamed),
    /// A task is left out, since it isn't wanted for this request.
    TaskSkipped(TaskSkipped),
    /// A task's turn came; it starts at a set time.
    TaskPlanned(TaskPlanned),
    /// Whoever should do a task is reminded.
    TaskReminded(TaskReminded),
    /// A task that isn't mandatory was left out, since its time passed.
    TaskWaived(TaskNamed),
    /// A member of staff took a task.
    TaskTaken(TaskTaken),
    /// A member of staff gave a task back.
    TaskReleased(TaskNamed),
    /// Answers were kept for later.
    TaskSaved(TaskAnswered),
    /// A task was completed.
    TaskCompleted(TaskAnswered),
    /// A task was rejected with a reason.
    TaskRejected(TaskRejected),
    /// An automatic task waits for a person.
    TaskFailed(TaskFailed),
    /// A code was sent to prove identity.
    VerificationAsked(VerificationAsked),
    /// A wrong or late code was entered.
    VerificationFailed(VerificationFailed),
    /// Identity was proven.
    Verified(Verified),
    /// Identity wasn't proven in time: a person should decide.
    ClosureProposed(ClosureProposed),
    /// Open requests of the same person and activity were found.
    DuplicatesLinked(DuplicatesLinked),
    /// A source is left out of the search with a reason.
    SourceExcused(Excuse),
    /// A source's owner was asked to look for themselves.
    OwnerAsked(OwnerAsked),
    /// That was given to somebody else.
    OwnerNamed(OwnerNamed),
    /// A file was handed in for a source.
    FileAdded(FileAdded),
    /// A file was taken back.
    FileRemoved(FileRemoved),
    /// A source's owner answered.
    OwnerAnswered(OwnerAnswered),
    /// It was decided whether a file is given to the person.
    FileDecided(FileDecided),
    /// Corrections were planned.
    CorrectionPlanned(Box<CorrectionPlanned>),
    /// Corrections were carried out and read back.
    Corrected(Corrected),
    /// Recipients are to be told.
    RecipientsListed(RecipientsListed),
    /// A recipient was told, answered, or can't be told.
    RecipientNoted(RecipientNoted),
    /// Records were gathered.
    Collected(Found),
    /// A person said what is to happen with records.
    Marked(Mark),
    /// The archive was made.
    PackageBuilt(Package),
    /// The archive was made available.
    PackageReleased(PackageReleased),
    /// The person fetched the archive.
    PackageDownloaded(PackageDownloaded),
    /// The archive was made available once more.
    PackageRenewed(PackageReleased),
    /// The archive was deleted.
    PackageDeleted(PackageDeleted),
    /// The legal date was prolonged and the person is told.
    Extended(Extended),
    /// The person was asked something that the law's clock may wait for.
    Asked(Asked),
    /// They answered.
    Answered(Answered),
    /// They didn't in the time given: a person should decide.
    QuestionOverdue(QuestionNamed),
    /// The request reached those who handle requests.
    Forwarded(Forwarded),
    /// The legal date is near and could be prolonged: a person should decide.
    ExtensionProposed(ExtensionProposed),
    /// The legal date passed without an answer.
    DuePassed(DuePassed),
    /// The person was answered in words.
    Replied(Replied),
    /// A case owner was named.
    Assigned(Assigned),
    /// Who may see it was set.
    ReadersSet(ReadersSet),
    /// A message or a note was written.
    Said(Said),
    /// It was refused.
    Refused(Refusal),
    /// The person took it back.
    Withdrawn(Withdrawn),
    /// It was answered.
    Completed(Completed),
    /// It was opened again.
    Reopened(Reopened),
    /// It is handled as another kind of request from here on.
    Reclassified(Box<Reclassified>),
    /// One of its wishes became a request of its own.
    SplitOff(SplitOff),
    /// It was taken out of another request.
    SplitFrom(Tied),
    /// It is answered together with another.
    Merged(Merged),
    /// Another is answered together with it.
    MergedIn(Tied),
    /// It is answered by itself again.
    Unmerged(Unmerged),
    /// Another no longer follows it.
    LetGo(Tied),
    /// The request it follows was answered, and it with it.
    AnsweredTogether(AnsweredTogether),
    /// It was set aside as spam.
    SpamMarked(SpamMarked),
    /// It is no spam.
    SpamCleared(SpamCleared),
    /// Time was worked on it.
    TimeLogged(TimeLogged),
    /// An entry of time was a mistake.
    TimeStruck(TimeStruck),
}

/// It came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Received {
    /// Its name for people.
    pub reference: Reference,
    /// What it is made under.
    pub terms: Terms,
    /// How.
    pub channel: Channel,
    /// When, truly: a call's instant, not that of typing it in.
    pub received_at: Timestamp,
    /// Who asks.
    #[serde(with = "pii::sealed")]
    pub subject: Pii<Subject>,
}

/// A code was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationAsked {
    /// The rung of the ladder, such as `mail_code`.
    pub rung: String,
    /// Until when the code works.
    pub expires_at: Timestamp,
}

/// A wrong or late code was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationFailed {
    /// `wrong`, `late` or `too_many`.
    pub cause: String,
}

/// Identity was proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// The rung it was proven at.
    pub rung: String,
}

/// Identity wasn't proven in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosureProposed {
    /// The day the person was to answer by.
    pub due_on: Date,
}

/// Open requests of the same person and activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicatesLinked {
    /// The requests, each with its own date.
    pub requests: Vec<RequestId>,
}

/// What was found, and where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The sealed file of the records.
    pub blob: BlobId,
    /// How many records it holds.
    pub record_count: u64,
    /// How many of them may be of other people.
    pub third_party_count: u64,
    /// How many sources were searched.
    pub source_count: u32,
}

/// The archive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// The file.
    pub blob: BlobId,
    /// Its size.
    pub byte_count: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
    /// How many records are in it.
    pub record_count: u64,
    /// How many records were left out by a person's decision.
    pub excluded_count: u64,
    /// Whether something is missing for a reason that is told: the reply is then a partial one.
    pub is_partial: bool,
    /// The file types in it.
    pub formats: Vec<String>,
    /// What opens it.
    #[serde(with = "pii::sealed")]
    pub password: Pii<String>,
    /// Until when it may be fetched; none before it is released.
    #[serde(default)]
    pub available_until: Option<Timestamp>,
    /// Until when it is kept and may be renewed.
    #[serde(default)]
    pub kept_until: Option<Timestamp>,
    /// How often it was fetched since it was last made available.
    #[serde(default)]
    pub download_count: u32,
    /// Whether it was deleted.
    #[serde(default)]
    pub is_deleted: bool,
}

/// The archive was made available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageReleased {
    /// Until when it may be fetched.
    pub available_until: Timestamp,
    /// Until when it is kept.
    pub kept_until: Timestamp,
}

/// The person fetched the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageDownloaded {
    /// Which time this is, from 1.
    pub number: u32,
}

/// The archive was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageDeleted {
    /// The file that is gone.
    pub blob: BlobId,
}

/// The legal date was prolonged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extended {
    /// The day the person was told.
    pub notified_on: Date,
    /// Why; told to the person.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
    /// The date told to the person, where the law leaves the length to the notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// The person was asked something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Which question of the request this is, from 1.
    pub number: u32,
    /// What it is about.
    pub about: About,
    /// What it is to the law's clock.
    pub asked_as: EventKind,
    /// The day it was asked.
    pub asked_on: Date,
    /// What it says.
    #[serde(with = "pii::sealed")]
    pub text: Pii<String>,
    /// Whether what the law demands of such a question was stated; else it doesn't move the date.
    pub is_founded: bool,
    /// Why it had to be asked.
    #[serde(with = "pii::sealed")]
    pub basis: Pii<String>,
    /// The day the person is asked to answer by.
    pub answer_by: Date,
    /// The task of the flow that asks and waits, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskKey>,
}

/// The person was answered in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replied {
    /// What they are told.
    #[serde(with = "pii::sealed")]
    pub text: Pii<String>,
    /// Who wrote it.
    pub by: Actor,
}

/// A question was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The question.
    pub number: u32,
    /// What the answer is to the law's clock.
    pub answered_as: EventKind,
    /// The day it came in, by whatever channel.
    pub answered_on: Date,
    /// What it says.
    #[serde(with = "pii::sealed")]
    pub text: Pii<String>,
}

/// Names a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionNamed {
    /// The question.
    pub number: u32,
}

/// The request reached those who handle requests. No law counts this; it shows where time went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarded {
    /// The day it did.
    pub forwarded_on: Date,
}

/// The legal date is near.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionProposed {
    /// The date as it stands.
    pub due_on: Date,
}

/// The legal date passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuePassed {
    /// The date.
    pub due_on: Date,
    /// The clock's state since: `missed`, or `deemed_refused` where the law takes silence for a refusal.
    pub state: String,
}

/// A case owner was named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Who answers for it now; none: nobody.
    pub owner: Option<UserId>,
}

/// Who may see it was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadersSet {
    /// Who may, of those who could otherwise.
    pub readers: Readers,
    /// Why.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
}

/// A message or a note was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// What it says.
    #[serde(with = "pii::sealed")]
    pub text: Pii<String>,
    /// Whether it is a note that the person doesn't see.
    pub is_internal: bool,
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// The grounds' ids in the law pack.
    pub grounds: Vec<String>,
    /// Their articles, as told.
    pub articles: Vec<String>,
    /// What the person is told beside them.
    #[serde(with = "pii::sealed")]
    pub explanation: Pii<String>,
    /// Who decided.
    pub by: UserId,
}

/// The person took it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {}

/// It was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {
    /// Whether something is missing for a reason that is told.
    pub is_partial: bool,
    /// Whether nothing was held.
    pub nothing_held: bool,
}

/// A stored event this version of Habeas can't read.
#[derive(Debug, thiserror::Error)]
#[error("event {kind} version {version} can't be read by this version")]
pub struct Unreadable {
    /// Its kind.
    pub kind: String,
    /// The version of its shape.
    pub version: u16,
}

impl Event {
    /// Returns the form the event is kept in, with what must be sealed split off.
    ///
    /// # Errors
    /// When the event can't be written as JSON, which no event of ours is known to cause.
    pub fn to_record(&self) -> Result<Record, Unreadable> {
        let unreadable = || Unreadable { kind: "event".to_owned(), version: VERSION };
        let mut whole = serde_json::to_value(self).map_err(|_| unreadable())?;
        let kind = whole.get("kind").and_then(Value::as_str).ok_or_else(unreadable)?.to_owned();
        let body = whole.get_mut("body").map(Value::take).unwrap_or_default();
        let (body, sealed) = split(body);
        Ok(Record { kind, version: VERSION, body, sealed })
    }

    /// Reads an event back; sealed parts whose key is destroyed are empty.
    ///
    /// # Errors
    /// When the kind, its version or its shape is unknown: the request is then left alone.
    pub fn from_record(record: &Record) -> Result<Self, Unreadable> {
        let unreadable = || Unreadable { kind: record.kind.clone(), version: record.version };
        if record.version != VERSION {
            return Err(unreadable());
        }
        let body = join(record.body.clone(), record.sealed.clone());
        let mut whole = serde_json::Map::new();
        whole.insert("kind".to_owned(), Value::String(record.kind.clone()));
        whole.insert("body".to_owned(), body);
        serde_json::from_value(Value::Object(whole)).map_err(|_| unreadable())
    }
}
