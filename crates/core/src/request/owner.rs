//! What the owners of data sources are asked to do by hand: each source on its own, with files or "nothing held".
//!
//! Such an ask waits until its owner answered, or until a person gave a reason to go on without. Where no owner can
//! be named it is nobody's, and those who assign work are told.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::event::Turn;
use super::row::OpenTask;
use super::state::{Request, TaskState};
use crate::event::Actor;
use crate::flow::TaskKey;
use crate::id::{BlobId, UserId};
use crate::pii::{self, Pii};

/// Most files of one source.
pub const FILES_MAX: usize = 20;

/// The longest file, in bytes.
pub const FILE_BYTES_MAX: u64 = 100 * 1024 * 1024;

/// The owner of a source was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerAsked {
    /// The task of the flow that waits for the answer.
    pub task: TaskKey,
    /// Which try of it asks.
    pub attempt: u32,
    /// The data source.
    pub source: String,
    /// Who is asked; none: there is nobody, or they are away and so is their stand-in.
    pub owner: Option<UserId>,
    /// Whether the source is searched by itself too, and the owner is asked what that doesn't reach.
    pub confirms: bool,
    /// What the source holds, in the words of whoever set it up.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// The datasets that describe it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub datasets: Vec<String>,
    /// When the answer should be there.
    pub due_at: Option<Timestamp>,
}

/// It was given to somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerNamed {
    /// The data source.
    pub source: String,
    /// Who is asked now; none: nobody.
    pub owner: Option<UserId>,
}

/// A file was handed in for a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileAdded {
    /// The data source.
    pub source: String,
    /// The sealed file.
    pub blob: BlobId,
    /// What it is called.
    #[serde(with = "pii::sealed")]
    pub name: Pii<String>,
    /// Its type, such as `application/pdf`.
    pub media_type: String,
    /// Its length before it was sealed.
    pub byte_count: u64,
    /// Whether it holds data of other people too, so that a person must decide on it.
    pub is_of_others: bool,
}

/// A file was taken back before the answer was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRemoved {
    /// The data source.
    pub source: String,
    /// The file, which is deleted.
    pub blob: BlobId,
}

/// A source's owner answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnerAnswered {
    /// The data source.
    pub source: String,
    /// How many files the answer is; none: nothing is held.
    pub file_count: u32,
    /// The day whose state of the source it shows.
    pub as_of: Date,
    /// What the owner says beside it; for staff.
    #[serde(with = "pii::sealed")]
    pub note: Pii<String>,
}

/// It was decided whether a file is given to the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileDecided {
    /// The data source.
    pub source: String,
    /// The file.
    pub blob: BlobId,
    /// Whether it is given.
    pub is_given: bool,
    /// Why not, as the person is told it.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
    /// Who decided.
    pub by: UserId,
}

/// What a source's owner is asked, and what came of it.
#[derive(Clone, PartialEq)]
pub struct OwnerAsk {
    /// The data source.
    pub source: String,
    /// The task of the flow that waits.
    pub task: TaskKey,
    /// Which try of it asks.
    pub attempt: u32,
    /// Since when it is whoever's it is.
    pub since: Timestamp,
    /// Who is asked.
    pub owner: Option<UserId>,
    /// Whether the source is searched by itself too.
    pub confirms: bool,
    /// What the source holds, in the words of whoever set it up.
    pub about: String,
    /// The datasets that describe it.
    pub datasets: Vec<String>,
    /// When the answer should be there.
    pub due_at: Option<Timestamp>,
    /// The files handed in.
    pub files: Vec<OwnerFile>,
    /// The answer.
    pub answer: Option<OwnerAnswer>,
    /// Whether a person gave a reason to go on without; the request's excuses say which.
    pub is_excused: bool,
}

/// A file handed in.
#[derive(Clone, PartialEq)]
pub struct OwnerFile {
    /// The sealed file.
    pub blob: BlobId,
    /// What it is called.
    pub name: Pii<String>,
    /// Its type.
    pub media_type: String,
    /// Its length before it was sealed.
    pub byte_count: u64,
    /// Whether it holds data of other people too.
    pub is_of_others: bool,
    /// When it was handed in.
    pub added_at: Timestamp,
    /// What was decided on it.
    pub decision: Option<FileDecided>,
}

/// What an owner answered.
#[derive(Clone, PartialEq)]
pub struct OwnerAnswer {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// The day whose state of the source it shows.
    pub as_of: Date,
    /// What they say beside it.
    pub note: Pii<String>,
}

impl OwnerAsk {
    /// Says whether nothing answers it yet.
    pub fn is_open(&self) -> bool {
        self.answer.is_none() && !self.is_excused
    }

    /// Returns the key it stands under in lists of tasks.
    pub fn key(&self) -> TaskKey {
        self.task.of_source(&self.source)
    }

    fn file(&mut self, blob: BlobId) -> Option<&mut OwnerFile> {
        self.files.iter_mut().find(|file| file.blob == blob)
    }
}

impl OwnerFile {
    /// Says whether it is given to the person: unless it was decided otherwise, or holds data of other people and
    /// nobody has decided yet.
    pub fn is_given(&self) -> bool {
        self.decision.as_ref().map_or(!self.is_of_others, |decision| decision.is_given)
    }

    /// Says whether a person must decide on it before anything leaves.
    pub fn is_undecided(&self) -> bool {
        self.is_of_others && self.decision.is_none()
    }
}

impl Request {
    /// Returns what a source's owner was asked.
    pub fn owner_ask(&self, source: &str) -> Option<&OwnerAsk> {
        self.owner_asks.get(source)
    }

    /// Returns the asks that wait for an answer or a reason. Where the task itself is to be done again they are asked
    /// anew, if at all.
    pub fn open_owner_asks(&self) -> impl Iterator<Item = &OwnerAsk> {
        let is_under_way =
            |task: &TaskKey| self.tasks.get(task).is_some_and(|run| run.state != TaskState::Again);
        self.owner_asks.values().filter(move |ask| ask.is_open() && is_under_way(&ask.task))
    }

    /// Says whether neither a search nor an owner found anything that is given.
    pub fn holds_nothing(&self) -> bool {
        let has_files = self.owner_files().next().is_some();
        !has_files && self.found.as_ref().is_some_and(|found| found.record_count == 0)
    }

    /// Returns the files of answered asks that belong to the reply, in the order of their sources.
    pub fn owner_files(&self) -> impl Iterator<Item = (&OwnerAsk, &OwnerFile)> {
        let answered = self.owner_asks.values().filter(|ask| ask.answer.is_some());
        answered.flat_map(|ask| ask.files.iter().map(move |file| (ask, file)))
    }

    /// Returns how many files a person must still decide on.
    pub fn undecided_file_count(&self) -> u64 {
        self.owner_files().filter(|(_, file)| file.is_undecided()).count() as u64
    }

    pub(super) fn apply_ask(&mut self, asked: &OwnerAsked, at: Timestamp) {
        // What was handed in at an earlier try stays: the owner says anew whether it is all.
        let files = self.owner_asks.remove(&asked.source).map(|ask| ask.files).unwrap_or_default();
        let ask = OwnerAsk {
            source: asked.source.clone(),
            task: asked.task.clone(),
            attempt: asked.attempt,
            since: at,
            owner: asked.owner,
            confirms: asked.confirms,
            about: asked.about.clone(),
            datasets: asked.datasets.clone(),
            due_at: asked.due_at,
            files,
            answer: None,
            is_excused: false,
        };
        self.owner_asks.insert(asked.source.clone(), ask);
    }

    pub(super) fn apply_owner(&mut self, event: &super::Event, actor: Actor, at: Timestamp) {
        use super::Event;
        let source = match event {
            Event::OwnerNamed(named) => &named.source,
            Event::FileAdded(added) => &added.source,
            Event::FileRemoved(removed) => &removed.source,
            Event::OwnerAnswered(answered) => &answered.source,
            Event::FileDecided(decided) => &decided.source,
            _ => return,
        };
        let Some(ask) = self.owner_asks.get_mut(source) else { return };
        match event {
            Event::OwnerNamed(named) => {
                ask.owner = named.owner;
                ask.since = at;
            }
            Event::FileAdded(added) => ask.files.push(OwnerFile {
                blob: added.blob,
                name: added.name.clone(),
                media_type: added.media_type.clone(),
                byte_count: added.byte_count,
                is_of_others: added.is_of_others,
                added_at: at,
                decision: None,
            }),
            Event::FileRemoved(removed) => ask.files.retain(|file| file.blob != removed.blob),
            Event::OwnerAnswered(answered) => {
                let (as_of, note) = (answered.as_of, answered.note.clone());
                ask.answer = Some(OwnerAnswer { by: actor, at, as_of, note });
            }
            Event::FileDecided(decided) => {
                if let Some(file) = ask.file(decided.blob) {
                    file.decision = Some(decided.clone());
                }
            }
            _ => {}
        }
    }

    pub(super) fn excuse_ask(&mut self, source: &str) {
        if let Some(ask) = self.owner_asks.get_mut(source).filter(|ask| ask.is_open()) {
            ask.is_excused = true;
        }
    }

    /// Returns the asks as tasks of the lists: each is its owner's from the beginning.
    pub(super) fn asks_as_tasks(&self) -> impl Iterator<Item = OpenTask> {
        self.open_owner_asks().map(|ask| OpenTask {
            key: ask.key(),
            flow: self.terms.flow.clone(),
            flow_version: self.terms.flow_version,
            state: TaskState::InProgress,
            turn: Turn::Staff,
            started_at: ask.since,
            due_at: ask.due_at,
            is_overdue: self.tasks.get(&ask.task).is_some_and(|run| run.is_overdue),
            taken_by: ask.owner,
        })
    }
}
