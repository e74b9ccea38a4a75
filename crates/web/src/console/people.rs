//! Names of staff, for pages that say who did something.

use std::collections::BTreeMap;

use habeas_core::event::Actor;
use habeas_core::id::UserId;
use habeas_store::Read;
use habeas_store::users::User;

use crate::error::Result;

/// Every account, by id.
pub(super) struct People(BTreeMap<UserId, User>);

impl People {
    /// Reads them.
    pub(super) async fn read(read: &mut Read) -> Result<Self> {
        Ok(Self(read.list_users().await?.into_iter().map(|user| (user.id, user)).collect()))
    }

    /// Returns the name of a member of staff.
    pub(super) fn name(&self, id: UserId) -> String {
        self.0.get(&id).map_or_else(|| "A former user".to_owned(), |user| user.profile.name.clone())
    }

    /// Returns who did something.
    pub(super) fn actor(&self, actor: Actor) -> String {
        match actor {
            Actor::System => "Habeas".to_owned(),
            Actor::Subject => "The person".to_owned(),
            Actor::Staff(id) => self.name(id),
        }
    }

    /// Returns the accounts.
    pub(super) fn users(&self) -> impl Iterator<Item = &User> {
        self.0.values()
    }
}
