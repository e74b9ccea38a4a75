//! How often what may be done: one list of all limits.
//!
//! Counted in the database for all nodes together, by the store's clock. Callers are counted by address
//! (an IPv6 network of one household counts as one), by what they ask about, and all together.

use std::net::IpAddr;

use habeas_store::limits::{Limit, Throttle};
use jiff::SignedDuration;

use crate::App;
use crate::error::{Error, Result};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const MINUTES_10: SignedDuration = SignedDuration::from_mins(10);

/// Requests sent with the puzzle solved.
pub(crate) const FORM_ADDRESS: Limit = Limit { name: "portal form, address", burst: 20, per: HOUR };
pub(crate) const FORM_ALL: Limit = Limit { name: "portal form, all", burst: 2_000, per: HOUR };
/// Requests sent without: no scripts, or no patience.
pub(crate) const PLAIN_FORM_ADDRESS: Limit =
    Limit { name: "plain portal form, address", burst: 3, per: HOUR };
pub(crate) const PLAIN_FORM_ALL: Limit = Limit { name: "plain portal form, all", burst: 60, per: HOUR };
/// More requests than one household sends: marked, not refused.
pub(crate) const FLOOD_ADDRESS: Limit = Limit { name: "portal form, flood", burst: 10, per: HOUR };
/// More requests in the same words than people write by themselves: marked, not refused.
pub(crate) const SAME_WORDS: Limit = Limit { name: "portal form, same words", burst: 10, per: DAY };
/// Codes asked for to sign in.
pub(crate) const SIGN_IN_ADDRESS: Limit = Limit { name: "portal sign-in, address", burst: 20, per: HOUR };
pub(crate) const SIGN_IN_IDENTITY: Limit = Limit { name: "portal sign-in, identity", burst: 5, per: HOUR };
pub(crate) const SIGN_IN_ALL: Limit = Limit { name: "portal sign-in, all", burst: 2_000, per: HOUR };
/// Codes entered.
pub(crate) const CODE_ADDRESS: Limit = Limit { name: "portal code, address", burst: 30, per: MINUTES_10 };
pub(crate) const CODE_IDENTITY: Limit = Limit { name: "portal code, identity", burst: 15, per: MINUTES_10 };
/// Codes asked for anew.
pub(crate) const RESEND_PAUSE: Limit =
    Limit { name: "portal code again, pause", burst: 1, per: SignedDuration::from_secs(60) };
pub(crate) const RESEND_IDENTITY: Limit = Limit { name: "portal code again, identity", burst: 5, per: HOUR };
/// Codes of a network to one mailbox that are counted apart from all others' codes to it.
pub(crate) const CODE_SELDOM: Limit = Limit { name: "portal code, seldom", burst: 3, per: DAY };
/// Messages, complaints and other acts on a request of one's own.
pub(crate) const ACT_REQUEST: Limit = Limit { name: "portal act, request", burst: 30, per: HOUR };
/// Calendars read by their secret address.
pub(crate) const FEED_ADDRESS: Limit = Limit { name: "calendar feed, address", burst: 60, per: MINUTES_10 };
/// What isn't there, or isn't for who asks: whoever tries many addresses is made to wait.
pub(crate) const REFUSED_ADDRESS: Limit = Limit { name: "refused, address", burst: 60, per: MINUTES_10 };

impl App {
    /// Counts a call and refuses it where there were too many.
    pub(crate) async fn limit(&self, limit: Limit, who: &[u8]) -> Result<()> {
        match self.store.throttle(limit, who).await? {
            Throttle::Allowed => Ok(()),
            Throttle::Refused { retry_at } => {
                tracing::warn!(target: "habeas_web::refused", limit = limit.name, "too many attempts");
                let wait = retry_at.duration_since(self.now()).as_secs().max(1);
                Err(Error::TooMany { wait_s: u64::try_from(wait).unwrap_or(1) })
            }
        }
    }

    /// Counts a call by the client's address.
    pub(crate) async fn limit_address(&self, limit: Limit, address: IpAddr) -> Result<()> {
        match address {
            IpAddr::V4(address) => self.limit(limit, &address.octets()).await,
            IpAddr::V6(address) => self.limit(limit, &(address.to_bits() >> 64).to_be_bytes()).await,
        }
    }
}

/// Returns what somebody's account or mailbox and a client's network are counted by together. Whoever has
/// one IPv6 network has many: what a provider hands out as one counts as one.
pub(crate) fn pair(whose: &str, address: IpAddr) -> Vec<u8> {
    let mut pair = match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => (address.to_bits() >> 80).to_be_bytes().to_vec(),
    };
    pair.extend_from_slice(whose.as_bytes());
    pair
}
