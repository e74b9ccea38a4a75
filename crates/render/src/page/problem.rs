//! When something is not there, not now, or went wrong: plain words, what was kept, what to do.

use super::{Page, view};

/// What went wrong.
#[derive(Clone)]
pub enum ProblemKind {
    /// Not there, or not for this reader: the same words for both.
    NotFound,
    /// Too many attempts; says after how long to try again.
    TooMany {
        /// A span in words: "10 minutes".
        wait: String,
    },
    /// The form's token is missing or old: nothing was done.
    StaleForm,
    /// What was sent is larger or longer than accepted.
    TooLarge {
        /// The limit in words: "10 MB".
        limit: String,
    },
    /// The page was changed by somebody else in the meantime.
    Changed,
    /// Our fault, with the number under which the cause stands in our log.
    Failed {
        /// The number.
        number: String,
    },
    /// There is no room for more, with the number under which it stands in our log: nothing was kept.
    NotKept {
        /// The number.
        number: String,
    },
    /// Closed for a while.
    Unavailable,
}

/// The page that says so.
#[derive(Clone)]
pub struct Problem {
    /// What went wrong.
    pub kind: ProblemKind,
    /// Where to go from here: label and link.
    pub way_on: Option<(String, String)>,
}

impl Problem {
    fn sentences(&self) -> Vec<String> {
        let lines: &[&str] = match &self.kind {
            ProblemKind::NotFound => &[
                "There is nothing at this address, or it is not open to you.",
                "Check the address, or start again.",
            ],
            ProblemKind::TooMany { wait } => {
                return vec![
                    format!("There were too many attempts from here. Please wait {wait} and try again."),
                    "Nothing you have sent before is lost.".to_owned(),
                ];
            }
            ProblemKind::StaleForm => &[
                "This form was open too long, or was sent from another window. Nothing was changed.",
                "Go back, reload the page and send it again.",
            ],
            ProblemKind::TooLarge { limit } => {
                return vec![format!(
                    "What you sent is larger than {limit}. Nothing was kept. Send less, or in parts."
                )];
            }
            ProblemKind::Changed => &[
                "Somebody else changed this while you had it open. Your change was not made.",
                "Look at how it stands now, then decide again.",
            ],
            ProblemKind::Failed { .. } => &[
                "Something went wrong on our side. What was saved before is safe; what you sent just now may not be.",
                "Try again in a few minutes. If it happens again, tell us this number:",
            ],
            ProblemKind::NotKept { .. } => &[
                "There is no room left on our side, so what you sent just now was not kept. What was saved before is safe.",
                "Go back and send it again in a while. If it happens again, tell us this number:",
            ],
            ProblemKind::Unavailable => &[
                "We are at work on this service. It will be back shortly, and deadlines are kept meanwhile.",
            ],
        };
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    fn number(&self) -> Option<&str> {
        match &self.kind {
            ProblemKind::Failed { number } | ProblemKind::NotKept { number } => Some(number),
            _ => None,
        }
    }
}

impl Page for Problem {
    fn title(&self) -> String {
        match &self.kind {
            ProblemKind::NotFound => "Page not found",
            ProblemKind::TooMany { .. } => "Please wait a moment",
            ProblemKind::StaleForm => "This form is no longer valid",
            ProblemKind::TooLarge { .. } => "That is too large",
            ProblemKind::Changed => "This has changed",
            ProblemKind::Failed { .. } => "Sorry, something went wrong",
            ProblemKind::NotKept { .. } => "Sorry, this was not kept",
            ProblemKind::Unavailable => "Back shortly",
        }
        .to_owned()
    }

    view!(Problem, "portal/problem.html");

    fn samples() -> Vec<Self> {
        let start = || Some(("Go to the start".to_owned(), "/".to_owned()));
        vec![
            Self { kind: ProblemKind::NotFound, way_on: start() },
            Self { kind: ProblemKind::TooMany { wait: "10 minutes".to_owned() }, way_on: None },
            Self { kind: ProblemKind::StaleForm, way_on: None },
            Self { kind: ProblemKind::TooLarge { limit: "10 MB".to_owned() }, way_on: None },
            Self { kind: ProblemKind::Changed, way_on: start() },
            Self { kind: ProblemKind::Failed { number: "4F7K-21QD".to_owned() }, way_on: start() },
            Self { kind: ProblemKind::NotKept { number: "4F7K-21QD".to_owned() }, way_on: None },
            Self { kind: ProblemKind::Unavailable, way_on: None },
        ]
    }
}

impl Problem {
    /// Returns the page's heading, which is its title.
    fn heading(&self) -> String {
        self.title()
    }
}
