//! What is hashed: the stored bytes of an event, and the links between them.
//!
//! An entry commits to its body by the body's hash only, so that a body can be pruned after its time
//! and the chain still verifies. Changing anything here would break every log there is: the tests pin
//! the hashes.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

/// A SHA-256.
pub(crate) type Hash = [u8; 32];

/// What stands before the first entry of every chain.
pub(crate) const START: Hash = [0; 32];

/// What a body consists of once it is read back.
pub(crate) struct Stored {
    pub(crate) kind: String,
    pub(crate) version: u16,
    pub(crate) body: Value,
    pub(crate) sealed: Option<Vec<u8>>,
}

/// Returns the bytes that are kept and hashed: JSON with sorted keys and no spaces.
pub(crate) fn encode(kind: &str, version: u16, body: &Value, sealed: Option<&[u8]>) -> Vec<u8> {
    let mut text = String::from("{\"body\":");
    write_sorted(body, &mut text);
    let _ = write!(text, ",\"kind\":{}", Value::from(kind));
    if let Some(sealed) = sealed {
        let _ = write!(text, ",\"sealed\":\"{}\"", STANDARD.encode(sealed));
    }
    let _ = write!(text, ",\"v\":{version}}}");
    text.into_bytes()
}

/// Reads stored bytes back.
pub(crate) fn decode(bytes: &[u8]) -> Result<Stored> {
    let broken = || Error::inconsistent("entries", &"body");
    let mut value: Value = serde_json::from_slice(bytes).map_err(|_| broken())?;
    let version = value.get("v").and_then(Value::as_u64).and_then(|v| u16::try_from(v).ok());
    let kind = value.get("kind").and_then(Value::as_str).map(str::to_owned);
    let sealed = match value.get("sealed") {
        Some(Value::String(text)) => Some(STANDARD.decode(text).map_err(|_| broken())?),
        Some(_) => return Err(broken()),
        None => None,
    };
    let body = value.get_mut("body").map(Value::take).ok_or_else(broken)?;
    Ok(Stored { kind: kind.ok_or_else(broken)?, version: version.ok_or_else(broken)?, body, sealed })
}

/// Returns the hash of stored bytes.
pub(crate) fn body_hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// What a link commits to beside the body.
pub(crate) struct Link<'a> {
    pub(crate) chain: &'a [u8; 16],
    pub(crate) seq: u64,
    pub(crate) at_micros: i64,
    pub(crate) actor: &'a str,
}

/// Returns the hash that ties an entry to the one before it.
pub(crate) fn link_hash(before: &Hash, link: &Link<'_>, body: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"habeas log link v1\n");
    hasher.update(before);
    hasher.update(link.chain);
    hasher.update(link.seq.to_be_bytes());
    hasher.update(link.at_micros.to_be_bytes());
    hasher.update((link.actor.len() as u64).to_be_bytes());
    hasher.update(link.actor.as_bytes());
    hasher.update(body);
    hasher.finalize().into()
}

fn write_sorted(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<_> = map.iter().collect();
            pairs.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (place, (key, child)) in pairs.into_iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                let _ = write!(text, "{}:", Value::from(key.as_str()));
                write_sorted(child, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (place, child) in items.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write_sorted(child, text);
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let _ = write!(text, "{value}");
        }
    }
}

#[cfg(test)]
mod tests;
