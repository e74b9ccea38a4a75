//! Operations: what automatic tasks do, with the types of what they take and give.

use serde::{Deserialize, Serialize};

use super::Kind;

/// What an automatic task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Sends the receipt with reference, date and next steps.
    Acknowledge,
    /// Links open requests of the same person and activity.
    CheckDuplicates,
    /// Sends a code and waits until it is entered.
    VerifyIdentity,
    /// Gathers the person's records from every source.
    Collect,
    /// Makes the archive.
    BuildPackage,
    /// Makes the archive available and tells the person.
    Deliver,
}

impl Operation {
    /// All operations.
    pub const ALL: [Self; 6] = [
        Self::Acknowledge,
        Self::CheckDuplicates,
        Self::VerifyIdentity,
        Self::Collect,
        Self::BuildPackage,
        Self::Deliver,
    ];

    /// Returns the operation's name in flow files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::CheckDuplicates => "check_duplicates",
            Self::VerifyIdentity => "verify_identity",
            Self::Collect => "collect",
            Self::BuildPackage => "build_package",
            Self::Deliver => "deliver",
        }
    }

    /// Returns the operation's name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Acknowledge => "Send the receipt",
            Self::CheckDuplicates => "Look for open requests of the same person",
            Self::VerifyIdentity => "Prove identity",
            Self::Collect => "Gather the data from every source",
            Self::BuildPackage => "Make the archive",
            Self::Deliver => "Hand the archive over and tell the person",
        }
    }

    /// Returns the inputs it takes: name, type and whether it must be given.
    pub fn inputs(self) -> &'static [(&'static str, Kind, bool)] {
        match self {
            Self::Acknowledge | Self::VerifyIdentity => &[("address", Kind::Email, false)],
            Self::CheckDuplicates | Self::Collect => &[],
            Self::BuildPackage => &[("records", Kind::Records, true), ("decisions", Kind::Decisions, false)],
            Self::Deliver => &[("package", Kind::Package, true)],
        }
    }

    /// Returns the outputs it gives: name and type.
    pub fn outputs(self) -> &'static [(&'static str, Kind)] {
        match self {
            Self::Acknowledge | Self::VerifyIdentity | Self::Deliver => &[],
            Self::CheckDuplicates => &[("count", Kind::Number)],
            Self::Collect => &[("records", Kind::Records)],
            Self::BuildPackage => &[("package", Kind::Package)],
        }
    }

    /// Says whether it answers the person: every flow has such an operation at its end.
    pub fn replies(self) -> bool {
        match self {
            Self::Deliver => true,
            Self::Acknowledge
            | Self::CheckDuplicates
            | Self::VerifyIdentity
            | Self::Collect
            | Self::BuildPackage => false,
        }
    }
}
