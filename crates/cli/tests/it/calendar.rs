//! `habeas calendar`, and the calendars that stand beside the given cases.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::command::Shell;

const VECTORS: &str = include_str!("../fixtures/deadline-vectors.json");

fn days(shell: &Shell, id: &str, year: &str) -> Vec<String> {
    let ran = shell.run(&["calendar", "show", id, "--year", year, "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let value: Value = serde_json::from_str(&ran.stdout).unwrap();
    value["days"].as_array().unwrap().iter().map(|day| day["date"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_holiday_of_the_given_cases_is_known() {
    let shell = Shell::new();
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let calendars: BTreeMap<String, Vec<String>> = serde_json::from_value(file["calendars"].clone()).unwrap();
    for (id, listed) in calendars {
        for year in 2024..=2027 {
            let year = year.to_string();
            let wanted: Vec<&String> = listed.iter().filter(|day| day.starts_with(&year)).collect();
            if wanted.is_empty() {
                continue;
            }
            let known = days(&shell, &id, &year);
            let missing: Vec<_> = wanted.iter().filter(|day| !known.contains(day)).collect();
            assert!(missing.is_empty(), "{id} lacks {missing:?}");
            // A year listed in full has no day more; the lists of New Zealand and the odd single days aren't full.
            if wanted.len() > 6 && id != "NZ" {
                assert_eq!(known.len(), wanted.len(), "{id} {year}: {known:?}");
            }
        }
    }
}

#[test]
fn a_year_is_shown_with_weekdays_and_substitute_days() {
    let shell = Shell::new();
    let shown = shell.run(&["calendar", "show", "GB-EW", "--year", "2026"]);
    assert!(shown.stdout.contains("2026-12-28  Monday    Boxing Day (substitute day)"), "{}", shown.stdout);
    let listed = shell.run(&["calendar", "list"]);
    assert!(listed.stdout.contains("GB-SCT"), "{}", listed.stdout);
}

#[test]
fn a_year_nobody_has_checked_is_an_error() {
    let shell = Shell::new();
    let ran = shell.run(&["calendar", "show", "GB-EW", "--year", "2050"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("outside the calendar GB-EW, which covers 2018 to 2035"), "{}", ran.stderr);
    let unknown = shell.run(&["calendar", "show", "XX", "--year", "2026"]);
    assert_eq!(unknown.code, 2);
}

#[test]
fn an_organisation_can_give_a_calendar_of_its_own() {
    let shell = Shell::new();
    shell.write(
        "calendars/TOWN.toml",
        "id = \"TOWN\"\nname = \"Our town\"\nfrom = 2026\nuntil = 2026\n\n[[holidays]]\nname = \"Fair\"\non = [2026-06-15]\n",
    );
    let ran = shell.run(&["calendar", "show", "TOWN", "--year", "2026", "--calendars", "calendars"]);
    assert!(ran.stdout.contains("2026-06-15  Monday   Fair"), "{}", ran.stdout);
}
