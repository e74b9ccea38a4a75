//! The reports that are tables: their heads and rows, for pages and files alike.

use habeas_core::report::{Ccpa, Entry, Metric};
use habeas_render::page::console::{ReportCell, ReportTable};
use habeas_render::page::part::Column;

use super::overview;
use crate::App;
use crate::console::case;

/// Lines of the register on its page; the file has all.
pub(super) const SHOWN: usize = 50;

/// Returns a table whose named columns hold numbers.
pub(super) fn table(
    heading: &str,
    columns: &[&str],
    numbers: &[&str],
    rows: Vec<Vec<ReportCell>>,
) -> ReportTable {
    let column = |label: &&str| Column { is_number: numbers.contains(label), ..Column::plain(*label) };
    ReportTable {
        heading: heading.to_owned(),
        caption: heading.to_owned(),
        columns: columns.iter().map(column).collect(),
        rows,
        none: "Nothing to count in this period.".to_owned(),
    }
}

pub(super) const METRICS: [&str; 10] =
    ["Month", "Law", "Right", "Came in", "In full", "In part", "Refused", "Withdrawn", "Late", "Median days"];

/// Returns the rows of counts per law and month.
pub(super) fn metrics(app: &App, metrics: &[Metric]) -> Vec<Vec<ReportCell>> {
    let row = |metric: &Metric| {
        vec![
            ReportCell::text(format!("{:04}-{:02}", metric.month.year(), metric.month.month())),
            ReportCell::text(case::law_name(app, &metric.law)),
            ReportCell::text(metric.right.replace('_', " ")),
            ReportCell::number(metric.received),
            ReportCell::number(metric.whole),
            ReportCell::number(metric.part),
            ReportCell::number(metric.denied),
            ReportCell::number(metric.withdrawn),
            ReportCell::number(metric.late).bad(metric.late > 0),
            days(metric.median_days),
        ]
    };
    metrics.iter().map(row).collect()
}

pub(super) const CCPA: [&str; 8] =
    ["Kind", "Received", "In whole", "In part", "Denied", "Undecided", "Median days", "Mean days"];

/// Returns the rows of California's table.
pub(super) fn ccpa(table: &Ccpa) -> Vec<Vec<ReportCell>> {
    let row = |row: &habeas_core::report::CcpaRow| {
        vec![
            ReportCell::text(row.name),
            ReportCell::number(row.received),
            ReportCell::number(row.whole),
            ReportCell::number(row.part),
            ReportCell::number(row.denied),
            ReportCell::number(row.undecided),
            days(row.median_days),
            days(row.mean_days),
        ]
    };
    table.rows.iter().map(row).collect()
}

pub(super) const REGISTER: [&str; 8] =
    ["Request", "Came in", "Channel", "Right", "Law", "Due", "Decision", "Closed"];

/// Returns the rows of the register's page.
pub(super) fn register(app: &App, entries: &[Entry]) -> Vec<Vec<ReportCell>> {
    let day = |day: Option<jiff::civil::Date>| {
        ReportCell::text(day.map_or_else(|| "–".to_owned(), |on| on.to_string()))
    };
    let row = |entry: &Entry| {
        vec![
            ReportCell::text(entry.reference.as_str()).link(format!("/console/requests/{}", entry.reference)),
            day(entry.received_on),
            ReportCell::text(entry.channel.as_str()),
            ReportCell::text(entry.right.replace('_', " ")),
            ReportCell::text(case::law_name(app, &entry.law)),
            day(entry.due_on),
            ReportCell::text(entry.decision.replace('_', " ")).bad(entry.in_time == Some(false)),
            day(entry.closed_on),
        ]
    };
    entries.iter().take(SHOWN).map(row).collect()
}

fn days(days: Option<f64>) -> ReportCell {
    let text = days
        .map_or_else(|| "–".to_owned(), |days| overview::days(days).replace(" days", "").replace(" day", ""));
    ReportCell { is_number: true, ..ReportCell::text(text) }
}
