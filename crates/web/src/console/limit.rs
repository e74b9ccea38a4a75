//! How often somebody may try to get in.

use habeas_store::limits::Limit;
use jiff::SignedDuration;

const MINUTES_10: SignedDuration = SignedDuration::from_mins(10);

/// Passwords and codes tried from one address.
pub(super) const DOOR_ADDRESS: Limit = Limit { name: "console door, address", burst: 30, per: MINUTES_10 };
/// Passwords tried for one account, known or not.
pub(super) const DOOR_IDENTITY: Limit = Limit { name: "console door, identity", burst: 20, per: MINUTES_10 };
/// One-time links opened and used from one address.
pub(super) const LINK_ADDRESS: Limit = Limit { name: "console link, address", burst: 30, per: MINUTES_10 };
