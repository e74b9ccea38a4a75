//! The end of a request: done, nothing held, refused, closed, withdrawn.

use super::block::Block;
use super::{About, Draft, House};
use crate::text::Moment;

/// Done: a correction, deletion, objection and the like.
#[derive(Clone)]
pub struct Completed {
    /// The request.
    pub about: About,
    /// What was done, a sentence each.
    pub done: Vec<String>,
    /// What stays and why, a sentence each with its article.
    pub kept: Vec<String>,
}

impl Completed {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let mut blocks = vec![
            Block::text(format!("Your request {} is done.", self.about.reference)),
            Block::Facts(vec![("You asked".to_owned(), self.about.what.clone())]),
        ];
        if !self.done.is_empty() {
            blocks.push(Block::heading("What we did"));
            blocks.push(Block::List(self.done.clone()));
        }
        if !self.kept.is_empty() {
            blocks.push(Block::heading("What stays, and why"));
            blocks.push(Block::List(self.kept.clone()));
        }
        blocks.push(Block::text(
            "Not content? Answer this mail, complain on the portal, or turn to the authority.",
        ));
        blocks.extend(house.complaint());
        blocks.push(house.request_link());
        Draft {
            subject: format!("Your request {} is done", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks,
        }
    }
}

/// We hold nothing: as far as we searched, which the mail says.
#[derive(Clone)]
pub struct NothingHeld {
    /// The request.
    pub about: About,
    /// The systems searched, each with its time.
    pub searched: Vec<String>,
    /// With which kinds of identifier: "e-mail address, phone number".
    pub searched_with: String,
    /// What was not searched, and why.
    pub left_out: Vec<String>,
}

impl NothingHeld {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let mut blocks = vec![
            Block::text(format!(
                "We have searched for your data and found none. Your request {} is answered with this.",
                self.about.reference
            )),
            Block::Facts(vec![("We searched by".to_owned(), self.searched_with.clone())]),
            Block::heading("Where we searched"),
            Block::List(self.searched.clone()),
        ];
        if !self.left_out.is_empty() {
            blocks.push(Block::heading("Where we did not"));
            blocks.push(Block::List(self.left_out.clone()));
        }
        blocks.push(Block::text(
            "If you know us under another address or number, answer this mail and name it; we search again. What we keep of this request itself you can see on the portal.",
        ));
        blocks.push(house.request_link());
        blocks.extend(house.complaint());
        Draft {
            subject: format!("We hold no data about you: {}", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks,
        }
    }
}

/// Refused, wholly or in part, by a person.
#[derive(Clone)]
pub struct Refusal {
    /// The request.
    pub about: About,
    /// Whether the rest is answered.
    pub is_partial: bool,
    /// The grounds with their articles: "Manifestly excessive (Art. 12(5)(b) UK GDPR)".
    pub grounds: Vec<String>,
    /// Why, in plain words about this request.
    pub explanation: String,
    /// What the person can do, a sentence each.
    pub remedies: Vec<String>,
    /// Who decided, as the person may know it: "Grace Hopper, privacy officer".
    pub decided_by: String,
}

impl Refusal {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let (subject, opening) = if self.is_partial {
            ("We refuse a part of your request", "We do a part of what you asked for, but not all of it.")
        } else {
            (
                "We refuse your request",
                "We do not do what you asked for. This letter says why, and what you can do about it.",
            )
        };
        let mut blocks = vec![
            Block::text(opening),
            Block::Facts(vec![
                ("Reference".to_owned(), self.about.reference.clone()),
                ("You asked".to_owned(), self.about.what.clone()),
                ("Decided by".to_owned(), self.decided_by.clone()),
            ]),
            Block::heading(if self.grounds.len() == 1 { "The ground" } else { "The grounds" }),
            Block::List(self.grounds.clone()),
            Block::heading("Why"),
            Block::Quote(self.explanation.clone()),
            Block::heading("What you can do"),
            Block::List(self.remedies.clone()),
        ];
        blocks.extend(house.complaint());
        blocks.push(house.request_link());
        Draft {
            subject: format!("{subject} {}", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks,
        }
    }
}

/// Closed by a person, since it was never proven who asks.
#[derive(Clone)]
pub struct Closed {
    /// The request.
    pub about: About,
    /// The ground with its article.
    pub ground: String,
    /// Why, in plain words.
    pub explanation: String,
    /// What the person can do, a sentence each.
    pub remedies: Vec<String>,
}

impl Closed {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let mut blocks = vec![
            Block::text(format!(
                "We have closed your request {}, since we could not make sure that it came from you. Nothing was given to anybody.",
                self.about.reference
            )),
            Block::Facts(vec![("Ground".to_owned(), self.ground.clone())]),
            Block::Quote(self.explanation.clone()),
            Block::heading("What you can do"),
            Block::List(self.remedies.clone()),
        ];
        blocks.extend(house.complaint());
        blocks.push(Block::link("Ask again", format!("{}/", house.portal_url)));
        Draft {
            subject: format!("We have closed your request {}", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks,
        }
    }
}

/// Withdrawn by the person.
#[derive(Clone)]
pub struct Withdrawn {
    /// The request.
    pub about: About,
    /// When.
    pub at: Moment,
}

impl Withdrawn {
    pub(super) fn draft(&self, house: &House) -> Draft {
        Draft {
            subject: format!("You have withdrawn your request {}", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks: vec![
                Block::text(format!(
                    "You have withdrawn your request {} on {}. We have stopped, and delete what we had collected for it.",
                    self.about.reference, self.at
                )),
                Block::text("Was it not you? Answer this mail at once. You can ask again at any time."),
                Block::link("Ask again", format!("{}/", house.portal_url)),
            ],
        }
    }
}
