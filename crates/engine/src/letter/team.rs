//! Whom a mail to staff goes to.

use habeas_core::access::{self, Action, Role, RoleName};
use habeas_core::definition::Catalog;
use habeas_core::id::UserId;
use habeas_core::request::{Readers, Request};
use habeas_store::users::User;

/// Which members of staff a mail goes to.
pub(crate) enum Team {
    /// Those of a role.
    Role(RoleName),
    /// Those whose roles grant an action.
    Granted(Action),
    /// One member of staff by id, or the team where there is none or they are away.
    User(Option<UserId>, RoleName),
    /// One member of staff by the address they sign in with, or the team where nobody has it.
    Address(String, RoleName),
}

/// Returns the addresses a mail about a request goes to, each with a name that stays the same.
///
/// A team with an address of its own gets one mail there. Where a team has neither address nor members who
/// see the request, those who may do every team's tasks are told, so that nothing waits unseen.
pub(crate) fn recipients(
    team: &Team,
    users: &[User],
    request: &Request,
    catalog: &Catalog,
) -> Vec<(String, String)> {
    let of = |fits: &dyn Fn(&[Role]) -> bool| -> Vec<(String, String)> {
        let is_told = |user: &&User| {
            let roles = catalog.roles_of(&user.roles);
            user.may_see(request, &roles) && fits(&roles)
        };
        let users = users.iter().filter(is_told);
        users.map(|user| (user.id.to_string(), user.profile.email.clone())).collect()
    };
    match team {
        Team::Granted(action) => of(&|roles| access::may(roles, *action)),
        Team::User(id, role) => one(users, request, catalog, |user| Some(user.id) == *id)
            .unwrap_or_else(|| recipients(&Team::Role(role.clone()), users, request, catalog)),
        Team::Address(address, role) => {
            one(users, request, catalog, |user| user.profile.email.eq_ignore_ascii_case(address))
                .unwrap_or_else(|| recipients(&Team::Role(role.clone()), users, request, catalog))
        }
        Team::Role(name) => {
            // Whoever reads a team's mailbox is not known: a request hidden from somebody is not told there.
            let is_open = request.readers == Readers::Everybody;
            if let Some(address) = catalog.role(name).filter(|_| is_open).and_then(|role| role.email.clone())
            {
                return vec![(format!("team.{name}"), address)];
            }
            let members = of(&|roles| access::is_member(roles, name));
            if members.is_empty() { of(&|roles| access::may(roles, Action::DoAnyTask)) } else { members }
        }
    }
}

fn one(
    users: &[User],
    request: &Request,
    catalog: &Catalog,
    is_meant: impl Fn(&User) -> bool,
) -> Option<Vec<(String, String)>> {
    let sees = |user: &User| user.may_see(request, &catalog.roles_of(&user.roles));
    let user = users.iter().find(|user| is_meant(user) && sees(user))?;
    Some(vec![(user.id.to_string(), user.profile.email.clone())])
}
