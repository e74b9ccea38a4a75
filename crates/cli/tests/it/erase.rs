//! `habeas erase`: what it asks, what it leaves behind, how it ends, and that a killed run goes on.

use std::io::Write as _;
use std::process::{Child, Stdio};

use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use crate::erasure_cases::{erase, shell};
use crate::support::command::{Ran, Shell};
use crate::support::source::Source;

const DATASET: &str = "dataset:
- fides_key: postgres_example_test_dataset
  collections:
  - name: person
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: name, data_categories: [user.name]}
";

const SQL: &str = "CREATE TABLE person (id integer PRIMARY KEY, email text, name text);
    INSERT INTO person VALUES (1, 'ada@x.org', 'Ada'), (2, 'bob@x.org', 'Bob');";

const ADA: &[&str] = &["email=ada@x.org"];
const WRITE: &str = "[\"read\", \"write\"]";
const NULL: &str = "erasure: [{categories: [user.contact, user.name], mask: {strategy: null_rewrite}}]";
const HASH: &str = "erasure: [{categories: [user.name], mask: {strategy: hash}}]";

fn document(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}\n{}", ran.stdout, ran.stderr))
}

/// Starts a run that may be answered or killed.
fn start(shell: &Shell, more: &[&str]) -> Child {
    let args = ["erase", "run", "--datasets", "datasets", "--connections", "connections.toml", "--policy"];
    let mut command = shell.habeas(&[&args[..], &["policy.yml", "--identity", ADA[0]], more].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn answered(shell: &Shell, answer: &str) -> (i32, String) {
    let mut child = start(shell, &[]);
    child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn it_asks_and_anything_but_the_word_changes_nothing() {
    let source = Source::sqlite(SQL).await;
    let shell = shell(DATASET, NULL, &source.url(), WRITE);
    let before = source.tables().await;
    for answer in ["", "yes\n", "no\n"] {
        let (code, said) = answered(&shell, answer);
        assert_eq!((code, said.contains("This can't be undone: 1 row")), (1, true), "{said}");
        assert_eq!(source.tables().await, before);
    }
    assert_eq!(answered(&shell, "erase\n").0, 0);
    assert!(!source.tables().await["person"][0].contains("ada"));
}

#[tokio::test]
async fn how_it_ends_says_what_is_wrong() {
    let source = Source::sqlite(SQL).await;
    let check = |policy: &str, identities: &[&str], code: i32, said: &str| {
        let shell = shell(DATASET, policy, &source.url(), WRITE);
        let ran = erase(&shell, "plan", identities, &[]);
        assert_eq!((ran.code, ran.stderr.contains(said)), (code, true), "{policy}: {}", ran.stderr);
    };
    let year = "erasure: [{categories: [user.name], mask: {strategy: date_to_year}}]";
    check(year, ADA, 1, "person.name can't take date_to_year: date_to_year works on dates");
    check("access: {include: [user]}", ADA, 2, "the policy has no rule for erasure");
    check("erasure: [{categories: [user.nmae], delete: true}]", ADA, 1, "user.nmae");
    check("erasure: [{categories: [user.name, user.biometric], delete: true}]", ADA, 0, "");
    let idle =
        "erasure: [{categories: [user.name], delete: true}, {categories: [user.biometric], delete: true}]";
    check(idle, ADA, 0, "note: the policy's rule for user.biometric is about no field of any dataset");
    check(NULL, &["passport=1"], 3, "no dataset knows the identity passport");
    check(NULL, &["email=nobody@x.org"], 0, "");
    let read = shell(DATASET, NULL, &source.url(), "[\"read\"]");
    let ran = erase(&read, "run", ADA, &["--yes"]);
    assert_eq!((ran.code, ran.stderr.contains("its grant lacks \"write\"")), (1, true), "{}", ran.stderr);
}

#[tokio::test]
async fn the_record_is_signed_and_holds_nothing_of_the_person() {
    let source = Source::sqlite(SQL).await;
    let shell = shell(DATASET, NULL, &source.url(), WRITE);
    shell.write(
        "retention.yml",
        "retention: [{name: names, match: {categories: [user.name]}, law: l, reason: names are kept}]",
    );
    let more = ["--yes", "--retention", "retention.yml", "--backups-expire-on", "2027-01-31"];
    let ran = erase(&shell, "run", ADA, &more);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut record = document(&ran)["record"].clone();
    let person = &record["sources"][0]["collections"][0];
    assert_eq!(person["rows"], json!({ "masked": 1 }));
    assert_eq!(
        person["fields"],
        json!([{ "field": "email", "strategy": "null_rewrite", "effect": "anonymised", "rows": 1 }])
    );
    assert_eq!(
        (&person["kept"][0]["field"], &person["kept"][0]["reason"]),
        (&json!("name"), &json!("names are kept"))
    );
    assert_eq!(record["backups_expire_on"], "2027-01-31");
    let signature = record.as_object_mut().unwrap().remove("signature").unwrap();
    let bytes = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
    let key = VerifyingKey::from_bytes(&bytes(&record["public_key"]).try_into().unwrap()).unwrap();
    let signature = Signature::from_slice(&bytes(&signature)).unwrap();
    key.verify_strict(record.to_string().as_bytes(), &signature).unwrap();
    for name in ["masked.txt", "suppressed.ndjson"] {
        let kept = shell.read(&format!("erasure/{name}")).to_lowercase();
        let named = kept.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == "ada");
        assert!(!kept.is_empty() && !named, "{kept}");
    }
    assert!(!record.to_string().contains("ada@x.org"));
}

#[tokio::test]
async fn a_record_is_checked_without_its_source_and_every_change_shows() {
    let source = Source::sqlite(SQL).await;
    let shell = shell(DATASET, NULL, &source.url(), WRITE);
    let ran = erase(&shell, "run", ADA, &["--yes", "--backups-expire-on", "2027-01-31"]);
    let record = document(&ran)["record"].clone();
    drop(source);
    shell.write("record.json", &serde_json::to_string_pretty(&record).unwrap());
    let key = record["public_key"].as_str().unwrap();
    let check = |more: &[&str]| shell.run(&[&["erase", "check", "record.json"], more].concat());
    let (bare, keyed) = (check(&[]), check(&["--key", key]));
    assert_eq!((bare.code, keyed.code), (0, 0), "{bare:?}");
    for said in [
        "The record is as it was signed",
        "of 1 person",
        "All that was planned is done",
        "Source postgres_example_test_dataset: done",
        "rows 1 anonymised",
        "email: null_rewrite, anonymised (1 row)",
        "expires on 2027-01-31",
    ] {
        assert!(keyed.stdout.contains(said), "{said}: {}", keyed.stdout);
    }
    assert!(bare.stdout.contains("not who signed") && keyed.stdout.contains("which is the one you gave"));
    let other = check(&["--key", &"d7".repeat(32)]);
    assert!(other.code == 1 || other.code == 2, "{other:?}");

    let whole = shell.read("record.json");
    for (what, with) in
        [("\"anonymised\": 1", "\"anonymised\": 9"), ("2027-01-31", "2026-01-31"), ("null_rewrite", "hash")]
    {
        assert!(whole.contains(what), "{whole}");
        shell.write("record.json", &whole.replacen(what, with, 1));
        let ran = check(&[]);
        assert_eq!(
            (ran.code, ran.stdout.contains("can't be relied on")),
            (1, true),
            "{what}: {}",
            ran.stdout
        );
        assert!(!ran.stdout.contains("All that was planned"), "what isn't signed is not told as if it were");
    }
    shell.write("record.json", &whole.replacen("\"id\":", "\"id\": \"x\", \"id\":", 1));
    let ran = check(&["--json"]);
    assert_eq!((ran.code, ran.stderr.contains("no JSON that can be relied on")), (1, true), "{}", ran.stderr);
    assert_eq!(shell.run(&["erase", "check", "nowhere.json"]).code, 2);
}

#[tokio::test]
async fn who_is_back_after_a_restore_is_recognised_and_erased_again() {
    for source in [Source::postgres(SQL).await, Source::mariadb(SQL).await] {
        replayed(&source).await;
    }
}

async fn replayed(source: &Source) {
    let shell = shell(DATASET, NULL, &source.url(), WRITE);
    assert_eq!(erase(&shell, "run", ADA, &["--yes"]).code, 0);
    let replay = || {
        let args = ["erase", "replay", "--datasets", "datasets", "--connections", "connections.toml"];
        shell.run(&[&args[..], &["--policy", "policy.yml", "--yes", "--json"]].concat())
    };
    assert_eq!(replay().code, 0);
    source
        .execute(
            "DELETE FROM person; INSERT INTO person VALUES (1, 'Ada@X.org', 'Ada'), (2, 'bob@x.org', 'Bob')",
        )
        .await;
    let ran = replay();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let rows = &source.tables().await["person"];
    assert!(
        rows.iter().all(|row| !row.contains("Ada")) && rows.iter().any(|row| row.contains("Bob")),
        "{rows:?}"
    );
}

#[tokio::test]
async fn an_invented_name_is_the_same_in_both_sources() {
    let (one, two) = (Source::mariadb(SQL).await, Source::postgres(SQL).await);
    let fake = "erasure: [{categories: [user.name], mask: {strategy: consistent_fake}}]";
    let shell = shell(DATASET, fake, &one.url(), WRITE);
    shell.write("datasets/other.yml", &DATASET.replace("postgres_example_test_dataset", "other"));
    let url = two.url();
    shell.write(
        "connections.toml",
        &format!("{}[other]\nurl = \"{url}\"\ngrant = {WRITE}\n", shell.read("connections.toml")),
    );
    assert_eq!(erase(&shell, "run", ADA, &["--yes"]).code, 0);
    let name = |rows: &[String]| {
        let row = rows.iter().find(|row| row.contains("ada@x.org")).unwrap();
        serde_json::from_str::<Value>(row).unwrap()["name"].clone()
    };
    let (one, two) = (name(&one.tables().await["person"]), name(&two.tables().await["person"]));
    assert!(one == two && one != json!("Ada"), "{one} {two}");
}

/// Waits until the server has somebody waiting for the lock the test holds.
async fn until_somebody_waits(connection: &mut PgConnection) {
    loop {
        let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
        if connection.fetch_one(waiting).await.unwrap().get::<i64, _>(0) > 0 {
            return;
        }
    }
}

/// A trigger that waits for a lock: the run stands still there, and is killed.
async fn killed_at(trigger: &str) {
    let source = Source::postgres(SQL).await;
    source
        .execute(&format!(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END $$; {trigger}"
        ))
        .await;
    let shell = shell(DATASET, HASH, &source.url(), WRITE);
    let mut holder = PgConnection::connect(&source.url()).await.unwrap();
    holder.execute("SELECT pg_advisory_lock(7)").await.unwrap();
    let mut run = start(&shell, &["--yes"]);
    until_somebody_waits(&mut holder).await;
    run.kill().unwrap();
    run.wait().unwrap();
    holder.execute("SELECT pg_advisory_unlock(7)").await.unwrap();
    // What the server still does for the dead run ends once nobody waits or holds any more.
    holder.execute("SELECT pg_advisory_lock(7)").await.unwrap();
    holder.execute("SELECT pg_advisory_unlock(7)").await.unwrap();
    let between = source.tables().await;
    let ran = erase(&shell, "run", ADA, &["--yes"]);
    assert_eq!(ran.code, 0, "{trigger}: {}", ran.stderr);
    let after = source.tables().await;
    let is_hashed = |rows: &[String]| !rows.iter().any(|row| row.contains("\"Ada\""));
    assert!(is_hashed(&after["person"]), "{trigger}: {after:?}");
    if is_hashed(&between["person"]) {
        assert_eq!(between, after, "{trigger}: what is masked is not masked again");
    }
    let folder = shell.habeas(&[]).get_current_dir().unwrap().join("erasure");
    let left = std::fs::read_dir(folder)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("journal-"));
    assert_eq!(left.count(), 0, "{trigger}: the masking secret is gone");
}

#[tokio::test]
async fn a_run_killed_while_it_writes_goes_on() {
    killed_at("CREATE TRIGGER wait BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION wait()").await;
}

#[tokio::test]
async fn a_run_killed_while_it_commits_goes_on_and_masks_nothing_twice() {
    killed_at(
        "CREATE CONSTRAINT TRIGGER wait AFTER UPDATE ON person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()",
    )
    .await;
}

#[tokio::test]
async fn a_row_that_changes_while_it_asks_is_planned_and_shown_again() {
    for source in [Source::postgres(SQL).await, Source::sqlite(SQL).await, Source::mariadb(SQL).await] {
        changed_while_asking(&source).await;
    }
}

async fn changed_while_asking(source: &Source) {
    let shell = shell(DATASET, NULL, &source.url(), WRITE);
    let mut run = start(&shell, &[]);
    let mut said = String::new();
    let mut lines = std::io::BufReader::new(run.stderr.take().unwrap());
    while !said.contains("Type erase") {
        assert_ne!(std::io::BufRead::read_line(&mut lines, &mut said).unwrap(), 0, "{said}");
    }
    source.execute("UPDATE person SET name = 'Ada King' WHERE id = 1").await;
    run.stdin.take().unwrap().write_all(b"erase\nerase\n").unwrap();
    std::io::Read::read_to_string(&mut lines, &mut said).unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(0), "{said}");
    assert!(said.contains("rows changed since they were planned"), "{said}");
    assert!(source.tables().await["person"].iter().all(|row| !row.contains("Ada")));
}
