//! What a console's session keeps besides who is signed in.

use habeas_core::id::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The data of a session.
#[derive(Default, Clone, Serialize, Deserialize)]
pub(super) struct State {
    /// Who has given the right password and owes the code of the second factor.
    #[serde(default)]
    pub(super) halfway: Option<Halfway>,
}

/// A password was right.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Halfway {
    /// Whose.
    pub(super) user: UserId,
    /// When.
    pub(super) at: Timestamp,
}
