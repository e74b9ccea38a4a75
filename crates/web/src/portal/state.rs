//! What a portal session remembers between pages.

use habeas_core::id::RequestId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::App;

/// Within so long of a code entered, the reply may be fetched without another.
const FRESH: SignedDuration = SignedDuration::from_mins(15);
/// A further code can be had after so long.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// What is remembered. None of it grants anything but `verified_at`, which only a right code sets.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct State {
    /// The request sent from this browser last.
    #[serde(default)]
    pub(super) filed: Option<Filed>,
    /// The request a code to sign in was asked for.
    #[serde(default)]
    pub(super) asked: Option<Asked>,
    /// When the code to this session's request was entered.
    #[serde(default)]
    pub(super) verified_at: Option<Timestamp>,
    /// Whether the person was on their way to the reply when a new code was asked for.
    #[serde(default)]
    pub(super) wants_reply: bool,
}

/// A request sent from this browser; its sender isn't proven to be its person yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Filed {
    /// The request.
    pub(super) request: RequestId,
    /// When its last code was asked for.
    pub(super) code_at: Timestamp,
}

/// A request to sign in; kept alike whether there is such a request or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    /// The request with this reference and e-mail address, if there is one.
    pub(super) request: Option<RequestId>,
    /// The reference as it was given.
    pub(super) reference: String,
    /// A fingerprint of reference and e-mail address as given, which attempts are counted by: who knows
    /// only one of the two holds nobody else up.
    pub(super) who: String,
    /// When its last code was asked for.
    pub(super) code_at: Timestamp,
}

impl State {
    /// Says whether a code was entered a short while ago.
    pub(super) fn is_fresh(&self, app: &App) -> bool {
        self.verified_at.is_some_and(|at| app.now().duration_since(at) <= FRESH)
    }
}

/// Returns after how many seconds a further code can be had; none: now.
pub(super) fn pause(app: &App, code_at: Timestamp) -> Option<u32> {
    let left = PAUSE - app.now().duration_since(code_at);
    u32::try_from(left.as_secs()).ok().filter(|left| *left > 0)
}
