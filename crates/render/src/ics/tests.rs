//! Calendars have the lines RFC 5545 wants, and no value breaks out of its line.

use super::{Entry, calendar};
use crate::page::sample::HOSTILE;

fn entry(summary: &str) -> Entry {
    Entry {
        uid: "0190@habeas".to_owned(),
        on: "2027-02-28".parse().unwrap(),
        summary: summary.to_owned(),
        url: "https://console.example/console/requests/HB-7K3M-9QXD".to_owned(),
    }
}

#[test]
fn a_due_date_is_a_whole_day() {
    let text =
        calendar("Due, mine", &[entry("HB-7K3M-9QXD: access")], "2027-01-31T10:00:00Z".parse().unwrap());
    for line in [
        "BEGIN:VCALENDAR",
        "NAME:Due\\, mine",
        "DTSTAMP:20270131T100000Z",
        "DTSTART;VALUE=DATE:20270228",
        "DTEND;VALUE=DATE:20270301",
        "SUMMARY:HB-7K3M-9QXD: access",
        "END:VCALENDAR",
    ] {
        assert!(text.contains(&format!("{line}\r\n")), "{line}\n{text}");
    }
}

#[test]
fn lines_are_short_and_values_stay_in_theirs() {
    let evil = format!("{HOSTILE}\r\nEND:VEVENT\nBEGIN:VALARM");
    let text = calendar(&evil, &[entry(&evil)], "2027-01-31T10:00:00Z".parse().unwrap());
    assert_eq!(text.matches("\r\nEND:VEVENT\r\n").count(), 1);
    assert!(!text.contains("\r\nBEGIN:VALARM"));
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
    }
}
