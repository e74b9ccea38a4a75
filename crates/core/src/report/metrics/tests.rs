//! Tables per month and the one California asks for.

use jiff::civil::date;

use super::super::testing::{closed, fact};
use super::*;

#[test]
fn a_month_counts_what_came_and_what_was_closed_in_it() {
    let late = Fact { due_on: Some(date(2026, 10, 3)), ..closed("2026-09-10", "2026-10-05", "completed") };
    let facts = [
        late,
        closed("2026-10-01", "2026-10-03", "partly_fulfilled"),
        closed("2026-10-01", "2026-10-02", "withdrawn"),
        fact("2026-10-20"),
        closed("2026-10-02", "2026-11-04", "refused"),
    ];
    let metrics = metrics(&facts, &"2026-10-01..2026-11-30".parse().unwrap());
    let [october, november] = &metrics[..] else { panic!("two months, not {metrics:?}") };
    assert_eq!((october.month, october.received), (date(2026, 10, 1), 4));
    assert_eq!((october.whole, october.part, october.denied, october.withdrawn), (1, 1, 0, 1));
    assert_eq!((october.late, october.median_days), (1, Some(13.5)));
    assert_eq!((november.received, november.denied, november.median_days), (0, 1, Some(33.0)));
}

#[test]
fn californias_table_follows_the_year_of_receipt_and_what_became_of_each() {
    let of = |fact: Fact, right: &str| Fact { law: "us-ca".into(), right: right.into(), ..fact };
    let facts = [
        of(closed("2026-01-10", "2026-01-20", "completed"), "access"),
        of(closed("2026-02-10", "2026-03-12", "refused"), "portability"),
        of(closed("2026-12-20", "2027-01-09", "partly_fulfilled"), "information"),
        of(fact("2026-12-21"), "access"),
        of(closed("2025-12-20", "2026-01-05", "completed"), "access"),
        of(closed("2026-05-01", "2026-05-02", "withdrawn"), "erasure"),
        closed("2026-05-01", "2026-05-02", "completed"),
    ];
    let table = ccpa(&facts, 2026);
    let numbers = |row: &CcpaRow| (row.received, row.whole, row.part, row.denied, row.undecided);
    let all: Vec<_> = table.rows.iter().map(numbers).collect();
    assert_eq!(all, [(1, 0, 0, 0, 1), (0, 0, 0, 0, 0), (4, 1, 1, 1, 1), (0, 0, 0, 0, 0), (0, 0, 0, 0, 0)]);
    assert_eq!((table.rows[2].median_days, table.rows[2].mean_days), (Some(20.0), Some(20.0)));
    assert_eq!(table.rows[0].median_days, None);
}
