//! Holds freeze a person or a place, are lifted by two, and stop the destruction of keys.

use habeas_core::context::Clock as _;
use habeas_core::hold::{Scope, Words};
use habeas_core::id::UserId;
use habeas_core::request::IndexTerm;

use super::{NewHold, Place};
use crate::bench::{Bench, both};
use crate::error::Error;
use crate::testing::email;

fn words(identity: Option<&str>) -> Words {
    Words { ground: "A claim at court".to_owned(), identity: identity.map(str::to_owned), lift_reason: None }
}

fn user(bench: &Bench) -> UserId {
    UserId::new(bench.clock.now(), &*bench.chance)
}

async fn place(bench: &Bench, scope: &Scope, by: UserId) -> habeas_core::id::HoldId {
    let identity = match scope {
        Scope::Subject(term) => Some(term.value.reveal().as_str()),
        Scope::Collection { .. } => None,
    };
    let words = words(identity);
    let review_on = "2027-06-30".parse().unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    let id = tx.place_hold(&NewHold { entity: "acme", scope, words: &words, review_on, by }).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn count(bench: &Bench, subject: &[IndexTerm], at: Option<(&str, &str)>) -> usize {
    let at = at.map(|(dataset, collection)| Place { dataset, collection });
    bench.store.read().await.unwrap().holds_on("acme", subject, at).await.unwrap().len()
}

#[tokio::test]
async fn a_hold_freezes_the_person_or_the_place_it_names_and_nothing_else() {
    both(async |bench| {
        let by = user(bench);
        place(bench, &Scope::Subject(email("ada@example.org")), by).await;
        let of = |collection: Option<&str>| Scope::Collection {
            dataset: "shop".to_owned(),
            collection: collection.map(str::to_owned),
        };
        place(bench, &of(Some("orders")), by).await;
        let (ada, grace) = ([email("ada@example.org")], [email("grace@example.org")]);
        assert_eq!(count(bench, &ada, None).await, 1);
        assert_eq!(count(bench, &grace, None).await, 0);
        assert_eq!(count(bench, &grace, Some(("shop", "orders"))).await, 1);
        assert_eq!(count(bench, &ada, Some(("shop", "orders"))).await, 2);
        assert_eq!(count(bench, &grace, Some(("shop", "customers"))).await, 0);
        place(bench, &of(None), by).await;
        assert_eq!(count(bench, &grace, Some(("shop", "customers"))).await, 1);
        let mut read = bench.store.read().await.unwrap();
        assert!(read.holds_on("other", &ada, None).await.unwrap().is_empty(), "another organisation's");
        assert_eq!(read.list_holds(Some(&["other".to_owned()])).await.unwrap().len(), 0);
        assert_eq!(read.list_holds(None).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_hold_is_lifted_by_two_and_each_step_is_noted() {
    both(async |bench| {
        let (ana, ben) = (user(bench), user(bench));
        let id = place(bench, &Scope::Subject(email("ada@example.org")), ana).await;
        let mut tx = bench.store.begin().await.unwrap();
        assert!(matches!(tx.lift_hold(id, ben).await, Err(Error::Conflict)), "nobody asked");
        let hold = tx.lookup_hold(id, None).await.unwrap().unwrap();
        tx.ask_to_lift(&hold, "Settled", ana).await.unwrap();
        assert!(matches!(tx.ask_to_lift(&hold, "Settled", ben).await, Err(Error::Conflict)));
        assert!(matches!(tx.lift_hold(id, ana).await, Err(Error::Conflict)), "the same person");
        let hold = tx.lookup_hold(id, None).await.unwrap().unwrap();
        assert_eq!(hold.words.reveal().lift_reason.as_deref(), Some("Settled"));
        tx.keep_hold(&hold, "Not yet", ben).await.unwrap();
        let hold = tx.lookup_hold(id, None).await.unwrap().unwrap();
        tx.ask_to_lift(&hold, "Settled now", ana).await.unwrap();
        tx.lift_hold(id, ben).await.unwrap();
        assert!(tx.holds_in_force("acme").await.unwrap().is_empty());
        let mut entries = tx.list_system_entries(None, 100).await.unwrap();
        entries.sort_by_key(|entry| entry.seq);
        let kinds: Vec<&str> = entries.iter().map(|entry| entry.record.kind.as_str()).collect();
        assert_eq!(kinds, ["hold_placed", "hold_lift_asked", "hold_kept", "hold_lift_asked", "hold_lifted"]);
        for entry in &entries {
            assert!(!entry.record.body.to_string().contains("Settled"), "words are sealed");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_on_hold_is_not_scrubbed_until_the_hold_is_lifted() {
    both(async |bench| {
        let (ana, ben) = (user(bench), user(bench));
        let row = bench.row();
        bench.file(&row).await;
        let hold = place(bench, &Scope::Subject(email("ada@example.org")), ana).await;
        let at = bench.clock.now();
        let mut tx = bench.store.begin().await.unwrap();
        assert_eq!(tx.holds_on_request(row.id).await.unwrap().len(), 1);
        assert!(matches!(tx.destroy(row.id, at).await, Err(Error::Held)));
        drop(tx);
        let mut tx = bench.store.begin().await.unwrap();
        let placed = tx.lookup_hold(hold, None).await.unwrap().unwrap();
        tx.ask_to_lift(&placed, "Settled", ana).await.unwrap();
        tx.lift_hold(hold, ben).await.unwrap();
        tx.destroy(row.id, at).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(bench.store.verify().await.unwrap(), []);
    })
    .await;
}
