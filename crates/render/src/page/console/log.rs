//! The log: every event of the installation or of one request, and whether the chain holds.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::page::part::{FilterGroup, Pagination, Tone};
use crate::page::{Page, Width, sample, view};
use crate::text::{self, Moment};

/// One event.
#[derive(Clone)]
pub struct LogRow {
    /// Its place in the request's chain.
    pub seq: u64,
    /// When.
    pub at: Moment,
    /// Who: a name, "the person", "Habeas".
    pub actor: String,
    /// What happened, in words.
    pub what: String,
    /// The event's kind as it is stored.
    pub kind: String,
    /// The request it belongs to.
    pub reference: Option<String>,
    /// The start of its hash.
    pub hash: String,
}

/// Events as a table.
#[derive(Clone, Template)]
#[template(path = "console/log_table.html")]
pub struct LogTable {
    /// Whether the request is named in each row.
    pub names_request: bool,
    /// The events.
    pub rows: Vec<LogRow>,
}

impl LogTable {
    fn has_hashes(&self) -> bool {
        self.rows.iter().any(|row| !row.hash.is_empty())
    }

    /// Returns a table for samples.
    pub(crate) fn sample(words: &str, names_request: bool) -> Self {
        let row = |seq, actor: &str, what: &str, kind: &str, hash: &str| LogRow {
            seq,
            at: sample::at(jiff::civil::date(2026, 11, 13), 8, 5),
            actor: actor.to_owned(),
            what: what.to_owned(),
            kind: kind.to_owned(),
            reference: names_request.then(|| "HB-7K3M-9QXD".to_owned()),
            hash: hash.to_owned(),
        };
        Self {
            names_request,
            rows: vec![
                row(4, "Habeas", "Warehouse archive could not be searched", "source_failed", "b1946ac9"),
                row(3, "Habeas", "Web shop searched: 412 records", "source_searched", "591785b7"),
                row(2, words, "Identity proven by a code sent by e-mail", "identity_proven", "2c26b46b"),
                row(1, "the person", "Request received on the portal", "request_received", "fcde2b2e"),
            ],
        }
    }
}

impl HtmlSafe for LogTable {}

/// Whether the chain holds.
#[derive(Clone)]
pub struct Chain {
    /// Whether the last check found it whole.
    pub is_whole: bool,
    /// When it was last checked; never, if none.
    pub checked_at: Option<Moment>,
    /// How many events there are.
    pub event_count: u64,
    /// The last signed checkpoint: its size and root, shortened.
    pub checkpoint: Option<String>,
    /// What the check found, where it is not whole.
    pub problem: Option<String>,
}

impl Chain {
    pub(crate) fn tone(&self) -> Tone {
        match (self.is_whole, &self.checked_at) {
            (false, _) => Tone::Bad,
            (true, Some(_)) => Tone::Good,
            (true, None) => Tone::Neutral,
        }
    }

    pub(crate) fn sentence(&self) -> String {
        let events = text::count(self.event_count, "event", "events");
        match (self.is_whole, &self.checked_at) {
            (false, _) => "The chain is broken".to_owned(),
            (true, Some(at)) => format!("The chain of {events} is whole, checked {}", at.short()),
            (true, None) => format!("{events}, not checked yet"),
        }
    }

    /// Returns a chain for samples.
    pub(crate) fn sample() -> Self {
        Self {
            is_whole: true,
            checked_at: Some(sample::at(jiff::civil::date(2026, 11, 22), 6, 0)),
            event_count: 18_204,
            checkpoint: Some("18,204 events, root 9f86d081…".to_owned()),
            problem: None,
        }
    }
}

/// The log's page.
#[derive(Clone)]
pub struct Log {
    /// Whether the chain holds.
    pub chain: Chain,
    /// The filters.
    pub filters: Vec<FilterGroup>,
    /// The events, newest first.
    pub table: LogTable,
    /// Where in the log this page is.
    pub pagination: Option<Pagination>,
    /// Whether the reader may export it.
    pub can_export: bool,
}

impl Page for Log {
    fn title(&self) -> String {
        "Log".to_owned()
    }

    view!(Log, "console/log.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            chain: Chain::sample(),
            filters: Vec::new(),
            table: LogTable::sample(words, true),
            pagination: Some(Pagination {
                first: 1,
                last: 4,
                total: None,
                previous_href: Some("?before=9".to_owned()),
                next_href: Some("?after=4".to_owned()),
            }),
            can_export: true,
        };
        let broken = Self {
            chain: Chain {
                is_whole: false,
                problem: Some("Event 17 of HB-7K3M-9QXD does not commit to event 16".to_owned()),
                ..Chain::sample()
            },
            table: LogTable { names_request: true, rows: Vec::new() },
            pagination: None,
            ..page("")
        };
        vec![page("Ada Lovelace"), broken, page(sample::HOSTILE)]
    }
}
