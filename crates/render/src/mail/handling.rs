//! How a request is handled changed: opened again, taken as another kind, parted, answered with another.

use super::block::{Block, explain};
use super::{About, Draft, House};
use crate::page::part::Explained;

/// What changed about the handling of a request.
#[derive(Clone)]
pub struct Handling {
    /// The request.
    pub about: About,
    /// What changed.
    pub change: Change,
    /// The date it is to be answered by; none once it is answered.
    pub due: Option<Explained>,
}

/// A change of how a request is handled.
#[derive(Clone)]
pub enum Change {
    /// It was opened again.
    Reopened {
        /// Why.
        why: String,
    },
    /// It is handled as another kind of request.
    Reclassified {
        /// The law it is answered under now.
        law: String,
        /// Why.
        why: String,
    },
    /// One wish became a request of its own.
    SplitOff {
        /// The new request's reference.
        other: String,
    },
    /// It is answered together with another.
    Merged {
        /// That request's reference.
        other: String,
    },
    /// It is answered by itself again.
    Unmerged,
    /// It was answered together with another.
    AnsweredTogether {
        /// That request's reference.
        other: String,
    },
}

impl Handling {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let own = &self.about.reference;
        let mut blocks = Vec::new();
        let subject = match &self.change {
            Change::Reopened { why } => {
                blocks.push(Block::text(format!("We have opened your request {own} again and work on it.")));
                blocks.push(Block::Quote(why.clone()));
                format!("We have opened your request {own} again")
            }
            Change::Reclassified { law, why } => {
                blocks.push(Block::text(format!(
                    "We handle your request {own} as another kind of request from now on. The day we received it counts as before."
                )));
                blocks.push(Block::Facts(vec![
                    ("We now do".to_owned(), self.about.what.clone()),
                    ("Under".to_owned(), law.clone()),
                ]));
                blocks.push(Block::Quote(why.clone()));
                blocks.push(Block::text("Is that not what you want? Answer this mail, and we take it back."));
                format!("We handle your request {own} as another kind")
            }
            Change::SplitOff { other } => {
                blocks.push(Block::text(format!(
                    "You asked for two things at once. We answer them one by one, so that neither waits for the other: a part of your request {own} is now the request {other}. Both count from the day we received your request."
                )));
                format!("We answer your request {own} in two parts")
            }
            Change::Merged { other } => {
                blocks.push(Block::text(format!(
                    "You asked for the same more than once. We answer your request {own} together with your request {other}. None is lost, and each keeps the date it must be answered by."
                )));
                format!("We answer your request {own} together with {other}")
            }
            Change::Unmerged => {
                blocks.push(Block::text(format!(
                    "We answer your request {own} by itself again, and not together with another."
                )));
                format!("We answer your request {own} by itself")
            }
            Change::AnsweredTogether { other } => {
                blocks.push(Block::text(format!(
                    "Your request {own} is answered: our reply to your request {other} is the reply to both. Sign in with the reference {other} to see it."
                )));
                format!("Your request {own} is answered")
            }
        };
        if let Some(due) = &self.due {
            blocks.push(Block::text(format!("You hear from us by {}.", due.on)));
            blocks.push(Block::heading("How this date comes about"));
            blocks.push(explain(due));
        }
        blocks.push(house.request_link());
        Draft { subject, greeting: Some(self.about.name.clone()), blocks }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self.change {
            Change::Reopened { .. } => "reopened",
            Change::Reclassified { .. } => "reclassified",
            Change::SplitOff { .. } => "split_off",
            Change::Merged { .. } => "merged",
            Change::Unmerged => "unmerged",
            Change::AnsweredTogether { .. } => "answered_together",
        }
    }

    /// Returns one of each for samples.
    pub(super) fn samples(about: &About, words: &str) -> Vec<Self> {
        let letter = |change: Change| Self {
            about: about.clone(),
            due: match change {
                Change::AnsweredTogether { .. } => None,
                _ => Some(crate::page::sample::explained()),
            },
            change,
        };
        let other = || "HB-2C4W-81TN".to_owned();
        vec![
            letter(Change::Reopened { why: words.to_owned() }),
            letter(Change::Reclassified { law: "UK GDPR".to_owned(), why: words.to_owned() }),
            letter(Change::SplitOff { other: other() }),
            letter(Change::Merged { other: other() }),
            letter(Change::Unmerged),
            letter(Change::AnsweredTogether { other: other() }),
        ]
    }
}
