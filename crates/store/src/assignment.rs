//! The case owner of a new request, chosen by the rule in the transaction that takes it in.

use std::collections::BTreeMap;

use habeas_core::assignment::{By, Candidate};
use habeas_core::definition::Catalog;
use habeas_core::event::Actor;
use habeas_core::id::{RequestId, UserId};
use habeas_core::request::{Command, Request};

use crate::acts::ActError;
use crate::error::{Error, Result};
use crate::store::{Read, Tx};

/// What somebody answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// How many open requests.
    pub open_count: u64,
    /// The youngest request, open or not.
    pub last: Option<RequestId>,
}

impl Tx {
    /// Gives a request that is nobody's to whom the rule of assignment names. Where the rule names nobody, it
    /// stays nobody's.
    ///
    /// # Errors
    /// As of [`Tx::act`].
    pub async fn assign_by_rule(&mut self, request: Request, catalog: &Catalog) -> Result<Request, ActError> {
        let rule = catalog.assignment();
        if request.owner.is_some() || rule.choice(&request.terms).by == By::Hand {
            return Ok(request);
        }
        let ctx = catalog
            .context(&request.terms, self.now(), Actor::System, &[])
            .map_err(|_| Error::inconsistent("requests", &request.id))?;
        let loads = self.loads().await?;
        let users = self.list_users().await?;
        let candidates: Vec<Candidate> = users
            .into_iter()
            .map(|user| {
                let load = loads.get(&user.id).copied().unwrap_or_default();
                let roles = catalog.roles_of(&user.roles);
                Candidate {
                    user: user.id,
                    sees_it: user.may_see(&request, &roles),
                    roles,
                    absences: user.absences,
                    open_count: load.open_count,
                    last: load.last,
                }
            })
            .collect();
        match rule.choose(&request.terms, &candidates, ctx.today()) {
            Some(owner) => self.act(&request, Command::AssignByRule(owner), &ctx).await,
            None => Ok(request),
        }
    }
}

impl Read {
    /// Returns what each case owner answers for.
    pub async fn loads(&mut self) -> Result<BTreeMap<UserId, Load>> {
        let sql = "SELECT owner_id, CAST(SUM(1 - is_closed) AS BIGINT) AS open_count, MAX(id) AS last
            FROM requests WHERE owner_id IS NOT NULL GROUP BY owner_id";
        let rows = self.conn.all(sql, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                let load = Load { open_count: row.count("open_count")?, last: Some(row.parsed("last")?) };
                Ok((row.parsed("owner_id")?, load))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
