//! What is asked of a request: the acts, and how tries of automatic tasks end.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{OwnerAct, Reshape, ToAsk};
use crate::access::Role;
use crate::flow::TaskKey;
use crate::id::{RequestId, UserId};
use crate::pii::Pii;
use crate::request::correct::{CorrectionPlan, SourceCorrected};
use crate::request::event::{Found, Package, VerificationAsked};
use crate::request::mark::{MarkScope, Verdict};
use crate::request::notice::{NoticeState, Recipient};
use crate::request::question::About;
use crate::request::react::Timer;
use crate::request::readers::Readers;
use crate::request::state::Failure;

/// An act.
pub enum Command {
    /// An automatic task's try is over.
    Finish {
        /// The task.
        task: TaskKey,
        /// The try.
        attempt: u32,
        /// How it ended.
        outcome: Outcome,
    },
    /// A code was sent.
    AskVerification(VerificationAsked),
    /// The right code was entered.
    Verify {
        /// The rung it proves identity at.
        rung: String,
    },
    /// A wrong or late code was entered.
    NoteWrongCode {
        /// `wrong`, `late` or `too_many`.
        cause: String,
    },
    /// A set time has come.
    Wake(Timer),
    /// Take a task.
    Take(TaskKey),
    /// Give a task back.
    Release(TaskKey),
    /// Keep answers for later.
    Save(TaskKey, Answers),
    /// Complete a manual task.
    Complete {
        /// The task.
        task: TaskKey,
        /// What was filled in.
        answers: Answers,
        /// In a data review: how many records of other people nobody has decided on.
        undecided: u64,
    },
    /// Reject a manual task.
    Reject {
        /// The task.
        task: TaskKey,
        /// What was filled in.
        answers: Answers,
        /// Why.
        reason: Pii<String>,
    },
    /// Try a failed or stopped task again.
    Retry(TaskKey),
    /// Leave a task out whose condition can't be told.
    Skip {
        /// The task.
        task: TaskKey,
        /// Why it isn't wanted.
        reason: Pii<String>,
    },
    /// Note that a recipient was told, answered, or why they aren't told.
    NoteRecipient {
        /// Which, from 1.
        number: u32,
        /// How it stands.
        state: NoticeState,
        /// What to say of it.
        note: Pii<String>,
    },
    /// Do something about what a source's owner is asked.
    Owner(String, OwnerAct),
    /// Leave a source out of the search.
    Excuse {
        /// The data source.
        source: String,
        /// Why.
        reason: Pii<String>,
    },
    /// Decide on records.
    Mark {
        /// Which.
        scope: MarkScope,
        /// What is to happen.
        verdict: Verdict,
        /// Why.
        reason: Pii<String>,
    },
    /// Refuse or close against the person's wish.
    Refuse {
        /// The grounds' ids in the law pack.
        grounds: Vec<String>,
        /// What the person is told.
        explanation: Pii<String>,
    },
    /// Take the request back.
    Withdraw,
    /// Prolong the legal date.
    Extend {
        /// Why; told to the person.
        reason: Pii<String>,
        /// The date told to the person, where the law leaves the length to the notice.
        until: Option<Date>,
    },
    /// Ask the person something that the law's clock may wait for.
    Ask {
        /// What about.
        about: About,
        /// What the person reads.
        text: Pii<String>,
        /// Why it has to be asked; the law doesn't let the date wait without.
        basis: Pii<String>,
    },
    /// Answer a question.
    Answer {
        /// Which.
        number: u32,
        /// What the person says.
        text: Pii<String>,
        /// The day it came in, where staff write it down later.
        answered_on: Option<Date>,
    },
    /// Note the day a request that came in elsewhere reached those who handle requests.
    NoteForwarded(Date),
    /// Name the case owner.
    Assign(Option<UserId>),
    /// Name the case owner whom the rule of assignment chose.
    AssignByRule(UserId),
    /// Give a manual task to a member of its team, with their roles; to none: back to all of them.
    HandOver(TaskKey, Option<(UserId, Vec<Role>)>),
    /// Set who may see it.
    Narrow {
        /// Who may.
        readers: Readers,
        /// Why.
        reason: Pii<String>,
    },
    /// Write to the other side, or a note.
    Say {
        /// What.
        text: Pii<String>,
        /// Whether it is a note.
        is_internal: bool,
    },
    /// Fetch the archive.
    Download,
    /// Make the archive available once more.
    Renew,
    /// Change what becomes of it as a case.
    Reshape(Reshape),
    /// Enter time worked.
    LogTime {
        /// On which day.
        on: Date,
        /// How many minutes.
        minutes: u32,
        /// On what.
        note: Pii<String>,
    },
    /// Strike out an entry of time.
    StrikeTime(u32),
}

/// What was filled in, by name.
pub type Answers = Pii<BTreeMap<String, String>>;

/// How an automatic task's try ended.
pub enum Outcome {
    /// The receipt is in the outbox.
    Acknowledged,
    /// Duplicates were looked for.
    DuplicatesFound(Vec<RequestId>),
    /// Records were gathered.
    Collected(Found),
    /// The archive was made.
    Built(Package),
    /// The archive may be handed over.
    Delivered,
    /// It is done, and gave these values by name.
    Done(BTreeMap<String, String>),
    /// The person is to be asked; the task waits for the answer.
    Asked {
        /// What they read.
        text: Pii<String>,
        /// Why it has to be asked.
        basis: Pii<String>,
    },
    /// The person is answered.
    Replied(Pii<String>),
    /// These owners are to be asked; the task waits for their answers.
    OwnersAsked(Vec<ToAsk>),
    /// Corrections are planned.
    CorrectionPlanned {
        /// The SHA-256 of the plan, hexadecimal.
        hash: String,
        /// What changes.
        plan: CorrectionPlan,
    },
    /// The plan was carried out.
    Corrected {
        /// The plan.
        hash: String,
        /// What was done in each source.
        sources: Vec<SourceCorrected>,
    },
    /// The records aren't as they were when this was planned: it is planned and approved again.
    PlanAgain,
    /// These recipients are to be told; the task waits until each is.
    RecipientsListed(Vec<Recipient>),
    /// A person should think of more time, where the law gives it.
    ExtensionProposed,
    /// The request is to end.
    Closed,
    /// It needs a person.
    Failed(Failure),
}
