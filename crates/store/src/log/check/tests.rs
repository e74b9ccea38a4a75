//! An export says for itself whether it was changed, cut, reordered or signed again.

use serde_json::Value;

use habeas_core::context::Clock as _;
use habeas_core::request::RequestRow;

use super::*;
use crate::bench::{Bench, both, sqlite};
use crate::log::Append;
use crate::testing::{record, sealed_record};

/// Two requests of three events each, taking turns, with a checkpoint after every round.
async fn filled(bench: &Bench) -> [RequestRow; 2] {
    let rows = [bench.row(), bench.row()];
    for row in &rows {
        bench.file(row).await;
    }
    for seq in [2, 3] {
        bench.store.sequence(bench.clock.now()).await.unwrap();
        bench.clock.advance_days(1);
        for row in &rows {
            let row = RequestRow { seq, ..row.clone() };
            let (records, at) = ([sealed_record("message_sent", "dear Ada")], bench.clock.now());
            let actor = habeas_core::event::Actor::System;
            let mut tx = bench.store.begin().await.unwrap();
            let append = Append {
                actor,
                at,
                expected_seq: seq - 1,
                records: &records,
                follow_count: 0,
                row: &row,
                jobs: &[],
            };
            tx.append(append).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
    let mut tx = bench.store.begin().await.unwrap();
    tx.append_system(habeas_core::event::Actor::System, bench.clock.now(), &[record("user_added")])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    rows
}

async fn export(bench: &Bench) -> Vec<String> {
    let mut bytes = Vec::new();
    bench.store.export_log(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
}

fn check(lines: &[String], expected: Expected) -> Report {
    check_export(&mut lines.join("\n").as_bytes(), expected).unwrap()
}

fn tamperings(lines: &[String]) -> Vec<Tampering> {
    let mut found: Vec<_> =
        check(lines, Expected::default()).findings.iter().map(|finding| finding.tampering).collect();
    found.sort();
    found.dedup();
    found
}

/// Changes a field of the n-th entry of an export.
fn edit(lines: &[String], nth: usize, change: impl Fn(&mut Value)) -> Vec<String> {
    let mut lines = lines.to_vec();
    let place = entry_lines(&lines)[nth];
    let mut line: Value = serde_json::from_str(&lines[place]).unwrap();
    change(&mut line["entry"]);
    lines[place] = line.to_string();
    lines
}

fn entry_lines(lines: &[String]) -> Vec<usize> {
    (0..lines.len()).filter(|place| lines[*place].starts_with("{\"entry\"")).collect()
}

#[tokio::test]
async fn an_untouched_export_is_intact() {
    both(async |bench| {
        let rows = filled(bench).await;
        let lines = export(bench).await;
        let key = bench.store.public_key();
        let expected = Expected { key: Some(key.parse().unwrap()), checkpoint: None };
        let report = check(&lines, expected);
        let wanted =
            Report { entries: 7, chains: 3, pruned: 0, checkpoints: 3, key: Some(key), findings: Vec::new() };
        assert_eq!(report, wanted);

        let mut tx = bench.store.begin().await.unwrap();
        tx.prune(rows[0].id, 2).await.unwrap();
        tx.destroy(rows[1].id, bench.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let report = check(&export(bench).await, Expected::default());
        assert_eq!(
            (report.pruned, report.findings),
            (2, Vec::new()),
            "pruned bodies and destroyed keys leave a log intact"
        );
    })
    .await;
}

#[tokio::test]
async fn every_way_of_tampering_is_named() {
    let bench = sqlite().await;
    filled(&bench).await;
    let lines = export(&bench).await;
    let entries = entry_lines(&lines);
    let without = |place: usize| {
        let mut lines = lines.clone();
        lines.remove(place);
        lines
    };
    let swapped = |one: usize, two: usize| {
        let mut lines = lines.clone();
        lines.swap(one, two);
        lines
    };
    let notes: Vec<_> =
        (0..lines.len()).filter(|place| lines[*place].starts_with("{\"checkpoint\"")).collect();
    let cases = [
        ("a body", edit(&lines, 1, |e| e["body"] = Value::from("e30=")), Tampering::Changed),
        ("a time", edit(&lines, 3, |e| e["at_micros"] = Value::from(1)), Tampering::Changed),
        ("an actor", edit(&lines, 3, |e| e["actor"] = Value::from("subject")), Tampering::Changed),
        ("a hash", edit(&lines, 3, |e| e["body_hash"] = Value::from("00".repeat(32))), Tampering::Changed),
        ("a link", edit(&lines, 6, |e| e["link_hash"] = Value::from("00".repeat(32))), Tampering::Changed),
        ("an entry is gone", without(entries[2]), Tampering::Cut),
        ("the last entry is gone", without(entries[6]), Tampering::Cut),
        ("the end is gone", lines[..lines.len() - 1].to_vec(), Tampering::Cut),
        ("the last checkpoint is gone", without(notes[2]), Tampering::Cut),
        ("two entries are swapped", swapped(entries[0], entries[2]), Tampering::Reordered),
        ("two chains are swapped", swapped(entries[0], entries[1]), Tampering::Reordered),
        ("a line is not one", swapped(0, 1), Tampering::Unreadable),
    ];
    for (name, changed, expected) in cases {
        let found = tamperings(&changed);
        assert!(found.contains(&expected), "{name}: {found:?}");
    }
    for place in 0..lines.len() {
        assert_ne!(tamperings(&without(place)), [], "line {place} can go unseen");
    }
}

#[tokio::test]
async fn a_log_made_up_and_signed_by_another_key_is_known_by_the_key() {
    let (bench, forged) = (sqlite().await, sqlite().await);
    filled(&bench).await;
    filled(&forged).await;
    let mut tx = forged.store.begin().await.unwrap();
    tx.append_system(habeas_core::event::Actor::System, forged.clock.now(), &[record("more")]).await.unwrap();
    tx.commit().await.unwrap();
    let lines = export(&forged).await;
    assert_eq!(tamperings(&lines), [], "it is intact in itself");
    let other = crate::log::note::Signer::new("habeas.installation/other".into(), &[3; 32]).verifier();
    let report = check(&lines, Expected { key: Some(other), checkpoint: None });
    assert!(report.findings.iter().all(|finding| finding.tampering == Tampering::Resigned));
    assert_eq!(report.findings.len() as u64, 1 + report.checkpoints);
}

#[tokio::test]
async fn a_kept_checkpoint_shows_a_log_rewritten_by_who_holds_the_key() {
    let bench = sqlite().await;
    filled(&bench).await;
    let lines = export(&bench).await;
    let kept = |note: &str| Expected { key: None, checkpoint: Some(note.parse().unwrap()) };
    let note = bench.store.read().await.unwrap().latest_checkpoint().await.unwrap().unwrap();
    assert!(check(&lines, kept(&note)).is_intact());

    // The same seed gives the same key; other events give another log.
    let rewritten = sqlite().await;
    rewritten.clock.advance_days(1);
    filled(&rewritten).await;
    let other = export(&rewritten).await;
    assert_eq!(rewritten.store.public_key(), bench.store.public_key());
    assert_eq!(tamperings(&other), []);
    assert!(!check(&other, kept(&note)).is_intact(), "rewritten");

    bench.file(&bench.row()).await;
    let longer = bench.store.sequence(bench.clock.now()).await.unwrap().unwrap();
    let cut = check(&lines, kept(&longer));
    assert_eq!(cut.findings[0].tampering, Tampering::Cut);
}

#[tokio::test]
async fn one_requests_export_proves_its_own_entries() {
    both(async |bench| {
        let rows = filled(bench).await;
        let mut bytes = Vec::new();
        assert!(bench.store.export_request_log(rows[1].id, &mut bytes).await.unwrap());
        assert!(!bench.store.export_request_log(bench.row().id, &mut Vec::new()).await.unwrap());
        let lines: Vec<_> = String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect();
        let report = check(&lines, Expected::default());
        assert_eq!((report.entries, report.chains, report.findings), (3, 1, Vec::new()));

        let forged = edit(&lines, 1, |entry| entry["link_hash"] = Value::from("11".repeat(32)));
        assert!(tamperings(&forged).contains(&Tampering::Changed));
        let moved = edit(&lines, 1, |entry| entry["position"] = Value::from(99));
        assert!(tamperings(&moved).contains(&Tampering::Changed));
    })
    .await;
}
