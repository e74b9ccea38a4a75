//! The request is in, or was in already.

use super::block::{Block, explain};
use super::{About, Draft, House};
use crate::page::part::Explained;
use crate::text::Moment;

/// The request is in.
#[derive(Clone)]
pub struct Receipt {
    /// The request.
    pub about: About,
    /// When it came in.
    pub received_at: Moment,
    /// The legal date and how it was computed; none where no law sets one.
    pub due: Option<Explained>,
    /// Whether a code has to be entered first; it comes in a mail of its own.
    pub needs_code: bool,
    /// What happens next, a sentence each.
    pub next: Vec<String>,
}

impl Receipt {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let mut blocks = vec![
            Block::text(
                "Your request is in. Please keep this mail: you need the reference to see how it stands.",
            ),
            Block::Facts(vec![
                ("Reference".to_owned(), self.about.reference.clone()),
                ("You asked".to_owned(), self.about.what.clone()),
                ("Received".to_owned(), self.received_at.to_string()),
            ]),
        ];
        if self.needs_code {
            blocks.push(Block::text(
                "One more step: we have sent you a code in a second mail. Please enter it, so that nobody else can ask in your name. We begin when you have.",
            ));
            blocks.push(Block::link("Enter the code", format!("{}/verify", house.portal_url)));
        }
        if let Some(due) = &self.due {
            blocks.push(Block::Heading(format!("You hear from us by {}", due.on)));
            blocks.push(Block::text("This is how the date comes about:"));
            blocks.push(explain(due));
        }
        if !self.next.is_empty() {
            blocks.push(Block::heading("What happens next"));
            blocks.push(Block::List(self.next.clone()));
        }
        blocks.push(house.request_link());
        blocks.push(Block::text(
            "Was it not you? Then do nothing: without the code nothing is given to anybody.",
        ));
        Draft {
            subject: format!("Your request {} is in", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks,
        }
    }
}

/// The same is asked for already; both are kept until a person has looked.
#[derive(Clone)]
pub struct AlreadyOpen {
    /// The new request.
    pub about: About,
    /// The reference of the one that was there.
    pub earlier_reference: String,
    /// When that came in.
    pub earlier_received_at: Moment,
}

impl AlreadyOpen {
    pub(super) fn draft(&self, house: &House) -> Draft {
        Draft {
            subject: format!("You have asked already: {}", self.earlier_reference),
            greeting: Some(self.about.name.clone()),
            blocks: vec![
                Block::text("You have sent us a request like one we are still working on."),
                Block::Facts(vec![
                    ("New request".to_owned(), self.about.reference.clone()),
                    ("Earlier request".to_owned(), self.earlier_reference.clone()),
                    ("Received".to_owned(), self.earlier_received_at.to_string()),
                    ("You asked".to_owned(), self.about.what.clone()),
                ]),
                Block::text(
                    "Nothing is lost: each keeps its own date. A person looks at both and answers them together where that is the same for you. If you want to add something, write it into the earlier request.",
                ),
                house.request_link(),
            ],
        }
    }
}
