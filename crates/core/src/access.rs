//! Roles and what they may do.
//!
//! A user's rights are the union of their roles' actions. Roles are definitions an organisation makes for
//! itself ([`Role`]); those that come with the product stand in `roles/`. A flow's manual task names the role
//! whose members may take it, its team.

mod absence;
mod action;
mod builtin;
mod role;

pub use absence::{Absence, is_absent};
pub use action::{Action, Area};
pub use builtin::{Builtin, builtin};
pub(crate) use role::read_name;
pub use role::{InvalidRoleName, Role, RoleName};

/// Says whether any of the roles grants the action.
pub fn may(roles: &[Role], action: Action) -> bool {
    roles.iter().any(|role| role.grants.contains(&action))
}

/// Says whether someone with these roles may do the tasks of a team: its members, and who may do every
/// team's.
pub fn belongs(roles: &[Role], team: &RoleName) -> bool {
    is_member(roles, team) || may(roles, Action::DoAnyTask)
}

/// Says whether someone with these roles is a member of a team.
pub fn is_member(roles: &[Role], team: &RoleName) -> bool {
    roles.iter().any(|role| role.name == *team)
}

#[cfg(test)]
mod tests;
