//! Takes records as they are found: for the document, for the files, or for both.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use async_trait::async_trait;
use habeas_connect::collect::{RecordSink, SinkError};
use habeas_core::record::Record;

use super::files::Files;
use super::identities::People;

/// What was found for one person, by collection.
#[derive(Default)]
pub(super) struct Found {
    collections: BTreeMap<String, Rows>,
}

#[derive(Default)]
struct Rows {
    /// The rows as JSON, separated by commas.
    json: String,
    count: usize,
    /// The places of rows that are somebody else's too.
    shared: Vec<usize>,
    /// The places of rows reached over other people.
    third_party: Vec<usize>,
    /// The record's id of every row, to mark those that turn out to be shared later.
    ids: Vec<u64>,
}

pub(super) struct Sink<'f> {
    found: Vec<Found>,
    keeps_rows: bool,
    files: Option<&'f mut Files>,
}

impl<'f> Sink<'f> {
    pub(super) fn new(people: &People, keeps_rows: bool, files: Option<&'f mut Files>) -> Self {
        Self { found: people.subjects.iter().map(|_| Found::default()).collect(), keeps_rows, files }
    }

    pub(super) fn into_found(self) -> Vec<Found> {
        self.found
    }
}

#[async_trait]
impl RecordSink for Sink<'_> {
    async fn push(&mut self, record: Record) -> Result<(), SinkError> {
        if let Some(files) = self.files.as_mut() {
            files.push(&record)?;
        }
        if let (true, Some(found)) = (self.keeps_rows, self.found.get_mut(record.subject as usize)) {
            found.push(&record);
        }
        Ok(())
    }
}

impl Found {
    fn push(&mut self, record: &Record) {
        let name = format!("{}:{}", record.dataset, record.collection);
        let rows = self.collections.entry(name).or_default();
        if rows.count > 0 {
            rows.json.push(',');
        }
        record.row.write_json(&mut rows.json);
        if record.shared {
            rows.shared.push(rows.count);
        }
        if record.third_party {
            rows.third_party.push(rows.count);
        }
        rows.ids.push(record.id);
        rows.count += 1;
    }

    /// Appends the rows, and which of them a person must look at before they leave.
    pub(super) fn write(&self, shared_later: &HashSet<u64>, out: &mut String) {
        out.push_str(",\"records\":{");
        for (place, (name, rows)) in self.collections.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let name = serde_json::Value::from(name.as_str());
            let _ = write!(out, "{comma}{name}:[{}]", rows.json); // a String takes everything
        }
        out.push('}');
        let is_later = |id: &u64| shared_later.contains(id);
        let shared = |rows: &Rows| -> Vec<usize> {
            let later = rows.ids.iter().enumerate().filter(|(_, id)| is_later(id)).map(|(place, _)| place);
            let mut places: Vec<usize> = rows.shared.iter().copied().chain(later).collect();
            places.sort_unstable();
            places
        };
        self.write_marks("shared", &shared, out);
        self.write_marks("third_party", &|rows| rows.third_party.clone(), out);
    }

    fn write_marks(&self, mark: &str, places: &dyn Fn(&Rows) -> Vec<usize>, out: &mut String) {
        let marked: BTreeMap<&str, Vec<usize>> = self
            .collections
            .iter()
            .map(|(name, rows)| (name.as_str(), places(rows)))
            .filter(|(_, places)| !places.is_empty())
            .collect();
        if !marked.is_empty() {
            let _ = write!(out, ",\"{mark}\":{}", serde_json::json!(marked));
        }
    }
}
