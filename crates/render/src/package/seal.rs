//! The seal of an archive: a signature over every byte of it, in its ZIP comment.
//!
//! The signed manifest inside says what each file holds; the seal says that the archive around it is the one
//! that was handed over, headers and all, and can be checked without the password. A ZIP ends with 22 bytes
//! whose last two are the comment's length: these are held back while writing, and the comment is put
//! behind them. What is hashed is the archive as it was before, with the length still nought.

use std::io::{self, Read, Seek, SeekFrom, Write};

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// The length of the record a ZIP without a comment ends with.
const END: usize = 22;

const LABEL: &str = "habeas-seal-1";

/// Label, SHA-256 and signature in hexadecimal with a space between.
const COMMENT: usize = LABEL.len() + 1 + 64 + 1 + 128;

/// A writer that seals what goes through it.
pub(super) struct Sealing<'a> {
    out: &'a mut dyn Write,
    held: Vec<u8>,
    before: Sha256,
    after: Sha256,
    size: u64,
}

impl<'a> Sealing<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, held: Vec::new(), before: Sha256::new(), after: Sha256::new(), size: 0 }
    }

    /// Writes the end of the archive with its seal; returns size and SHA-256 of the whole.
    pub(super) fn finish(mut self, signer: &SigningKey) -> io::Result<(u64, [u8; 32])> {
        let mut end = std::mem::take(&mut self.held);
        self.before.update(&end);
        let digest = hex::encode(self.before.finalize());
        let signature = hex::encode(signer.sign(&signed(&digest)).to_bytes());
        let length = u16::try_from(COMMENT).unwrap_or_default();
        end.truncate(END - 2);
        end.extend_from_slice(&length.to_le_bytes());
        end.extend_from_slice(format!("{LABEL} {digest} {signature}").as_bytes());
        self.after.update(&end);
        self.out.write_all(&end)?;
        self.out.flush()?;
        Ok((self.size + end.len() as u64, self.after.finalize().into()))
    }

    fn pass(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.before.update(bytes);
        self.after.update(bytes);
        self.size += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

impl Write for Sealing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let ready = (self.held.len() + bytes.len()).saturating_sub(END);
        let from_held: Vec<u8> = self.held.drain(..ready.min(self.held.len())).collect();
        let (now, later) = bytes.split_at(ready - from_held.len());
        self.pass(&from_held)?;
        self.pass(now)?;
        self.held.extend_from_slice(later);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What the seal of an archive says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seal {
    /// Every byte is as it was signed.
    Intact,
    /// The archive was changed after it was signed, packed anew, or signed by another key.
    Broken,
    /// There is none to check, since it is no archive but a folder.
    Absent,
}

/// Checks the seal of an archive and leaves the reader at its start.
pub(super) fn check(archive: &mut (impl Read + Seek), key: &VerifyingKey) -> io::Result<Seal> {
    let size = archive.seek(SeekFrom::End(0))?;
    let Some(body) = size.checked_sub((COMMENT + 2) as u64) else { return Ok(Seal::Broken) };
    archive.seek(SeekFrom::Start(body))?;
    let mut tail = [0; COMMENT + 2];
    archive.read_exact(&mut tail)?;
    archive.seek(SeekFrom::Start(0))?;
    let (length, comment) = tail.split_at(2);
    let Some((digest, signature)) = parse(comment) else { return Ok(Seal::Broken) };

    let mut hash = Sha256::new();
    io::copy(&mut archive.by_ref().take(body), &mut HashWriter(&mut hash))?;
    hash.update([0, 0]);
    archive.seek(SeekFrom::Start(0))?;
    let is_same = hex::encode(hash.finalize()) == digest;
    let is_signed = key.verify_strict(&signed(digest), &signature).is_ok();
    let is_measured = length == u16::try_from(COMMENT).unwrap_or_default().to_le_bytes();
    Ok(if is_same && is_signed && is_measured { Seal::Intact } else { Seal::Broken })
}

fn parse(comment: &[u8]) -> Option<(&str, Signature)> {
    let text = std::str::from_utf8(comment).ok()?;
    let rest = text.strip_prefix(LABEL)?.strip_prefix(' ')?;
    let (digest, signature) = rest.split_once(' ')?;
    let bytes: [u8; 64] = hex::decode(signature).ok()?.try_into().ok()?;
    // Upper-case digits decode as well, so that a changed letter case would go unseen.
    (hex::encode(bytes) == signature).then(|| (digest, Signature::from_bytes(&bytes)))
}

fn signed(digest: &str) -> Vec<u8> {
    format!("{LABEL}\n{digest}\n").into_bytes()
}

struct HashWriter<'a>(&'a mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
