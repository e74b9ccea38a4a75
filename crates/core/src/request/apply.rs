//! What a request is after an event. Total: whatever was stored folds, and nothing is decided here.

mod task;

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Answered, Asked, Event, Found, Package, Received, Turn, Unreadable};
use super::hours::TimeEntry;
use super::mark::{Mark, MarkScope, Verdict};
use super::question::{Answer, Question};
use super::readers::Readers;
use super::shape::{Reclassified, Reopened, Shape};
use super::state::{Message, Request, Status, TaskRun, TaskState};
use crate::event::{Actor, Entry};
use crate::flow::TaskKey;
use crate::id::RequestId;
use crate::law::EventKind;

/// Why a log can't be folded into a request.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// An event is of a kind or version this version doesn't know.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The log doesn't start with the receipt.
    #[error("the log of request {0} does not start with its receipt")]
    NoReceipt(RequestId),
}

impl Request {
    /// Folds a log into a request.
    ///
    /// # Errors
    /// When an event can't be read, or the first isn't the receipt.
    pub fn replay(id: RequestId, entries: &[Entry]) -> Result<Self, Broken> {
        let mut entries = entries.iter();
        let first = entries.next().ok_or(Broken::NoReceipt(id))?;
        let Event::Received(received) = Event::from_record(&first.record)? else {
            return Err(Broken::NoReceipt(id));
        };
        let mut request = Self::receive(id, &received);
        for entry in entries {
            request.apply(&Event::from_record(&entry.record)?, entry.actor, entry.at);
        }
        Ok(request)
    }

    /// Returns the request as it is right after its receipt.
    pub fn receive(id: RequestId, received: &Received) -> Self {
        Self {
            id,
            reference: received.reference.clone(),
            terms: received.terms.clone(),
            channel: received.channel,
            received_at: received.received_at,
            subject: received.subject.clone(),
            status: Status::Received,
            verified_at: None,
            closure_proposed_at: None,
            due: None,
            clock: Vec::new(),
            extended_until: None,
            questions: Vec::new(),
            extension_proposed_at: None,
            extension_reason: None,
            owner: None,
            readers: Readers::default(),
            tasks: BTreeMap::new(),
            found: None,
            correction: None,
            notices: Vec::new(),
            marks: Vec::new(),
            owner_asks: BTreeMap::new(),
            package: None,
            duplicates: BTreeSet::new(),
            excuses: Vec::new(),
            replied_at: None,
            refusal: None,
            messages: Vec::new(),
            closed_at: None,
            shape: Shape::default(),
            hours: Vec::new(),
            seq: 1,
        }
    }

    /// Takes one more event in.
    pub fn apply(&mut self, event: &Event, actor: Actor, at: jiff::Timestamp) {
        self.seq += 1;
        match event {
            Event::Received(_) | Event::VerificationFailed(_) => {}
            Event::DueComputed(due) => self.due = Some(due.clone()),
            Event::TaskStarted(_)
            | Event::TaskPlanned(_)
            | Event::TaskSkipped(_)
            | Event::TaskReminded(_)
            | Event::TaskOverdue(_)
            | Event::TaskWaived(_)
            | Event::TaskTaken(_)
            | Event::TaskReleased(_)
            | Event::TaskSaved(_)
            | Event::TaskCompleted(_)
            | Event::TaskRejected(_)
            | Event::TaskFailed(_) => self.apply_task(event, actor, at),
            Event::VerificationAsked(_) => self.await_proof(),
            Event::Verified(_) => self.prove(at),
            Event::ClosureProposed(_) => self.closure_proposed_at = Some(at),
            Event::DuplicatesLinked(linked) => self.duplicates.extend(&linked.requests),
            Event::SourceExcused(excuse) => {
                self.excuses.push(excuse.clone());
                self.excuse_ask(&excuse.source);
            }
            Event::OwnerAsked(asked) => self.apply_ask(asked, at),
            Event::OwnerNamed(_)
            | Event::FileAdded(_)
            | Event::FileRemoved(_)
            | Event::OwnerAnswered(_)
            | Event::FileDecided(_) => self.apply_owner(event, actor, at),
            Event::CorrectionPlanned(_) | Event::Corrected(_) => self.apply_correction(event, at),
            Event::RecipientsListed(_) | Event::RecipientNoted(_) => self.apply_notice(event, actor, at),
            Event::Collected(found) => self.find(found),
            Event::Marked(mark) => self.marks.push(mark.clone()),
            Event::Extended(_)
            | Event::Asked(_)
            | Event::Answered(_)
            | Event::QuestionOverdue(_)
            | Event::Forwarded(_)
            | Event::ExtensionProposed(_)
            | Event::DuePassed(_) => self.apply_dates(event, at),
            Event::Replied(replied) => {
                self.replied_at = Some(at);
                self.say(replied.by, at, &replied.text, false);
            }
            Event::Assigned(assigned) => self.owner = assigned.owner,
            Event::ReadersSet(set) => self.readers = set.readers.clone(),
            Event::Said(said) => self.say(actor, at, &said.text, said.is_internal),
            Event::PackageBuilt(_)
            | Event::PackageReleased(_)
            | Event::PackageDownloaded(_)
            | Event::PackageRenewed(_)
            | Event::PackageDeleted(_) => self.apply_package(event),
            Event::Refused(_) | Event::Withdrawn(_) | Event::Completed(_) | Event::AnsweredTogether(_) => {
                self.close(event, at);
            }
            Event::Reopened(reopened) => self.reopen(reopened, actor, at),
            Event::Reclassified(to) => self.reclassify(to, actor, at),
            Event::SplitOff(_)
            | Event::SplitFrom(_)
            | Event::Merged(_)
            | Event::MergedIn(_)
            | Event::Unmerged(_)
            | Event::LetGo(_)
            | Event::SpamMarked(_)
            | Event::SpamCleared(_) => self.apply_shape(event),
            Event::TimeLogged(_) | Event::TimeStruck(_) => self.apply_hours(event),
        }
    }

    fn say(&mut self, from: Actor, at: jiff::Timestamp, text: &crate::pii::Pii<String>, is_internal: bool) {
        self.messages.push(Message { from, at, text: text.clone(), is_internal });
    }

    fn await_proof(&mut self) {
        if self.verified_at.is_none() {
            self.status = Status::AwaitingVerification;
        }
    }

    fn find(&mut self, found: &Found) {
        self.found = Some(found.clone());
        self.void_marks();
    }

    fn prove(&mut self, at: jiff::Timestamp) {
        self.verified_at = Some(at);
        self.closure_proposed_at = None;
        let is_asked = self.open_questions().next().is_some();
        self.status = if is_asked { Status::AwaitingSubject } else { Status::InProgress };
    }

    /// What the law's clock counts, and what it made of it.
    fn apply_dates(&mut self, event: &Event, at: jiff::Timestamp) {
        match event {
            Event::Extended(extended) => {
                self.clock.push((EventKind::ExtensionNotified, extended.notified_on));
                self.extension_reason = Some(extended.reason.clone());
                self.extended_until = extended.until;
                self.extension_proposed_at = None;
            }
            Event::Asked(asked) => self.ask(asked, at),
            Event::Answered(answered) => self.answer(answered),
            Event::QuestionOverdue(named) => {
                let question = self.questions.iter_mut().find(|question| question.number == named.number);
                if let Some(question) = question {
                    question.is_overdue = true;
                }
            }
            Event::Forwarded(forwarded) => {
                self.clock.push((EventKind::ForwardedToPrivacyTeam, forwarded.forwarded_on));
            }
            Event::ExtensionProposed(_) => self.extension_proposed_at = Some(at),
            Event::DuePassed(passed) => {
                if let Some(due) = self.due.as_mut().filter(|due| due.on == Some(passed.due_on)) {
                    due.state.clone_from(&passed.state);
                }
            }
            _ => {}
        }
    }

    fn apply_shape(&mut self, event: &Event) {
        match event {
            Event::SplitOff(split) => self.shape.split_into.push((split.request, split.reference.clone())),
            Event::SplitFrom(tied) => self.shape.split_from = Some(tied.request),
            Event::Merged(merged) => {
                self.shape.merged_into = Some((merged.into, merged.reference.clone()));
            }
            Event::MergedIn(tied) => {
                self.shape.merged.insert(tied.request);
            }
            Event::Unmerged(_) => self.shape.merged_into = None,
            Event::LetGo(tied) => {
                self.shape.merged.remove(&tied.request);
            }
            Event::SpamMarked(marked) => self.shape.spam = Some(marked.cause),
            Event::SpamCleared(_) => self.shape.spam = None,
            _ => {}
        }
    }

    fn apply_hours(&mut self, event: &Event) {
        match event {
            Event::TimeLogged(logged) => {
                let number = u32::try_from(self.hours.len()).unwrap_or(u32::MAX).saturating_add(1);
                self.hours.push(TimeEntry { number, logged: logged.clone(), is_struck: false });
            }
            Event::TimeStruck(struck) => {
                let entry = self.hours.iter_mut().find(|entry| entry.number == struck.entry);
                if let Some(entry) = entry {
                    entry.is_struck = true;
                }
            }
            _ => {}
        }
    }

    fn ask(&mut self, asked: &Asked, at: jiff::Timestamp) {
        self.questions.push(Question {
            number: asked.number,
            about: asked.about,
            asked_as: asked.asked_as,
            asked_on: asked.asked_on,
            asked_at: at,
            text: asked.text.clone(),
            is_founded: asked.is_founded,
            basis: asked.basis.clone(),
            answer_by: asked.answer_by,
            task: asked.task.clone(),
            answer: None,
            is_overdue: false,
        });
        if matches!(self.status, Status::Received | Status::InProgress) {
            self.status = Status::AwaitingSubject;
        }
    }

    fn answer(&mut self, answered: &Answered) {
        if let Some(question) = self.questions.iter_mut().find(|question| question.number == answered.number)
        {
            question.answer = Some(Answer {
                answered_as: answered.answered_as,
                answered_on: answered.answered_on,
                text: answered.text.clone(),
            });
            question.is_overdue = false;
        }
        if self.status == Status::AwaitingSubject && self.open_questions().next().is_none() {
            self.status = Status::InProgress;
        }
    }

    /// Drops what was decided on an older file: a new one numbers its records anew, and a collection that
    /// was given as a whole may now hold other people's records that nobody has seen. What was kept back as
    /// a whole stays kept back.
    fn void_marks(&mut self) {
        let mut kept: Vec<Mark> = Vec::new();
        for mark in std::mem::take(&mut self.marks) {
            if matches!(mark.scope, MarkScope::Record(_)) {
                continue;
            }
            kept.retain(|earlier| earlier.scope != mark.scope);
            if mark.verdict != Verdict::Give {
                kept.push(mark);
            }
        }
        self.marks = kept;
    }

    fn apply_package(&mut self, event: &Event) {
        if let Event::PackageBuilt(package) = event {
            self.package = Some(package.clone());
            return;
        }
        let Some(package) = &mut self.package else { return };
        match event {
            Event::PackageReleased(released) | Event::PackageRenewed(released) => {
                package.available_until = Some(released.available_until);
                package.kept_until = Some(released.kept_until);
                package.download_count = 0;
            }
            Event::PackageDownloaded(downloaded) => package.download_count = downloaded.number,
            Event::PackageDeleted(deleted) => package.is_deleted |= package.blob == deleted.blob,
            _ => {}
        }
    }

    fn close(&mut self, event: &Event, at: jiff::Timestamp) {
        self.status = match event {
            Event::Refused(refusal) => {
                self.refusal = Some(refusal.clone());
                Status::Refused
            }
            Event::Withdrawn(_) => Status::Withdrawn,
            Event::Completed(completed) if completed.is_partial => Status::PartlyFulfilled,
            Event::AnsweredTogether(answered) if answered.is_partial => Status::PartlyFulfilled,
            _ => Status::Completed,
        };
        self.closure_proposed_at = None;
        self.closed_at = Some(at);
    }

    fn reopen(&mut self, reopened: &Reopened, actor: Actor, at: jiff::Timestamp) {
        self.status = if self.verified_at.is_some() { Status::InProgress } else { Status::Received };
        self.closed_at = None;
        self.refusal = None;
        self.shape.merged_into = None;
        self.shape.reopened_count += 1;
        self.shape.told = reopened.reason.clone();
        for task in &reopened.again {
            self.end(task, TaskState::Again, actor, at);
        }
    }

    /// Every task is to be done again where the new flow has it, each with a number no try had before:
    /// what an older try still brings is then known to be late.
    fn reclassify(&mut self, to: &Reclassified, actor: Actor, at: jiff::Timestamp) {
        self.terms = to.terms.clone();
        self.status = if self.verified_at.is_some() { Status::InProgress } else { Status::Received };
        self.closure_proposed_at = None;
        self.marks.clear();
        self.shape.told = to.reason.clone();
        for run in self.tasks.values_mut() {
            run.state = TaskState::Again;
            run.ended = Some((actor, at));
        }
        for task in &to.settled {
            if !self.tasks.contains_key(task) {
                self.tasks.insert(task.clone(), TaskRun::new(TaskState::Done, Turn::System, 0, at));
            }
            self.end(task, TaskState::Done, actor, at);
        }
    }

    /// Says whether the person was answered: an archive was made available, or words were sent.
    pub fn is_answered(&self) -> bool {
        let is_released = self.package.as_ref().is_some_and(|package| package.kept_until.is_some());
        self.replied_at.is_some() || is_released
    }

    /// Returns the day by which the organisation means to have answered, never later than the legal date.
    pub fn target_on(&self) -> Option<jiff::civil::Date> {
        let days = i64::from(self.terms.targets.target_days);
        self.due.as_ref()?.on?.checked_sub(jiff::Span::new().days(days)).ok()
    }

    /// Returns the task in progress whose turn it is, where one is.
    pub fn running(&self, task: &TaskKey) -> Option<&TaskRun> {
        self.tasks.get(task).filter(|run| run.state == TaskState::InProgress)
    }

    /// Returns the archive as long as it is there and answers the request: what was refused or taken back
    /// after it was made is not given.
    pub fn reply(&self) -> Option<&Package> {
        let is_answer = !matches!(self.status, Status::Refused | Status::Withdrawn);
        self.package.as_ref().filter(|package| is_answer && !package.is_deleted)
    }

    /// Says whether a member of staff must look: something failed, stopped, or should be closed.
    pub fn needs_attention(&self) -> bool {
        let stuck = |run: &TaskRun| run.state.is_stuck();
        let unanswered = self.open_questions().any(|question| question.is_overdue);
        !self.status.is_closed()
            && (self.closure_proposed_at.is_some() || unanswered || self.tasks.values().any(stuck))
    }

    /// Returns whose move it is: `nothing`, `subject`, `staff` or `source`.
    pub fn waits_on(&self) -> &'static str {
        if self.status.is_closed() {
            return "nothing";
        }
        let failed_source = self.tasks.values().any(|run| {
            run.state == TaskState::Failed
                && run.failure.as_ref().is_some_and(|failure| failure.source.is_some())
        });
        let of = |turn: Turn| {
            self.tasks.values().any(|run| run.state == TaskState::InProgress && run.turn == turn)
        };
        if failed_source {
            "source"
        } else if self.needs_attention() {
            "staff"
        } else if self.open_questions().next().is_some() {
            "subject"
        } else if of(Turn::Staff) || self.open_owner_asks().next().is_some() {
            "staff"
        } else if of(Turn::Subject) {
            "subject"
        } else {
            "nothing"
        }
    }

    /// Returns what a person decided for a record, by the last mark that fits it.
    pub fn verdict(&self, record: u64, dataset: &str, collection: &str) -> Option<&Mark> {
        self.marks.iter().rev().find(|mark| match &mark.scope {
            MarkScope::Record(number) => *number == record,
            MarkScope::Collection { dataset: d, collection: c } => d == dataset && c == collection,
        })
    }
}
