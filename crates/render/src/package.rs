//! Packages: everything found about a person, in one encrypted archive that can be read and checked offline.
//!
//! [`build`] reads the records several times instead of holding them: once to survey what there is, then once
//! per collection and form (JSON, CSV, pages). So memory stays bounded whatever a person has, and nothing in
//! clear touches the disk. It fails rather than guesses: over a record about others that nobody decided on,
//! over a mark that fits no record, over a gap in what Art. 15 wants told. [`verify`] is the other half.

mod archive;
mod category;
mod coverage;
mod data;
mod error;
mod given;
mod information;
mod manifest;
mod name;
mod original;
mod page;
mod password;
mod plan;
mod seal;
mod shown;
mod survey;
#[cfg(test)]
mod tests;
pub mod verify;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use habeas_core::context::Chance;
use habeas_core::id::Reference;
use habeas_core::pii::Pii;
use habeas_core::record::{Coverage, Record};
use habeas_core::register::Register;
use habeas_core::request::Verdict;
use jiff::Zoned;
use jiff::civil::Date;

pub use error::{Cause, Error};
pub use manifest::{File, Manifest, Role, Signed};
pub use original::{Content, Original};
pub use password::password;
pub use seal::Seal;
pub use shown::label;
pub use verify::{Report, verify};

use archive::Archive;
use plan::Plan;
use survey::Survey;

/// What a package is made from, the records themselves excepted.
pub struct Input {
    /// The request's reference.
    pub reference: Reference,
    /// The right asked for, as an address in the Data Privacy Vocabulary:
    /// `https://w3id.org/dpv/legal/eu/gdpr#A15`.
    pub right: String,
    /// The person's name as the pages address them.
    pub name: Pii<String>,
    /// The place of the person in the run whose records these are.
    pub subject: u32,
    /// Who answers.
    pub controller: Controller,
    /// The day the request was received.
    pub received_on: Date,
    /// The instant of making, in the controller's zone.
    pub made_at: Zoned,
    /// What the collections and their fields are called, in the order they are shown.
    pub collections: Vec<Collection>,
    /// What was searched.
    pub coverage: Vec<Coverage>,
    /// What was decided on single records, by their ids.
    pub marks: BTreeMap<u64, Verdict>,
    /// What to tell about the processing.
    pub register: Register,
    /// Files that owners of systems handed in.
    pub originals: Vec<Original>,
}

/// Who answers the request.
#[derive(Debug, Clone)]
pub struct Controller {
    /// The name.
    pub name: String,
    /// How to reach the people in charge of data protection, one line each.
    pub contact: Vec<String>,
    /// The data protection officer's contact, if there is one.
    pub officer: Option<String>,
    /// The supervisory authority.
    pub authority: Authority,
}

/// The authority a person can complain to.
#[derive(Debug, Clone)]
pub struct Authority {
    /// The name.
    pub name: String,
    /// How to reach it, one line each.
    pub contact: Vec<String>,
}

/// What a collection is called and what stands in it.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The dataset, as records name it.
    pub dataset: Arc<str>,
    /// The collection, as records name it.
    pub collection: Arc<str>,
    /// What people call the system: "Billing system".
    pub source_name: String,
    /// What people call its contents: "Invoices".
    pub name: String,
    /// The fields, in the order they are shown.
    pub fields: Vec<Field>,
}

/// A field of a collection.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name, as records have it.
    pub name: Arc<str>,
    /// What people call it; made from the name if absent.
    pub label: Option<String>,
    /// Its data categories.
    pub categories: Vec<String>,
    /// Whether it is a password, token or key: never given.
    pub is_credential: bool,
}

/// Names a collection of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The dataset.
    pub dataset: Arc<str>,
    /// The collection.
    pub collection: Arc<str>,
}

/// Records, read one by one.
pub type Records<'a> = Box<dyn Iterator<Item = Result<Record, Cause>> + 'a>;

/// Opens the records anew. Given a key, those of other collections may be left out: a reader that can skip
/// them saves time, one that can't still gives a right package.
pub type Open<'a> = dyn Fn(Option<&Key>) -> Result<Records<'a>, Cause> + 'a;

/// What seals a package.
pub struct Keys<'a> {
    /// The password of the archive.
    pub password: &'a Pii<String>,
    /// The key that signs manifest and archive.
    pub signer: &'a SigningKey,
    /// Where salts come from.
    pub chance: &'a dyn Chance,
}

/// What was built.
#[derive(Debug, Clone)]
pub struct Built {
    /// The archive's size in bytes.
    pub size: u64,
    /// The archive's SHA-256.
    pub sha256: [u8; 32],
    /// Every file in it but the manifest.
    pub files: Vec<File>,
    /// How many records each collection gave.
    pub counts: Vec<Count>,
}

/// How many records a collection gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The collection.
    pub key: Key,
    /// Records in the package.
    pub given: u64,
    /// Records left out by a decision, those of which nothing is told included.
    pub withheld: u64,
}

/// Builds a package and writes it to `out`.
///
/// # Errors
/// See [`Error`]. What was written to `out` by then is no archive and must be thrown away.
pub fn build(input: &Input, open: &Open<'_>, out: &mut dyn Write, keys: &Keys<'_>) -> Result<Built, Error> {
    let survey = Survey::take(input, open)?;
    let mut held = survey.held();
    held.extend(original::held(input));
    let gaps = input.register.gaps(&held);
    if !gaps.is_empty() {
        return Err(Error::Gaps(gaps));
    }
    let plan = Plan::new(input, &survey);
    let mut archive = Archive::new(out, keys, input.made_at.datetime());
    page::write_all(input, &survey, &plan, open, &mut archive)?;
    archive.add("information.html", Role::Information, information::page(input, &plan)?.as_bytes())?;
    for table in plan.tables() {
        data::write(input, table, open, &mut archive)?;
    }
    original::write_all(input, &mut archive)?;
    archive.add("coverage.json", Role::Coverage, &coverage::json(input, &survey)?)?;

    let files = archive.files().to_vec();
    let manifest = Manifest::sign(head(input), files.clone(), keys.signer);
    let bytes = serde_json::to_vec_pretty(&manifest).map_err(|cause| Error::Write(cause.into()))?;
    archive.add(manifest::PATH, Role::Coverage, &bytes)?;
    let (size, sha256) = archive.finish()?;
    Ok(Built { size, sha256, files, counts: survey.counts() })
}

fn head(input: &Input) -> manifest::Head {
    manifest::Head {
        reference: input.reference.to_string(),
        right: crate::text::single_line(&input.right),
        controller: crate::text::single_line(&input.controller.name),
        received_on: input.received_on.to_string(),
        made_at: input.made_at.timestamp().to_string(),
    }
}
