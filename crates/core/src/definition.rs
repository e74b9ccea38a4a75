//! Definitions: the versioned documents an installation runs by, and the readers of those that are ours.
//!
//! The store keeps each with kind, name, version, text and hash; what is published is never changed or
//! dropped, since old requests point to it.

mod activity;
mod catalog;
mod entity;
mod offer;
mod regulation;
#[cfg(test)]
mod tests;
mod write;

use serde::{Deserialize, Serialize};

pub use activity::{Activity, ExtensionBy, FormField, Targets, builtin as builtin_activities, contact_label};
pub use catalog::{Catalog, Missing, Size, Text};
pub use entity::{Binding, Entity};
pub use regulation::{Regulation, builtin as builtin_regulations};

/// The kinds of definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A law pack.
    Law,
    /// A calendar of holidays.
    Calendar,
    /// A law people ask under, with the pack that computes its dates.
    Regulation,
    /// A legal controller.
    Entity,
    /// A team and what its members may do.
    Role,
    /// What a choice on a form offers.
    List,
    /// A block of text for replies.
    Snippet,
    /// Who answers for new requests.
    Assignment,
    /// How a request is fulfilled.
    Flow,
    /// What a person may ask for.
    Activity,
    /// The described contents of a data source.
    Dataset,
    /// Which data a reply includes.
    Policy,
    /// The register of processing.
    Register,
}

impl Kind {
    /// All kinds, in the order they are imported in: later ones point to earlier ones.
    pub const ALL: [Self; 13] = [
        Self::Law,
        Self::Calendar,
        Self::Regulation,
        Self::Entity,
        Self::Dataset,
        Self::Policy,
        Self::Register,
        Self::Role,
        Self::List,
        Self::Snippet,
        Self::Flow,
        Self::Activity,
        Self::Assignment,
    ];

    /// Returns the kind's name in the database and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Calendar => "calendar",
            Self::Regulation => "regulation",
            Self::Entity => "entity",
            Self::Role => "role",
            Self::List => "list",
            Self::Snippet => "snippet",
            Self::Assignment => "assignment",
            Self::Flow => "flow",
            Self::Activity => "activity",
            Self::Dataset => "dataset",
            Self::Policy => "policy",
            Self::Register => "register",
        }
    }
}
