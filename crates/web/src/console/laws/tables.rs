//! What a law pack says, as tables, each line with its article.

use habeas_core::law::{Pack, Period, Provision, Verified, Versions};
use habeas_render::page::console::{Cell, Table};
use habeas_render::text::Day;
use jiff::civil::Date;

use super::{list, mark_cell, right, rights};

/// Returns the tables; what was in force only earlier or comes later says so.
pub(super) fn of(pack: &Pack, today: Date) -> Vec<Table> {
    let tables =
        vec![granted(pack), periods(pack), waits(pack), grounds(pack), remedies(pack), words(pack, today)];
    tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

/// Makes a table; where nothing is marked, the last column, which is for marks, is left out.
fn table(heading: &str, columns: &[&str], mut rows: Vec<Vec<Cell>>) -> Table {
    let mut columns = columns.to_vec();
    let is_marked = |row: &Vec<Cell>| matches!(row.last(), Some(Cell::Badges(marks)) if !marks.is_empty());
    if !rows.iter().any(is_marked) {
        columns.pop();
        for row in &mut rows {
            row.pop();
        }
    }
    Table {
        heading: Some(heading.to_owned()),
        lead: None,
        action: None,
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows,
        empty: list::empty("Nothing"),
    }
}

fn text(words: impl Into<String>) -> Cell {
    Cell::Text(words.into())
}

fn when(words: &str, versions: Versions) -> Cell {
    let from = versions.from.map(|from| format!("from {}", Day(from).short()));
    let before = versions.before.map(|before| format!("before {}", Day(before).short()));
    let when: Vec<String> = from.into_iter().chain(before).collect();
    let words = if when.is_empty() {
        words.to_owned()
    } else {
        format!("{words} (received {})", when.join(" and ")).trim().to_owned()
    };
    text(words)
}

fn granted(pack: &Pack) -> Table {
    let rows = pack.rights().iter().map(|rule| {
        vec![
            text(right(rule.right)),
            text(&rule.article),
            when(rule.words.as_deref().unwrap_or_default(), rule.versions),
            mark_cell(rule.verified),
        ]
    });
    table("Rights", &["Right", "Article", "In words", "Mark"], rows.collect())
}

fn periods(pack: &Pack) -> Table {
    let dated = pack.periods().iter().map(period);
    let undated = pack.undated().iter().map(|duty| {
        let duties: Vec<String> =
            duty.obligations.iter().map(|known| known.as_str().replace('_', " ")).collect();
        vec![
            text(format!("{} on {}", duties.join(", "), rights(&duty.rights))),
            text("no number of days"),
            text(&duty.article),
            when(&duty.words, duty.versions),
            mark_cell(duty.verified),
        ]
    });
    let columns = ["Duty", "Time", "Article", "In words", "Mark"];
    table("Times", &columns, dated.chain(undated).collect())
}

fn period(period: &Period) -> Vec<Cell> {
    let duties: Vec<String> = period.obligations.iter().map(|duty| duty.as_str().replace('_', " ")).collect();
    let mut words: Vec<String> = period.words.iter().cloned().collect();
    if let Some(extension) = &period.extension {
        let length = extension.length.map_or_else(|| "as told".to_owned(), |length| length.to_string());
        let reason = if extension.needs_reason { ", with a reason" } else { "" };
        words.push(format!("May be extended by {length}{reason} ({})", extension.article));
    }
    if let Some(article) = &period.deemed_refused {
        words.push(format!("Silence counts as a refusal ({article})"));
    }
    vec![
        text(format!("{} on {}", duties.join(", "), rights(&period.rights))),
        text(period.length.to_string()),
        text(&period.article),
        when(&words.join(". "), period.versions),
        mark_cell(period.verified),
    ]
}

fn waits(pack: &Pack) -> Table {
    let rows = pack.waits().iter().map(|wait| {
        vec![
            text(wait.id.replace('_', " ")),
            text(&wait.article),
            when(wait.condition.as_deref().unwrap_or_default(), wait.versions),
            mark_cell(wait.verified),
        ]
    });
    table(
        "Questions that move the clock",
        &["Question", "Article", "On condition that", "Mark"],
        rows.collect(),
    )
}

fn grounds(pack: &Pack) -> Table {
    let rows = pack.refusal_grounds().iter().map(|ground| {
        vec![
            text(&ground.words),
            text(&ground.article),
            when(&rights(&ground.rights), ground.versions),
            mark_cell(ground.verified),
        ]
    });
    table("Grounds to refuse", &["Ground", "Article", "Against", "Mark"], rows.collect())
}

fn remedies(pack: &Pack) -> Table {
    let rows = pack.all_remedies().iter().map(|remedy| {
        vec![
            text(&remedy.name),
            text(remedy.region.clone().unwrap_or_default()),
            text(&remedy.article),
            when(remedy.words.as_deref().unwrap_or_default(), remedy.versions),
            mark_cell(remedy.verified),
        ]
    });
    table("Where a person may turn", &["Who", "Where", "Article", "In words", "Mark"], rows.collect())
}

/// Returns what the pack says in words alone, as it stands today.
fn words(pack: &Pack, today: Date) -> Table {
    let named: Vec<(&str, Option<&Provision>)> = vec![
        ("Start of the clock", pack.clock_start(today)),
        ("Counting", pack.counting()),
        ("Fees", pack.fees()),
        ("Proof of identity", pack.identity()),
        ("Agents", pack.agents()),
        ("Children", pack.minors()),
        ("Records", pack.records()),
    ];
    let mut rows: Vec<Vec<Cell>> = named
        .into_iter()
        .filter_map(|(name, provision)| provision.map(|provision| provided(name, provision)))
        .collect();
    rows.extend(pack.refusal_must_tell(today).map(|told| {
        let name = format!("A refusal tells: {}", told.id.replace('_', " "));
        vec![text(name), text(&told.article), text(&told.words), mark_cell(Verified::Seen)]
    }));
    table("In words", &["Matter", "Article", "What it says", "Mark"], rows)
}

fn provided(name: &str, provision: &Provision) -> Vec<Cell> {
    let mut words = provision.words.clone();
    for item in &provision.items {
        words.push_str("; ");
        words.push_str(item);
    }
    vec![text(name), text(&provision.article), text(words), mark_cell(provision.verified)]
}
