//! A shop's tables in PostgreSQL and its documents in MongoDB as one graph, from the command line: what is found,
//! what a plan says, what is left after erasing and correcting, read afterwards without what the connector does.

use mongodb::bson::{Bson, DateTime, Document, doc};
use serde_json::Value;

use crate::support::command::{Ran, Shell};
use crate::support::source::Source;

const TABLES: &str = "CREATE TABLE customer (id integer PRIMARY KEY, email text, name text);
    INSERT INTO customer VALUES (7, 'ada@x.org', 'Ada'), (8, 'bob@x.org', 'Bob');";

const TABLES_DATASET: &str = "dataset:
- fides_key: shop
  collections:
  - name: customer
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: name, data_categories: [user.name]}
";

const DOCUMENTS_DATASET: &str = "dataset:
- fides_key: app
  collections:
  - name: profiles
    fields:
    - {name: _id, data_categories: [system], fides_meta: {primary_key: true, data_type: object_id}}
    - name: customer
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
    - name: home
      fides_meta: {data_type: object}
      fields:
      - {name: city, data_categories: [user.contact.address.city], habeas: {fact: city}}
      - {name: zone, data_categories: [system]}
    - name: devices
      fides_meta: {data_type: 'object[]'}
      fields:
      - {name: ip, data_categories: [user.device.ip_address]}
  - name: chats
    fields:
    - {name: _id, data_categories: [system], fides_meta: {primary_key: true}}
    - name: messages
      fides_meta: {data_type: 'object[]'}
      fields:
      - name: by
        data_categories: [user.unique_id]
        fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
      - {name: text, data_categories: [user.content]}
  - name: sessions
    fields:
    - {name: _id, data_categories: [system], fides_meta: {primary_key: true}}
    - name: profile
      data_categories: [system]
      fides_meta: {references: [{dataset: app, field: profiles._id, direction: from}]}
    - {name: agent, data_categories: [user.device]}
";

const POLICY: &str = "erasure:
- {categories: [user.device.cookie_id], delete: true}
- {categories: [user.contact, user.name, user.content, user.device], mask: {strategy: null_rewrite}}
";

/// A shop, its documents, and a folder to work on both from.
struct World {
    _tables: Source,
    documents: habeas_testkit::mongodb::Database,
    shell: Shell,
}

fn profile(id: &str, customer: i32, city: &str) -> Document {
    doc! {
        "_id": mongodb::bson::oid::ObjectId::parse_str(id).unwrap(), "customer": Bson::Int64(customer.into()),
        "home": { "city": city, "zone": Bson::Int64(3) },
        "devices": [{ "ip": "10.0.0.1", "seen": DateTime::from_millis(0) }, { "ip": "10.0.0.2" }],
    }
}

const ADA: &str = "64f0c0ffee64f0c0ffee64f0";
const BOB: &str = "64f0c0ffee64f0c0ffee64f1";

async fn world(documents: habeas_testkit::mongodb::Database) -> World {
    let tables = Source::postgres(TABLES).await;
    documents.insert("profiles", vec![profile(ADA, 7, "Oslo"), profile(BOB, 8, "Bergen")]).await;
    let messages = vec![doc! { "by": 7, "text": "hello" }, doc! { "by": 8, "text": "hi" }];
    documents.insert("chats", vec![doc! { "_id": "c1", "messages": messages }]).await;
    let session = |n: i32, of: &str| doc! { "_id": n, "profile": of, "agent": "browser" };
    documents.insert("sessions", vec![session(1, ADA), session(2, BOB)]).await;
    let shell = Shell::new();
    shell.write("datasets/shop.yml", TABLES_DATASET);
    shell.write("datasets/app.yml", DOCUMENTS_DATASET);
    shell.write("policy.yml", POLICY);
    let grant = "grant = [\"read\", \"write\"]";
    let connections = format!(
        "[shop]\nurl = \"{}\"\n{grant}\n[app]\nurl = \"{}\"\n{grant}\n",
        tables.url(),
        documents.url()
    );
    shell.write("connections.toml", &connections);
    World { _tables: tables, documents, shell }
}

fn run(world: &World, command: &[&str], more: &[&str]) -> Ran {
    let common = [
        "--datasets",
        "datasets",
        "--connections",
        "connections.toml",
        "--json",
        "--identity",
        "email=ada@x.org",
    ];
    world.shell.run(&[command, &common[..], more].concat())
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}\n{}", ran.stdout, ran.stderr))
}

#[tokio::test]
async fn a_person_is_collected_from_tables_and_documents_together() {
    let world = world(habeas_testkit::mongodb::fresh_database().await).await;
    let ran = run(&world, &["collect"], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let found = &json(&ran)["subjects"][0];
    let records = &found["records"];
    assert_eq!(records["shop:customer"][0]["name"], "Ada");
    assert_eq!(records["app:profiles"][0]["home"]["city"], "Oslo");
    assert_eq!(records["app:profiles"][0]["devices"][1]["ip"], "10.0.0.2");
    let said = serde_json::json!([{ "by": 7, "text": "hello" }]);
    assert_eq!(records["app:chats"][0]["messages"], said, "only the person's own elements");
    assert_eq!(records["app:sessions"].as_array().map(Vec::len), Some(1));
    let coverage = found["coverage"].as_array().unwrap();
    assert_eq!(coverage.len(), 4);
    assert!(
        coverage.iter().all(|one| one["outcome"] == "searched" && one["as_of"].is_string()),
        "{coverage:?}"
    );
}

async fn check_erased(world: &World) {
    let ran = run(world, &["erase", "run"], &["--policy", "policy.yml", "--yes"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    let mut expected = profile(ADA, 7, "Oslo");
    expected.insert("home", doc! { "city": Bson::Null, "zone": Bson::Int64(3) });
    let devices = [doc! { "ip": Bson::Null, "seen": DateTime::from_millis(0) }, doc! { "ip": Bson::Null }];
    expected.insert("devices", devices.to_vec());
    let id = |hex: &str| mongodb::bson::oid::ObjectId::parse_str(hex).unwrap();
    assert_eq!(world.documents.lookup("profiles", id(ADA)).await, Some(expected));
    assert_eq!(world.documents.lookup("profiles", id(BOB)).await, Some(profile(BOB, 8, "Bergen")));
    // Another customer's row leads to the chat as well: it is not this person's alone, and stays.
    let messages = vec![doc! { "by": 7, "text": "hello" }, doc! { "by": 8, "text": "hi" }];
    assert_eq!(world.documents.lookup("chats", "c1").await, Some(doc! { "_id": "c1", "messages": messages }));
    let agents = [(1, Bson::Null), (2, "browser".into())];
    for (id, agent) in agents {
        assert_eq!(world.documents.lookup("sessions", id).await.unwrap().get("agent"), Some(&agent));
    }
    let again = run(world, &["erase", "plan"], &["--policy", "policy.yml"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
}

#[tokio::test]
async fn a_person_is_erased_from_tables_and_documents_together() {
    check_erased(&world(habeas_testkit::mongodb::fresh_database().await).await).await;
}

#[tokio::test]
async fn a_server_that_stands_alone_is_named_in_the_plan_and_erased_all_the_same() {
    let world = world(habeas_testkit::mongodb::fresh_standalone_database().await).await;
    let plan = run(&world, &["erase", "plan"], &["--policy", "policy.yml"]);
    let said = format!("{}{}", plan.stdout, plan.stderr);
    assert!(said.contains("source app has no transactions (a standalone server)"), "{said}");
    assert_eq!(world.documents.lookup("sessions", 1).await.unwrap().get_str("agent").ok(), Some("browser"));
    check_erased(&world).await;
}

#[tokio::test]
async fn a_fact_inside_a_document_is_corrected_and_all_else_keeps_its_type() {
    let world = world(habeas_testkit::mongodb::fresh_database().await).await;
    let ran = run(&world, &["rectify", "run"], &["--set", "city=Trondheim", "--yes"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    let id = mongodb::bson::oid::ObjectId::parse_str(ADA).unwrap();
    assert_eq!(world.documents.lookup("profiles", id).await, Some(profile(ADA, 7, "Trondheim")));
}

#[tokio::test]
async fn a_source_of_documents_is_tested_and_sampled() {
    let world = world(habeas_testkit::mongodb::fresh_database().await).await;
    let ran = world.shell.run(&[
        "source",
        "test",
        "--connections",
        "connections.toml",
        "--datasets",
        "datasets",
        "app",
    ]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("app: MongoDB "), "{}", ran.stdout);
    let ran = world.shell.run(&[
        "source",
        "sample",
        "--connections",
        "connections.toml",
        "app",
        "profiles",
        "--rows",
        "1",
    ]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("array [object {ip: string, seen: date}]"), "{}", ran.stdout);
    assert!(ran.stdout.contains(r#"home: {"city":"Oslo","zone":3}"#), "{}", ran.stdout);
}
