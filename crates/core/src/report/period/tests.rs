//! Periods are read as they are written.

use jiff::civil::date;

use super::*;

#[test]
fn a_period_is_written_as_it_is_read() {
    for (text, from, to) in [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-w01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-w53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2026-10-02..2026-10-15", date(2026, 10, 2), date(2026, 10, 15)),
    ] {
        let period: Period = text.parse().unwrap();
        assert_eq!((period.from, period.to), (from, to), "{text}");
        assert_eq!(period.to_string(), text);
        assert_eq!(period.days().count(), usize::try_from(period.day_count()).unwrap());
    }
}

#[test]
fn what_is_no_period_is_refused() {
    for text in [
        "",
        "26",
        "-2026",
        "+226",
        "2026-",
        "2026-13",
        "2026-00",
        "2026-q0",
        "2026-q5",
        "2026-w00",
        "2025-w53",
        "2026-1",
        "2026-10-15..2026-10-14",
        "1900-01-01..2026-01-01",
        "2026-é1",
        "2026-10-02",
    ] {
        assert_eq!(text.parse::<Period>(), Err(InvalidPeriod), "{text}");
    }
}

#[test]
fn the_week_and_the_month_before_are_whole_ones() {
    let day = date(2027, 1, 4);
    assert_eq!(Period::last_week(day).to_string(), "2026-w53");
    assert_eq!(Period::last_week(date(2027, 1, 3)).to_string(), "2026-w52");
    assert_eq!(Period::last_month(day).to_string(), "2026-12");
    assert_eq!(Period::last_days(day, 30).day_count(), 30);
}
