//! Reports: charts, tables and figures of a period, and files to take along.

use crate::page::part::{Chart, Column, Empty, FilterGroup, Tabs};
use crate::page::{Page, Width, sample, view};
use crate::text;

use super::Tile;

/// The page of any report.
#[derive(Clone)]
pub struct Reports {
    /// The reports.
    pub tabs: Tabs,
    /// What this one is called.
    pub heading: String,
    /// What it counts, in a sentence.
    pub lead: String,
    /// The period it covers; none for what is counted now.
    pub period: Option<PeriodChoice>,
    /// Figures.
    pub figures: Vec<Figure>,
    /// Numbers that lead to their lists.
    pub tiles: Vec<Tile>,
    /// Charts.
    pub charts: Vec<Chart>,
    /// Tables.
    pub tables: Vec<ReportTable>,
    /// The files it can be taken along as.
    pub exports: Vec<Export>,
    /// What is said where there is nothing to count.
    pub empty: Option<Empty>,
}

/// The period of a report and others to choose.
#[derive(Clone)]
pub struct PeriodChoice {
    /// The report's name in addresses.
    pub report: String,
    /// Usual periods.
    pub usual: FilterGroup,
    /// The first day, as `2026-10-01`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Why what was typed is no period.
    pub error: Option<String>,
}

/// A figure that leads nowhere: "96 %", "in time".
#[derive(Clone)]
pub struct Figure {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: String,
    /// A few words more.
    pub hint: Option<String>,
}

/// A table of a report.
#[derive(Clone)]
pub struct ReportTable {
    /// Its heading.
    pub heading: String,
    /// What it shows, for screen readers.
    pub caption: String,
    /// Its heads.
    pub columns: Vec<Column>,
    /// Its rows; the first cell names the row.
    pub rows: Vec<Vec<ReportCell>>,
    /// What is said where it has none.
    pub none: String,
}

impl ReportTable {
    /// Returns the name of a column, for narrow screens.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand references")]
    fn label(&self, number: &usize) -> &str {
        self.columns.get(*number).map_or("", |column| column.label.as_str())
    }
}

/// A cell of such a table.
#[derive(Clone)]
pub struct ReportCell {
    /// What it says.
    pub text: String,
    /// The same for machines, in files.
    pub value: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Whether it is a number.
    pub is_number: bool,
    /// Whether it is bad news.
    pub is_bad: bool,
}

impl ReportCell {
    /// Returns a cell of words.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { value: text.clone(), text, href: None, is_number: false, is_bad: false }
    }

    /// Returns a cell with a number.
    pub fn number(number: u64) -> Self {
        Self { is_number: true, value: number.to_string(), ..Self::text(text::thousands(number)) }
    }

    /// Returns the cell as a link.
    #[must_use]
    pub fn link(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }

    /// Returns the cell marked as bad news where it is.
    #[must_use]
    pub fn bad(self, is_bad: bool) -> Self {
        Self { is_bad, ..self }
    }
}

/// A file to take along.
#[derive(Clone)]
pub struct Export {
    /// What the button says.
    pub label: String,
    /// Where it is asked for.
    pub action: String,
    /// `csv` or `json`.
    pub format: String,
}

impl Page for Reports {
    fn title(&self) -> String {
        format!("{}: reports", self.heading)
    }

    view!(Reports, "console/reports.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            tabs: tabs(),
            heading: "How it goes".to_owned(),
            lead: "What came in, what was answered and how well in time.".to_owned(),
            period: Some(PeriodChoice {
                report: "overview".to_owned(),
                usual: FilterGroup {
                    label: "Period".to_owned(),
                    chips: vec![chip("Last 30 days", false), chip("October 2026", true)],
                },
                from: "2026-10-01".to_owned(),
                to: "2026-10-31".to_owned(),
                error: None,
            }),
            figures: vec![
                figure("Answered in time", "96 %", Some("48 of 50")),
                figure("Median to an answer", "9 days", None),
            ],
            tiles: vec![tile("Open", 42), tile("Came in", 51)],
            charts: Chart::samples(words),
            tables: vec![table(words)],
            exports: vec![export("CSV", "csv"), export("JSON", "json")],
            empty: None,
        };
        let empty = Self {
            period: page("").period.map(|period| PeriodChoice {
                error: Some("The last day is before the first".to_owned()),
                ..period
            }),
            figures: Vec::new(),
            tiles: Vec::new(),
            charts: Vec::new(),
            tables: vec![ReportTable { rows: Vec::new(), ..table("") }],
            exports: Vec::new(),
            empty: Some(Empty {
                title: "Nothing was counted yet".to_owned(),
                text: "Choose another period.".to_owned(),
                action: None,
            }),
            ..page("")
        };
        let now = Self { period: None, ..page("Grace Hopper") };
        vec![page("California (CCPA)"), empty, now, page(sample::HOSTILE)]
    }
}

fn tabs() -> Tabs {
    let tab = |label: &str, name: &str, is_current| crate::page::part::Tab {
        label: label.to_owned(),
        href: format!("/console/reports/{name}/2026-10"),
        count: None,
        is_current,
    };
    Tabs {
        label: "Reports".to_owned(),
        tabs: vec![tab("How it goes", "overview", true), tab("By law and month", "metrics", false)],
    }
}

fn chip(label: &str, is_active: bool) -> crate::page::part::Chip {
    let href = "/console/reports/overview/2026-10".to_owned();
    crate::page::part::Chip { label: label.to_owned(), href, count: None, is_active }
}

fn figure(label: &str, value: &str, hint: Option<&str>) -> Figure {
    Figure { label: label.to_owned(), value: value.to_owned(), hint: hint.map(str::to_owned) }
}

fn tile(label: &str, count: u64) -> Tile {
    Tile {
        label: label.to_owned(),
        count,
        href: "/console/requests?closed=all".to_owned(),
        tone: crate::page::part::Tone::Neutral,
        hint: None,
    }
}

fn table(words: &str) -> ReportTable {
    let number = |label: &str| Column { is_number: true, ..Column::plain(label) };
    ReportTable {
        heading: "By person".to_owned(),
        caption: "Open requests by owner".to_owned(),
        columns: vec![Column::plain("Owner"), number("Open"), number("Overdue")],
        rows: vec![
            vec![
                ReportCell::text(words),
                ReportCell::number(9).link("/console/requests?owner=me"),
                ReportCell::number(0),
            ],
            vec![ReportCell::text("Nobody"), ReportCell::number(3), ReportCell::number(1).bad(true)],
        ],
        none: "Nobody has a request.".to_owned(),
    }
}

fn export(label: &str, format: &str) -> Export {
    Export {
        label: format!("Export as {label}"),
        action: "/console/reports/overview/2026-10/export".to_owned(),
        format: format.to_owned(),
    }
}
