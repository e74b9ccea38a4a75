//! Corrections on real databases.

use std::path::Path;

use habeas_core::yaml::Problems;
use habeas_dataset::graph::Graph;
use habeas_dataset::rectify::Wanted;
use habeas_testkit::SeededChance;

use super::{Rectification, plan, run};
use crate::connections::Connections;
use crate::erase::Outcome;
use crate::sources::Sources;
use crate::testing::people;

const SQL: &str = "CREATE TABLE address (id integer PRIMARY KEY, city text);
    CREATE TABLE person (id integer PRIMARY KEY, email text, phone text, digits text, address_id integer, profile text);
    INSERT INTO address VALUES (1, 'Rome'), (2, 'Rome');
    INSERT INTO person VALUES (1, 'ada@x.org', '+39 1 2', '3912', 1, '{\"city\":\"Rome\",\"n\":1.50}'), (2, 'bob@x.org', '+39 3', '393', 2, '{}'), (3, 'cy@x.org', NULL, NULL, 2, '{}');";

const DATASET: &str = "
fides_key: shop
collections:
- name: person
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: phone, data_categories: [user.contact.phone_number], habeas: {fact: phone}}
  - {name: digits, data_categories: [user.contact.phone_number], habeas: {derived_from: [phone]}}
  - {name: address_id, data_categories: [system], fides_meta: {references: [{dataset: shop, field: address.id, direction: to}]}}
  - {name: profile, fields: [{name: city, data_categories: [user.contact.address.city], habeas: {fact: city}}]}
- name: address
  fields:
  - {name: id, data_categories: [system]}
  - {name: city, data_categories: [user.contact.address.city], habeas: {fact: city}}
";

/// Corrects for one person and returns the changes and what was left, a line each.
async fn correct(url: &str, email: &str, facts: &[(&str, &str)]) -> Vec<String> {
    let problems = Problems::new();
    let graph = Graph::new(habeas_dataset::read::read("shop.yml", DATASET, &problems)).unwrap();
    let connections = format!("[shop]\nurl = \"{url}\"\ngrant = [\"read\", \"write\"]");
    let sources = Sources::new(&Connections::parse(&connections, Path::new("")).unwrap());
    let wanted: Vec<Wanted> = facts
        .iter()
        .map(|(fact, value)| Wanted { fact: (*fact).into(), value: Some((*value).to_owned()), was: None })
        .collect();
    let whole = graph.plan_whole(&["email"]).unwrap();
    let rectification = Rectification {
        graph: &graph,
        plan: &whole,
        whole: &whole,
        wanted: &wanted,
        sources: &sources,
        subjects: &people("email", &[email]),
        chance: &SeededChance::new(1),
    };
    let correction = plan(&rectification).await.unwrap();
    assert_eq!(correction.planned.troubles, []);
    let mut lines: Vec<String> = correction
        .changes
        .iter()
        .map(|change| {
            format!("{}.{}: {}", change.collection, change.corrected.path, change.corrected.after.to_text())
        })
        .collect();
    lines.extend(correction.left.iter().map(|left| format!("{}: {}", left.collection, left.reason)));
    let (outcomes, residue) = run(&rectification, &correction).await.unwrap();
    assert!(
        outcomes.iter().all(|one| matches!(one.outcome, Outcome::Done { .. } | Outcome::Nothing)),
        "{outcomes:?}"
    );
    assert_eq!(residue, []);
    assert_eq!(plan(&rectification).await.unwrap().changes.len(), 0, "correcting again changes nothing");
    lines
}

async fn check(url: &str) {
    assert_eq!(
        correct(url, "ada@x.org", &[("phone", "+44 7"), ("city", "Paris")]).await,
        ["person.phone: +44 7", "person.profile.city: Paris", "person.digits: 447", "address.city: Paris",]
    );
    let shared = "address: a row of shop:person that is not this person's leads to it too";
    assert_eq!(correct(url, "bob@x.org", &[("city", "Oslo")]).await, [shared]);
}

#[tokio::test]
async fn facts_and_what_is_made_from_them_are_corrected_and_nobody_elses() {
    let database = crate::testing::postgres(SQL).await;
    check(database.url()).await;
    let database = crate::testing::mariadb(SQL).await;
    check(database.url()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.db");
    crate::testing::sqlite(&file, SQL).await;
    check(&format!("sqlite://{}", file.display())).await;
}
