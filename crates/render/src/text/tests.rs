//! Dates, counts and masks as people read them.

use jiff::civil::date;

use super::{Day, Moment, country, days_left, masked_email, milliseconds, single_line, size, thousands};

#[test]
fn dates_say_weekday_and_zone() {
    let at = date(2026, 12, 14).at(10, 30, 0, 0).in_tz("Europe/London").unwrap();
    assert_eq!(Moment(at.clone()).to_string(), "Monday 14 December 2026, 10:30 (Europe/London)");
    assert_eq!(Moment(at).short(), "14 Dec 2026, 10:30");
    assert_eq!(Day(date(2026, 3, 1)).to_string(), "Sunday 1 March 2026");
}

#[test]
fn numbers_read_like_numbers() {
    let cases = [(0_u64, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
    for (number, text) in cases {
        assert_eq!(thousands(number), text);
    }
    let sizes = [(1_u64, "1 byte"), (640, "640 bytes"), (1_500, "1.5 KB"), (14_260_000, "14.2 MB")];
    for (bytes, text) in sizes {
        assert_eq!(size(bytes), text);
    }
    for (number, text) in [(840_u64, "840 ms"), (30_012, "30.0 s"), (1_234_560, "1,234.5 s")] {
        assert_eq!(milliseconds(number), text);
    }
    let days = [(0_i64, "Due today"), (1, "1 day left"), (12, "12 days left"), (-3, "Overdue by 3 days")];
    for (left, text) in days {
        assert_eq!(days_left(left), text);
    }
}

#[test]
fn a_masked_address_keeps_one_letter_and_the_host() {
    assert_eq!(masked_email("ada@example.org"), "a…@example.org");
    assert_eq!(masked_email("no address"), "…");
    assert_eq!(masked_email("@example.org"), "…@example.org");
}

#[test]
fn a_single_line_can_end_no_header() {
    assert_eq!(single_line("a\r\nBcc: b@example.org\u{202e} c"), "a Bcc: b@example.org c");
}

#[test]
fn countries_are_named_by_code() {
    assert_eq!(country::name("GB"), Some("United Kingdom"));
    assert_eq!(country::name("XX"), None);
}
