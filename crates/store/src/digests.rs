//! What digests are made from, and when each reader was last sent one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use habeas_core::access::{self, Action, Role};
use habeas_core::id::{Reference, RequestId, UserId};
use habeas_core::request::Readers;

use crate::db::args;
use crate::error::{Error, Result};
use crate::store::{Read, Tx};
use crate::users::User;

/// An open request as a digest tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The request.
    pub request: RequestId,
    /// Its reference.
    pub reference: Reference,
    /// The entity it was made to.
    pub entity: String,
    /// The activity's name.
    pub activity: String,
    /// The law's id.
    pub law: String,
    /// The case owner.
    pub owner: Option<UserId>,
    /// Since when it is theirs or nobody's.
    pub since: Timestamp,
    /// When anything but the passing of time last happened to it.
    pub moved_at: Timestamp,
    /// The legal date.
    pub due_on: Option<Date>,
    /// What it waits for, such as `subject`.
    pub waits_on: String,
    /// Who among staff sees it.
    pub readers: Readers,
}

impl Pending {
    /// Says whether a member of staff with these roles sees it.
    pub fn is_seen_by(&self, user: &User, roles: &[Role]) -> bool {
        let among = |names: &Option<Vec<String>>, name: &String| {
            names.as_ref().is_none_or(|names| names.contains(name))
        };
        among(&user.entities, &self.entity)
            && among(&user.activities, &self.activity)
            && access::may(roles, Action::SeeRequests)
            && self.readers.admits(user.id, access::may(roles, Action::Narrow))
    }
}

/// No more open requests are looked at for digests, the nearest dates first.
const PENDING_LIMIT: u32 = 20_000;

/// Events that the passing of time brings by itself: they are no movement.
const TIMERS: &str =
    "'due_computed', 'task_overdue', 'task_waived', 'task_reminded', 'closure_proposed', 'package_deleted',
    'question_overdue', 'extension_proposed', 'due_passed'";

impl Read {
    /// Returns every open request, the nearest dates first.
    pub async fn list_pending(&mut self) -> Result<Vec<Pending>> {
        let sql = format!(
            "SELECT r.id, r.reference, r.entity, r.activity, r.law, r.owner_id, r.received_at, r.due_on, r.waits_on,
                r.readers,
                (SELECT MAX(e.at) FROM entries e WHERE e.chain_id = r.id AND e.kind = 'assigned') AS assigned_at,
                (SELECT MAX(e.at) FROM entries e WHERE e.chain_id = r.id AND e.kind NOT IN ({TIMERS}))
                    AS moved_at
            FROM requests r WHERE r.is_closed = 0 AND r.is_spam = 0
            ORDER BY (CASE WHEN r.due_on IS NULL THEN 1 ELSE 0 END), r.due_on, r.id LIMIT {PENDING_LIMIT}"
        );
        let rows = self.conn.all_built(sql, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                let received_at = row.instant("received_at")?;
                Ok(Pending {
                    request: row.parsed("id")?,
                    reference: row.parsed("reference")?,
                    entity: row.text("entity")?,
                    activity: row.text("activity")?,
                    law: row.text("law")?,
                    owner: row.opt_parsed("owner_id")?,
                    since: row.opt_instant("assigned_at")?.unwrap_or(received_at),
                    moved_at: row.opt_instant("moved_at")?.unwrap_or(received_at),
                    due_on: row.opt_parsed("due_on")?,
                    waits_on: row.text("waits_on")?,
                    readers: match row.opt_text("readers")? {
                        None => Readers::Everybody,
                        Some(text) => Readers::from_text(&text)
                            .ok_or_else(|| Error::inconsistent("requests", &"readers"))?,
                    },
                })
            })
            .collect()
    }

    /// Returns when each reader was last sent a digest.
    pub async fn list_digests(&mut self) -> Result<BTreeMap<String, Timestamp>> {
        let rows = self.conn.all("SELECT reader, sent_at FROM digests", Vec::new()).await?;
        rows.iter().map(|row| Ok((row.text("reader")?, row.instant("sent_at")?))).collect()
    }
}

impl Tx {
    /// Notes that a reader was sent a digest, in the transaction that queues it.
    pub async fn note_digest(&mut self, reader: &str, at: Timestamp) -> Result<()> {
        let sql = "INSERT INTO digests (reader, sent_at) VALUES ($1, $2)
            ON CONFLICT (reader) DO UPDATE SET sent_at = excluded.sent_at";
        self.conn.execute(sql, args![reader, at]).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
