//! One data source: what it holds, how it does, what exactly fails and what to do about it.

use super::SourceRow;
use crate::page::part::{Badge, Facts, Row, Tone};
use crate::page::{Page, Width, sample, view};
use crate::text::{self, Moment};

/// Why a source fails, whole and at once: no name cut off, nothing behind a further link.
#[derive(Clone)]
pub struct Failure {
    /// Since when.
    pub since: Moment,
    /// What happened, in words.
    pub what: String,
    /// What the system itself said, cleaned of values and secrets.
    pub said: Option<String>,
    /// What usually helps, a sentence each.
    pub remedies: Vec<String>,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried again by itself.
    pub next_at: Option<Moment>,
    /// Requests that wait for it.
    pub waiting: Vec<String>,
}

/// A collection of the source.
#[derive(Clone)]
pub struct Collection {
    /// What it is called.
    pub title: String,
    /// Its name in the source.
    pub name: String,
    /// Categories of data in it.
    pub categories: String,
    /// How a person's records are reached in it.
    pub reached_by: String,
}

/// One run.
#[derive(Clone)]
pub struct SourceRun {
    /// When.
    pub at: Moment,
    /// For which request; none for a test.
    pub reference: Option<String>,
    /// How it ended.
    pub result: Badge,
    /// Rows read.
    pub row_count: u64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// The page; a test posts to `/console/sources/{id}/test`.
#[derive(Clone)]
pub struct Source {
    /// What the list says of it.
    pub row: SourceRow,
    /// Host, database, how it is signed in to; never a secret.
    pub facts: Facts,
    /// Why it fails.
    pub failure: Option<Failure>,
    /// What is in it.
    pub collections: Vec<Collection>,
    /// The last runs, newest first.
    pub runs: Vec<SourceRun>,
    /// Whether the reader may test it.
    pub can_test: bool,
}

impl Page for Source {
    fn title(&self) -> String {
        format!("{}: data source", self.row.name)
    }

    view!(Source, "console/source.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, row: SourceRow| Self {
            failure: row.is_failing().then(|| Failure {
                since: sample::at(jiff::civil::date(2026, 11, 20), 8, 5),
                what: "The server refused the connection".to_owned(),
                said: Some(words.to_owned()),
                remedies: vec![
                    "Is the server running, and does its firewall let this machine in?".to_owned(),
                    "Was the port changed? It is 5432 here.".to_owned(),
                ],
                tries: 3,
                next_at: Some(sample::at(jiff::civil::date(2026, 11, 22), 9, 5)),
                waiting: vec!["HB-7K3M-9QXD".to_owned()],
            }),
            row,
            facts: Facts {
                rows: vec![
                    Row::new("Address", "archive.internal:5432"),
                    Row::new("Database", words),
                    Row::new("Signs in as", "habeas_reader, password from a file"),
                ],
            },
            collections: vec![Collection {
                title: "Shipments".to_owned(),
                name: "shipments".to_owned(),
                categories: words.to_owned(),
                reached_by: "recipient_email".to_owned(),
            }],
            runs: vec![SourceRun {
                at: sample::at(jiff::civil::date(2026, 11, 13), 8, 5),
                reference: Some("HB-7K3M-9QXD".to_owned()),
                result: Badge::new(Tone::Bad, "Failed"),
                row_count: 0,
                took_ms: 30_012,
            }],
            can_test: true,
        };
        let rows = |words: &str| SourceRow::samples(words).into_iter();
        let mut pages: Vec<Self> =
            rows("Warehouse archive").map(|row| page("connection refused (os error 111)", row)).collect();
        pages.extend(rows(sample::HOSTILE).map(|row| page(sample::HOSTILE, row)));
        pages.extend(rows("Empty").take(1).map(|row| Self {
            collections: Vec::new(),
            runs: Vec::new(),
            can_test: false,
            ..page("", row)
        }));
        pages
    }
}
