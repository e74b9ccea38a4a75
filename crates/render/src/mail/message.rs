//! Something for the person to read: a question, a message, a longer date.

use super::block::{Block, explain};
use super::{About, Draft, House};
use crate::page::part::Explained;
use crate::text::Day;

/// We have a question; its words are read on the portal.
#[derive(Clone)]
pub struct Question {
    /// The request.
    pub about: About,
    /// By when an answer helps.
    pub by: Option<Day>,
    /// Whether it was asked before and is still open.
    pub is_reminder: bool,
    /// What the question does to the date, with its article; none where it does nothing.
    pub pause: Option<String>,
}

impl Question {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let opening = if self.is_reminder {
            "Our question about your request {} is still open. You can read and answer it on our portal. We don't \
             close your request by ourselves if you can't."
        } else {
            "We have a question about your request {}. You can read and answer it on our portal."
        };
        let mut blocks = vec![Block::text(opening.replace("{}", &self.about.reference))];
        if let Some(by) = self.by {
            blocks.push(Block::text(format!("Please answer by {by}.")));
        }
        blocks.extend(self.pause.iter().map(Block::text));
        blocks.push(Block::link("Read and answer", format!("{}/my", house.portal_url)));
        Draft {
            subject: if self.is_reminder {
                format!("Still open: our question about your request {}", self.about.reference)
            } else {
                format!("A question about your request {}", self.about.reference)
            },
            greeting: Some(self.about.name.clone()),
            blocks,
        }
    }
}

/// A message is on the portal.
#[derive(Clone)]
pub struct MessageArrived {
    /// The request.
    pub about: About,
}

impl MessageArrived {
    pub(super) fn draft(&self, house: &House) -> Draft {
        Draft {
            subject: format!("A message about your request {}", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks: vec![
                Block::text(format!(
                    "There is a message for you about your request {}. For your safety it is read on our portal and not in mails.",
                    self.about.reference
                )),
                Block::link("Read the message", format!("{}/my", house.portal_url)),
            ],
        }
    }
}

/// What a flow tells the person, in the organisation's words.
#[derive(Clone)]
pub struct Note {
    /// The request.
    pub about: About,
    /// The subject.
    pub subject: String,
    /// What it says; an empty line parts paragraphs.
    pub text: String,
}

impl Note {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let paragraphs = self.text.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
        let mut blocks: Vec<Block> = paragraphs.map(Block::text).collect();
        blocks.push(house.request_link());
        Draft {
            subject: format!("{} ({})", self.subject, self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks,
        }
    }
}

/// It takes longer, for a reason the law knows.
#[derive(Clone)]
pub struct Extended {
    /// The request.
    pub about: About,
    /// The date as it was.
    pub from: Day,
    /// The new date and how it was computed.
    pub to: Explained,
    /// The ground: "The request is complex".
    pub ground: String,
    /// Its article.
    pub article: String,
    /// Why, in plain words.
    pub explanation: String,
    /// What the person can do, a sentence each.
    pub remedies: Vec<String>,
}

impl Extended {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let mut blocks = vec![
            Block::text(format!(
                "Your request {} takes longer than we thought. You hear from us by {} instead of {}.",
                self.about.reference, self.to.on, self.from
            )),
            Block::Facts(vec![("Ground".to_owned(), format!("{} ({})", self.ground, self.article))]),
            Block::Quote(self.explanation.clone()),
            Block::heading("How the new date comes about"),
            explain(&self.to),
        ];
        if !self.remedies.is_empty() {
            blocks.push(Block::heading("What you can do"));
            blocks.push(Block::List(self.remedies.clone()));
        }
        blocks.extend(house.complaint());
        blocks.push(house.request_link());
        Draft {
            subject: format!("A new date for your request {}", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks,
        }
    }
}
