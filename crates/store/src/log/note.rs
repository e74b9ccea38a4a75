//! Checkpoints as signed notes in the C2SP formats `signed-note` and `tlog-checkpoint`.
//!
//! Such a note is plain text that witnesses and other people's tools read: the origin, the size of the
//! tree, its root, and one line a signature. Whoever holds an old note can show that a log was rewritten.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::chain::Hash;

/// The type of an Ed25519 key in a note.
const ED25519: u8 = 1;

/// The key an installation signs checkpoints, receipts and manifests with.
pub(crate) struct Signer {
    origin: String,
    key: SigningKey,
}

impl Signer {
    pub(crate) fn new(origin: String, secret: &[u8; 32]) -> Self {
        Self { origin, key: SigningKey::from_bytes(secret) }
    }

    pub(crate) fn sign(&self, content: &[u8]) -> [u8; 64] {
        self.key.sign(content).to_bytes()
    }

    pub(crate) fn signing_key(&self) -> SigningKey {
        self.key.clone()
    }

    pub(crate) fn verifier(&self) -> PublicKey {
        PublicKey { name: self.origin.clone(), key: self.key.verifying_key() }
    }

    /// Signs a checkpoint of the tree.
    pub(crate) fn note(&self, size: u64, root: &Hash) -> String {
        let text = format!("{}\n{size}\n{}\n", self.origin, STANDARD.encode(root));
        let mut signature = self.verifier().id().to_vec();
        signature.extend_from_slice(&self.sign(text.as_bytes()));
        format!("{text}\n\u{2014} {} {}\n", self.origin, STANDARD.encode(signature))
    }
}

/// A public key with its name, written `name+id+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: VerifyingKey,
}

/// A text that is not a public key or a note.
#[derive(Debug, thiserror::Error)]
#[error("not a valid {0}")]
pub struct Invalid(&'static str);

impl PublicKey {
    pub(crate) fn key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Returns the four bytes a signature line names the key by.
    fn id(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(self.name.as_bytes());
        hasher.update([b'\n', ED25519]);
        hasher.update(self.key.as_bytes());
        let hash: Hash = hasher.finalize().into();
        let [a, b, c, d, ..] = hash;
        [a, b, c, d]
    }

    /// Returns whether the installation signed these bytes.
    pub fn has_signed(&self, content: &[u8], signature: &[u8; 64]) -> bool {
        self.key.verify_strict(content, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![ED25519];
        typed.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), STANDARD.encode(typed))
    }
}

impl FromStr for PublicKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid("public key");
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(invalid());
        };
        let typed = STANDARD.decode(key).map_err(|_| invalid())?;
        let [ED25519, key @ ..] = typed.as_slice() else { return Err(invalid()) };
        let key: &[u8; 32] = key.try_into().map_err(|_| invalid())?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| invalid())?;
        let public = Self { name: name.to_owned(), key };
        if hex::encode(public.id()) == id { Ok(public) } else { Err(invalid()) }
    }
}

/// A checkpoint read from a note, with its signature not yet looked at.
pub struct Checkpoint {
    /// The name of the log.
    pub origin: String,
    /// How many entries the tree held.
    pub size: u64,
    /// The root of the tree then.
    pub root: [u8; 32],
    text: String,
    signatures: Vec<(String, Vec<u8>)>,
}

/// No note is longer than this.
const NOTE_LIMIT: usize = 64 * 1024;

impl FromStr for Checkpoint {
    type Err = Invalid;

    fn from_str(note: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid("checkpoint");
        if note.len() > NOTE_LIMIT {
            return Err(invalid());
        }
        let (text, signatures) = note.split_once("\n\n").ok_or_else(invalid)?;
        let text = format!("{text}\n");
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(invalid());
        };
        let root = STANDARD.decode(root).map_err(|_| invalid())?;
        let signatures = signatures.lines().map(|line| {
            let (name, bytes) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            Some((name.to_owned(), STANDARD.decode(bytes).ok()?))
        });
        Ok(Self {
            origin: origin.to_owned(),
            size: size.parse().map_err(|_| invalid())?,
            root: root.try_into().map_err(|_| invalid())?,
            signatures: signatures.collect::<Option<_>>().ok_or_else(invalid)?,
            text,
        })
    }
}

impl Checkpoint {
    /// Returns whether the key signed this checkpoint.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.signatures.iter().any(|(name, bytes)| {
            let Some((id, signature)) = bytes.split_first_chunk::<4>() else { return false };
            let Ok(signature) = signature.try_into() else { return false };
            *name == key.name && *id == key.id() && key.has_signed(self.text.as_bytes(), signature)
        })
    }
}

#[cfg(test)]
mod tests;
