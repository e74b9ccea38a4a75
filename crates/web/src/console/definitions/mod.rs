//! Definitions in general: every kind, every version, what differs, who owns them.

pub(super) mod definition;
mod lines;
pub(super) mod list;

use habeas_core::definition::Kind;
use habeas_store::definitions::Owner;

/// Returns the kind of that name.
fn kind(name: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.as_str() == name)
}

/// Returns a kind in words.
fn title(kind: Kind) -> String {
    super::told::capitalised(&kind.as_str().replace('_', " "))
}

/// Returns who owns a definition, in words.
fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Console => "The console",
        Owner::Git => "Files in git: read-only here",
        Owner::Builtin => "Came with Habeas",
    }
}
