//! What was searched, what was found, and what was not searched and why.

use std::fmt::Write as _;

use askama::Template;
use askama::filters::HtmlSafe;

use super::{Badge, Tone};
use crate::text::{self, Moment};

/// What became of the search of one source.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// Not reached yet.
    Waiting,
    /// Searched to the end.
    Searched,
    /// Broke off; never shown as empty.
    Failed,
    /// Looked through by hand by whoever looks after it.
    ByHand,
    /// Left out for a reason.
    Skipped,
    /// Found and kept back for a reason.
    Kept,
}

/// One system of the coverage statement.
#[derive(Clone)]
pub struct CoverageRow {
    /// The system's name.
    pub source: String,
    /// What became of its search.
    pub search: Search,
    /// With which kinds of identifier: "e-mail, customer number".
    pub searched_with: Option<String>,
    /// Records found.
    pub record_count: u64,
    /// The time the answer is true for.
    pub as_of: Option<Moment>,
    /// Why it failed, was skipped or was kept.
    pub note: Option<String>,
}

impl CoverageRow {
    /// Returns the state in words.
    pub fn badge(&self) -> Badge {
        match self.search {
            Search::Waiting => Badge::new(Tone::Neutral, "Waiting"),
            Search::Searched => Badge::new(Tone::Good, "Searched"),
            Search::Failed => Badge::new(Tone::Bad, "Failed"),
            Search::ByHand => Badge::new(Tone::Good, "By hand"),
            Search::Skipped => Badge::new(Tone::Warn, "Not searched"),
            Search::Kept => Badge::new(Tone::Info, "Kept back"),
        }
    }

    /// Returns the number of records as far as it is known.
    pub fn found(&self) -> String {
        match self.search {
            Search::Searched | Search::Kept => text::thousands(self.record_count),
            Search::ByHand => text::count(self.record_count, "file", "files"),
            Search::Waiting | Search::Failed | Search::Skipped => "not known".to_owned(),
        }
    }
}

/// The coverage statement of a request.
#[derive(Clone, Template)]
#[template(path = "part/coverage.html")]
pub struct Coverage {
    /// The systems in the order shown.
    pub rows: Vec<CoverageRow>,
}

impl Coverage {
    /// Returns how many systems ended a certain way.
    pub fn count_of(&self, search: Search) -> u64 {
        self.rows.iter().map(|row| u64::from(row.search == search)).sum()
    }

    /// Returns the statement in one sentence.
    pub fn sentence(&self) -> String {
        let total = u64::try_from(self.rows.len()).unwrap_or(u64::MAX);
        let searched =
            self.count_of(Search::Searched) + self.count_of(Search::Kept) + self.count_of(Search::ByHand);
        let mut sentence =
            format!("{} of {} searched", text::thousands(searched), text::count(total, "system", "systems"));
        let others =
            [(Search::Failed, "failed"), (Search::Skipped, "not searched"), (Search::Waiting, "waiting")];
        for (search, word) in others {
            let number = self.count_of(search);
            if number > 0 {
                let _ = write!(sentence, ", {number} {word}");
            }
        }
        sentence
    }
}

impl HtmlSafe for Coverage {}
