//! Figures count civil days of the organisation, and only answers that were owed.

use jiff::civil::date;

use super::super::testing::{closed, fact};
use super::*;

fn october() -> Period {
    "2026-10".parse().unwrap()
}

#[test]
fn a_period_counts_what_came_was_closed_and_stayed_open() {
    let erasure = Fact { law: "eu-gdpr".into(), activity: "erasure".into(), ..fact("2026-10-30") };
    let facts = [
        fact("2026-09-20"),
        fact("2026-10-05"),
        erasure,
        closed("2026-09-25", "2026-10-05", "completed"),
        closed("2026-10-05", "2026-11-02", "refused"),
        fact("2026-11-01"),
    ];
    let figures = figures(&facts, &october());
    assert_eq!((figures.open, figures.received, figures.closed), (4, 3, 1));
    let count = |of: &str, count| Count { of: of.to_owned(), count };
    assert_eq!(figures.open_by_law, [count("uk-gdpr", 3), count("eu-gdpr", 1)]);
    assert_eq!(figures.open_by_activity, [count("access", 3), count("erasure", 1)]);
    assert_eq!(figures.days.len(), 31);
    assert_eq!(figures.days[4], Day { on: date(2026, 10, 5), received: 2, closed: 1 });
}

#[test]
fn in_time_is_by_the_date_itself_and_withdrawn_requests_owe_no_answer() {
    let due = |fact: Fact, day: i8| Fact { due_on: Some(date(2026, 10, day)), ..fact };
    let facts = [
        due(closed("2026-10-01", "2026-10-10", "completed"), 10),
        due(closed("2026-10-01", "2026-10-11", "partly_fulfilled"), 10),
        due(closed("2026-10-01", "2026-10-03", "refused"), 10),
        due(closed("2026-10-01", "2026-10-25", "withdrawn"), 10),
        closed("2026-10-01", "2026-10-25", "completed"),
    ];
    let figures = figures(&facts, &october());
    assert_eq!((figures.closed, figures.in_time, figures.late), (5, 2, 1));
    assert_eq!(figures.in_time_percent().map(f64::round), Some(67.0));
    assert_eq!(figures.median_days, Some(9.5), "of 2, 9, 10 and 24 days");
}

#[test]
fn of_nothing_there_is_no_share_and_no_median() {
    let figures = figures(&[], &october());
    assert_eq!((figures.in_time_percent(), figures.median_days, figures.open), (None, None, 0));
}

#[test]
fn shortly_before_midnight_is_the_day_where_the_organisation_is() {
    let zone = jiff::tz::TimeZone::get("America/Los_Angeles").unwrap();
    let late = Fact { received_at: "2026-11-01T06:30:00Z".parse().unwrap(), zone, ..fact("2026-10-01") };
    assert_eq!(figures(&[late], &october()).received, 1);
}
