//! Names of staff, for pages that say who did something.

use std::collections::{BTreeMap, BTreeSet};

use habeas_core::event::Actor;
use habeas_core::id::UserId;
use habeas_core::request::Readers;
use habeas_render::text::Day;
use habeas_store::Read;
use habeas_store::users::User;
use jiff::civil::Date;

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

    /// Returns who among staff may see a request.
    pub(super) fn readers(&self, readers: &Readers) -> String {
        let names = |users: &BTreeSet<UserId>| {
            users.iter().map(|user| self.name(*user)).collect::<Vec<_>>().join(", ")
        };
        match readers {
            Readers::Everybody => "Shown to everybody whose role shows requests".to_owned(),
            Readers::AllBut(users) => format!("Hidden from {}", names(users)),
            Readers::Only(users) => format!("Shown to {} only, and to who may narrow requests", names(users)),
        }
    }

    /// Says until when somebody is away, where they are today.
    pub(super) fn away(user: &User, today: Date) -> Option<String> {
        let now = user.absences.iter().find(|absence| (absence.from..=absence.until).contains(&today))?;
        Some(format!("Away until {}", Day(now.until)))
    }

    /// Returns the accounts.
    pub(super) fn users(&self) -> impl Iterator<Item = &User> {
        self.0.values()
    }
}
