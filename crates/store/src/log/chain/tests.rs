//! What is hashed never changes: these values stand in every log there is.

use serde_json::json;

use super::*;

#[test]
fn stored_bytes_have_one_form() {
    let body = json!({ "z": 1, "a": { "y": [null, true, "é\n"], "b": 1.5 } });
    let bytes = encode("task_done", 2, &body, Some(b"sealed"));
    let text = r#"{"body":{"a":{"b":1.5,"y":[null,true,"é\n"]},"z":1},"kind":"task_done","sealed":"c2VhbGVk","v":2}"#;
    assert_eq!(String::from_utf8(bytes.clone()).unwrap(), text);
    let stored = decode(&bytes).unwrap();
    assert_eq!(
        (stored.kind.as_str(), stored.version, stored.sealed.as_deref()),
        ("task_done", 2, Some(&b"sealed"[..]))
    );
    assert_eq!(stored.body, body);
    assert_eq!(
        hex::encode(body_hash(&bytes)),
        "2a8c9e1c163d28d854a405699a60968d054a9165ea1de9e89fb828e6ed28f871"
    );
}

#[test]
fn a_link_commits_to_everything_beside_it() {
    let base = || Link { chain: &[7; 16], seq: 3, at_micros: 1_768_467_600_000_000, actor: "subject" };
    let whole = link_hash(&START, &base(), &[1; 32]);
    assert_eq!(hex::encode(whole), "54220df877b00f4c61939aecbfd56b4364d25eb673ceddfa7eea0bcc73f34e9a");
    let others = [
        link_hash(&[9; 32], &base(), &[1; 32]),
        link_hash(&START, &Link { chain: &[8; 16], ..base() }, &[1; 32]),
        link_hash(&START, &Link { seq: 4, ..base() }, &[1; 32]),
        link_hash(&START, &Link { at_micros: 0, ..base() }, &[1; 32]),
        link_hash(&START, &Link { actor: "system", ..base() }, &[1; 32]),
        link_hash(&START, &base(), &[2; 32]),
    ];
    assert!(others.iter().all(|other| *other != whole));
}

#[test]
fn what_is_not_a_stored_event_is_refused() {
    for text in [
        "",
        "[]",
        "{}",
        r#"{"kind":"a","v":1}"#,
        r#"{"body":{},"kind":"a","v":70000}"#,
        r#"{"body":{},"kind":"a","sealed":3,"v":1}"#,
    ] {
        assert!(decode(text.as_bytes()).is_err(), "{text}");
    }
}
