//! What staff can do to a request, and which request an act is about.

use crate::page::part::Due;

/// An act with a page of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Give it to somebody.
    Assign,
    /// Ask the person something.
    Ask,
    /// Take more time, once.
    Extend,
    /// Refuse it, wholly or in part.
    Refuse,
    /// Close it.
    Close,
    /// Narrow who may see it.
    Narrow,
    /// Open it again.
    Reopen,
    /// Handle it as another kind.
    Reclassify,
    /// Part it in two.
    Split,
    /// Answer it together with another.
    Merge,
    /// Answer it by itself again.
    Unmerge,
    /// Mark it as spam.
    Spam,
    /// Take the mark of spam back.
    Unspam,
    /// See what is corrected.
    Correction,
    /// See who is told of what was done.
    Recipients,
    /// See and enter the time worked on it.
    Hours,
}

impl Act {
    /// Returns the button's words.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Assign => "Assign",
            Self::Ask => "Ask",
            Self::Extend => "Extend",
            Self::Refuse => "Refuse",
            Self::Close => "Close",
            Self::Narrow => "Who may see it",
            Self::Reopen => "Open again",
            Self::Reclassify => "Handle as another kind",
            Self::Split => "Split in two",
            Self::Merge => "Answer with another",
            Self::Unmerge => "Answer by itself",
            Self::Spam => "Mark as spam",
            Self::Unspam => "Not spam",
            Self::Correction => "Corrections",
            Self::Recipients => "Recipients",
            Self::Hours => "Time worked",
        }
    }

    /// Whether it is seldom done: it then stands behind "More".
    pub fn is_rare(&self) -> bool {
        matches!(self, Self::Narrow | Self::Reclassify | Self::Split | Self::Merge | Self::Spam | Self::Hours)
    }

    /// Returns the last segment of its address.
    pub fn segment(&self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Ask => "ask",
            Self::Extend => "extend",
            Self::Refuse => "refuse",
            Self::Close => "close",
            Self::Narrow => "narrow",
            Self::Reopen => "reopen",
            Self::Reclassify => "reclassify",
            Self::Split => "split",
            Self::Merge => "merge",
            Self::Unmerge => "unmerge",
            Self::Spam | Self::Unspam => "spam",
            Self::Correction => "correction",
            Self::Recipients => "recipients",
            Self::Hours => "hours",
        }
    }
}

/// The request an act or task is about, in short.
#[derive(Clone)]
pub struct Subject {
    /// Its reference.
    pub reference: String,
    /// What was asked for and under which law: "Access, UK GDPR".
    pub title: String,
    /// Who asks; masked where the reader may not see it.
    pub person: String,
    /// When it is due.
    pub due: Option<Due>,
}

impl Subject {
    /// Returns a request for samples, with a person of the given name.
    pub(crate) fn sample(person: &str) -> Self {
        Self {
            reference: "HB-7K3M-9QXD".to_owned(),
            title: "Access, UK GDPR".to_owned(),
            person: person.to_owned(),
            due: Some(crate::page::sample::due(12)),
        }
    }
}
