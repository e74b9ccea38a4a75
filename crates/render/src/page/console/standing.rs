//! How a definition stands: what is in force, what is drafted, and what was before.

use crate::page::part::{Badge, Tone};
use crate::page::sample;
use crate::text::Moment;

/// One version of a definition.
#[derive(Clone)]
pub struct VersionRow {
    /// Its number.
    pub number: u32,
    /// "In force", "Draft", "Earlier", "Retired".
    pub state: Badge,
    /// Who changed it last.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// How a definition stands.
#[derive(Clone)]
pub struct Standing {
    /// Its versions, newest first; none for a new one.
    pub versions: Vec<VersionRow>,
    /// Whether it can be changed here: not where a file outside says what it is.
    pub can_change: bool,
    /// Whether what is shown is a draft.
    pub is_draft: bool,
    /// Whether a version is in force and nothing needs it: it can be retired.
    pub can_retire: bool,
}

impl Standing {
    /// Returns that of something new.
    pub fn new() -> Self {
        Self { versions: Vec::new(), can_change: true, is_draft: false, can_retire: false }
    }

    /// Returns that of a sample.
    pub(super) fn sample(by: &str, can_change: bool) -> Self {
        let row = |number, state, day| VersionRow {
            number,
            state,
            by: by.to_owned(),
            at: sample::at(jiff::civil::date(2026, 11, day), 9, 30),
        };
        Self {
            versions: vec![
                row(3, Badge::new(Tone::Info, "Draft"), 21),
                row(2, Badge::new(Tone::Good, "In force"), 14),
                row(1, Badge::new(Tone::Neutral, "Earlier"), 2),
            ],
            can_change,
            is_draft: can_change,
            can_retire: true,
        }
    }
}

impl Default for Standing {
    fn default() -> Self {
        Self::new()
    }
}
