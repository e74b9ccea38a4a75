//! What staff ask the person, and what the law's clock makes of it.
//!
//! Which event a question is to the clock follows from the law: a fee that Swiss law wants announced is
//! demanded elsewhere. Whether it moves the date is for [`crate::clock`] to say, from the same pack.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::decide::Context;
use super::state::Request;
use crate::flow::TaskKey;
use crate::law::{Effect, EventKind, Wait};
use crate::pii::Pii;

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// What the request is about: which data, which time, which dealings.
    Clarification,
    /// Who asks.
    Identity,
    /// A fee.
    Fee,
    /// The form the data are wanted in.
    Format,
}

impl About {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Clarification, Self::Identity, Self::Fee, Self::Format];

    /// Returns the word used in forms and the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clarification => "clarification",
            Self::Identity => "identity",
            Self::Fee => "fee",
            Self::Format => "format",
        }
    }

    /// Returns what goes by that word.
    pub fn lookup(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.as_str() == word)
    }

    /// Returns what question and answer are to the clock, beside the law's rule on it where it has one.
    pub fn rule<'a>(self, request: &Request, ctx: &Context<'a>) -> (EventKind, EventKind, Option<&'a Wait>) {
        let pairs: &[(EventKind, EventKind)] = match self {
            Self::Clarification => &[(EventKind::ClarificationRequested, EventKind::ClarificationReceived)],
            Self::Identity => &[(EventKind::IdentityRequested, EventKind::IdentityReceived)],
            Self::Fee => &[
                (EventKind::FeeRequested, EventKind::FeePaid),
                (EventKind::FeeAnnounced, EventKind::FeeConfirmed),
            ],
            Self::Format => &[(EventKind::QuestionAboutFormat, EventKind::AnswerAboutFormat)],
        };
        let received_on = request.received_on(ctx);
        let right = request.terms.right;
        let wait_for = |asked: EventKind| {
            ctx.law.waits().iter().find(|wait| {
                wait.asked == asked
                    && wait.versions.covers(received_on)
                    && (wait.rights.is_empty() || wait.rights.contains(&right))
            })
        };
        let ruled = pairs.iter().find_map(|(asked, answered)| Some((*asked, *answered, wait_for(*asked)?)));
        match (ruled, pairs.first()) {
            (Some((asked, answered, wait)), _) => (asked, answered, Some(wait)),
            (None, Some((asked, answered))) => (*asked, *answered, None),
            (None, None) => (EventKind::QuestionAboutFormat, EventKind::AnswerAboutFormat, None),
        }
    }

    /// Says whether the law makes the date wait for such a question, as the request's dates are read.
    pub fn may_wait(self, request: &Request, ctx: &Context<'_>) -> bool {
        let (_, _, wait) = self.rule(request, ctx);
        wait.is_some_and(|wait| wait.effect(request.terms.reading) != Effect::None)
    }
}

/// A question to the person.
#[derive(Clone, PartialEq)]
pub struct Question {
    /// Which one of the request, from 1.
    pub number: u32,
    /// What it is about.
    pub about: About,
    /// What it is to the clock.
    pub asked_as: EventKind,
    /// The day it was asked.
    pub asked_on: Date,
    /// When.
    pub asked_at: Timestamp,
    /// What it says.
    pub text: Pii<String>,
    /// Whether what the law demands of it was stated.
    pub is_founded: bool,
    /// Why it had to be asked, as staff stated it.
    pub basis: Pii<String>,
    /// The day the person is asked to answer by.
    pub answer_by: Date,
    /// The task of the flow that waits for the answer, where one does.
    pub task: Option<TaskKey>,
    /// The answer.
    pub answer: Option<Answer>,
    /// Whether that day passed without one.
    pub is_overdue: bool,
}

/// An answer to a question.
#[derive(Clone, PartialEq)]
pub struct Answer {
    /// What it is to the clock.
    pub answered_as: EventKind,
    /// The day it came in.
    pub answered_on: Date,
    /// What it says.
    pub text: Pii<String>,
}

impl Request {
    /// Returns the questions that wait for an answer.
    pub fn open_questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| question.answer.is_none())
    }

    /// Returns the question of that number.
    pub fn question(&self, number: u32) -> Option<&Question> {
        self.questions.iter().find(|question| question.number == number)
    }

    /// Says whether an extension was told to the person.
    pub fn is_extended(&self) -> bool {
        self.clock.iter().any(|(kind, _)| *kind == EventKind::ExtensionNotified)
    }
}
