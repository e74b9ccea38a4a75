//! `habeas rectify`: before and after are shown, and what is derived is right too.

use serde_json::{Value, json};

use crate::erasure_cases::shell;
use crate::support::command::{Ran, Shell};
use crate::support::source::Source;

const DATASET: &str = "dataset:
- fides_key: postgres_example_test_dataset
  collections:
  - name: person
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: phone, data_categories: [user.contact.phone_number], habeas: {fact: phone}}
    - {name: phone_plain, data_categories: [user.contact.phone_number], habeas: {derived_from: [phone]}}
    - {name: city, data_categories: [user.contact.address.city], habeas: {fact: city}}
";

const SQL: &str = "CREATE TABLE person (id integer PRIMARY KEY, email text, phone text, phone_plain text, city varchar(8));
    INSERT INTO person VALUES (1, 'ada@x.org', '+39 1 2', '+3912', 'Rome'), (2, 'bob@x.org', '+39 1 2', '+3912', 'Rome');";

fn rectify(shell: &Shell, what: &str, more: &[&str]) -> Ran {
    let args = ["rectify", what, "--datasets", "datasets", "--connections", "connections.toml", "--json"];
    shell.run(&[&args[..], &["--identity", "email=ada@x.org"], more].concat())
}

#[tokio::test]
async fn a_fact_and_what_is_made_from_it_are_right_afterwards_and_nobody_elses_changed() {
    for source in [Source::postgres(SQL).await, Source::sqlite(SQL).await, Source::mariadb(SQL).await] {
        let shell = shell(DATASET, "", &source.url(), "[\"read\", \"write\"]");
        let set = ["--set", "city=Paris", "--set", "phone=+33 4 5"];
        let before = source.tables().await;
        let planned = rectify(&shell, "plan", &set);
        assert_eq!((planned.code, source.tables().await), (0, before), "{}", planned.stderr);
        let document: Value = serde_json::from_str(&planned.stdout).unwrap();
        let line = |change: &Value| format!("{} {} {}", change["field"], change["before"], change["after"]);
        let changes: Vec<String> = document["changes"].as_array().unwrap().iter().map(line).collect();
        assert_eq!(
            changes,
            [
                "\"phone\" \"+39 1 2\" \"+33 4 5\"",
                "\"city\" \"Rome\" \"Paris\"",
                "\"phone_plain\" \"+3912\" \"+3345\"",
            ]
        );
        let ran = rectify(&shell, "run", &[&set[..], &["--yes"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(document["verification"], json!({ "residue": [] }));
        let row = |id: u8, phone: &str, plain: &str, city: &str| {
            let email = if id == 1 { "ada@x.org" } else { "bob@x.org" };
            json!({ "city": city, "email": email, "id": f64::from(id), "phone": phone, "phone_plain": plain })
                .to_string()
        };
        let expected = [row(1, "+33 4 5", "+3345", "Paris"), row(2, "+39 1 2", "+3912", "Rome")];
        assert_eq!(source.tables().await["person"], expected);
    }
}

#[tokio::test]
async fn what_can_not_be_corrected_is_told() {
    let source = Source::postgres(SQL).await;
    let shell = shell(DATASET, "", &source.url(), "[\"read\", \"write\"]");
    let check = |more: &[&str], code: i32, said: &str| {
        let ran = rectify(&shell, "plan", more);
        assert_eq!((ran.code, ran.stderr.contains(said)), (code, true), "{more:?}: {}", ran.stderr);
    };
    check(&["--set", "shoe_size=40"], 3, "no dataset says where shoe_size is");
    check(&["--set", "city=Constantinople"], 1, "person.city: it takes 8 characters and would get 14");
    check(&["--set", "city"], 2, "--set takes a fact and a value");
    check(&["--set", "city=Oslo", "--was", "phone=1"], 2, "--was names phone, which --set doesn't");
    check(&["--set", "city=Oslo", "--was", "city=Paris"], 0, "");
}
