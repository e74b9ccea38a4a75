//! To staff, at most once a day: what of theirs needs them. Requests are named by their reference only.

use super::block::Block;
use super::{Draft, House};
use crate::text::{self, Day};

/// What needs somebody today.
#[derive(Clone)]
pub struct Digest {
    /// The reader's name.
    pub name: String,
    /// The day.
    pub on: Day,
    /// What is told, the most pressing first.
    pub parts: Vec<DigestPart>,
}

/// Things told for the same reason.
#[derive(Clone)]
pub struct DigestPart {
    /// The reason: "Overdue".
    pub title: String,
    /// A line each: reference, what, date.
    pub lines: Vec<String>,
    /// How many more there are that have no line.
    pub more_count: u64,
}

impl DigestPart {
    fn count(&self) -> u64 {
        self.more_count.saturating_add(u64::try_from(self.lines.len()).unwrap_or(u64::MAX))
    }
}

impl Digest {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let counts: Vec<String> =
            self.parts.iter().map(|part| format!("{} {}", part.count(), part.title.to_lowercase())).collect();
        let mut blocks = vec![Block::text(format!("This needs you today, {}.", self.on))];
        for part in &self.parts {
            blocks.push(Block::heading(&part.title));
            let mut lines = part.lines.clone();
            if part.more_count > 0 {
                lines.push(format!("and {} more", text::thousands(part.more_count)));
            }
            blocks.push(Block::List(lines));
        }
        blocks.push(Block::link("Open the console", format!("{}/console", house.console_url)));
        blocks.push(Block::text(
            "You get at most one such mail a day, and none on days when there is nothing to say.",
        ));
        Draft { subject: format!("Today: {}", counts.join(", ")), greeting: Some(self.name.clone()), blocks }
    }
}

/// A report can be looked at.
#[derive(Clone)]
pub struct ReportReady {
    /// The reader's name.
    pub name: String,
    /// Which report.
    pub title: String,
    /// The first day it covers.
    pub from: Day,
    /// The last day it covers.
    pub to: Day,
    /// Where it is, below the console's address.
    pub path: String,
}

impl ReportReady {
    pub(super) fn draft(&self, house: &House) -> Draft {
        Draft {
            subject: format!("Report: {}, {} to {}", self.title, self.from.0, self.to.0),
            greeting: Some(self.name.clone()),
            blocks: vec![
                Block::text("A report that somebody has planned for you is there."),
                Block::Facts(vec![
                    ("Report".to_owned(), self.title.clone()),
                    ("From".to_owned(), self.from.to_string()),
                    ("To".to_owned(), self.to.to_string()),
                ]),
                Block::link("Look at it", format!("{}{}", house.console_url, self.path)),
                Block::text("Figures and names stand in no mail: they are shown once you have signed in."),
            ],
        }
    }
}
