//! How often somebody may try to get in; which of these counts a try, `door.rs` says.

use habeas_store::limits::Limit;
use jiff::SignedDuration;

const MINUTES_10: SignedDuration = SignedDuration::from_mins(10);
const MINUTES_20: SignedDuration = SignedDuration::from_mins(20);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Passwords and codes tried from one address.
pub(super) const DOOR_ADDRESS: Limit = Limit { name: "console door, address", burst: 30, per: MINUTES_10 };
/// Passwords and codes tried in a browser that the account has signed in from before.
pub(super) const DOOR_DEVICE: Limit = Limit { name: "console door, device", burst: 10, per: MINUTES_10 };
/// The first passwords of a network for one account, known or not.
pub(super) const DOOR_FIRST: Limit = Limit { name: "console door, first", burst: 3, per: DAY };
/// The first passwords of all networks for one account.
pub(super) const DOOR_FIRST_ALL: Limit = Limit { name: "console door, first, all", burst: 60, per: HOUR };
/// Further passwords of a network for one account.
pub(super) const DOOR_NETWORK: Limit = Limit { name: "console door, network", burst: 4, per: MINUTES_20 };
/// Further passwords of all networks for one account.
pub(super) const DOOR_ALL: Limit = Limit { name: "console door, all", burst: 12, per: HOUR };
/// Codes for one account in browsers that aren't known.
pub(super) const DOOR_CODE: Limit = Limit { name: "console door, code", burst: 10, per: HOUR };
/// Entries in the log on refused sign-ins of nobody we know; further ones stand in the server's log only.
pub(super) const NOTED_UNKNOWN: Limit = Limit { name: "console door, noted", burst: 60, per: HOUR };
/// Entries in the log on one account being slowed down.
pub(super) const NOTED_SLOWED: Limit = Limit { name: "console door, slowed", burst: 1, per: HOUR };
/// People looked for in every source by one member of staff.
pub(super) const FIND_STAFF: Limit = Limit { name: "console find, staff", burst: 60, per: HOUR };
/// Flows tried out by one member of staff.
pub(super) const TRIAL_STAFF: Limit = Limit { name: "console trial, staff", burst: 120, per: HOUR };
/// One-time links opened and used from one address.
pub(super) const LINK_ADDRESS: Limit = Limit { name: "console link, address", burst: 30, per: MINUTES_10 };
