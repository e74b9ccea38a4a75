//! Exports of the log: lines of JSON that anyone can check without this installation.
//!
//! A whole export holds every entry in the order of the tree, with each checkpoint right after the
//! entry it covers last. An export of one request holds its entries with a proof each that the newest
//! checkpoint covers them. Sealed parts leave as they are stored, unreadable.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use habeas_core::id::RequestId;

use crate::db::{Row, args};
use crate::error::{Error, Result};
use crate::store::Store;

/// The version of the export's form.
pub(super) const FORM: u32 = 1;

/// One line of an export.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Line {
    /// The first one.
    Log(Head),
    Entry(Exported),
    /// A signed note.
    Checkpoint(String),
    /// The last one, so that a cut file shows.
    End(Counts),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) form: u32,
    pub(super) key: String,
    /// The one request it is about; none for the whole log.
    pub(super) request: Option<RequestId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exported {
    pub(super) position: u64,
    pub(super) chain: String,
    pub(super) seq: u64,
    pub(super) at_micros: i64,
    pub(super) actor: String,
    /// The stored bytes; none once pruned.
    pub(super) body: Option<String>,
    pub(super) body_hash: String,
    pub(super) link_hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) proof: Option<String>,
}

#[derive(Serialize, Deserialize, PartialEq, Eq, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Counts {
    pub(super) entries: u64,
    pub(super) checkpoints: u64,
}

/// How many entries are read at once.
const BATCH: u64 = 1_000;

const SELECT: &str = "SELECT l.position, e.chain_id, e.seq, e.at, e.actor, e.body, e.body_hash, e.link_hash
    FROM leaves l JOIN entries e ON e.chain_id = l.chain_id AND e.seq = l.seq";

impl Store {
    /// Writes the whole log, after giving every committed entry its place and signing for it.
    pub async fn export_log(&self, output: &mut dyn Write) -> Result<()> {
        self.sequence_all().await?;
        let mut read = self.read().await?;
        write_line(output, &self.head(None))?;
        let rows = read.conn.all("SELECT size, note FROM checkpoints ORDER BY size", Vec::new()).await?;
        let mut notes = Vec::with_capacity(rows.len());
        for row in rows {
            notes.push((row.count("size")?, row.text("note")?));
        }
        let mut notes = notes.into_iter().peekable();
        let mut counts = Counts::default();
        loop {
            let sql = format!("{SELECT} WHERE l.position >= $1 ORDER BY l.position LIMIT $2");
            let rows = read.conn.all_built(sql, args![counts.entries, BATCH]).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                write_line(output, &Line::Entry(exported(&row)?))?;
                counts.entries += 1;
                while let Some((_, note)) = notes.next_if(|(size, _)| *size == counts.entries) {
                    write_line(output, &Line::Checkpoint(note))?;
                    counts.checkpoints += 1;
                }
            }
        }
        write_line(output, &Line::End(counts))
    }

    /// Writes the log of one request with proofs; the answer is no where there is no such request.
    pub async fn export_request_log(&self, id: RequestId, output: &mut dyn Write) -> Result<bool> {
        self.sequence_all().await?;
        let mut read = self.read().await?;
        let sql = format!("{SELECT} WHERE l.chain_id = $1 ORDER BY l.seq");
        let rows = read.conn.all_built(sql, args![id.to_string()]).await?;
        if rows.is_empty() {
            return Ok(false);
        }
        let Some(note) = read.latest_checkpoint().await? else { return Ok(false) };
        let mut tree = MemoryBackedTree::<Sha256, [u8; 32]>::new();
        for row in read.conn.all("SELECT link_hash FROM leaves ORDER BY position", Vec::new()).await? {
            tree.push(row.hash("link_hash")?);
        }
        write_line(output, &self.head(Some(id)))?;
        write_line(output, &Line::Checkpoint(note))?;
        let mut counts = Counts { entries: 0, checkpoints: 1 };
        for row in rows {
            let mut entry = exported(&row)?;
            let place = usize::try_from(entry.position).map_err(|_| Error::inconsistent("leaves", &id))?;
            if entry.position >= tree.len() {
                return Err(Error::inconsistent("leaves", &id));
            }
            entry.proof = Some(STANDARD.encode(tree.prove_inclusion(place).as_bytes()));
            write_line(output, &Line::Entry(entry))?;
            counts.entries += 1;
        }
        write_line(output, &Line::End(counts))?;
        Ok(true)
    }

    async fn sequence_all(&self) -> Result<()> {
        while self.sequence(self.now()).await?.is_some() {}
        Ok(())
    }

    fn head(&self, request: Option<RequestId>) -> Line {
        Line::Log(Head { form: FORM, key: self.public_key(), request })
    }
}

fn exported(row: &Row) -> Result<Exported> {
    Ok(Exported {
        position: row.count("position")?,
        chain: row.text("chain_id")?,
        seq: row.count("seq")?,
        at_micros: row.int("at")?,
        actor: row.text("actor")?,
        body: row.opt_bytes("body")?.map(|bytes| STANDARD.encode(bytes)),
        body_hash: hex::encode(row.hash("body_hash")?),
        link_hash: hex::encode(row.hash("link_hash")?),
        proof: None,
    })
}

fn write_line(output: &mut dyn Write, line: &Line) -> Result<()> {
    let mut text = serde_json::to_string(line).map_err(|_| Error::inconsistent("entries", &"export"))?;
    text.push('\n');
    output.write_all(text.as_bytes())?;
    Ok(())
}
