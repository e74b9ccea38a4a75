//! What was searched, what was found and what is left out: for the first page and for `coverage.json`.

use std::collections::{BTreeMap, BTreeSet};

use habeas_core::record::{Coverage, Origin, Outcome, handed_in};
use habeas_core::request::MarkGround;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::survey::{Fields, Survey};
use super::{Error, Input, Key, shown};
use super::{given, original};
use crate::text;

/// The whole statement.
#[derive(Serialize)]
pub(super) struct Statement {
    reference: String,
    made_at: String,
    /// The kinds of identifiers that were searched by.
    pub(super) identities: BTreeSet<String>,
    pub(super) systems: Vec<System>,
    records_by_category: BTreeMap<String, u64>,
}

/// One system.
#[derive(Serialize)]
pub(super) struct System {
    key: String,
    pub(super) name: String,
    pub(super) collections: Vec<Line>,
}

/// One collection.
#[derive(Serialize)]
pub(super) struct Line {
    key: String,
    pub(super) name: String,
    pub(super) outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// The state of the source that was read.
    pub(super) as_of: Option<Timestamp>,
    pub(super) rows_found: u64,
    pub(super) records_given: u64,
    /// Rows that hold nothing of the categories that were asked for.
    pub(super) rows_without_personal_data: u64,
    pub(super) withheld: Vec<Withheld>,
    pub(super) fields_removed: u64,
    searched_by: Vec<String>,
    categories: Vec<String>,
}

/// Records left out for one reason.
#[derive(Serialize)]
pub(super) struct Withheld {
    ground: MarkGround,
    pub(super) words: &'static str,
    pub(super) records: u64,
}

impl Line {
    pub(super) fn found(&self) -> String {
        text::thousands(self.rows_found)
    }

    pub(super) fn given(&self) -> String {
        text::thousands(self.records_given)
    }

    /// Returns what must be said where the collection was not searched to the end.
    pub(super) fn verdict(&self) -> Option<&'static str> {
        match self.outcome {
            "searched" | "by_hand" => None,
            "failed" => Some("Not complete."),
            "skipped" => Some("Left out."),
            _ => Some("Not searched."),
        }
    }

    /// Returns everything else there is to say, a sentence each.
    pub(super) fn remarks(&self, zone: &TimeZone) -> Vec<String> {
        let mut remarks = Vec::new();
        remarks.extend(self.reason.as_deref().map(|reason| format!("{}.", shown::sentence(reason))));
        for one in &self.withheld {
            let records = text::count(one.records, "record", "records");
            remarks.push(format!("{records} left out: {}.", one.words));
        }
        if self.fields_removed > 0 {
            remarks.push(format!("{} removed.", text::count(self.fields_removed, "field", "fields")));
        }
        if self.rows_without_personal_data > 0 {
            let rows = text::count(self.rows_without_personal_data, "row holds", "rows hold");
            remarks.push(format!("{rows} no personal data."));
        }
        let as_of = self.as_of.map(|at| text::Moment(at.to_zoned(zone.clone())));
        remarks.extend(as_of.map(|at| format!("As of {}.", at.short())));
        remarks
    }
}

/// Puts the statement together.
pub(super) fn statement(input: &Input, survey: &Survey<'_>) -> Statement {
    let mut identities = BTreeSet::new();
    let mut systems: Vec<System> = Vec::new();
    for one in input.coverage.iter().filter(|one| one.subject == input.subject) {
        let kinds = one.reached_by.iter().filter_map(|hop| match &hop.from {
            Origin::Identity(kind) => Some(kind.to_string()),
            Origin::Field { .. } => None,
        });
        identities.extend(kinds);
        let line = line(input, survey, one);
        match systems.iter_mut().find(|system| *system.key == *one.dataset) {
            Some(system) => system.collections.push(line),
            None => systems.push(System {
                key: one.dataset.to_string(),
                name: system_name(input, &one.dataset),
                collections: vec![line],
            }),
        }
    }
    Statement {
        reference: input.reference.to_string(),
        made_at: input.made_at.timestamp().to_string(),
        identities,
        systems,
        records_by_category: by_category(survey),
    }
}

/// Returns the statement as the file of the package.
pub(super) fn json(input: &Input, survey: &Survey<'_>) -> Result<Vec<u8>, Error> {
    let mut bytes =
        serde_json::to_vec_pretty(&statement(input, survey)).map_err(|e| Error::Write(e.into()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Returns what people call a system.
pub(super) fn system_name(input: &Input, dataset: &str) -> String {
    let described = input.collections.iter().find(|one| *one.dataset == *dataset);
    described.map_or_else(|| shown::label(dataset), |one| one.source_name.clone())
}

fn line(input: &Input, survey: &Survey<'_>, one: &Coverage) -> Line {
    let key = Key { dataset: one.dataset.clone(), collection: one.collection.clone() };
    let found = survey.tables.get(&key);
    let described = Fields::of(input, &key).collection();
    let (outcome, reason) = match &one.outcome {
        Outcome::Searched => ("searched", None),
        Outcome::Failed { reason } => ("failed", Some(reason.clone())),
        Outcome::Skipped { reason } => ("skipped", Some(reason.clone())),
        Outcome::ByHand { file_count, .. } => ("by_hand", Some(handed_in(*file_count))),
        Outcome::Unreached { reason } => ("unreached", Some(reason.clone())),
    };
    let is_by_hand = matches!(one.outcome, Outcome::ByHand { .. });
    let (files, left_out_files) =
        if is_by_hand { original::counts(input, &one.dataset) } else { (0, Vec::new()) };
    let reason = reason.map(|reason| match left_out_files.as_slice() {
        [] => reason,
        reasons => {
            let count = text::count(reasons.len() as u64, "file is", "files are");
            format!("{reason}; {count} left out: {}", reasons.join("; "))
        }
    });
    let withheld: Vec<Withheld> = found
        .into_iter()
        .flat_map(|table| &table.withheld)
        .map(|(ground, records)| Withheld {
            ground: *ground,
            words: given::words(*ground),
            records: *records,
        })
        .collect();
    let given = if is_by_hand { files } else { found.map_or(0, |table| table.given) };
    // What nothing may be told of isn't counted either.
    let rows_found = one.rows.saturating_sub(found.map_or(0, |table| table.untold));
    let left_out: u64 = withheld.iter().map(|one| one.records).sum();
    Line {
        key: one.collection.to_string(),
        name: described.map_or_else(|| shown::label(&one.collection), |one| one.name.clone()),
        outcome,
        reason,
        as_of: one.as_of,
        rows_found,
        records_given: given,
        rows_without_personal_data: if is_by_hand { 0 } else { rows_found.saturating_sub(given + left_out) },
        withheld,
        fields_removed: found.map_or(0, |table| table.removed),
        searched_by: one.reached_by.iter().map(habeas_core::record::Hop::describe).collect(),
        categories: if is_by_hand {
            described_categories(input, &one.dataset, files)
        } else {
            found
                .filter(|table| table.given > 0)
                .map(|table| table.categories().into_iter().map(str::to_owned).collect())
                .unwrap_or_default()
        },
    }
}

/// Returns the categories of what a system holds, where files of it are given.
fn described_categories(input: &Input, dataset: &str, files: u64) -> Vec<String> {
    if files == 0 {
        return Vec::new();
    }
    let own = input.collections.iter().filter(|one| *one.dataset == *dataset);
    let all: BTreeSet<&String> =
        own.flat_map(|one| &one.fields).flat_map(|field| &field.categories).collect();
    all.into_iter().cloned().collect()
}

fn by_category(survey: &Survey<'_>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for table in survey.tables.values().filter(|table| table.given > 0) {
        for category in table.categories() {
            *counts.entry(category.to_owned()).or_default() += table.given;
        }
    }
    counts
}
