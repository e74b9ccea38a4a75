//! What must hold over the whole database, whatever happened: run after tests and on demand.
//!
//! Unlike [`crate::log::check_export`], which trusts nobody, this looks for what a crash or a mistake of
//! ours would leave: half of an act, an orphan, something that outlived its key.

use std::collections::HashMap;

use crate::blobs::blob;
use crate::db::{Row, args};
use crate::error::{Error, Result};
use crate::log::chain::{self, Hash, Link};
use crate::log::tree::Frontier;
use crate::log::{Checkpoint, PublicKey, SYSTEM, SYSTEM_ID};
use crate::store::{Read, Store};

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The table it shows in.
    pub table: &'static str,
    /// The row.
    pub id: String,
    /// What is wrong.
    pub what: &'static str,
}

/// How many rows are read at once.
const BATCH: u32 = 1_000;

/// Queries that must find nothing. Each gives the ids of rows that break a rule.
const RULES: &[(&str, &str, &str)] = &[
    (
        "requests",
        "its row is not as far as its log",
        "SELECT r.id FROM requests r JOIN chains c ON c.id = r.id WHERE r.seq <> c.seq",
    ),
    (
        "chains",
        "a request has a log and no row",
        "SELECT c.id FROM chains c LEFT JOIN requests r ON r.id = c.id WHERE r.id IS NULL AND c.id <> 'system'",
    ),
    (
        "chains",
        "a request has a log and no key",
        "SELECT c.id FROM chains c LEFT JOIN keys k ON k.request_id = c.id
            WHERE k.request_id IS NULL AND c.id <> 'system'",
    ),
    (
        "jobs",
        "a job of a request that is not there",
        "SELECT j.id FROM jobs j LEFT JOIN chains c ON c.id = j.request_id
            WHERE j.request_id IS NOT NULL AND c.id IS NULL",
    ),
    (
        "mails",
        "a mail of a request that is not there",
        "SELECT m.id FROM mails m LEFT JOIN chains c ON c.id = m.request_id
            WHERE m.request_id IS NOT NULL AND c.id IS NULL",
    ),
    (
        "challenges",
        "a challenge to prove identity for a closed request",
        "SELECT h.id FROM challenges h JOIN requests r ON r.id = h.request_id
            WHERE r.is_closed = 1 AND h.purpose = 'verify'",
    ),
    (
        "keys",
        "personal data outlived its key",
        "SELECT k.request_id AS id FROM keys k JOIN requests r ON r.id = k.request_id
            LEFT JOIN request_terms t ON t.request_id = k.request_id
            LEFT JOIN mails m ON m.request_id = k.request_id AND m.content IS NOT NULL
            LEFT JOIN challenges h ON h.request_id = k.request_id
            LEFT JOIN blobs b ON b.request_id = k.request_id AND b.expires_at IS NULL AND b.deleted_at IS NULL
            WHERE k.wrapped IS NULL AND (r.card IS NOT NULL OR t.request_id IS NOT NULL
                OR m.id IS NOT NULL OR h.id IS NOT NULL OR b.id IS NOT NULL)",
    ),
    (
        "entries",
        "a committed entry that the sequencer will never see, or sees twice",
        "SELECT e.chain_id AS id FROM entries e
            LEFT JOIN leaves l ON l.chain_id = e.chain_id AND l.seq = e.seq
            LEFT JOIN pending_leaves p ON p.chain_id = e.chain_id AND p.seq = e.seq
            WHERE (l.position IS NULL) = (p.chain_id IS NULL)",
    ),
];

impl Store {
    /// Returns everything that does not hold; nothing, when all is well.
    pub async fn verify(&self) -> Result<Vec<Problem>> {
        let mut read = self.read().await?;
        let mut problems = Vec::new();
        for (table, what, sql) in RULES {
            for row in read.conn.all(*sql, Vec::new()).await? {
                problems.push(Problem { table, id: row.text("id")?, what });
            }
        }
        read.verify_chains(&mut problems).await?;
        let key = self.inner.signer.verifier();
        read.verify_tree(&key, &mut problems).await?;
        self.verify_blobs(&mut read, &mut problems).await?;
        Ok(problems)
    }

    async fn verify_blobs(&self, read: &mut Read, problems: &mut Vec<Problem>) -> Result<()> {
        let mut after = String::new();
        loop {
            let sql = "SELECT * FROM blobs WHERE id > $1 ORDER BY id LIMIT $2";
            let rows = read.conn.all(sql, args![after.as_str(), BATCH]).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.text("id")?;
            for row in &rows {
                let blob = blob(row)?;
                let what = match (blob.deleted_at, self.has_file(&blob.stored)) {
                    (None, false) => "a row without its file",
                    (Some(_), true) => "a file that was said to be deleted",
                    (None, true) | (Some(_), false) => continue,
                };
                problems.push(Problem { table: "blobs", id: blob.stored.id.to_string(), what });
            }
        }
    }
}

impl Read {
    /// Computes every chain again, from its first entry to its head.
    async fn verify_chains(&mut self, problems: &mut Vec<Problem>) -> Result<()> {
        let mut heads: HashMap<String, (u64, Hash)> = HashMap::new();
        let (mut chain, mut seq) = (String::new(), 0);
        loop {
            let sql =
                "SELECT chain_id, seq, at, actor, kind, version, body, body_hash, link_hash FROM entries
                WHERE chain_id > $1 OR (chain_id = $1 AND seq > $2) ORDER BY chain_id, seq LIMIT $3";
            let rows = self.conn.all(sql, args![chain.as_str(), seq, BATCH]).await?;
            let Some(last) = rows.last() else { break };
            (chain, seq) = (last.text("chain_id")?, last.count("seq")?);
            for row in &rows {
                verify_entry(row, &mut heads, problems)?;
            }
        }
        for row in self.conn.all("SELECT id, seq, link_hash FROM chains", Vec::new()).await? {
            let id = row.text("id")?;
            let head = heads.get(&id).copied().unwrap_or((0, chain::START));
            if head != (row.count("seq")?, row.hash("link_hash")?) {
                problems.push(Problem { table: "chains", id, what: "the head is not the last entry" });
            }
        }
        Ok(())
    }

    /// Computes the tree again and compares it with every checkpoint.
    async fn verify_tree(&mut self, key: &PublicKey, problems: &mut Vec<Problem>) -> Result<()> {
        let mut problem = |table, id: u64, what| problems.push(Problem { table, id: id.to_string(), what });
        let mut notes = HashMap::new();
        for row in self.conn.all("SELECT size, root, note FROM checkpoints", Vec::new()).await? {
            notes.insert(row.count("size")?, (row.hash("root")?, row.text("note")?));
        }
        let mut tree = Frontier::default();
        loop {
            let sql = "SELECT l.position, l.link_hash, e.link_hash AS entry FROM leaves l
                LEFT JOIN entries e ON e.chain_id = l.chain_id AND e.seq = l.seq
                WHERE l.position >= $1 ORDER BY l.position LIMIT $2";
            let rows = self.conn.all(sql, args![tree.size(), BATCH]).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let (position, link) = (row.count("position")?, row.bytes("link_hash")?);
                if position != tree.size() || row.opt_bytes("entry")?.as_ref() != Some(&link) {
                    problem("leaves", position, "a place of the tree is not its entry's");
                    return Ok(());
                }
                tree.push(&link);
                let Some((root, note)) = notes.remove(&tree.size()) else { continue };
                let is_signed = note.parse::<Checkpoint>().is_ok_and(|checkpoint| {
                    checkpoint.size == tree.size() && checkpoint.root == root && checkpoint.is_signed_by(key)
                });
                if root != tree.root() || !is_signed {
                    problem("checkpoints", tree.size(), "the signed root is not the tree's");
                }
            }
        }
        for size in notes.into_keys() {
            problem("checkpoints", size, "signed for entries that are not there");
        }
        let row = self.conn.one("SELECT size, frontier FROM tree WHERE id = 1", Vec::new()).await?;
        if Frontier::from_parts(row.count("size")?, &row.bytes("frontier")?).as_ref() != Some(&tree) {
            problem("tree", 1, "the edge is not the tree's");
        }
        Ok(())
    }
}

fn verify_entry(
    row: &Row,
    heads: &mut HashMap<String, (u64, Hash)>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let (id, seq) = (row.text("chain_id")?, row.count("seq")?);
    let mut problem = |what| problems.push(Problem { table: "entries", id: format!("{id}/{seq}"), what });
    let (last, before) = heads.get(&id).copied().unwrap_or((0, chain::START));
    if seq != last + 1 {
        problem("an entry is missing before it");
    }
    let (body_hash, link_hash) = (row.hash("body_hash")?, row.hash("link_hash")?);
    if let Some(bytes) = row.opt_bytes("body")? {
        let stored = chain::decode(&bytes)?;
        if chain::body_hash(&bytes) != body_hash {
            problem("the body is not what was hashed");
        }
        if stored.kind != row.text("kind")? || i64::from(stored.version) != row.int("version")? {
            problem("the columns differ from the body");
        }
    }
    let chain_id = if id == SYSTEM {
        SYSTEM_ID
    } else {
        let request: habeas_core::id::RequestId =
            id.parse().map_err(|_| Error::inconsistent("chains", &id))?;
        *request.as_bytes()
    };
    let actor = row.text("actor")?;
    let link = Link { chain: &chain_id, seq, at_micros: row.int("at")?, actor: &actor };
    if chain::link_hash(&before, &link, &body_hash) != link_hash {
        problem("the link does not follow from the entry before");
    }
    heads.insert(id, (seq, link_hash));
    Ok(())
}

#[cfg(test)]
mod tests;
