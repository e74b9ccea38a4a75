//! Our own database going away in the middle: work is tried again, and nothing typed is lost.

use std::sync::Arc;

use habeas_cli::config::Config;
use habeas_cli::server::{self, Shows};
use habeas_core::context::below;
use habeas_core::event::Actor;
use habeas_core::request::Command;
use habeas_store::requests::{Filter, Paging, Scope};
use habeas_testkit::SeededChance;
use habeas_testkit::postgres::{Database, fresh_database};
use habeas_testkit::proxy::Proxy;
use sqlx::{Connection as _, PgConnection};

use super::seen::{ANABELLE, Seen, ensure_whole};
use crate::flows::world::World;
use crate::support::visitor::Visitor;

const SEED: u64 = 4;

/// The demonstration's organisation over PostgreSQL behind a proxy.
async fn open(database: &Database, proxy: &Proxy) -> World {
    let folder = tempfile::tempdir().unwrap();
    habeas_cli::demo::write(folder.path()).unwrap();
    let mut config =
        Config { database: Some(database.url_through(proxy.address().port())), ..Config::default() };
    config.server.proof_of_work_bits = 4;
    World::open(Arc::new(folder), config).await.unwrap()
}

/// On PostgreSQL leases run by the server's own clock, which no test can move.
async fn expire_leases(database: &Database) {
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    let sql = "UPDATE jobs SET lease_until = 1, attempts = 0 WHERE state = 'running'";
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_database_cut_again_and_again_leaves_nothing_half() {
    println!("seed {SEED}");
    let chance = SeededChance::new(SEED).shared();
    let (database, calm_database) = (fresh_database().await, fresh_database().await);
    let proxy = Proxy::start(database.port()).unwrap();
    let calm_proxy = Proxy::start(calm_database.port()).unwrap();
    let (world, calm) = (open(&database, &proxy).await, open(&calm_database, &calm_proxy).await);

    let verify = || Command::Verify { rung: "mail_code".to_owned() };
    let expected = calm.file("Anabelle", ANABELLE).await;
    calm.act(expected, Actor::Subject, &[], verify()).await.unwrap();
    calm.run().await;
    let expected = Seen::of(&calm.installation.store, expected).await;

    let id = world.receive("Anabelle", ANABELLE).await.unwrap();
    let mut failures = 0;
    for round in 0..60 {
        if round == 20 {
            let is_sent = world.installation.store.read().await.unwrap().list_mails(9).await.unwrap().len();
            assert!(is_sent <= 2);
            proxy.restore();
            world.run().await;
            world.act(id, Actor::Subject, &[], verify()).await.unwrap();
        }
        proxy.cut_after(u64::from(below(&*chance, 12_000)));
        world.run().await;
        failures += u32::from(world.installation.store.read().await.is_err());
        proxy.restore();
        expire_leases(&database).await;
        world.clock.advance(jiff::SignedDuration::from_mins(1));
    }
    assert!(failures > 10, "the database was only {failures} times away");
    for _ in 0..12 {
        world.clock.advance(jiff::SignedDuration::from_mins(70));
        world.run().await;
    }
    assert_eq!(Seen::of(&world.installation.store, id).await, expected);
    let stopped = world.installation.store.read().await.unwrap().list_stopped_jobs(10).await.unwrap();
    assert_eq!(stopped, []);
    ensure_whole(&world.installation.store).await;
}

/// What was typed stays on the screen of whoever typed it: sending the same page again files it, once.
#[tokio::test]
async fn a_form_sent_while_the_database_is_away_can_be_sent_again() {
    let database = fresh_database().await;
    let proxy = Proxy::start(database.port()).unwrap();
    let world = open(&database, &proxy).await;
    let app = server::app(&world.installation, Shows::default()).unwrap();
    let mut person = Visitor::new(habeas_web::router(app));
    person.get("/ask/access").await.is(200);
    let form = person.page.clone();
    let fields = [
        ("given_name", "Anabelle"),
        ("family_name", "Deleon"),
        ("email", ANABELLE),
        ("country", "GB"),
        ("relation", "customer"),
        ("format", "html"),
        ("language", "en"),
        ("step", "review"),
    ];
    proxy.cut();
    let answer = person.send("/ask/access", &fields).await;
    ensure_says_sorry(&answer);
    proxy.restore();
    person.page = form;
    person.send("/ask/access", &fields).await.is(200).shows("Check before you send");

    let review = person.page.clone();
    for cut_after in [0, 300, 900, 1_500, 2_500, 4_000] {
        proxy.cut_after(cut_after);
        person.page = review.clone();
        let answer = person.send("/ask/access", &[("step", "send")]).await;
        if answer.status.is_server_error() {
            ensure_says_sorry(&answer);
        }
        proxy.restore();
    }
    for _ in 0..2 {
        person.page = review.clone();
        person.send("/ask/access", &[("step", "send")]).await.leads_to("/sent");
        let page = person.get("/sent").await;
        page.is(200);
        assert!(page.reference().starts_with("HB-"));
    }
    let mut read = world.installation.store.read().await.unwrap();
    let page = read.list(&Filter::default(), Paging::default(), &Scope::Everything).await.unwrap();
    assert_eq!(page.total, 1, "filed once");
    drop(read);
    world.run().await;
    ensure_whole(&world.installation.store).await;
}

/// A page of its own with a number to quote, and not a word about why.
fn ensure_says_sorry(answer: &crate::support::visitor::Answer) {
    assert!([500, 503].contains(&answer.status.as_u16()), "{}", answer.text());
    let text = answer.text();
    assert!(text.contains("<h1"), "{text}");
    answer.hides("sql").hides("postgres").hides(ANABELLE).shows("number");
}
