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
    /// Whether this was told before.
    pub is_reminder: bool,
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
        } else if self.is_reminder {
            ("Reminder", "A task still waits for you or your team.")
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

/// What a flow tells a team.
#[derive(Clone)]
pub struct StaffNote {
    /// The request.
    pub reference: String,
    /// What is asked for there.
    pub title: String,
    /// What the team is told; an empty line parts paragraphs.
    pub text: String,
}

impl StaffNote {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let paragraphs = self.text.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
        let mut blocks: Vec<Block> = paragraphs.map(Block::text).collect();
        let request = format!("{}, {}", self.reference, self.title);
        blocks.push(Block::Facts(vec![("Request".to_owned(), request)]));
        let address = format!("{}/console/requests/{}", house.console_url, self.reference);
        blocks.push(Block::link("Open the request", address));
        Draft { subject: format!("For your information: request {}", self.reference), greeting: None, blocks }
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

/// What happened that concerns a legal date.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// The person answered a question.
    Answered,
    /// A question wasn't answered in time.
    Unanswered,
    /// The date is near, and the law would give more time.
    Near,
    /// The date passed without an answer.
    Passed,
    /// It passed, and the law takes that for a refusal.
    TakenForRefusal,
}

/// Something that concerns the legal date of a request.
#[derive(Clone)]
pub struct DateNews {
    /// The request.
    pub reference: String,
    /// What is asked for.
    pub title: String,
    /// What happened.
    pub news: News,
    /// The legal date as it stands.
    pub due_on: Option<Day>,
}

impl DateNews {
    pub(super) fn kind(&self) -> &'static str {
        match self.news {
            News::Answered => "staff_answer",
            News::Unanswered => "staff_unanswered",
            News::Near => "staff_extension_proposed",
            News::Passed | News::TakenForRefusal => "staff_due_passed",
        }
    }

    pub(super) fn draft(&self, house: &House) -> Draft {
        let (subject, opening, button, act) = match self.news {
            News::Answered => (
                "Answered",
                "The person answered our question. If the clock stood still for it, it runs again.",
                "Read the answer",
                "/messages",
            ),
            News::Unanswered => (
                "To decide",
                "A question was not answered in time, although the person was reminded. Nothing closes by itself: narrow the search, refuse or close it with a ground, or wait longer.",
                "Decide",
                "",
            ),
            News::Near => (
                "Soon due",
                "The legal date is a week away. Should it not be enough, the law gives more time if the person is told the reason by then.",
                "Answer or extend",
                "/extend",
            ),
            News::Passed => (
                "Overdue",
                "The legal date passed without an answer. Answer now, and tell the person why it took so long.",
                "Open it",
                "",
            ),
            News::TakenForRefusal => (
                "Overdue",
                "The legal date passed without an answer. The law takes this for a refusal: the person can turn to the authority.",
                "Open it",
                "",
            ),
        };
        let mut facts = vec![("Request".to_owned(), format!("{}, {}", self.reference, self.title))];
        let due = self.due_on.map_or_else(|| "no date while the clock waits".to_owned(), |on| on.to_string());
        facts.push(("Due".to_owned(), due));
        let url = format!("{}{act}", request_url(house, &self.reference));
        Draft {
            subject: format!("{subject}: {}", self.reference),
            greeting: None,
            blocks: vec![Block::text(opening), Block::Facts(facts), Block::link(button, url)],
        }
    }
}
