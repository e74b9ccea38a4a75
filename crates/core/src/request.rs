//! A data subject request: what may happen to it, what is after it, what must be done next.
//!
//! A request is the fold of its events. [`receive`] and [`Request::decide`] turn acts into events,
//! [`Request::apply`] folds them, [`react`] names the jobs they ask for and [`Request::project`] the one
//! derived row. The store appends events, row and jobs in one transaction.

mod advance;
mod apply;
mod correct;
mod cover;
mod decide;
mod due;
mod event;
mod facts;
mod hours;
mod mark;
mod notice;
mod owner;
mod project;
mod question;
mod react;
mod readers;
mod row;
mod shape;
mod state;

pub use apply::Broken;
pub use correct::{
    Asked as AskedFact, CHANGES_MAX, Corrected, Correction, CorrectionPlan, CorrectionPlanned, FieldChange,
    LeftOpen, RightFact, SourceCorrected,
};
pub use decide::{
    Answers, CARRIED_OVER, Command, Context, Decision, Denied, MainEnd, Outcome, OwnerAct, Reshape, Settings,
    ToAsk, can_go_on_from, receive,
};
pub use due::{Governing, duties, explain, governing};
pub use event::*;
pub use hours::{Money, TimeEntry, TimeLogged, TimeStruck};
pub use mark::{Mark, MarkGround, MarkScope, Verdict};
pub use notice::{NoticeState, RECIPIENTS_MAX, Recipient, RecipientNoted, RecipientNotice, RecipientsListed};
pub use owner::{
    FILE_BYTES_MAX, FILES_MAX, FileAdded, FileDecided, FileRemoved, OwnerAnswer, OwnerAnswered, OwnerAsk,
    OwnerAsked, OwnerFile, OwnerNamed,
};
pub use project::{normal_email, normal_phone};
pub use question::{About, Answer, Question};
pub use react::{Occasion, Timer, kind, mail, react};
pub use readers::Readers;
pub use row::{IndexKind, IndexTerm, OpenTask, RequestRow, SubjectCard};
pub use shape::{
    AnsweredTogether, Main, Merged, Reclassified, Reopened, Shape, SpamCause, SpamCleared, SpamMarked,
    SplitOff, Tied, Unmerged,
};
pub use state::{
    AlsoLaw, Channel, Due, Excuse, Failure, Message, Request, Status, Subject, TaskRun, TaskState, Terms,
};

#[cfg(test)]
mod tests;
