//! Checking an export offline: what was changed, cut, reordered, or signed by somebody else.
//!
//! Nothing is taken on trust but the key, if one is given. Who holds the signing key can rewrite a log
//! and sign it again; a checkpoint kept elsewhere ([`Expected::checkpoint`]) shows that too.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ct_merkle::{InclusionProof, RootHash};
use sha2::Sha256;

use habeas_core::id::RequestId;

use super::SYSTEM_ID;
use super::chain::{self, Hash, Link};
use super::export::{Counts, Exported, FORM, Head, Line};
use super::note::{Checkpoint, PublicKey};
use super::tree::Frontier;
use crate::error::Result;
use crate::log::SYSTEM;

/// What the caller knows from elsewhere.
#[derive(Default)]
pub struct Expected {
    /// The installation's public key, as it was published.
    pub key: Option<PublicKey>,
    /// A checkpoint that was kept elsewhere.
    pub checkpoint: Option<Checkpoint>,
}

/// What kind of thing was done to a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tampering {
    /// Content is not what was written.
    Changed,
    /// Something is missing.
    Cut,
    /// Entries don't stand in their order.
    Reordered,
    /// Signed by another key, or the signature doesn't fit.
    Resigned,
    /// A line can't be read at all.
    Unreadable,
}

impl Tampering {
    /// Returns the finding's name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Cut => "cut",
            Self::Reordered => "reordered",
            Self::Resigned => "resigned",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was done.
    pub tampering: Tampering,
    /// The line of the file, from 1.
    pub line: u64,
    /// Where and what, in a sentence without personal data.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.tampering.as_str(), self.what)
    }
}

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// How many entries were read.
    pub entries: u64,
    /// Of how many chains.
    pub chains: u64,
    /// How many of them have a pruned body.
    pub pruned: u64,
    /// How many checkpoints were read.
    pub checkpoints: u64,
    /// The key the file names, to be compared with the published one where none was given.
    pub key: Option<String>,
    /// What is wrong, in the order of the file; at most [`FINDINGS_LIMIT`].
    pub findings: Vec<Finding>,
}

impl Report {
    /// Returns whether everything holds.
    pub fn is_intact(&self) -> bool {
        self.findings.is_empty()
    }
}

/// After so many findings a check only counts.
pub const FINDINGS_LIMIT: usize = 100;

/// No line of an export is longer than this.
const LINE_LIMIT: u64 = 64 * 1024 * 1024;

/// Checks an export.
///
/// # Errors
/// Only where the file can't be read; whatever is wrong with its content is a finding.
pub fn check_export(input: &mut dyn BufRead, expected: Expected) -> Result<Report> {
    let mut check = Check { expected, ..Check::default() };
    let mut text = Vec::new();
    loop {
        text.clear();
        if input.take(LINE_LIMIT).read_until(b'\n', &mut text)? == 0 {
            break;
        }
        check.line += 1;
        match serde_json::from_slice::<Line>(&text) {
            Ok(line) => check.take(line),
            Err(_) => check.find(Tampering::Unreadable, "not a line of a log export".to_owned()),
        }
    }
    Ok(check.finish())
}

#[derive(Default)]
struct Check {
    expected: Expected,
    report: Report,
    line: u64,
    head: Option<Head>,
    key: Option<PublicKey>,
    /// The last entry of each chain.
    heads: HashMap<String, (u64, Hash)>,
    tree: Frontier,
    position: u64,
    /// The size of the last checkpoint.
    covered: u64,
    /// In an export of one request: what the proofs lead to.
    root: Option<(u64, Hash)>,
    is_ended: bool,
}

impl Check {
    fn find(&mut self, tampering: Tampering, what: String) {
        if self.report.findings.len() < FINDINGS_LIMIT {
            self.report.findings.push(Finding { tampering, line: self.line, what });
        }
    }

    fn take(&mut self, line: Line) {
        if self.is_ended {
            self.find(Tampering::Unreadable, "a line after the end".to_owned());
        }
        match line {
            Line::Log(head) => self.begin(head),
            Line::Entry(entry) => self.entry(&entry),
            Line::Checkpoint(note) => self.checkpoint(&note),
            Line::End(counts) => self.end(&counts),
        }
    }

    fn begin(&mut self, head: Head) {
        if self.head.is_some() || self.line != 1 || head.form != FORM {
            self.find(Tampering::Unreadable, "not the first line of a log export".to_owned());
        }
        match head.key.parse::<PublicKey>() {
            Ok(key) => {
                if self.expected.key.as_ref().is_some_and(|expected| *expected != key) {
                    self.find(
                        Tampering::Resigned,
                        "the file names another key than the given one".to_owned(),
                    );
                }
                self.key = Some(self.expected.key.clone().unwrap_or(key));
            }
            Err(_) => self.find(Tampering::Unreadable, "the public key can't be read".to_owned()),
        }
        self.report.key = Some(head.key.clone());
        self.head = Some(head);
    }

    fn entry(&mut self, entry: &Exported) {
        self.report.entries += 1;
        let place = format!("entry {} of {}", entry.seq, entry.chain);
        let (Some(body_hash), Some(link_hash), Some(chain_id)) =
            (hash(&entry.body_hash), hash(&entry.link_hash), chain_id(&entry.chain))
        else {
            return self.find(Tampering::Unreadable, format!("{place} has no valid hashes"));
        };
        match &entry.body {
            None => self.report.pruned += 1,
            Some(body) => {
                let is_same = STANDARD.decode(body).is_ok_and(|bytes| chain::body_hash(&bytes) == body_hash);
                if !is_same {
                    self.find(Tampering::Changed, format!("the body of {place} is not what was written"));
                }
            }
        }
        let (last, before) = self.heads.get(&entry.chain).copied().unwrap_or((0, chain::START));
        if entry.seq == last + 1 {
            let link =
                Link { chain: &chain_id, seq: entry.seq, at_micros: entry.at_micros, actor: &entry.actor };
            if chain::link_hash(&before, &link, &body_hash) != link_hash {
                let what = format!(
                    "{place} does not follow from the one before: its time, actor, content or place is not what was written"
                );
                self.find(Tampering::Changed, what);
            }
        } else if entry.seq > last {
            let what = format!("entries {} to {} of {} are missing", last + 1, entry.seq - 1, entry.chain);
            self.find(Tampering::Cut, what);
        } else {
            self.find(Tampering::Reordered, format!("{place} comes after entry {last}"));
        }
        self.heads.insert(entry.chain.clone(), (entry.seq, link_hash));
        match self.head.as_ref().and_then(|head| head.request) {
            Some(request) => self.proof(entry, request, &link_hash, &place),
            None => self.place_in_tree(entry, &link_hash, &place),
        }
    }

    fn place_in_tree(&mut self, entry: &Exported, link_hash: &Hash, place: &str) {
        if entry.position > self.position {
            let what = format!("places {} to {} of the tree are missing", self.position, entry.position - 1);
            self.find(Tampering::Cut, what);
        } else if entry.position < self.position {
            self.find(
                Tampering::Reordered,
                format!("{place} stands at place {} of the tree", entry.position),
            );
        }
        self.position = entry.position.saturating_add(1);
        self.tree.push(link_hash);
        let known = self.expected.checkpoint.as_ref().filter(|known| known.size == self.tree.size());
        if known.is_some_and(|known| known.root != self.tree.root()) {
            let what = format!(
                "the log is not the one the kept checkpoint of size {} was made of",
                self.tree.size()
            );
            self.find(Tampering::Changed, what);
        }
    }

    fn proof(&mut self, entry: &Exported, request: RequestId, link_hash: &Hash, place: &str) {
        if entry.chain != request.to_string() {
            return self.find(Tampering::Changed, format!("{place} belongs to another request"));
        }
        let proof = entry.proof.as_ref().and_then(|proof| STANDARD.decode(proof).ok());
        let proof = proof.and_then(|bytes| InclusionProof::<Sha256>::try_from_bytes(bytes).ok());
        let is_proven = match (proof, self.root) {
            (Some(proof), Some((size, root))) if entry.position < size => {
                let root = RootHash::<Sha256>::new(root.into(), size);
                root.verify_inclusion(link_hash, entry.position, &proof).is_ok()
            }
            _ => false,
        };
        if !is_proven {
            self.find(Tampering::Changed, format!("{place} is not covered by the checkpoint"));
        }
    }

    fn checkpoint(&mut self, note: &str) {
        self.report.checkpoints += 1;
        let Ok(checkpoint) = note.parse::<Checkpoint>() else {
            return self.find(Tampering::Unreadable, "the checkpoint can't be read".to_owned());
        };
        let size = checkpoint.size;
        if self.key.as_ref().is_none_or(|key| !checkpoint.is_signed_by(key)) {
            self.find(
                Tampering::Resigned,
                format!("the signature of the checkpoint of size {size} does not fit the key"),
            );
        }
        if self.head.as_ref().is_some_and(|head| head.request.is_some()) {
            let known = self.expected.checkpoint.as_ref();
            if known.is_some_and(|known| {
                known.size > size || (known.size == size && known.root != checkpoint.root)
            }) {
                self.find(
                    Tampering::Changed,
                    "the kept checkpoint is newer than this log or of another one".to_owned(),
                );
            }
            self.root = Some((size, checkpoint.root));
            return;
        }
        match size.cmp(&self.tree.size()) {
            Ordering::Equal if checkpoint.root == self.tree.root() => {}
            Ordering::Equal => {
                let what = format!("the entries are not those the checkpoint of size {size} was signed for");
                self.find(Tampering::Changed, what);
            }
            Ordering::Greater => {
                let count = size - self.tree.size();
                self.find(
                    Tampering::Cut,
                    format!("{count} entries before the checkpoint of size {size} are missing"),
                );
            }
            Ordering::Less => {
                self.find(Tampering::Reordered, format!("the checkpoint of size {size} comes late"));
            }
        }
        self.covered = size;
    }

    fn end(&mut self, counts: &Counts) {
        self.is_ended = true;
        let read = Counts { entries: self.report.entries, checkpoints: self.report.checkpoints };
        if *counts != read {
            let what = format!(
                "the file says it holds {} entries and {} checkpoints, and holds {} and {}",
                counts.entries, counts.checkpoints, read.entries, read.checkpoints
            );
            self.find(Tampering::Cut, what);
        }
    }

    fn finish(mut self) -> Report {
        if self.head.is_none() {
            self.find(Tampering::Unreadable, "not a log export".to_owned());
        }
        if !self.is_ended {
            self.find(Tampering::Cut, "the end of the file is missing".to_owned());
        }
        let is_whole = self.head.as_ref().is_some_and(|head| head.request.is_none());
        if is_whole && self.covered < self.tree.size() {
            let count = self.tree.size() - self.covered;
            self.find(Tampering::Cut, format!("no checkpoint covers the last {count} entries"));
        }
        let known = self.expected.checkpoint.as_ref().map_or(0, |known| known.size);
        if is_whole && known > self.tree.size() {
            let count = known - self.tree.size();
            self.find(Tampering::Cut, format!("the kept checkpoint covers {count} entries more"));
        }
        self.report.chains = self.heads.len() as u64;
        self.report
    }
}

fn hash(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok().map(|()| hash)
}

fn chain_id(text: &str) -> Option<[u8; 16]> {
    if text == SYSTEM {
        return Some(SYSTEM_ID);
    }
    text.parse::<RequestId>().ok().map(|id| *id.as_bytes())
}

#[cfg(test)]
mod tests;
