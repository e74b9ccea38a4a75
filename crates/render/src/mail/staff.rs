//! To staff. These name requests by their reference only: who asks is seen after signing in.

use super::block::Block;
use super::{Draft, House};
use crate::text::{self, Day, Moment};

fn request_url(house: &House, reference: &str) -> String {
    format!("{}/console/requests/{reference}", house.console_url)
}

/// A request came in.
#[derive(Clone)]
pub struct NewRequest {
    /// Its reference.
    pub reference: String,
    /// What is asked for and under which law: "Access, UK GDPR".
    pub title: String,
    /// How it came in.
    pub channel: String,
    /// When.
    pub received_at: Moment,
    /// When it is due.
    pub due_on: Option<Day>,
}

impl NewRequest {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let mut facts = vec![
            ("Request".to_owned(), self.reference.clone()),
            ("What".to_owned(), self.title.clone()),
            ("Received".to_owned(), format!("{}, {}", self.received_at, self.channel)),
        ];
        facts.extend(self.due_on.iter().map(|on| ("Due".to_owned(), on.to_string())));
        Draft {
            subject: format!("New request {}: {}", self.reference, self.title),
            greeting: None,
            blocks: vec![
                Block::text("A request came in."),
                Block::Facts(facts),
                Block::link("Open it", request_url(house, &self.reference)),
            ],
        }
    }
}

/// A task waits for a role or a person.
#[derive(Clone)]
pub struct TaskWaiting {
    /// The task's id.
    pub task: String,
    /// What is to do.
    pub name: String,
    /// The request it belongs to.
    pub reference: String,
    /// What is asked for there.
    pub title: String,
    /// Whom it waits for: "Legal".
    pub role: String,
    /// Its deadline.
    pub due_at: Option<Moment>,
    /// Whether that is past.
    pub is_overdue: bool,
}

impl TaskWaiting {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let mut facts = vec![
            ("Task".to_owned(), self.name.clone()),
            ("Request".to_owned(), format!("{}, {}", self.reference, self.title)),
            ("For".to_owned(), self.role.clone()),
        ];
        facts.extend(self.due_at.iter().map(|at| ("By".to_owned(), at.to_string())));
        let (subject, opening) = if self.is_overdue {
            ("Overdue", "A task is overdue, and the request is at risk.")
        } else {
            ("To do", "A task waits for you or your team.")
        };
        Draft {
            subject: format!("{subject}: {} ({})", self.name, self.reference),
            greeting: None,
            blocks: vec![
                Block::text(opening),
                Block::Facts(facts),
                Block::link("Open the task", format!("{}/console/tasks/{}", house.console_url, self.task)),
            ],
        }
    }
}

/// A source fails.
#[derive(Clone)]
pub struct SourceFailing {
    /// Its name in addresses.
    pub source: String,
    /// Its name.
    pub name: String,
    /// What happened, in words.
    pub what: String,
    /// Since when.
    pub since: Moment,
    /// How many requests wait for it.
    pub waiting_count: u64,
    /// When it is tried again by itself.
    pub next_at: Option<Moment>,
}

impl SourceFailing {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let mut facts = vec![
            ("Source".to_owned(), self.name.clone()),
            ("What happened".to_owned(), self.what.clone()),
            ("Since".to_owned(), self.since.to_string()),
            ("Waiting for it".to_owned(), text::count(self.waiting_count, "request", "requests")),
        ];
        facts.extend(self.next_at.iter().map(|at| ("Next try".to_owned(), at.to_string())));
        Draft {
            subject: format!("Data source failing: {}", self.name),
            greeting: None,
            blocks: vec![
                Block::text(
                    "A data source could not be read. It is not taken for empty: requests wait for it or for an explanation.",
                ),
                Block::Facts(facts),
                Block::link("Look at it", format!("{}/console/sources/{}", house.console_url, self.source)),
            ],
        }
    }
}

/// Nobody proved who asks: a person must decide.
#[derive(Clone)]
pub struct VerificationExpired {
    /// The request.
    pub reference: String,
    /// What is asked for.
    pub title: String,
    /// Since when we wait.
    pub waiting_since: Moment,
    /// The legal date, which runs on.
    pub due_on: Option<Day>,
}

impl VerificationExpired {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let mut facts = vec![
            ("Request".to_owned(), format!("{}, {}", self.reference, self.title)),
            ("Waiting since".to_owned(), self.waiting_since.to_string()),
        ];
        facts.extend(self.due_on.iter().map(|on| ("Due".to_owned(), on.to_string())));
        Draft {
            subject: format!("To decide: {} was never verified", self.reference),
            greeting: None,
            blocks: vec![
                Block::text(
                    "The code was not entered in time, although the person was reminded. Nothing closes by itself: close it with a ground, or wait longer.",
                ),
                Block::Facts(facts),
                Block::link("Decide", format!("{}/close", request_url(house, &self.reference))),
            ],
        }
    }
}
