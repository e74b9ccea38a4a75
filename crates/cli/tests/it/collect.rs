//! `habeas collect`: what it prints, what it writes and who may read it, and how it ends.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::support::command::{Ran, Shell};

const DATASET: &str = "dataset:
- fides_key: shop
  collections:
  - name: person
    fields:
    - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email } }
    - { name: account, data_categories: [system], fides_meta: { references: [{ dataset: shop, field: account.id, direction: to }] } }
  - name: account
    fields:
    - { name: id, data_categories: [system] }
    - { name: iban, data_categories: [user.financial] }
";

const PHONES: &str = "dataset:
- fides_key: phones
  collections:
  - name: call
    fields:
    - { name: number, data_categories: [user.contact.phone_number], fides_meta: { identity: phone_number } }
";

const SQL: &str =
    "CREATE TABLE person (email text, account integer); CREATE TABLE account (id integer, iban text);
    INSERT INTO person VALUES ('ada@x.org', 1), ('bob@x.org', 1), ('cy@x.org', 2);
    INSERT INTO account VALUES (1, 'JOINT'), (2, 'CY');
    CREATE TABLE call (number text); INSERT INTO call VALUES ('+4912345678');";

/// Where a file of the shell's folder is.
fn path(shell: &Shell, name: &str) -> PathBuf {
    shell.habeas(&[]).get_current_dir().unwrap().join(name)
}

/// A folder with datasets, a source and its connection.
async fn shell() -> Shell {
    let shell = Shell::new();
    shell.write("datasets/shop.yml", DATASET);
    shell.write("shop.db", "");
    shell
        .write("connections.toml", "[shop]\nurl = \"sqlite://shop.db\"\ndatasets = [\"shop\", \"phones\"]\n");
    let mut connection =
        SqliteConnection::connect(&format!("sqlite://{}", path(&shell, "shop.db").display())).await.unwrap();
    connection.execute(SQL).await.unwrap();
    connection.close().await.unwrap();
    shell
}

fn collect(shell: &Shell, more: &[&str]) -> Ran {
    let args = ["collect", "--datasets", "datasets", "--connections", "connections.toml"];
    shell.run(&[&args[..], more].concat())
}

fn document(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}\n{}", ran.stdout, ran.stderr))
}

#[tokio::test]
async fn many_people_come_back_each_with_their_own() {
    let shell = shell().await;
    shell.write("people.csv", "email,phone_number\nada@x.org,\nbob@x.org,\n\"cy@x.org\",+49 1\n");
    shell.write("datasets/phones.yml", PHONES);
    let ran = collect(&shell, &["--identities", "people.csv", "--json"]);
    let document = document(&ran);
    let subjects = document["subjects"].as_array().unwrap();
    assert_eq!(subjects[0]["records"]["shop:account"], json!([{ "iban": "JOINT" }]));
    assert_eq!(subjects[0]["shared"], json!({ "shop:account": [0] }));
    assert_eq!(subjects[1]["identities"], json!({ "email": "bob@x.org" }));
    assert_eq!(
        subjects[2]["records"],
        json!({ "shop:account": [{ "iban": "CY" }], "shop:person": [{ "email": "cy@x.org" }] })
    );
    let coverage = &subjects[0]["coverage"].as_array().unwrap();
    let person = coverage.iter().find(|one| one["collection"] == "person").unwrap();
    assert_eq!(
        (&person["rows"], &person["reached_by"]),
        (&json!(1), &json!(["identity email -> shop:person.email"]))
    );
    // Nothing leads from Ada's address to calls, and that is not the same as no calls.
    let call = coverage.iter().find(|one| one["collection"] == "call").unwrap();
    assert_eq!(call["outcome"], "unreached");
    assert_eq!(ran.code, 3);
}

#[tokio::test]
async fn nobody_found_is_a_success_and_an_unknown_kind_is_not() {
    let shell = shell().await;
    let ran = collect(&shell, &["--identity", "email=nobody@x.org", "--json"]);
    assert_eq!((ran.code, &document(&ran)["subjects"][0]["records"]), (0, &json!({})));

    let ran = collect(&shell, &["--identity", "passport=123", "--json"]);
    assert_eq!(ran.code, 3);
    assert_eq!(document(&ran)["unknown_identities"], json!(["passport"]));
    assert_eq!(document(&ran)["unreached"].as_array().unwrap().len(), 2);
    assert!(ran.stderr.contains("no dataset knows the identity passport"), "{}", ran.stderr);
}

#[tokio::test]
async fn wrong_usage_ends_with_two_and_repeats_nobodys_address() {
    let shell = shell().await;
    shell.write("nobody.csv", "ada@x.org\nbob@x.org\n");
    for more in [
        &["--identity", "ada@x.org"][..],
        &["--identity", "email="],
        &["--identities", "nobody.csv"],
        &["--identity", "email=ada@x.org", "--identities", "nobody.csv"],
        &[],
    ] {
        let ran = collect(&shell, more);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(!ran.stderr.contains("ada@x.org"), "{}", ran.stderr);
    }
}

#[tokio::test]
async fn files_are_for_their_owner_only_and_never_written_over() {
    let shell = shell().await;
    let ran = collect(&shell, &["--identity", "email=ada@x.org", "--out", "found"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("shop:account") && !ran.stdout.contains("JOINT"), "{}", ran.stdout);
    let mode = |name: &str| std::fs::metadata(path(&shell, name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode("found"), mode("found/records.ndjson"), mode("found/summary.json")),
        (0o700, 0o600, 0o600)
    );
    let lines: Vec<Value> =
        shell.read("found/records.ndjson").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["row"], json!({ "iban": "JOINT" }));
    assert_eq!(
        lines[1]["reached_by"],
        json!(["identity email -> shop:person.email", "shop:person.account -> shop:account.id"])
    );
    let again = collect(&shell, &["--identity", "email=ada@x.org", "--out", "found"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
}

#[tokio::test]
async fn with_a_recipient_nothing_readable_reaches_the_disk() {
    let shell = shell().await;
    let key = age::x25519::Identity::generate();
    let recipient = key.to_public().to_string();
    let ran =
        collect(&shell, &["--identity", "email=ada@x.org", "--out", "found", "--recipient", &recipient]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let sealed = std::fs::read(path(&shell, "found/records.ndjson.age")).unwrap();
    assert!(!path(&shell, "found/records.ndjson").exists());
    let mut opened = String::new();
    let reader =
        age::Decryptor::new(&sealed[..]).unwrap().decrypt(std::iter::once(&key as &dyn age::Identity));
    reader.unwrap().read_to_string(&mut opened).unwrap();
    assert!(opened.contains("JOINT"));
}

#[tokio::test]
async fn a_source_that_fails_ends_with_one_and_is_not_empty() {
    let shell = shell().await;
    shell.write("datasets/phones.yml", PHONES);
    shell.write(
        "connections.toml",
        "[shop]\nurl = \"sqlite://shop.db\"\n[phones]\nurl = \"sqlite://gone.db\"\n",
    );
    let ran = collect(&shell, &["--identity", "email=ada@x.org", "--identity", "phone_number=+49", "--json"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("source phones can't open the file gone.db"), "{}", ran.stderr);
    let document = document(&ran);
    let coverage = document["subjects"][0]["coverage"].as_array().unwrap();
    let call = coverage.iter().find(|one| one["collection"] == "call").unwrap();
    assert_eq!(call["outcome"], "failed");
    assert_eq!(document["subjects"][0]["records"]["shop:account"], json!([{ "iban": "JOINT" }]));
}
