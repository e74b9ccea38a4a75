//! `habeas log`: what one installation exports, anyone can check; what was done to it is named.

use std::path::PathBuf;

use habeas_core::event::{Actor, Record};
use habeas_core::id::{Reference, RequestId};
use habeas_core::law::Right;
use habeas_core::pii::Pii;
use habeas_core::request::{Channel, Event, Received, Request, Subject, Terms};
use habeas_store::log::Append;
use habeas_store::{Options, RootKey, Store};
use habeas_testkit::{ManualClock, SeededChance};
use serde_json::Value;

use crate::support::command::{Ran, Shell};

/// Two requests in an installation as `habeas serve` makes it; returns the reference of the first.
async fn filled(shell: &Shell) -> String {
    shell.write("data/habeas.toml", "");
    let data = path(shell, "data");
    let chance = SeededChance::new(3).shared();
    let keys = RootKey::open_or_create(&data.join("keys/root.key"), chance.clone()).unwrap();
    let url = data.join("habeas.db").display().to_string();
    Store::migrate(&url).await.unwrap();
    let clock = ManualClock::at("2026-01-15T09:00:00Z").shared();
    let options = Options { url, blobs: data.join("blobs"), keys };
    let store = Store::open(options, clock, chance.clone()).await.unwrap();
    let references = [Reference::new(&*chance), Reference::new(&*chance)];
    for reference in &references {
        let record = received(reference.clone(), &store).to_record().unwrap();
        file(&store, RequestId::new(store.now(), &*chance), &[record]).await;
    }
    store.close().await;
    references[0].to_string()
}

fn received(reference: Reference, store: &Store) -> Event {
    Event::Received(Box::new(Received {
        reference,
        terms: Terms {
            entity: "acme".to_owned(),
            activity: "access".to_owned(),
            right: Right::Access,
            law: "uk-gdpr".to_owned(),
            law_hash: "00".to_owned(),
            calendar: None,
            zone: "Europe/London".to_owned(),
            flow: "access".to_owned(),
            flow_version: 1,
            language: "en".to_owned(),
            reading: habeas_core::clock::Mode::Strict,
            also: Vec::new(),
            targets: habeas_core::definition::Targets::default(),
        },
        channel: Channel::Portal,
        received_at: store.now(),
        subject: Pii::new(Subject {
            given_name: "Ada".to_owned(),
            email: "ada@example.org".to_owned(),
            ..Subject::default()
        }),
    }))
}

fn path(shell: &Shell, name: &str) -> PathBuf {
    shell.habeas(&[]).get_current_dir().unwrap().join(name)
}

async fn file(store: &Store, id: RequestId, records: &[Record]) {
    let entry = habeas_core::event::Entry {
        seq: 1,
        at: store.now(),
        actor: Actor::Subject,
        record: records[0].clone(),
    };
    let row = Request::replay(id, &[entry]).unwrap().project();
    let at = store.now();
    let append =
        Append { actor: Actor::Subject, at, expected_seq: 0, records, follow_count: 0, row: &row, jobs: &[] };
    let mut tx = store.begin().await.unwrap();
    tx.create_request(append).await.unwrap();
    tx.commit().await.unwrap();
}

fn verify(shell: &Shell, file: &str, more: &[&str]) -> (i32, Value) {
    let ran = shell.run(&[&["log", "verify", file, "--json"], more].concat());
    (ran.code, serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}")))
}

fn export(shell: &Shell, file: &str, more: &[&str]) -> Ran {
    shell.run(&[&["log", "export", "--data-dir", "data", "--out", file], more].concat())
}

#[tokio::test]
async fn an_export_verifies_anywhere_and_shows_nobody() {
    let shell = Shell::new();
    let reference = filled(&shell).await;
    let exported = export(&shell, "log.jsonl", &[]);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    let key = exported.stdout.lines().find_map(|line| line.strip_prefix("Public key  ")).unwrap();
    let text = shell.read("log.jsonl");
    assert!(!text.contains("Ada") && !text.contains("ada@example.org"));

    let (code, report) = verify(&shell, "log.jsonl", &["--key", key]);
    assert_eq!(
        (code, &report["entries"], &report["findings"]),
        (0, &Value::from(2), &Value::Array(Vec::new()))
    );
    let plain = shell.run(&["log", "verify", "log.jsonl"]);
    assert!(plain.stdout.contains("as it was written") && plain.stdout.contains(key), "{}", plain.stdout);

    assert_ne!(export(&shell, "log.jsonl", &[]).code, 0, "an export wrote over a file");
    assert_eq!(export(&shell, "one.jsonl", &["--request", &reference]).code, 0);
    let (code, report) = verify(&shell, "one.jsonl", &["--key", key]);
    assert_eq!((code, &report["entries"]), (0, &Value::from(1)));
    assert_eq!(export(&shell, "none.jsonl", &["--request", "HB-0000-0000"]).code, 1);
    assert_eq!(export(&shell, "none.jsonl", &["--request", "nonsense"]).code, 2);
}

#[tokio::test]
async fn what_was_done_to_an_export_is_named() {
    let shell = Shell::new();
    filled(&shell).await;
    export(&shell, "log.jsonl", &[]);
    let text = shell.read("log.jsonl");
    let lines: Vec<_> = text.lines().collect();
    let cases = [
        ("changed", text.replacen("\"subject\"", "\"system\"", 1)),
        ("cut", [lines[0], lines[2], lines[3], lines[4]].join("\n")),
        ("reordered", [lines[0], lines[2], lines[1], lines[3], lines[4]].join("\n")),
    ];
    for (expected, changed) in cases {
        shell.write("changed.jsonl", &changed);
        let (code, report) = verify(&shell, "changed.jsonl", &[]);
        let found = report["findings"].as_array().unwrap();
        assert_eq!(code, 1, "{expected}");
        assert!(found.iter().any(|finding| finding["tampering"] == expected), "{expected}: {found:?}");
    }
    let checkpoint = shell.run(&["log", "checkpoint", "--data-dir", "data"]);
    shell.write("kept.txt", &checkpoint.stdout);
    assert_eq!(verify(&shell, "log.jsonl", &["--checkpoint", "kept.txt"]).0, 0);
    assert_eq!(shell.run(&["log", "verify", "log.jsonl", "--key", "nonsense"]).code, 2);
    assert_eq!(shell.run(&["log", "verify", "missing.jsonl"]).code, 1);
}

#[tokio::test]
async fn the_lists_follow_from_the_log_or_it_says_which_do_not() {
    use sqlx::Connection as _;
    let shell = Shell::new();
    filled(&shell).await;
    let rebuild = || shell.run(&["log", "rebuild", "--check", "--data-dir", "data", "--json"]);
    let ran = rebuild();
    assert_eq!(ran.code, 0, "{ran:?}");
    let url = format!("sqlite:{}", path(&shell, "data/habeas.db").display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE requests SET status = 'completed'").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let ran = rebuild();
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, report["differing"].as_array().unwrap().len()), (1, 2));
    assert_eq!(report["differing"][0]["differs"], serde_json::json!(["status"]));
    assert_eq!(shell.run(&["log", "rebuild", "--check", "--data-dir", "nowhere"]).code, 2);
}
