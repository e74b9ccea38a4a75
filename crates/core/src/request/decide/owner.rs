//! The owners of data sources: asked, answering with files or "nothing held", replaced, done without.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Context, Denied};
use crate::access::{self, Action, Role};
use crate::flow::TaskKey;
use crate::id::{BlobId, UserId};
use crate::pii::Pii;
use crate::request::event::{Event, TaskAnswered};
use crate::request::owner::{
    FILE_BYTES_MAX, FILES_MAX, FileAdded, FileDecided, FileRemoved, OwnerAnswered, OwnerAsk, OwnerAsked,
    OwnerNamed,
};
use crate::request::state::Request;

/// The longest note, in characters.
const LONGEST: usize = 10_000;

/// The longest name of a file, in characters.
const NAME_MAX: usize = 200;

/// A source whose owner is to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToAsk {
    /// The data source.
    pub source: String,
    /// Who is asked; none: nobody can be.
    pub owner: Option<UserId>,
    /// Whether it is searched by itself too.
    pub confirms: bool,
    /// What it holds, in the words of whoever set it up.
    pub about: String,
    /// The datasets that describe it.
    pub datasets: Vec<String>,
}

/// An act about what a source's owner is asked.
pub enum OwnerAct {
    /// Take what is nobody's, or what somebody else has.
    Take,
    /// Give it back: to nobody.
    Release,
    /// Give it to somebody, with their roles.
    HandOver(UserId, Vec<Role>),
    /// Hand a file in.
    Add(Box<FileAdded>),
    /// Take a file back.
    Remove(BlobId),
    /// Say that this is all, or that nothing is held.
    Answer {
        /// Whether files answer it; else nothing is held.
        holds: bool,
        /// The day whose state of the source it shows.
        as_of: Date,
        /// What to say beside it.
        note: Pii<String>,
    },
    /// Decide in the data review whether a file is given.
    Decide {
        /// The file.
        blob: BlobId,
        /// Whether it is given.
        is_given: bool,
        /// Why not.
        reason: Pii<String>,
    },
}

/// Asks the owners; the task ends at once where there is nobody to ask. A source that was left out with a reason is
/// not asked, and one that this try has asked isn't asked twice.
pub(super) fn ask(
    request: &Request,
    key: &TaskKey,
    attempt: u32,
    wanted: Vec<ToAsk>,
    ctx: &Context<'_>,
) -> (Vec<Event>, Option<BTreeMap<String, String>>) {
    let run_due = request.running(key).and_then(|run| run.due_at);
    let target = request.target_on().and_then(|on| on.at(23, 59, 0, 0).to_zoned(ctx.zone.clone()).ok());
    let due_at = run_due.or_else(|| target.map(|at| at.timestamp()));
    let excused: BTreeSet<&str> = request.excuses.iter().map(|excuse| excuse.source.as_str()).collect();
    let is_asked = |source: &str| {
        request.owner_ask(source).is_some_and(|ask| ask.task == *key && ask.attempt == attempt)
    };
    let asks = wanted.into_iter().filter(|one| !excused.contains(one.source.as_str()));
    let events: Vec<Event> = asks
        .filter(|one| !is_asked(&one.source))
        .map(|ToAsk { source, owner, confirms, about, datasets }| {
            let task = key.clone();
            Event::OwnerAsked(OwnerAsked { task, attempt, source, owner, confirms, about, datasets, due_at })
        })
        .collect();
    let waits = request.open_owner_asks().any(|ask| ask.task == *key && ask.attempt == attempt);
    let outputs = (events.is_empty() && !waits).then(|| outputs(request, key));
    (events, outputs)
}

/// Returns what a task that asked owners gives: how many were asked, and how many hold something.
fn outputs(request: &Request, key: &TaskKey) -> BTreeMap<String, String> {
    let asks = || request.owner_asks.values().filter(|ask| ask.task == *key);
    let holding = asks().filter(|ask| ask.answer.is_some() && !ask.files.is_empty()).count();
    BTreeMap::from([
        ("count".to_owned(), asks().count().to_string()),
        ("holding".to_owned(), holding.to_string()),
    ])
}

/// Returns the end of the task that asked, once the events leave nothing of it open.
pub(super) fn settled(request: &Request, source: &str, events: &[Event], ctx: &Context<'_>) -> Option<Event> {
    let task = request.owner_ask(source)?.task.clone();
    request.running(&task)?;
    let mut after = request.clone();
    for event in events {
        after.apply(event, ctx.actor, ctx.now);
    }
    let is_over = after.open_owner_asks().all(|ask| ask.task != task);
    let answers = Pii::new(outputs(&after, &task));
    is_over.then_some(Event::TaskCompleted(TaskAnswered { task, answers }))
}

pub(super) fn act(
    request: &Request,
    source: &str,
    act: OwnerAct,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    request.ensure_open()?;
    let ask = request.owner_ask(source).ok_or(Denied::NotWaiting)?;
    match act {
        OwnerAct::Decide { blob, is_given, reason } => decide(request, ask, (blob, is_given, reason), ctx),
        _ if !ask.is_open() => Err(Denied::NotWaiting),
        OwnerAct::Take => {
            let user = ctx.ensure(Action::Assign)?;
            Ok(name(ask, Some(user)))
        }
        OwnerAct::Release => {
            ensure_theirs(ask, ctx)?;
            Ok(name(ask, None))
        }
        OwnerAct::HandOver(user, roles) => hand_over(request, ask, (user, &roles), ctx),
        OwnerAct::Add(file) => add(ask, *file, ctx),
        OwnerAct::Remove(blob) => {
            ensure_theirs(ask, ctx)?;
            let is_known = ask.files.iter().any(|file| file.blob == blob);
            if !is_known {
                return Err(Denied::NotWaiting);
            }
            Ok(vec![Event::FileRemoved(FileRemoved { source: ask.source.clone(), blob })])
        }
        OwnerAct::Answer { holds, as_of, note } => answer(request, ask, (holds, as_of, note), ctx),
    }
}

fn name(ask: &OwnerAsk, owner: Option<UserId>) -> Vec<Event> {
    let named = OwnerNamed { source: ask.source.clone(), owner };
    (ask.owner != owner).then_some(Event::OwnerNamed(named)).into_iter().collect()
}

/// Only whoever it is given to answers for a source.
fn ensure_theirs(ask: &OwnerAsk, ctx: &Context<'_>) -> Result<UserId, Denied> {
    let user = ctx.ensure(Action::DoTasks)?;
    match ask.owner {
        Some(owner) if owner == user => Ok(user),
        Some(_) => Err(Denied::TakenByOther),
        None => Err(Denied::NotTaken),
    }
}

fn hand_over(
    request: &Request,
    ask: &OwnerAsk,
    (user, roles): (UserId, &[Role]),
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::Assign)?;
    let sees = request.readers.admits(user, access::may(roles, Action::Narrow));
    if !access::may(roles, Action::DoTasks) || !sees {
        return Err(Denied::AnswerWrong("who does it".to_owned()));
    }
    Ok(name(ask, Some(user)))
}

fn add(ask: &OwnerAsk, file: FileAdded, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    ensure_theirs(ask, ctx)?;
    if ask.files.len() >= FILES_MAX {
        return Err(Denied::TooManyFiles);
    }
    let name = file.name.reveal();
    let is_name = !name.trim().is_empty() && name.chars().count() <= NAME_MAX;
    if !is_name || name.contains(char::is_control) {
        return Err(Denied::AnswerWrong("the file's name".to_owned()));
    }
    if file.byte_count == 0 || file.byte_count > FILE_BYTES_MAX {
        return Err(Denied::AnswerWrong("the file".to_owned()));
    }
    Ok(vec![Event::FileAdded(FileAdded { source: ask.source.clone(), ..file })])
}

fn answer(
    request: &Request,
    ask: &OwnerAsk,
    (holds, as_of, note): (bool, Date, Pii<String>),
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ensure_theirs(ask, ctx)?;
    if as_of > ctx.today() || as_of < request.received_on(ctx) {
        return Err(Denied::AnswerWrong("the day".to_owned()));
    }
    if note.reveal().chars().count() > LONGEST {
        return Err(Denied::AnswerWrong("the note".to_owned()));
    }
    match (holds, ask.files.is_empty()) {
        (true, true) => return Err(Denied::FilesMissing),
        (false, false) => return Err(Denied::FilesThere),
        (true, false) | (false, true) => {}
    }
    let file_count = u32::try_from(ask.files.len()).unwrap_or(u32::MAX);
    let source = ask.source.clone();
    let mut events = vec![Event::OwnerAnswered(OwnerAnswered { source, file_count, as_of, note })];
    events.extend(settled(request, &ask.source, &events, ctx));
    Ok(events)
}

/// Decides on a file in the data review, as on records.
fn decide(
    request: &Request,
    ask: &OwnerAsk,
    (blob, is_given, reason): (BlobId, bool, Pii<String>),
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    let by = super::review::ensure_reviewing(request, ctx)?;
    if ask.answer.is_none() || ask.files.iter().all(|file| file.blob != blob) {
        return Err(Denied::NotWaiting);
    }
    if !is_given && reason.reveal().trim().is_empty() {
        return Err(Denied::ReasonMissing);
    }
    let decided = FileDecided { source: ask.source.clone(), blob, is_given, reason, by };
    Ok(vec![Event::FileDecided(decided)])
}

/// Leaves a source out whose owner doesn't answer: a person says why, and the reply tells it.
pub(super) fn excuse(
    request: &Request,
    source: &str,
    excused: Event,
    ctx: &Context<'_>,
) -> Option<Vec<Event>> {
    request.owner_ask(source).filter(|ask| ask.is_open())?;
    let mut events = vec![excused];
    events.extend(settled(request, source, &events, ctx));
    Some(events)
}

/// Nothing is approved or handed over while an owner hasn't answered.
pub(super) fn ensure_answered(request: &Request) -> Result<(), Denied> {
    match request.open_owner_asks().count() {
        0 => Ok(()),
        count => Err(Denied::OwnersWaiting(count)),
    }
}
