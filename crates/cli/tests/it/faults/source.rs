//! A source that goes away while it is read: the request waits and says why, nothing partial is kept.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use habeas_cli::config::Config;
use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_core::flow::TaskKey;
use habeas_core::id::RequestId;
use habeas_core::request::Command;
use habeas_testkit::postgres::{Database, fresh_database};
use habeas_testkit::proxy::Proxy;
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use super::seen::{ANABELLE, ensure_whole, files, records};
use crate::flows::world::World;

const ORDERS: i64 = 6_000;

const DATASET: &str = "dataset:
- fides_key: shop
  name: Shop
  collections:
  - name: customer
    description: Customers
    fields:
    - { name: id, data_categories: [system.operations], fides_meta: { primary_key: true } }
    - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email } }
  - name: orders
    description: Orders
    fields:
    - name: id
      data_categories: [system.operations]
      fides_meta: { primary_key: true }
    - name: customer_id
      data_categories: [system.operations]
      fides_meta: { references: [{ dataset: shop, field: customer.id, direction: from }] }
    - { name: note, data_categories: [user.content] }
";

/// A shop with many orders of one customer, a megabyte and more.
async fn shop() -> Database {
    let database = fresh_database().await;
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    let sql = format!(
        "CREATE TABLE customer (id integer PRIMARY KEY, email text);
        CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, note text);
        CREATE INDEX ON orders (customer_id);
        INSERT INTO customer VALUES (1, '{ANABELLE}'), (2, 'other@example.org');
        INSERT INTO orders SELECT n, 1 + (n % 7 = 0)::int, n || repeat('-', 500)
            FROM generate_series(1, {ORDERS}) n"
    );
    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await.unwrap();
    connection.close().await.unwrap();
    database
}

/// Adds a dataset, and what the register of processing says of it.
pub(crate) fn add_dataset(data: &Path, dataset: &str) {
    std::fs::write(data.join("definitions/datasets/shop.yml"), dataset).unwrap();
    let register = data.join("definitions/register.yml");
    let text = std::fs::read_to_string(&register).unwrap();
    std::fs::write(&register, text.replace("sources: [billing.clients,", "sources: [shop, billing.clients,"))
        .unwrap();
}

/// The demonstration's organisation with one source more, reached at this address.
pub(crate) async fn open(url: &str, dataset: &str, limits: &str) -> World {
    let folder = tempfile::tempdir().unwrap();
    habeas_cli::demo::write(folder.path()).unwrap();
    add_dataset(folder.path(), dataset);
    let file = folder.path().join("connections.toml");
    let more = format!("\n[shop]\nurl = \"{url}\"\ngrant = [\"read\"]\nlimits = {{ {limits} }}\n");
    let before = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{before}{more}")).unwrap();
    World::open(Arc::new(folder), Config::default()).await.unwrap()
}

/// Returns what a database holds of the first customer, as records show it.
async fn orders(url: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let sql = "SELECT note FROM orders WHERE customer_id = 1 ORDER BY id";
    let rows = connection.fetch_all(sql).await.unwrap();
    let json = |row: &sqlx::postgres::PgRow| {
        let note: String = row.get(0);
        format!("{{\"note\":\"{note}\"}}")
    };
    let mut rows: Vec<String> = rows.iter().map(json).collect();
    rows.sort();
    rows
}

/// Lets all its tries pass, and checks that it waits for the source and kept nothing.
async fn ensure_waits(world: &World, id: RequestId, said: &str) {
    for _ in 0..6 {
        world.run().await;
        world.clock.advance(jiff::SignedDuration::from_mins(70));
    }
    let request = world.request(id).await;
    assert!(request.found.is_none(), "half an answer is no answer");
    assert_eq!(request.waits_on(), "source");
    let task = TaskKey::from_text("collection.collect");
    let failure = request.tasks.get(&task).and_then(|run| run.failure.clone()).expect("a failure");
    assert_eq!(failure.source.as_deref(), Some("shop"));
    assert!(failure.message.contains(said), "{}", failure.message);
    assert!(!failure.message.contains(ANABELLE));
    ensure_nothing_kept(world.path());
}

fn ensure_nothing_kept(data: &Path) {
    let (scratch, stored) = files(data);
    assert!(scratch.is_empty() && stored.is_empty(), "{scratch:?} {stored:?}");
}

/// Has the task tried again by a person, and compares what is found with what the database holds.
async fn ensure_completes(world: &World, id: RequestId, url: &str) {
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    let retry = Command::Retry(TaskKey::from_text("collection.collect"));
    world.act(id, Actor::Staff(officer), &[Builtin::PrivacyOfficer], retry).await.unwrap();
    world.run().await;
    assert_eq!(world.request(id).await.waits_on(), "staff");
    let found = records(world, id).await;
    let mut found: Vec<String> =
        found.into_iter().filter(|(_, place, ..)| place == "shop.orders").map(|(.., row)| row).collect();
    found.sort();
    let expected = orders(url).await;
    assert!(expected.len() > 5_000);
    assert_eq!(found.len(), expected.len());
    assert!(found == expected, "{:?} instead of {:?}", found.first(), expected.first());
    ensure_whole(&world.installation.store).await;
}

#[tokio::test]
async fn a_source_cut_while_rows_stream_is_waited_for_and_read_again() {
    let database = shop().await;
    let proxy = Proxy::start(database.port()).unwrap();
    let world = open(&database.url_through(proxy.address().port()), DATASET, "retries = 1").await;
    let id = world.file("Anabelle", ANABELLE).await;
    // Far behind the handshake and the catalogue, far before the end.
    proxy.cut_after(1_500_000);
    world.verify(id).await;
    assert!(world.request(id).await.found.is_none());
    ensure_nothing_kept(world.path());
    ensure_waits(&world, id, "source shop does not answer").await;
    proxy.restore();
    ensure_completes(&world, id, database.url()).await;
}

#[tokio::test]
async fn a_source_cut_once_while_rows_stream_is_read_again_by_itself() {
    let database = shop().await;
    let proxy = Proxy::start(database.port()).unwrap();
    let world = open(&database.url_through(proxy.address().port()), DATASET, "retries = 0").await;
    let id = world.file("Anabelle", ANABELLE).await;
    proxy.cut_after(1_500_000);
    world.verify(id).await;
    assert!(world.request(id).await.found.is_none());
    ensure_nothing_kept(world.path());
    proxy.restore();
    world.clock.advance(jiff::SignedDuration::from_mins(2));
    world.run().await;
    let found = records(&world, id).await;
    let count = found.iter().filter(|(_, place, ..)| place == "shop.orders").count();
    assert_eq!(count, orders(database.url()).await.len());
    ensure_whole(&world.installation.store).await;
}

#[tokio::test]
async fn a_source_that_stalls_while_rows_stream_is_given_up_in_time() {
    let database = shop().await;
    let proxy = Proxy::start(database.port()).unwrap();
    let limits = "timeout_ms = 400, connect_timeout_ms = 400, retries = 0";
    let world = open(&database.url_through(proxy.address().port()), DATASET, limits).await;
    let id = world.file("Anabelle", ANABELLE).await;
    let verify = Command::Verify { rung: "mail_code".to_owned() };
    world.act(id, Actor::Subject, &[], verify).await.unwrap();
    // Stalled as soon as the first records are written down.
    let stall = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(1));
        for _ in 0..10_000 {
            ticks.tick().await;
            let (scratch, _) = files(world.path());
            if scratch.iter().any(|file| file.metadata().is_ok_and(|found| found.len() > 200_000)) {
                return proxy.stall();
            }
        }
    };
    // Rows come slowly enough to be seen.
    proxy.delay(Duration::from_millis(2));
    let ((), ()) = tokio::join!(world.run(), stall);
    assert!(world.request(id).await.found.is_none());
    ensure_nothing_kept(world.path());
    ensure_waits(&world, id, "source shop does not answer").await;
    proxy.restore();
    ensure_completes(&world, id, database.url()).await;
}
