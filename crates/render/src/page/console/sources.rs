//! Data sources: health, last run, how much, how fast.

use crate::page::part::{Badge, Empty, Tone};
use crate::page::{Page, Width, sample, view};
use crate::text::{self, Moment};

/// One source in the list.
#[derive(Clone)]
pub struct SourceRow {
    /// Its name in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What kind of system: "PostgreSQL".
    pub kind: String,
    /// How it is: "Well", "Failing", "Never run".
    pub health: Badge,
    /// What is wrong.
    pub problem: Option<String>,
    /// When it was last read.
    pub last_run_at: Option<Moment>,
    /// Rows read then.
    pub row_count: u64,
    /// How long that took, in milliseconds.
    pub took_ms: u64,
    /// Who answers for it.
    pub owner: Option<String>,
}

impl SourceRow {
    /// Whether it fails.
    pub fn is_failing(&self) -> bool {
        self.health.tone == Tone::Bad
    }

    /// Returns rows for samples.
    pub(crate) fn samples(words: &str) -> Vec<Self> {
        let row = |id: &str, name: &str, health, problem: Option<&str>| Self {
            id: id.to_owned(),
            name: name.to_owned(),
            kind: "PostgreSQL".to_owned(),
            health,
            problem: problem.map(str::to_owned),
            last_run_at: Some(sample::at(jiff::civil::date(2026, 11, 22), 8, 5)),
            row_count: 41_284,
            took_ms: 1_840,
            owner: Some("Barbara Liskov".to_owned()),
        };
        vec![
            row("shop", "Web shop", Badge::new(Tone::Good, "Well"), None),
            row(
                "archive",
                words,
                Badge::new(Tone::Bad, "Failing"),
                Some("The server refused the connection"),
            ),
            Self {
                last_run_at: None,
                owner: None,
                ..row("desk", "Customer service desk", Badge::new(Tone::Neutral, "Never run"), None)
            },
        ]
    }
}

/// The page.
#[derive(Clone)]
pub struct Sources {
    /// The sources.
    pub rows: Vec<SourceRow>,
}

impl Sources {
    fn empty() -> Empty {
        Empty {
            title: "No data sources yet".to_owned(),
            text: "A source is a system that holds people's data. Describe it in a file of the folder definitions/datasets; it is read at the start.".to_owned(),
            action: Some(("First steps".to_owned(), "/console/checklist".to_owned())),
        }
    }
}

impl Page for Sources {
    fn title(&self) -> String {
        "Data sources".to_owned()
    }

    view!(Sources, "console/sources.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        vec![
            Self { rows: SourceRow::samples("Warehouse archive") },
            Self { rows: Vec::new() },
            Self { rows: SourceRow::samples(sample::HOSTILE) },
        ]
    }
}
