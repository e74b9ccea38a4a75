//! What is published by one process is in force in another at its next call.

use std::sync::Arc;

use habeas_core::access::RoleName;
use habeas_core::definition::Catalog;
use habeas_core::event::Actor;

use super::Live;
use crate::bench::both;
use crate::definitions::{NewText, Owner};

const LEGAL: &str = "role: legal\ntitle: Legal\ngrants: [do_tasks]\n";

fn text(text: &str) -> NewText<'_> {
    NewText { kind: "role", name: "legal", text, owner: Owner::Console, actor: Actor::System }
}

#[tokio::test]
async fn what_is_published_or_retired_counts_at_the_next_look() {
    both(async |bench| {
        let legal = RoleName::parse("legal").unwrap();
        let live = Live::new(bench.store.clone(), Arc::new(Catalog::default()));
        let begun_with = live.current();
        let other = bench.second_node().await;
        let mut tx = other.begin().await.unwrap();
        let version = tx.import(text(LEGAL)).await.unwrap().unwrap();
        tx.save_draft(text("role: legal\ntitle: Law\ngrants: []\n")).await.unwrap();
        tx.commit().await.unwrap();
        live.refresh().await.unwrap();
        assert_eq!(live.current().role_title(&legal), "Legal", "a draft changes nothing");
        assert!(begun_with.role(&legal).is_none(), "what was begun goes on as it began");
        let same = live.current();
        live.refresh().await.unwrap();
        assert!(Arc::ptr_eq(&same, &live.current()), "nothing is read again without need");
        let mut tx = other.begin().await.unwrap();
        tx.retire("role", "legal", version, Actor::System).await.unwrap();
        tx.commit().await.unwrap();
        live.refresh().await.unwrap();
        assert!(live.current().role(&legal).is_none());
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_does_not_hold_together_leaves_the_definitions_before_it_in_force() {
    both(async |bench| {
        let live = Live::new(bench.store.clone(), Arc::new(Catalog::default()));
        let mut tx = bench.store.begin().await.unwrap();
        tx.import(text(LEGAL)).await.unwrap();
        tx.commit().await.unwrap();
        live.refresh().await.unwrap();
        let mut tx = bench.store.begin().await.unwrap();
        tx.import(text("role: legal\n")).await.unwrap();
        tx.commit().await.unwrap();
        assert_ne!(live.refresh().await.unwrap(), Vec::<String>::new());
        assert_eq!(live.refresh().await.unwrap(), Vec::<String>::new(), "told once");
        assert_eq!(live.current().roles().count(), 1);
    })
    .await;
}
