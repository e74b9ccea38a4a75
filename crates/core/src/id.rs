//! Ids, tokens and references.
//!
//! An id (UUIDv7) names a thing and grants nothing. A [`Token`] grants something to whoever knows it:
//! 256 random bits, stored only as a hash. A [`Reference`] is what people read out on the phone.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::context::{Chance, below, random};

/// A text that is not an id of the expected kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a valid {0}")]
pub struct Invalid(&'static str);

fn v7(now: Timestamp, chance: &dyn Chance) -> Uuid {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random(chance)).into_uuid()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new id from the present instant and chance.
            pub fn new(now: Timestamp, chance: &dyn Chance) -> Self {
                Self(v7(now, chance))
            }

            /// Returns the 16 bytes of the id.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                Uuid::try_parse(text).map(Self).map_err(|_| Invalid(stringify!($name)))
            }
        }
    };
}

id!(
    /// Names a request.
    RequestId
);
id!(
    /// Names a member of staff.
    UserId
);
id!(
    /// Names a job.
    JobId
);
id!(
    /// Names a stored file.
    BlobId
);
id!(
    /// Names a legal hold.
    HoldId
);

/// 32 symbols nobody mistakes for one another when reading aloud: no I, L, O, U.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The name of a request for people, such as `HB-7K3M-9QXD`. Not a secret, not a counter: it tells
/// nobody how many requests there are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// Makes a new reference of 40 random bits.
    pub fn new(chance: &dyn Chance) -> Self {
        let mut text = String::from("HB-");
        for place in 0..8 {
            if place == 4 {
                text.push('-');
            }
            let symbol = CROCKFORD.get(below(chance, 32) as usize).copied().unwrap_or(b'0');
            text.push(char::from(symbol));
        }
        Self(text)
    }

    /// Returns the text of the reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Reference {
    type Err = Invalid;

    /// Reads a reference as people type it: any case, spaces for dashes, O for 0, I or L for 1.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let typed: String = text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .take(16)
            .collect();
        let Some(symbols) = typed.strip_prefix("HB") else { return Err(Invalid("reference")) };
        let symbols: String = symbols
            .chars()
            .map(|c| match c {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let known = symbols.bytes().all(|b| CROCKFORD.contains(&b));
        match (symbols.get(..4), symbols.get(4..)) {
            (Some(first), Some(second)) if known && second.len() == 4 => {
                Ok(Self(format!("HB-{first}-{second}")))
            }
            _ => Err(Invalid("reference")),
        }
    }
}

/// A secret that grants access by being known. Never stored: only its [`TokenHash`] is.
pub struct Token([u8; 32]);

impl Token {
    /// Makes a new token of 256 random bits.
    pub fn new(chance: &dyn Chance) -> Self {
        Self(random(chance))
    }

    /// Returns the token as text for a cookie or a form, lower-case hexadecimal.
    pub fn reveal(&self) -> String {
        use fmt::Write as _;
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// Returns what the database holds in place of the token.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0).into())
    }
}

impl FromStr for Token {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(Invalid("token"));
        }
        for (place, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(place * 2..place * 2 + 2).ok_or(Invalid("token"))?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| Invalid("token"))?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// The SHA-256 of a [`Token`]: safe to store, useless to whoever steals it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Returns the 32 bytes of the hash.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
