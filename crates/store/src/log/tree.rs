//! The tree over all chains (RFC 6962) and the checkpoints signed over it.
//!
//! Appending to chains takes no global lock. One sequencer at a time, held by the lock on the `tree`
//! row, gives committed entries their places. Only the right edge of the tree is kept: the roots of
//! its complete subtrees, largest first, one for each bit set in its size.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::chain::Hash;
use crate::db::args;
use crate::error::{Error, Result};
use crate::store::{Read, Store};

/// How many entries one transaction sequences.
const BATCH: i64 = 2_000;

/// The right edge of a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Reads a frontier; `None` where the bytes don't fit the size.
    pub(crate) fn from_parts(size: u64, bytes: &[u8]) -> Option<Self> {
        let (roots, rest) = bytes.as_chunks::<32>();
        let is_whole = rest.is_empty() && u32::try_from(roots.len()) == Ok(size.count_ones());
        is_whole.then(|| Self { size, roots: roots.to_vec() })
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.roots.concat()
    }

    /// Appends a leaf: as many complete subtrees merge as the old size has trailing ones.
    pub(crate) fn push(&mut self, leaf: &[u8]) {
        let mut hash = leaf_hash(leaf);
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// Returns the root of the tree.
    pub(crate) fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(last) = roots.next() else { return Sha256::digest([]).into() };
        roots.fold(*last, |right, left| node_hash(left, &right))
    }
}

fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

impl Store {
    /// Gives committed entries their places in the tree and signs a checkpoint over what it then
    /// holds; returns the note where the tree grew. Run again while it returns one.
    pub async fn sequence(&self, now: Timestamp) -> Result<Option<String>> {
        let mut tx = self.begin().await?;
        // The write takes the row's lock: a second sequencer waits here, then finds nothing left.
        let sql = "UPDATE tree SET size = size WHERE id = 1 RETURNING size, frontier";
        let row = tx.conn.one(sql, Vec::new()).await?;
        let broken = || Error::inconsistent("tree", &1);
        let mut tree =
            Frontier::from_parts(row.count("size")?, &row.bytes("frontier")?).ok_or_else(broken)?;
        let sql = "SELECT chain_id, seq, link_hash FROM pending_leaves ORDER BY at, chain_id, seq LIMIT $1";
        let pending = tx.conn.all(sql, args![BATCH]).await?;
        if pending.is_empty() {
            return Ok(None);
        }
        for row in pending {
            let (chain, seq, link) = (row.text("chain_id")?, row.count("seq")?, row.hash("link_hash")?);
            let sql = "INSERT INTO leaves (position, chain_id, seq, link_hash) VALUES ($1, $2, $3, $4)";
            tx.conn.execute(sql, args![tree.size(), chain.as_str(), seq, link]).await?;
            let sql = "DELETE FROM pending_leaves WHERE chain_id = $1 AND seq = $2";
            tx.conn.execute(sql, args![chain, seq]).await?;
            tree.push(&link);
        }
        let sql = "UPDATE tree SET size = $1, frontier = $2 WHERE id = 1";
        tx.conn.execute(sql, args![tree.size(), tree.to_bytes()]).await?;
        let root = tree.root();
        let note = self.inner.signer.note(tree.size(), &root);
        let sql = "INSERT INTO checkpoints (size, root, note, at) VALUES ($1, $2, $3, $4)";
        tx.conn.execute(sql, args![tree.size(), root, note.as_str(), now]).await?;
        tx.commit().await?;
        Ok(Some(note))
    }
}

impl Read {
    /// Returns the newest checkpoint's note.
    pub async fn latest_checkpoint(&mut self) -> Result<Option<String>> {
        let sql = "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1";
        self.conn.optional(sql, Vec::new()).await?.map(|row| row.text("note")).transpose()
    }
}

#[cfg(test)]
mod tests;
