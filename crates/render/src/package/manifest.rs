//! The manifest: what a package holds, and who says so.
//!
//! The signature is over a listing of plain lines ([`Manifest::listing`]), so that anyone can check it with
//! a few lines of any language: no rule for writing JSON has to be agreed on. All that the manifest says
//! stands in the listing, and a manifest that says more than we know is refused.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// The path of the manifest within a package.
pub(super) const PATH: &str = "manifest.json";

/// Terms are of the Data Privacy Vocabulary.
const CONTEXT: &str = "https://w3id.org/dpv";

const KIND: &str = "dpv:RightFulfilmentNotice";

/// What a package holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    #[serde(rename = "@context")]
    context: String,
    #[serde(rename = "@type")]
    kind: String,
    /// The version of this form: 1.
    pub version: u32,
    /// The reference of the request.
    pub reference: String,
    /// The right that was asked for, as a term of the vocabulary.
    pub right: String,
    /// The controller.
    pub controller: String,
    /// The day the request was received.
    pub received_on: String,
    /// The instant the package was made.
    pub made_at: String,
    /// Every file but this one, in the order they stand.
    pub files: Vec<File>,
    /// The signature over the listing.
    pub signature: Signed,
}

/// One file of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The path within the package.
    pub path: String,
    /// The size in bytes.
    pub size: u64,
    /// The SHA-256 in hexadecimal.
    pub sha256: String,
    /// What it is for.
    pub role: Role,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// For reading.
    Page,
    /// Records, exact.
    Data,
    /// Records as a table.
    Table,
    /// A file as it was handed in.
    Original,
    /// What Art. 15(1) and (2) want told.
    Information,
    /// What was searched.
    Coverage,
    /// How to open it.
    Readme,
    /// How pages look.
    Style,
}

/// A signature and the key it was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// Always `Ed25519`.
    pub algorithm: String,
    /// The public key in hexadecimal.
    pub public_key: String,
    /// The signature in hexadecimal.
    pub value: String,
}

/// What a manifest says of its request.
pub(super) struct Head {
    pub(super) reference: String,
    pub(super) right: String,
    pub(super) controller: String,
    pub(super) received_on: String,
    pub(super) made_at: String,
}

impl Manifest {
    pub(super) fn sign(head: Head, files: Vec<File>, signer: &SigningKey) -> Self {
        let mut manifest = Self {
            context: CONTEXT.to_owned(),
            kind: KIND.to_owned(),
            version: 1,
            reference: head.reference,
            right: head.right,
            controller: head.controller,
            received_on: head.received_on,
            made_at: head.made_at,
            files,
            signature: Signed {
                algorithm: "Ed25519".to_owned(),
                public_key: hex::encode(signer.verifying_key().as_bytes()),
                value: String::new(),
            },
        };
        manifest.signature.value = hex::encode(signer.sign(manifest.listing().as_bytes()).to_bytes());
        manifest
    }

    /// Returns the text that is signed: one fact a line.
    pub fn listing(&self) -> String {
        let mut lines = vec![
            "habeas package 1".to_owned(),
            format!("reference {}", self.reference),
            format!("right {}", self.right),
            format!("controller {}", self.controller),
            format!("received {}", self.received_on),
            format!("made {}", self.made_at),
            format!("key {}", self.signature.public_key),
        ];
        for file in &self.files {
            lines.push(format!("file {} {} {} {}", file.sha256, file.size, file.role.word(), file.path));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    /// Returns the key the manifest says it was signed with; `None` where that is no key.
    pub fn key(&self) -> Option<VerifyingKey> {
        let bytes: [u8; 32] = hex::decode(&self.signature.public_key).ok()?.try_into().ok()?;
        VerifyingKey::from_bytes(&bytes).ok()
    }

    /// Returns whether the listing was signed with this key.
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let Some(bytes) = hex::decode(&self.signature.value).ok().and_then(|b| <[u8; 64]>::try_from(b).ok())
        else {
            return false;
        };
        let is_known = self.version == 1
            && self.context == CONTEXT
            && self.kind == KIND
            && self.signature.algorithm == "Ed25519";
        let is_one_line_each = !self.has_line_break();
        is_known
            && is_one_line_each
            && key.verify_strict(self.listing().as_bytes(), &Signature::from_bytes(&bytes)).is_ok()
    }

    /// A line break in a value could make two manifests of one listing.
    fn has_line_break(&self) -> bool {
        let heads = [&self.reference, &self.right, &self.controller, &self.received_on, &self.made_at];
        let paths = self.files.iter().flat_map(|file| [&file.path, &file.sha256]);
        heads
            .into_iter()
            .chain(paths)
            .chain([&self.signature.public_key])
            .any(|text| text.contains(['\n', '\r']))
    }
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Data => "data",
            Self::Table => "table",
            Self::Original => "original",
            Self::Information => "information",
            Self::Coverage => "coverage",
            Self::Readme => "readme",
            Self::Style => "style",
        }
    }
}
