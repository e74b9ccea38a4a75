//! A line of the register says what the log says, also where nothing sealed can be read any more.

use serde_json::json;

use super::*;
use crate::event::Actor;

fn log(events: &[(&str, &str, Value)]) -> Vec<LogEntry> {
    let entry = |(seq, (at, kind, body)): (usize, &(&str, &str, Value))| LogEntry {
        seq: u64::try_from(seq).unwrap() + 1,
        at: at.parse().unwrap(),
        actor: Actor::System,
        record: Record { kind: (*kind).to_owned(), version: 1, body: body.clone(), sealed: None },
    };
    events.iter().enumerate().map(entry).collect()
}

fn received() -> (&'static str, &'static str, Value) {
    let terms = json!({
        "entity": "larkspur", "activity": "access", "right": "access", "law": "uk-gdpr", "zone": "Europe/London",
        "also": [{"law": "eu-gdpr", "law_hash": ""}],
    });
    let at = "2026-10-01T23:30:00Z";
    let body = json!({"reference": "HB-7K3M-9QXD", "terms": terms, "channel": "phone", "received_at": at, "subject": null});
    (at, "received", body)
}

#[test]
fn a_request_answered_in_part_says_how() {
    let built = json!({"formats": ["html", "json"], "excluded_count": 2});
    let redact = json!({"verdict": {"redact": {"fields": ["notes"]}}});
    let entry = Entry::of(&log(&[
        received(),
        ("2026-10-02T09:00:00Z", "due_computed", json!({"on": "2026-11-02"})),
        ("2026-10-02T09:00:00Z", "verified", json!({"rung": "mail_code"})),
        ("2026-10-03T09:00:00Z", "asked", json!({"number": 1, "asked_on": "2026-10-03"})),
        ("2026-10-06T09:00:00Z", "answered", json!({"number": 1, "answered_on": "2026-10-06"})),
        ("2026-10-07T09:00:00Z", "source_excused", json!({"source": "archive"})),
        ("2026-10-07T10:00:00Z", "collected", json!({"source_count": 2, "record_count": 31})),
        ("2026-10-08T10:00:00Z", "marked", redact),
        ("2026-10-08T10:01:00Z", "marked", json!({"verdict": "give"})),
        ("2026-10-08T11:00:00Z", "time_logged", json!({"minutes": 50})),
        ("2026-10-08T11:00:00Z", "time_logged", json!({"minutes": 100})),
        ("2026-10-08T11:00:00Z", "time_struck", json!({"entry": 1})),
        ("2026-10-09T10:00:00Z", "package_built", built),
        ("2026-10-09T11:00:00Z", "package_released", json!({})),
        ("2026-10-09T11:30:00Z", "completed", json!({"is_partial": true, "nothing_held": false})),
    ]))
    .unwrap();
    let fields: Vec<_> =
        COLUMNS.into_iter().zip(entry.fields()).filter(|(_, text)| !text.is_empty()).collect();
    let expected = [
        ("reference", "HB-7K3M-9QXD"),
        ("received_on", "2026-10-02"),
        ("channel", "phone"),
        ("right", "access"),
        ("activity", "access"),
        ("requester", "person"),
        ("law", "uk-gdpr"),
        ("further_laws", "eu-gdpr"),
        ("organisation", "larkspur"),
        ("identity_method", "mail_code"),
        ("verified_on", "2026-10-02"),
        ("systems_searched", "2"),
        ("systems_left_out", "archive"),
        ("records_found", "31"),
        ("questions", "1"),
        ("pauses", "2026-10-03/2026-10-06"),
        ("due_on", "2026-11-02"),
        ("decision", "partly_fulfilled"),
        ("formats", "html; json"),
        ("delivered_on", "2026-10-09"),
        ("closed_on", "2026-10-09"),
        ("hours_open", "180"),
        ("hours_worked", "1.67"),
        ("in_time", "yes"),
        ("redactions", "1"),
        ("records_withheld", "2"),
    ];
    assert_eq!(fields, expected.map(|(name, text)| (name, text.to_owned())));
}

#[test]
fn decisions_are_named_and_only_owed_answers_are_in_time_or_late() {
    let due = ("2026-10-02T09:00:00Z", "due_computed", json!({"on": "2026-10-05"}));
    let at = "2026-10-06T09:00:00Z";
    for (kind, body, decision, in_time, articles) in [
        ("refused", json!({"articles": ["Art. 12(5)(b)"]}), "refused", Some(false), "Art. 12(5)(b)"),
        ("withdrawn", json!({}), "withdrawn", None, ""),
        ("completed", json!({"is_partial": false, "nothing_held": true}), "nothing_held", Some(false), ""),
        ("said", json!({}), "open", None, ""),
    ] {
        let entry = Entry::of(&log(&[received(), due.clone(), (at, kind, body)])).unwrap();
        assert_eq!((entry.decision.as_str(), entry.in_time), (decision, in_time), "{kind}");
        assert_eq!(entry.articles.join("; "), articles, "{kind}");
    }
}

#[test]
fn what_is_opened_again_or_becomes_another_kind_is_as_it_is_now() {
    let terms = json!({"entity": "larkspur", "activity": "delete", "right": "erasure", "law": "uk-gdpr"});
    let entry = Entry::of(&log(&[
        received(),
        ("2026-10-06T09:00:00Z", "refused", json!({"articles": ["Art. 12(5)(b)"]})),
        ("2026-10-07T09:00:00Z", "reopened", json!({"again": []})),
        ("2026-10-08T09:00:00Z", "reclassified", json!({"terms": terms})),
    ]))
    .unwrap();
    assert_eq!((entry.decision.as_str(), entry.closed_on, entry.articles.len()), ("open", None, 0));
    assert_eq!((entry.right.as_str(), entry.activity.as_str()), ("erasure", "delete"));
}

#[test]
fn what_is_no_request_has_no_line() {
    assert_eq!(Entry::of(&log(&[])), None);
    assert_eq!(Entry::of(&log(&[("2026-10-06T09:00:00Z", "user_added", json!({}))])), None);
}
