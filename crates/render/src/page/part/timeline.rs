//! What happened, newest first or oldest first as given.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Tone;
use crate::text::Moment;

/// One thing that happened.
#[derive(Clone)]
pub struct Entry {
    /// When.
    pub at: Moment,
    /// What, in a few words: "Deadline extended to 14 January 2027".
    pub title: String,
    /// Who did it: a name, "the person", "Habeas".
    pub who: String,
    /// More: a reason, a message, counts.
    pub detail: Option<String>,
    /// How it feels.
    pub tone: Tone,
}

/// Things that happened.
#[derive(Clone, Template)]
#[template(path = "part/timeline.html")]
pub struct Timeline {
    /// The entries in the order shown.
    pub entries: Vec<Entry>,
}

impl HtmlSafe for Timeline {}
