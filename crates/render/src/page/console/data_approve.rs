//! Approving what leaves: the counts, what still stands in the way, what follows.

use super::Subject;
use crate::page::part::{Facts, Row};
use crate::page::{Page, sample, view};

/// Something that must be settled first.
#[derive(Clone)]
pub struct Obstacle {
    /// What it is: "2 records with third persons are undecided".
    pub text: String,
    /// Where it can be settled.
    pub href: String,
}

/// The page; posts to `…/data/approve`.
#[derive(Clone)]
pub struct DataApprove {
    /// The request.
    pub subject: Subject,
    /// Records given, redacted, excluded; sources searched, failed, not searched.
    pub counts: Facts,
    /// What stands in the way; with any, there is no button.
    pub obstacles: Vec<Obstacle>,
    /// What approving sets going.
    pub consequence: String,
    /// Whether the reader is the privacy officer, whose approval may conflict with Art. 38(6).
    pub may_conflict: bool,
}

impl Page for DataApprove {
    fn title(&self) -> String {
        format!("Approve the data of {}", self.subject.reference)
    }

    view!(DataApprove, "console/data_approve.html");

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            subject: Subject::sample(words),
            counts: Facts {
                rows: vec![
                    Row::new("Given", "445 records"),
                    Row::new("Redacted", "2 records, 3 fields"),
                    Row::new("Excluded", "3 records, each with a reason"),
                    Row::new("Systems", "3 of 5 searched, 2 explained"),
                ],
            },
            obstacles: Vec::new(),
            consequence: format!(
                "The package is built and {words} is told that it can be fetched. It can't be called back."
            ),
            may_conflict: true,
        };
        let blocked = Self {
            obstacles: vec![
                Obstacle {
                    text: "2 records with third persons are undecided".to_owned(),
                    href: "/console/requests/HB-7K3M-9QXD/data?mark=undecided".to_owned(),
                },
                Obstacle {
                    text: "Warehouse archive failed and nobody has explained the gap".to_owned(),
                    href: "/console/requests/HB-7K3M-9QXD/tasks".to_owned(),
                },
            ],
            may_conflict: false,
            ..page("Ada Lovelace")
        };
        vec![page("Ada Lovelace"), blocked, page(sample::HOSTILE)]
    }
}
