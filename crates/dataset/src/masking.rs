//! Masking strategies: as datasets and policies name them, and what they do to values.

mod apply;
mod fake;
mod read;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use apply::{Secrets, Unfit, keyed};
pub(crate) use read::{read, read_delete};

/// How a value is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "strategy", rename_all = "snake_case")]
pub enum Masking {
    /// No value.
    NullRewrite,
    /// A fixed text.
    StringRewrite {
        /// The text.
        rewrite_value: String,
        /// What is put at the end.
        suffix: Option<String>,
    },
    /// Random letters and digits.
    RandomStringRewrite {
        /// How many.
        length: u64,
        /// What is put at the end.
        suffix: Option<String>,
    },
    /// A salted hash.
    Hash {
        /// The hash.
        algorithm: Algorithm,
        /// What is put at the end.
        suffix: Option<String>,
    },
    /// A keyed hash.
    Hmac {
        /// The hash.
        algorithm: Algorithm,
        /// What is put at the end.
        suffix: Option<String>,
    },
    /// AES-GCM under a key of the request.
    AesEncrypt {
        /// What is put at the end.
        suffix: Option<String>,
    },
    /// The first characters only.
    Truncate {
        /// How many.
        length: u64,
    },
    /// A date reduced to its year.
    DateToYear,
    /// An invented value that is the same in every source.
    ConsistentFake {
        /// The kind of value, where the field doesn't say.
        kind: Option<Pseudonym>,
    },
    /// The value as it is.
    Preserve,
}

impl Masking {
    /// The names of all strategies.
    pub const NAMES: [&str; 10] = [
        "null_rewrite",
        "string_rewrite",
        "random_string_rewrite",
        "hash",
        "hmac",
        "aes_encrypt",
        "truncate",
        "date_to_year",
        "consistent_fake",
        "preserve",
    ];

    /// Returns the name in files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NullRewrite => "null_rewrite",
            Self::StringRewrite { .. } => "string_rewrite",
            Self::RandomStringRewrite { .. } => "random_string_rewrite",
            Self::Hash { .. } => "hash",
            Self::Hmac { .. } => "hmac",
            Self::AesEncrypt { .. } => "aes_encrypt",
            Self::Truncate { .. } => "truncate",
            Self::DateToYear => "date_to_year",
            Self::ConsistentFake { .. } => "consistent_fake",
            Self::Preserve => "preserve",
        }
    }

    /// Returns what becomes of a value, in exact words.
    pub fn effect(&self) -> Effect {
        match self {
            Self::NullRewrite | Self::StringRewrite { .. } | Self::RandomStringRewrite { .. } => {
                Effect::Anonymised
            }
            Self::Hash { .. } | Self::Hmac { .. } | Self::AesEncrypt { .. } | Self::ConsistentFake { .. } => {
                Effect::Pseudonymised
            }
            Self::Truncate { .. } | Self::DateToYear => Effect::Masked,
            Self::Preserve => Effect::Preserved,
        }
    }
}

/// What becomes of a masked value (Art. 4(5) and recital 26 GDPR tell the first two apart).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing of it is left: it can neither be undone nor linked.
    Anonymised,
    /// Some of it is left.
    Masked,
    /// Equal values can still be told to be equal. That is no erasure.
    Pseudonymised,
    /// It is left as it was, on purpose.
    Preserved,
}

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Algorithm {
    /// SHA-256.
    #[serde(rename = "SHA-256")]
    Sha256,
    /// SHA-512.
    #[serde(rename = "SHA-512")]
    Sha512,
}

/// Kinds of invented values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pseudonym {
    /// A given name.
    FirstName,
    /// A family name.
    LastName,
    /// Both.
    FullName,
    /// A sign-in name.
    Username,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A street with house number.
    Street,
    /// A town.
    City,
    /// A postal code.
    PostalCode,
    /// A company.
    Company,
    /// An IBAN.
    Iban,
}

impl Pseudonym {
    /// Every kind by its name in files.
    pub const NAMES: [(&str, Self); 11] = [
        ("first_name", Self::FirstName),
        ("last_name", Self::LastName),
        ("full_name", Self::FullName),
        ("username", Self::Username),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("street", Self::Street),
        ("city", Self::City),
        ("postal_code", Self::PostalCode),
        ("company", Self::Company),
        ("iban", Self::Iban),
    ];
}
