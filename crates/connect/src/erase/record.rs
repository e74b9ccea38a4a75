//! The deletion record: what was deleted, masked and kept, and why, without any value of it; signed.
//!
//! What is signed (Ed25519) is the record without its `signature`, as compact JSON with its fields in their order.
//! [`check`] needs nothing but the record: anyone can do the same with other tools.

#[cfg(test)]
mod tests;

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::account::CollectionAccount;
use super::{Outcome, Residue};

/// The form of record this program writes.
const VERSION: u64 = 1;
/// The largest record that is read.
const LARGEST: usize = 16 * 1024 * 1024;

/// A deletion record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// The form.
    pub deletion_record: u64,
    /// What names it.
    pub id: String,
    /// When the erasure began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How many runs it took: a run that is broken off is ended by another.
    #[serde(default = "one")]
    pub runs: u32,
    /// The people: fingerprints of their identities.
    pub subjects: Vec<Vec<IdentityPrint>>,
    /// What was done in each source.
    pub sources: Vec<SourceRecord>,
    /// What looking afterwards gave.
    pub verification: Verification,
    /// The day the last backup with the data expires.
    pub backups_expire_on: Option<Date>,
    /// The key it is signed with, in hexadecimal digits.
    pub public_key: String,
}

/// The keyed fingerprint of an identity.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IdentityPrint {
    /// The kind of identity.
    pub kind: String,
    /// The fingerprint in hexadecimal digits.
    pub fingerprint: String,
}

/// What was done in a source.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Its name.
    pub source: String,
    /// How it ended; nothing where nothing was tried.
    pub outcome: Option<String>,
    /// Its collections.
    pub collections: Vec<CollectionAccount>,
}

/// What looking afterwards gave.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Verification {
    /// What is left and should not be.
    pub residue: Vec<Left>,
    /// From where it was searched again.
    #[serde(default)]
    pub searched_from: SearchedFrom,
    /// What an earlier run had planned and nobody finds any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Lost>,
}

/// From where it was searched again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchedFrom {
    /// From the identities, and from every value that led on from a row that was erased.
    #[default]
    EverythingKnownBefore,
    /// From the identities alone: an earlier run was broken off after it had erased rows, and what they led to can't
    /// be known any more.
    Identities,
}

/// Something that should be gone and is not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Left {
    /// The dataset.
    pub dataset: String,
    /// The collection.
    pub collection: String,
    /// How many rows.
    pub rows: u64,
    /// What is left.
    pub what: String,
}

/// Rows an earlier run had planned and nobody finds any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// The source.
    pub source: String,
    /// How many rows.
    pub rows: u64,
}

fn one() -> u32 {
    1
}

/// Returns how a source ended, in a word.
pub fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done { .. } => "done",
        Outcome::Nothing => "nothing",
        Outcome::Changed { .. } => "changed",
        Outcome::Failed(_) => "failed",
        Outcome::Unknown(_) => "unknown",
        Outcome::Unrecorded(_) => "unrecorded",
    }
}

impl From<&Residue> for Left {
    fn from(residue: &Residue) -> Self {
        Self {
            dataset: residue.dataset.to_string(),
            collection: residue.collection.to_string(),
            rows: residue.rows,
            what: residue.what.clone(),
        }
    }
}

impl Record {
    /// Returns a record in which nothing is told yet.
    pub fn new(id: &str, began_at: Timestamp, ended_at: Timestamp) -> Self {
        Self {
            deletion_record: VERSION,
            id: id.to_owned(),
            began_at,
            ended_at,
            runs: 1,
            subjects: Vec::new(),
            sources: Vec::new(),
            verification: Verification::default(),
            backups_expire_on: None,
            public_key: String::new(),
        }
    }

    /// Returns the record as JSON, signed.
    ///
    /// # Errors
    /// Returns an error if it can't be written as JSON.
    pub fn signed(mut self, key: &SigningKey) -> Result<Value, serde_json::Error> {
        self.public_key = hex::encode(key.verifying_key().to_bytes());
        let mut record = serde_json::to_value(self)?;
        let signature = key.sign(record.to_string().as_bytes());
        if let Value::Object(fields) = &mut record {
            fields.insert("signature".to_owned(), json!(hex::encode(signature.to_bytes())));
        }
        Ok(record)
    }

    /// Returns whether everything that was planned is done and nothing is left.
    pub fn is_complete(&self) -> bool {
        let is_done = |source: &SourceRecord| {
            source.outcome.as_deref().is_none_or(|word| matches!(word, "done" | "nothing"))
        };
        self.sources.iter().all(is_done)
            && self.verification.residue.is_empty()
            && self.verification.lost.is_empty()
    }
}

/// What checking a record gave.
#[derive(Debug)]
pub struct Checked {
    /// The record.
    pub record: Record,
    /// Whether it is as it was signed with the key it names.
    pub is_signed: bool,
    /// Whether that key is the one expected, where one is.
    pub is_expected_key: Option<bool>,
}

impl Checked {
    /// Returns whether the record can be relied on as far as that was asked.
    pub fn is_intact(&self) -> bool {
        self.is_signed && self.is_expected_key != Some(false)
    }
}

/// Why a text is no record.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is too long.
    #[error("it is larger than any deletion record")]
    TooLarge,
    /// It is not JSON, or names a field twice.
    #[error("it is no JSON that can be relied on: {0}")]
    NoJson(String),
    /// It is JSON of another kind.
    #[error("it is no deletion record: {0}")]
    NoRecord(String),
    /// A newer program wrote it.
    #[error("it has form {0}, which this program doesn't know: use a newer one")]
    Newer(u64),
}

/// Checks the signature of a record.
///
/// # Errors
/// Returns an error if the text is no record at all.
pub fn check(text: &str, key: Option<&VerifyingKey>) -> Result<Checked, Unreadable> {
    if text.len() > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    let Value::Object(mut fields) = parse(text)? else {
        return Err(Unreadable::NoRecord("it has no fields".to_owned()));
    };
    match fields.get("deletion_record").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(other) => return Err(Unreadable::Newer(other)),
        None => return Err(Unreadable::NoRecord("deletion_record is missing".to_owned())),
    }
    let signature = fields.shift_remove("signature");
    let signed = Value::Object(fields);
    let bytes = signed.to_string();
    // The cause may quote values of what may be anything: its place is enough.
    let record: Record = serde_json::from_value(signed)
        .map_err(|_| Unreadable::NoRecord("a field is missing or of another kind".to_owned()))?;
    let made_with = bytes_of(&record.public_key).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let signature = signature.as_ref().and_then(Value::as_str).and_then(bytes_of::<64>);
    let is_signed = made_with.zip(signature).is_some_and(|(key, signature)| {
        key.verify_strict(bytes.as_bytes(), &Signature::from_bytes(&signature)).is_ok()
    });
    let is_expected_key = key.map(|key| made_with.as_ref() == Some(key));
    Ok(Checked { record, is_signed, is_expected_key })
}

fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    hex::decode(text).ok()?.try_into().ok()
}

/// Reads JSON in which no object names a field twice: people and programs could read different values of it.
fn parse(text: &str) -> Result<Value, Unreadable> {
    let unreadable = |cause: serde_json::Error| {
        Unreadable::NoJson(format!("line {}, column {}", cause.line(), cause.column()))
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Once.deserialize(&mut reader).map_err(unreadable)?;
    reader.end().map_err(unreadable)?;
    Ok(value)
}

/// Any JSON whose objects name each field once.
struct Once;

impl<'de> DeserializeSeed<'de> for Once {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom("a record has no fractions"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(Once)? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            if all.contains_key(&name) {
                return Err(de::Error::custom("a field is there twice"));
            }
            let value = entries.next_value_seed(Once)?;
            all.insert(name, value);
        }
        Ok(Value::Object(all))
    }
}
