//! What the strategies do to values.
//!
//! All chance comes from one secret of the run, so that a run that was broken off goes on with the same
//! values, one person gets the same invented name in every source, and nobody can go back once the secret
//! is dropped. A strategy that can't be applied to a value says so; it never leaves the value as it was.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes128Gcm, KeyInit, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};

use habeas_core::value::Value;

use super::{Algorithm, Masking, Pseudonym, fake};

/// What strategies draw on.
#[derive(Clone)]
pub struct Secrets {
    pub(crate) hash_salt: String,
    pub(crate) hmac_key: String,
    pub(crate) hmac_salt: String,
    pub(crate) aes_key: [u8; 16],
    pub(crate) aes_hmac_key: String,
    pub(crate) aes_hmac_salt: String,
    pub(crate) fake_key: [u8; 32],
    pub(crate) random_key: [u8; 32],
}

/// Why a strategy can't be applied to a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The value is of another kind.
    #[error("{strategy} works on {wanted}, and the value is {found}")]
    Kind {
        /// The strategy.
        strategy: &'static str,
        /// What it works on.
        wanted: &'static str,
        /// What it met.
        found: &'static str,
    },
    /// Nobody said what to invent.
    #[error("consistent_fake doesn't know what to invent: give the field habeas: {{pseudonym: …}}")]
    NoKind,
}

impl Secrets {
    /// Derives everything from the secret of a run.
    pub fn derive(secret: &[u8; 32]) -> Self {
        let part = |name: &str| keyed(secret, &[b"masking", name.as_bytes()]);
        let text = |name: &str| hex::encode(part(name));
        let mut aes_key = [0; 16];
        for (to, from) in aes_key.iter_mut().zip(part("aes key")) {
            *to = from;
        }
        Self {
            hash_salt: text("hash salt"),
            hmac_key: text("hmac key"),
            hmac_salt: text("hmac salt"),
            aes_key,
            aes_hmac_key: text("aes nonce key"),
            aes_hmac_salt: text("aes nonce salt"),
            fake_key: part("fake"),
            random_key: part("random"),
        }
    }

    /// Masks a value. `place` names the value among all others (source, row, field): random text depends
    /// on it. No value stays none where a strategy works on what was there.
    ///
    /// # Errors
    /// Returns why the strategy can't be applied.
    pub fn mask(
        &self,
        masking: &Masking,
        kind: Option<Pseudonym>,
        value: &Value,
        place: &str,
    ) -> Result<Value, Unfit> {
        let ended = |text: String, suffix: &Option<String>| {
            Ok(Value::Text(text + suffix.as_deref().unwrap_or_default()))
        };
        match masking {
            Masking::NullRewrite => return Ok(Value::Null),
            Masking::StringRewrite { rewrite_value, suffix } => return ended(rewrite_value.clone(), suffix),
            Masking::RandomStringRewrite { length, suffix } => {
                return ended(self.random(*length, place), suffix);
            }
            Masking::Preserve => return Ok(value.clone()),
            Masking::Hash { .. }
            | Masking::Hmac { .. }
            | Masking::AesEncrypt { .. }
            | Masking::Truncate { .. }
            | Masking::DateToYear
            | Masking::ConsistentFake { .. } => {}
        }
        if value.is_null() {
            return Ok(Value::Null);
        }
        match masking {
            Masking::Hash { algorithm, suffix } => ended(self.hash(*algorithm, &value.to_text()), suffix),
            Masking::Hmac { algorithm, suffix } => ended(self.hmac(*algorithm, &value.to_text()), suffix),
            Masking::AesEncrypt { suffix } => ended(self.encrypt(&value.to_text()), suffix),
            Masking::Truncate { length } => truncate(value, *length),
            Masking::DateToYear => date_to_year(value),
            Masking::ConsistentFake { kind: named } => {
                let kind = kind.or(*named).ok_or(Unfit::NoKind)?;
                Ok(Value::Text(fake::invent(&self.fake_key, kind, &value.to_text())))
            }
            Masking::NullRewrite
            | Masking::StringRewrite { .. }
            | Masking::RandomStringRewrite { .. }
            | Masking::Preserve => Ok(value.clone()),
        }
    }

    fn random(&self, length: u64, place: &str) -> String {
        const SIGNS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let wanted = usize::try_from(length).unwrap_or(RANDOM_MAX).min(RANDOM_MAX);
        let mut text = String::with_capacity(wanted);
        let mut block = 0_u64;
        while text.len() < wanted {
            for byte in keyed(&self.random_key, &[place.as_bytes(), &block.to_be_bytes()]) {
                // 252 is the largest multiple of 36 in a byte: beyond it some signs would be likelier.
                if text.len() < wanted
                    && byte < 252
                    && let Some(sign) = SIGNS.get(usize::from(byte) % SIGNS.len())
                {
                    text.push(char::from(*sign));
                }
            }
            block += 1;
        }
        text
    }

    fn hash(&self, algorithm: Algorithm, text: &str) -> String {
        let salted = format!("{text}{}", self.hash_salt);
        match algorithm {
            Algorithm::Sha256 => hex::encode(Sha256::digest(salted.as_bytes())),
            Algorithm::Sha512 => hex::encode(Sha512::digest(salted.as_bytes())),
        }
    }

    fn hmac(&self, algorithm: Algorithm, text: &str) -> String {
        let salted = format!("{text}{}", self.hmac_salt);
        match algorithm {
            Algorithm::Sha256 => hex::encode(hmac_256(self.hmac_key.as_bytes(), &[salted.as_bytes()])),
            Algorithm::Sha512 => hex::encode(hmac_512(self.hmac_key.as_bytes(), salted.as_bytes())),
        }
    }

    /// The nonce follows from the value, so that equal values stay equal; it authenticates itself.
    fn encrypt(&self, text: &str) -> String {
        let derived =
            hmac_256(self.aes_hmac_key.as_bytes(), &[text.as_bytes(), self.aes_hmac_salt.as_bytes()]);
        let nonce = derived.get(..12).unwrap_or(&[0; 12]);
        let cipher = Aes128Gcm::new(&self.aes_key.into());
        let payload = Payload { msg: text.as_bytes(), aad: nonce };
        // Fails only on more bytes than a value can have.
        STANDARD.encode(cipher.encrypt(Nonce::from_slice(nonce), payload).unwrap_or_default())
    }
}

/// No column of text for people is longer.
const RANDOM_MAX: usize = 10_000;

/// Returns a keyed hash over parts, each of which is told apart from the next.
pub fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let lengths: Vec<[u8; 8]> = parts.iter().map(|part| (part.len() as u64).to_be_bytes()).collect();
    let mut all: Vec<&[u8]> = Vec::with_capacity(parts.len() * 2);
    for (length, part) in lengths.iter().zip(parts) {
        all.extend([length.as_slice(), part]);
    }
    hmac_256(key, &all)
}

fn hmac_256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // A key may have any length.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn hmac_512(key: &[u8], text: &[u8]) -> [u8; 64] {
    let Ok(mut mac) = <Hmac<Sha512> as hmac::KeyInit>::new_from_slice(key) else { return [0; 64] };
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn truncate(value: &Value, length: u64) -> Result<Value, Unfit> {
    let keep = usize::try_from(length).unwrap_or(usize::MAX);
    match value {
        Value::Text(text) => Ok(Value::Text(text.chars().take(keep).collect())),
        other => Err(Unfit::Kind { strategy: "truncate", wanted: "text", found: other.kind() }),
    }
}

/// The first of January of the year, at midnight where there is a time. Text that is written like a date
/// counts as one, since some sources have no type for dates.
fn date_to_year(value: &Value) -> Result<Value, Unfit> {
    let wrong = || Unfit::Kind { strategy: "date_to_year", wanted: "dates", found: value.kind() };
    let first = |text: &str| {
        let (year, rest) = text.split_at_checked(4)?;
        let is_date = year.bytes().all(|byte| byte.is_ascii_digit()) && rest.starts_with('-');
        is_date.then(|| format!("{year}-01-01"))
    };
    match value {
        Value::Date(text) => Ok(Value::Date(first(text).ok_or_else(wrong)?)),
        Value::Timestamp(text) => {
            Ok(Value::Timestamp(format!("{}T00:00:00", first(text).ok_or_else(wrong)?)))
        }
        Value::TimestampTz(text) => {
            Ok(Value::TimestampTz(format!("{}T00:00:00+00:00", first(text).ok_or_else(wrong)?)))
        }
        Value::Text(text) => {
            let date = first(text).ok_or_else(wrong)?;
            let time = match text.as_bytes().get(10) {
                Some(between @ (b' ' | b'T')) => format!("{}00:00:00", char::from(*between)),
                _ => String::new(),
            };
            Ok(Value::Text(date + &time))
        }
        _ => Err(wrong()),
    }
}
