//! What a person decided on records, and on which ground.

use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::pii::{self, Pii};

/// What a person said of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Which records.
    pub scope: MarkScope,
    /// What is to happen with them.
    pub verdict: Verdict,
    /// Why; demanded for everything but giving.
    #[serde(with = "pii::sealed")]
    pub reason: Pii<String>,
    /// Who said so.
    pub by: UserId,
}

/// Which records a mark is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkScope {
    /// One record, by its number in the file.
    Record(u64),
    /// Everything of a collection.
    Collection {
        /// The dataset.
        dataset: String,
        /// The collection.
        collection: String,
    },
}

/// What is to happen with records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They are given.
    Give,
    /// They don't leave.
    Exclude {
        /// The ground, as the person is told it.
        ground: MarkGround,
        /// Whether the person is told that there was such a record. Not telling is for the case where it
        /// would defeat what the exclusion protects.
        is_told: bool,
    },
    /// They are given without these fields.
    Redact {
        /// The fields; for a part of a nested one, its path with dots.
        fields: Vec<String>,
        /// The ground, as the person is told it.
        ground: MarkGround,
    },
}

/// On which ground something of a record is not given. The reason beside it is for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkGround {
    /// Art. 15(4): it is about someone else.
    OtherPerson,
    /// It is not about the person at all.
    NotAboutSubject,
    /// Legal professional privilege.
    Privilege,
    /// Art. 15(4): a trade secret or someone's intellectual property.
    TradeSecret,
    /// It would harm an investigation.
    Investigation,
    /// It would endanger the security of data or people.
    Security,
}

impl MarkGround {
    /// All grounds.
    pub const ALL: [Self; 6] = [
        Self::OtherPerson,
        Self::NotAboutSubject,
        Self::Privilege,
        Self::TradeSecret,
        Self::Investigation,
        Self::Security,
    ];

    /// Returns the ground's name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OtherPerson => "other_person",
            Self::NotAboutSubject => "not_about_subject",
            Self::Privilege => "privilege",
            Self::TradeSecret => "trade_secret",
            Self::Investigation => "investigation",
            Self::Security => "security",
        }
    }

    /// Returns the ground for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::OtherPerson => "About another person",
            Self::NotAboutSubject => "Not about this person",
            Self::Privilege => "Legal privilege",
            Self::TradeSecret => "Trade secret",
            Self::Investigation => "Ongoing investigation",
            Self::Security => "Security of data or people",
        }
    }
}
