//! The log: appending to chains and reading them back.
//!
//! One transaction appends events, overwrites the derived row and inserts the jobs, so that none of
//! them can disagree with the others. The chain's head row is locked by the append itself: who comes
//! second finds another `seq` than expected and gets [`Error::Conflict`].

pub(crate) mod chain;
mod check;
mod export;
pub(crate) mod note;
mod rebuild;
pub(crate) mod tree;

use jiff::Timestamp;
use serde_json::Value;

use habeas_core::event::{Actor, Entry, Record};
use habeas_core::id::RequestId;
use habeas_core::job::NewJob;
use habeas_core::request::RequestRow;

pub use check::{Expected, FINDINGS_LIMIT, Finding, Report, Tampering, check_export};
pub use note::{Checkpoint, PublicKey};
pub use rebuild::Divergence;

use crate::db::{Row, args};
use crate::error::{Error, Result};
use crate::keys::RequestKeys;
use crate::store::{Read, Tx};
use chain::{Hash, Link};

/// The chain of what concerns the whole installation: definitions published, users, roles.
pub const SYSTEM: &str = "system";

/// In place of a request's id in the hashes of the system chain.
pub(crate) const SYSTEM_ID: [u8; 16] = [0; 16];

/// No chain is longer than this; a request that reaches it needs a person.
const CHAIN_LIMIT: u64 = 100_000;

/// No entry has a larger number: the largest that databases can keep.
const CHAIN_END: u64 = i64::MAX.unsigned_abs();

/// No part of a chain is longer.
const PAGE_LIMIT: u32 = 1_000;

/// What one act adds to a request: its events, and what follows from them.
pub struct Append<'a> {
    /// Who acts.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// How many events the caller folded before deciding; 0 for a new request.
    pub expected_seq: u64,
    /// The events, in order; at least one.
    pub records: &'a [Record],
    /// How many of them, at the end, follow by themselves: they stand under the system's name.
    pub follow_count: usize,
    /// The derived row after them; its id names the request.
    pub row: &'a RequestRow,
    /// The jobs they ask for.
    pub jobs: &'a [NewJob],
}

/// Where the events of one append go.
struct Target<'a> {
    chain: String,
    hashed_id: [u8; 16],
    seq: u64,
    before: Hash,
    keys: Sealing<'a>,
}

/// Under what an append seals.
enum Sealing<'a> {
    Request(Option<&'a RequestKeys>),
    Root,
}

impl Tx {
    /// Makes a request: its chain, its keys, its first events, its row and jobs.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the id or the reference is taken.
    pub async fn create_request(&mut self, append: Append<'_>) -> Result<u64> {
        let id = append.row.id;
        let sql = "INSERT INTO chains (id, seq, link_hash) VALUES ($1, 0, $2)";
        self.conn.execute(sql, args![id.to_string(), chain::START]).await?;
        let (_, wrapped) = self.inner.root.wrap_new(id.as_bytes(), &*self.inner.chance);
        let sql = "INSERT INTO keys (request_id, wrapped) VALUES ($1, $2)";
        self.conn.execute(sql, args![id.to_string(), wrapped]).await?;
        self.append(append).await
    }

    /// Appends events to a request with the row and the jobs that follow, and returns the new `seq`.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the request has moved on since `expected_seq`; [`Error::Sealed`] where
    /// something is to be sealed and the keys are destroyed.
    pub async fn append(&mut self, append: Append<'_>) -> Result<u64> {
        let id = append.row.id;
        let seq = append.expected_seq + append.records.len() as u64;
        if append.row.seq != seq || append.records.is_empty() || seq > CHAIN_LIMIT {
            return Err(Error::inconsistent("requests", &id));
        }
        let sql = "UPDATE chains SET seq = $2 WHERE id = $1 AND seq = $3 RETURNING link_hash";
        let head = self.conn.optional(sql, args![id.to_string(), seq, append.expected_seq]).await?;
        let before = head.ok_or(Error::Conflict)?.hash("link_hash")?;
        let keys = self.keys_if_alive(id).await?;
        let target = Target {
            chain: id.to_string(),
            hashed_id: *id.as_bytes(),
            seq: append.expected_seq,
            before,
            keys: Sealing::Request(keys.as_ref()),
        };
        let own_count = append.records.len().saturating_sub(append.follow_count);
        let (own, follow) = append.records.split_at(own_count);
        let own = own.iter().map(|record| (append.actor, record));
        let records: Vec<_> = own.chain(follow.iter().map(|record| (Actor::System, record))).collect();
        self.write_entries(target, append.at, &records).await?;
        self.put_row(append.row, keys.as_ref()).await?;
        for job in append.jobs {
            self.insert_job(job, Some(id)).await?;
        }
        Ok(seq)
    }

    /// Appends to the chain of configuration changes and returns its new `seq`.
    pub async fn append_system(&mut self, actor: Actor, at: Timestamp, records: &[Record]) -> Result<u64> {
        let count = records.len();
        let sql = "UPDATE chains SET seq = seq + $2 WHERE id = $1 RETURNING seq, link_hash";
        let head = self.conn.one(sql, args![SYSTEM, count]).await?;
        let seq = head.count("seq")?;
        let target = Target {
            chain: SYSTEM.to_owned(),
            hashed_id: SYSTEM_ID,
            seq: seq - count as u64,
            before: head.hash("link_hash")?,
            keys: Sealing::Root,
        };
        let records: Vec<_> = records.iter().map(|record| (actor, record)).collect();
        self.write_entries(target, at, &records).await?;
        Ok(seq)
    }

    async fn write_entries(
        &mut self,
        target: Target<'_>,
        at: Timestamp,
        records: &[(Actor, &Record)],
    ) -> Result<()> {
        let Target { chain, hashed_id, mut seq, mut before, keys } = target;
        for (actor, record) in records {
            seq += 1;
            let actor = actor.to_string();
            let sealed = self.seal_part(&keys, &chain, seq, record)?;
            let bytes = chain::encode(&record.kind, record.version, &record.body, sealed.as_deref());
            let body_hash = chain::body_hash(&bytes);
            let link = Link { chain: &hashed_id, seq, at_micros: at.as_microsecond(), actor: &actor };
            before = chain::link_hash(&before, &link, &body_hash);
            let sql = "INSERT INTO entries
                (chain_id, seq, at, actor, kind, version, body, body_hash, link_hash)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
            let values = args![
                chain.as_str(),
                seq,
                at,
                actor.as_str(),
                record.kind.as_str(),
                record.version,
                bytes,
                body_hash,
                before
            ];
            self.conn.execute(sql, values).await?;
            let sql = "INSERT INTO pending_leaves (chain_id, seq, at, link_hash) VALUES ($1, $2, $3, $4)";
            self.conn.execute(sql, args![chain.as_str(), seq, at, before]).await?;
        }
        self.conn.execute("UPDATE chains SET link_hash = $2 WHERE id = $1", args![chain, before]).await?;
        Ok(())
    }

    fn seal_part(
        &self,
        keys: &Sealing<'_>,
        chain: &str,
        seq: u64,
        record: &Record,
    ) -> Result<Option<Vec<u8>>> {
        let Some(part) = &record.sealed else { return Ok(None) };
        let place = place(chain, seq, &record.kind);
        let content = part.to_string();
        let chance = &*self.inner.chance;
        match keys {
            Sealing::Root => Ok(Some(self.inner.root.seal(&place, content.as_bytes(), chance))),
            Sealing::Request(Some(keys)) => Ok(Some(keys.seal(&place, content.as_bytes(), chance))),
            Sealing::Request(None) => Err(Error::Sealed("the key is destroyed")),
        }
    }

    /// Prunes the bodies of a request's events up to `seq`; the chain still verifies by their hashes.
    pub async fn prune(&mut self, id: RequestId, seq: u64) -> Result<u64> {
        let sql = "UPDATE entries SET body = NULL WHERE chain_id = $1 AND seq <= $2 AND body IS NOT NULL";
        self.conn.execute(sql, args![id.to_string(), seq]).await
    }
}

impl Read {
    /// Returns a request's events in order, opened; `None` where there is no such request.
    ///
    /// Where the keys are destroyed, sealed parts are missing and `null` stands in their places. A body
    /// that was pruned is `null` as a whole.
    pub async fn lookup_entries(&mut self, id: RequestId) -> Result<Option<Vec<Entry>>> {
        let keys = self.keys_if_alive(id).await?;
        let entries = self.entries_of(&id.to_string(), &Sealing::Request(keys.as_ref())).await?;
        Ok((!entries.is_empty()).then_some(entries))
    }

    /// Returns how many entries the chain of configuration changes has; the newest has this number.
    pub async fn count_system_entries(&mut self) -> Result<u64> {
        self.conn.one("SELECT seq FROM chains WHERE id = $1", args![SYSTEM]).await?.count("seq")
    }

    /// Returns a part of the chain of configuration changes, newest first: what came before an entry, or the
    /// newest.
    pub async fn list_system_entries(&mut self, before: Option<u64>, limit: u32) -> Result<Vec<Entry>> {
        let sql = "SELECT seq, at, actor, kind, version, body FROM entries
            WHERE chain_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
        let before = before.unwrap_or(CHAIN_END).min(CHAIN_END);
        let rows = self.conn.all(sql, args![SYSTEM, before, limit.min(PAGE_LIMIT)]).await?;
        self.open_entries(SYSTEM, &Sealing::Root, rows)
    }

    async fn entries_of(&mut self, chain: &str, keys: &Sealing<'_>) -> Result<Vec<Entry>> {
        let sql = "SELECT seq, at, actor, kind, version, body FROM entries
            WHERE chain_id = $1 ORDER BY seq";
        let rows = self.conn.all(sql, args![chain]).await?;
        self.open_entries(chain, keys, rows)
    }

    fn open_entries(&self, chain: &str, keys: &Sealing<'_>, rows: Vec<Row>) -> Result<Vec<Entry>> {
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            let seq = row.count("seq")?;
            let record = match row.opt_bytes("body")? {
                Some(bytes) => self.open_part(keys, chain, seq, &bytes)?,
                None => Record {
                    kind: row.text("kind")?,
                    version: u16::try_from(row.int("version")?)
                        .map_err(|_| Error::inconsistent("entries", &format!("{chain}/{seq}")))?,
                    body: Value::Null,
                    sealed: None,
                },
            };
            entries.push(Entry { seq, at: row.instant("at")?, actor: row.parsed("actor")?, record });
        }
        Ok(entries)
    }

    fn open_part(&self, keys: &Sealing<'_>, chain: &str, seq: u64, bytes: &[u8]) -> Result<Record> {
        let stored = chain::decode(bytes)?;
        let place = place(chain, seq, &stored.kind);
        let opened = match (&stored.sealed, keys) {
            (None, _) | (Some(_), Sealing::Request(None)) => None,
            (Some(sealed), Sealing::Root) => Some(self.inner.root.open(&place, sealed)?),
            (Some(sealed), Sealing::Request(Some(keys))) => Some(keys.open(&place, sealed)?),
        };
        let sealed = opened
            .map(|opened| serde_json::from_slice(&opened))
            .transpose()
            .map_err(|_| Error::inconsistent("entries", &format!("{chain}/{seq}")))?;
        Ok(Record { kind: stored.kind, version: stored.version, body: stored.body, sealed })
    }
}

/// What sealed content is bound to: it opens nowhere else.
fn place(chain: &str, seq: u64, kind: &str) -> String {
    format!("entry {chain} {seq} {kind}")
}

#[cfg(test)]
mod tests;
