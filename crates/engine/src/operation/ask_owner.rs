//! Asks the owners of sources to look for themselves; the task ends with the last answer.
//!
//! An owner who is away, may not see the request or has no account is stood in for; where there is nobody, the ask is
//! nobody's and those who assign work are told.

use std::collections::BTreeMap;

use habeas_core::access::{self, Action, is_absent};
use habeas_core::definition::Catalog;
use habeas_core::id::UserId;
use habeas_core::request::{Failure, Outcome, Request, ToAsk};
use habeas_store::jobs::Claimed;
use habeas_store::users::User;
use jiff::civil::Date;

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::finder::Owned;
use crate::task::Try;

/// The operation.
pub(super) struct AskOwner;

#[async_trait::async_trait]
impl Operate for AskOwner {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let owned = &engine.inner.finder.owned;
        let ctx = engine.inner.context(&this.request)?;
        let chosen: Option<String> = this.request.inputs(ctx.flow, &this.task).remove("sources");
        let wanted = match chosen.as_deref().map(|names| choose(owned, names)) {
            None => owned.iter().collect(),
            Some(Ok(wanted)) => wanted,
            Some(Err(unknown)) => {
                let failure = unknown_source(&unknown, owned);
                engine.conclude(job, this.request.id, this.end(Outcome::Failed(failure))).await?;
                return Ok(());
            }
        };
        let users = engine.inner.store.read().await?.list_users().await?;
        let people = People { users: &users, catalog: &engine.inner.catalog, today: ctx.today() };
        let wanted = wanted.into_iter().map(|source| people.ask(source, &this.request)).collect();
        engine.conclude(job, this.request.id, this.end(Outcome::OwnersAsked(wanted))).await?;
        Ok(())
    }
}

/// Returns the sources of these names, which commas or lines part.
fn choose<'a>(owned: &'a [Owned], names: &str) -> Result<Vec<&'a Owned>, String> {
    let names = names.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty());
    let known: BTreeMap<&str, &Owned> = owned.iter().map(|source| (source.name.as_str(), source)).collect();
    names.map(|name| known.get(name).copied().ok_or_else(|| name.to_owned())).collect()
}

fn unknown_source(name: &str, owned: &[Owned]) -> Failure {
    // Whoever wrote the name may have written anything: it isn't repeated.
    let known: Vec<&str> = owned.iter().map(|source| source.name.as_str()).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let length = name.chars().count();
    let message = format!(
        "one of the sources chosen (a name of {length} letters) has no owner to ask; these have: {known}"
    );
    Failure { code: "input".to_owned(), source: None, message }
}

struct People<'a> {
    users: &'a [User],
    catalog: &'a Catalog,
    today: Date,
}

impl People<'_> {
    fn ask(&self, source: &Owned, request: &Request) -> ToAsk {
        let owner = &source.owner;
        let mut named = [Some(&owner.email), owner.stand_in.as_ref()].into_iter().flatten();
        ToAsk {
            source: source.name.clone(),
            owner: named.find_map(|email| self.there(email, request)),
            confirms: source.confirms,
            about: owner.holds.clone().unwrap_or_default(),
            datasets: source.datasets.clone(),
        }
    }

    /// Returns whoever signs in with an address, if they are there and may do it.
    fn there(&self, email: &str, request: &Request) -> Option<UserId> {
        let user = self.users.iter().find(|user| user.profile.email.eq_ignore_ascii_case(email))?;
        let roles = self.catalog.roles_of(&user.roles);
        let may = access::may(&roles, Action::DoTasks) && user.may_see(request, &roles);
        (may && !is_absent(&user.absences, self.today)).then_some(user.id)
    }
}
