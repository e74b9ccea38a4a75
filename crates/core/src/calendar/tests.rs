//! Calendars against the lists governments published, and against files that are wrong.

use jiff::civil::date;

use super::rule::easter;
use super::{Calendar, builtin, lookup_builtin};

fn check(id: &str, year: i16, expected: &str) {
    let calendar = lookup_builtin(id).unwrap();
    let days: Vec<String> =
        calendar.year(year).unwrap().iter().map(|day| day.date.strftime("%m-%d").to_string()).collect();
    assert_eq!(days.join(" "), expected, "{id} {year}");
}

#[test]
fn every_builtin_calendar_is_in_order() {
    for (id, text) in builtin() {
        let calendar = Calendar::parse(text).unwrap_or_else(|problems| panic!("{id}: {problems:?}"));
        assert_eq!(calendar.id(), *id);
        let (from, until) = calendar.coverage();
        for year in from..=until {
            let days = calendar.year(year).unwrap();
            assert!(days.len() >= 7, "{id} {year} has only {} days", days.len());
        }
    }
}

#[test]
fn united_kingdom_follows_the_published_lists() {
    check("GB-EW", 2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28");
    check("GB-EW", 2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28");
    check("GB-EW", 2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27");
    check("GB-EW", 2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26");
    check("GB-EW", 2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26");
    check("GB-EW", 2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26");
    check("GB-EW", 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28");
    check("GB-EW", 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28");
    check("GB-SCT", 2022, "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27");
    check("GB-SCT", 2023, "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26");
    check("GB-SCT", 2024, "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26");
    check("GB-SCT", 2026, "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28");
    check("GB-NI", 2024, "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26");
    check("GB-NI", 2026, "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28");
}

#[test]
fn other_nations_follow_the_published_lists() {
    check("DE", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26");
    check("DE-BY", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 08-15 10-03 11-01 12-25 12-26");
    check("DE-SN", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 10-31 11-18 12-25 12-26");
    check("DE-BE", 2025, "01-01 03-08 04-18 04-21 05-01 05-08 05-29 06-09 10-03 12-25 12-26");
    check("FR", 2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25");
    check("IE", 2022, "01-01 03-17 03-18 04-18 05-02 06-06 08-01 10-31 12-25 12-26");
    check("IE", 2026, "01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25 12-26");
    check("IE", 2030, "01-01 02-01 03-17 04-22 05-06 06-03 08-05 10-28 12-25 12-26");
    check("NL", 2025, "01-01 04-18 04-21 04-26 05-05 05-29 06-09 12-25 12-26");
    check("ZA", 2026, "01-01 03-21 04-03 04-06 04-27 05-01 06-16 08-10 09-24 12-16 12-25 12-26");
    check("NZ", 2026, "01-01 01-02 02-06 04-03 04-06 04-27 06-01 07-10 10-26 12-25 12-28");
    check("NZ", 2027, "01-01 01-04 02-08 03-26 03-29 04-26 06-07 06-25 10-25 12-27 12-28");
    check("SG", 2023, "01-02 01-23 01-24 04-07 04-22 05-01 06-02 06-29 08-09 09-01 11-13 12-25");
    check("SG", 2024, "01-01 02-10 02-12 03-29 04-10 05-01 05-22 06-17 08-09 10-31 12-25");
    check("SG", 2026, "01-01 02-17 02-18 03-21 04-03 05-01 05-27 06-01 08-10 11-09 12-25");
    check("ZA", 2022, "01-01 03-21 04-15 04-18 04-27 05-02 06-16 08-09 09-24 12-16 12-26 12-27");
    check("NZ", 2022, "01-03 01-04 02-07 04-15 04-18 04-25 06-06 06-24 09-26 10-24 12-26 12-27");
    check("NZ", 2028, "01-03 01-04 02-07 04-14 04-17 04-25 06-05 07-14 10-23 12-25 12-26");
    check("BR", 2026, "01-01 04-03 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25");
    check("CH", 2026, "01-01 04-03 04-06 05-14 05-25 08-01 12-25 12-26");
    check("AT", 2026, "01-01 01-06 04-06 05-01 05-14 05-25 06-04 08-15 10-26 11-01 12-08 12-25 12-26");
    check("BE", 2026, "01-01 04-06 05-01 05-14 05-25 07-21 08-15 11-01 11-11 12-25");
    check("ES", 2026, "01-01 01-06 04-03 05-01 08-15 10-12 11-01 12-06 12-08 12-25");
    check("IT", 2026, "01-01 01-06 04-06 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26");
    check("PL", 2026, "01-01 01-06 04-05 04-06 05-01 05-03 05-24 06-04 08-15 11-01 11-11 12-24 12-25 12-26");
    check("PT", 2026, "01-01 04-03 04-05 04-25 05-01 06-04 06-10 08-15 10-05 11-01 12-01 12-08 12-25");
    check("CA", 2026, "01-01 04-03 04-06 05-18 07-01 09-07 09-30 10-12 11-11 12-25");
}

#[test]
fn each_german_land_adds_its_own_days() {
    let nationwide = "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26";
    for (land, own) in [
        ("BB", "04-05 05-24 10-31"),
        ("BE", "03-08"),
        ("BW", "01-06 06-04 11-01"),
        ("BY", "01-06 06-04 08-15 11-01"),
        ("HB", "10-31"),
        ("HE", "06-04"),
        ("HH", "10-31"),
        ("MV", "03-08 10-31"),
        ("NI", "10-31"),
        ("NW", "06-04 11-01"),
        ("RP", "06-04 11-01"),
        ("SH", "10-31"),
        ("SL", "06-04 08-15 11-01"),
        ("SN", "10-31 11-18"),
        ("ST", "01-06 10-31"),
        ("TH", "09-20 10-31"),
    ] {
        let mut days: Vec<&str> = nationwide.split(' ').chain(own.split(' ')).collect();
        days.sort_unstable();
        check(&format!("DE-{land}"), 2026, &days.join(" "));
    }
}

#[test]
fn united_states_observes_saturday_on_friday_and_sunday_on_monday() {
    check("US", 2020, "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25");
    check("US", 2021, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31");
    check("US", 2022, "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26");
    check("US", 2023, "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25");
    check("US", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25");
}

#[test]
fn easter_is_where_the_church_has_it() {
    let table = "2020-04-12 2021-04-04 2022-04-17 2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28 \
                 2028-04-16 2029-04-01 2030-04-21 2031-04-13 2032-03-28 2033-04-17 2034-04-09 2035-03-25";
    let computed: Vec<String> = (2020..=2035).map(|year| easter(year).unwrap().to_string()).collect();
    assert_eq!(computed.join(" "), table);
}

#[test]
fn a_day_outside_the_years_covered_is_an_error_that_says_so() {
    let calendar = lookup_builtin("GB-EW").unwrap();
    let problem = calendar.holiday(date(2036, 1, 1)).unwrap_err();
    assert_eq!(problem.to_string(), "2036-01-01 is outside the calendar GB-EW, which covers 2018 to 2035");
    assert!(calendar.year(2017).is_err());
}

#[test]
fn working_days_are_neither_weekends_nor_holidays() {
    let calendar = lookup_builtin("gb-ew").unwrap();
    let is_open = |day| calendar.is_working_day(day).unwrap();
    assert!(is_open(date(2026, 12, 24)));
    assert!(!is_open(date(2026, 12, 25)));
    assert!(!is_open(date(2026, 12, 26)));
    assert!(!is_open(date(2026, 12, 28)));
    assert!(is_open(date(2026, 12, 29)));
}

#[test]
fn a_wrong_file_says_what_is_wrong_and_where() {
    let table: [(&str, &str); 8] = [
        ("from = 2030\nuntil = 2020", "until: must not be before `from`"),
        ("from = 2020", "until: is missing: a calendar says which years it covers"),
        (
            "[[holidays]]\nname = \"A\"\nday = \"02-30\"",
            "holidays[0].day: must be month and day, such as 12-25",
        ),
        ("[[holidays]]\nname = \"A\"", "holidays[0]: must have exactly one of day, weekday, easter and on"),
        ("[[holidays]]\nname = \"A\"\nday = \"01-01\"\neaster = 1", "holidays[0]: must have exactly one of"),
        (
            "[[holidays]]\nname = \"A\"\nweekday = \"monday\"\nnth = 0\nmonth = 1",
            "holidays[0].weekday: stands with `nth`",
        ),
        (
            "[[holidays]]\nname = \"A\"\nday = \"01-01\"\nobserve = \"x\"",
            "observe: unknown key, did you mean `observed`?",
        ),
        ("[[holidays]]\nname = \"A\"\nday = \"01-01\"\nobserved = \"monday\"", "unknown variant `monday`"),
    ];
    for (text, expected) in table {
        let problems = Calendar::parse(&format!("id = \"XX\"\nname = \"X\"\n{text}")).unwrap_err();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|line| line.contains(expected)), "{text}: {told:?}");
    }
}
