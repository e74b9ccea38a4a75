//! Reads whom to search for: from the arguments, or from a CSV file with a person a line.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use habeas_connect::collect::{Identity, Subject};
use habeas_core::pii::Pii;

use crate::exit::usage;

/// Most people in one run.
const PEOPLE_MAX: usize = 1_000_000;

/// The people to search for.
pub(crate) struct People {
    pub(crate) subjects: Vec<Subject>,
}

impl People {
    /// Returns the kinds of identity anybody has.
    pub(crate) fn kinds(&self) -> Vec<Arc<str>> {
        let mut kinds: Vec<Arc<str>> = self
            .subjects
            .iter()
            .flat_map(|subject| &subject.identities)
            .map(|one| one.kind.clone())
            .collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }
}

/// Reads one person from arguments such as `email=ada@example.com`.
pub(crate) fn parse(arguments: &[String]) -> anyhow::Result<People> {
    let mut identities = Vec::with_capacity(arguments.len());
    for argument in arguments {
        // The argument may be somebody's address alone, so it is not repeated.
        let (kind, value) = argument
            .split_once('=')
            .filter(|(kind, value)| !kind.trim().is_empty() && !value.trim().is_empty())
            .ok_or_else(|| usage("--identity takes a kind and a value, such as email=ada@example.com"))?;
        identities.push(identity(kind, value));
    }
    Ok(People { subjects: vec![Subject { identities }] })
}

fn identity(kind: &str, value: &str) -> Identity {
    Identity { kind: Arc::from(kind.trim()), value: Pii::new(value.trim().to_owned()) }
}

/// Reads people from a CSV file. Empty cells say nothing; a person without any identity is an error.
pub(crate) fn read(path: &Path) -> anyhow::Result<People> {
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("failed to read {shown}"))?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let bad = |line: u64| anyhow::anyhow!("{shown}: line {line} does not fit the first line");
    let kinds = reader.headers().map_err(|_| anyhow::anyhow!("{shown} is not a CSV file in UTF-8"))?.clone();
    if kinds.is_empty() || kinds.iter().any(|kind| kind.is_empty() || kind.contains('@')) {
        return Err(usage(format!("{shown}: the first line must name the kinds of identity, such as email")));
    }
    let mut subjects = Vec::new();
    for (place, record) in reader.records().enumerate() {
        let record =
            record.map_err(|error| bad(error.position().map_or(place as u64 + 2, csv::Position::line)))?;
        let identities: Vec<Identity> = kinds
            .iter()
            .zip(&record)
            .filter(|(_, value)| !value.is_empty())
            .map(|(kind, value)| identity(kind.trim_start_matches('\u{feff}'), value))
            .collect();
        if identities.is_empty() {
            anyhow::bail!("{shown}: line {} names nobody", place + 2);
        }
        subjects.push(Subject { identities });
        anyhow::ensure!(
            subjects.len() <= PEOPLE_MAX,
            "{shown} names more than {PEOPLE_MAX} people: divide it"
        );
    }
    anyhow::ensure!(!subjects.is_empty(), "{shown} names nobody");
    Ok(People { subjects })
}
