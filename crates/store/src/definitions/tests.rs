//! What is published stays; drafts change; the chain says who published what.

use habeas_core::event::Actor;

use super::*;
use crate::bench::both;

fn text(text: &str, owner: Owner) -> NewText<'_> {
    NewText { kind: "flow", name: "standard", text, owner, actor: Actor::System }
}

#[tokio::test]
async fn a_built_in_becomes_a_further_version_when_its_text_changed() {
    both(async |bench| {
        let mut tx = bench.store.begin().await.unwrap();
        assert_eq!(tx.import(text("one", Owner::Builtin)).await.unwrap(), Some(1));
        assert_eq!(tx.import(text("one", Owner::Builtin)).await.unwrap(), None);
        assert_eq!(tx.import(text("two", Owner::Builtin)).await.unwrap(), Some(2));
        assert_eq!(tx.import(text("mine", Owner::Git)).await.unwrap(), Some(3));
        assert_eq!(
            tx.import(text("three", Owner::Builtin)).await.unwrap(),
            None,
            "a release wrote over ours"
        );
        let in_force = tx.lookup_definition_in_force("flow", "standard").await.unwrap().unwrap();
        assert_eq!((in_force.version, in_force.text.as_str(), in_force.owner), (3, "mine", Owner::Git));
        assert_eq!(tx.lookup_definition("flow", "standard", 1).await.unwrap().unwrap().text, "one");
        let versions: Vec<_> =
            tx.list_versions("flow", "standard").await.unwrap().iter().map(|d| d.version).collect();
        assert_eq!(versions, [3, 2, 1]);
        assert_eq!(tx.count_system_entries().await.unwrap(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_draft_changes_nothing_until_it_is_published() {
    both(async |bench| {
        let mut tx = bench.store.begin().await.unwrap();
        tx.import(text("one", Owner::Builtin)).await.unwrap();
        assert_eq!(tx.save_draft(text("draft", Owner::Console)).await.unwrap(), 2);
        assert_eq!(tx.save_draft(text("better", Owner::Console)).await.unwrap(), 2);
        assert_eq!(tx.lookup_definition_in_force("flow", "standard").await.unwrap().unwrap().version, 1);
        assert_eq!(tx.import(text("two", Owner::Builtin)).await.unwrap(), Some(3));

        let draft = tx.lookup_draft("flow", "standard").await.unwrap().unwrap();
        assert_eq!(draft.text, "better");
        let stale = tx.publish_draft("flow", "standard", &[0; 32], Actor::System).await;
        assert!(matches!(stale, Err(Error::Conflict)), "published what nobody saw");
        let version = tx.publish_draft("flow", "standard", &draft.sha256, Actor::System).await.unwrap();
        assert_eq!(version, 4);
        let in_force = tx.list_definitions_in_force(Some("flow")).await.unwrap();
        assert_eq!((in_force.len(), in_force[0].text.as_str()), (1, "better"));
        assert_eq!(tx.list_definitions_in_force(None).await.unwrap(), in_force);
        assert!(tx.list_definitions_in_force(Some("law")).await.unwrap().is_empty());

        tx.retire("flow", "standard", 4, Actor::System).await.unwrap();
        assert_eq!(tx.lookup_definition_in_force("flow", "standard").await.unwrap().unwrap().version, 3);
        assert_eq!(tx.lookup_definition("flow", "standard", 4).await.unwrap().unwrap().state, State::Retired);
        assert!(matches!(tx.drop_draft("flow", "standard").await, Err(Error::Conflict)));
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_changed_by_who_saw_it_and_goes_one_step_back() {
    both(async |bench| {
        let mut tx = bench.store.begin().await.unwrap();
        assert_eq!(tx.begin_draft(text("one", Owner::Console)).await.unwrap(), 1);
        let again = tx.begin_draft(text("other", Owner::Console)).await;
        assert!(matches!(again, Err(Error::Conflict)), "a second draft");
        assert_eq!(tx.lookup_undo_text("flow", "standard").await.unwrap(), None);
        tx.change_draft(text("two", Owner::Console), &hash("one")).await.unwrap();
        let late = tx.change_draft(text("three", Owner::Console), &hash("one")).await;
        assert!(matches!(late, Err(Error::Conflict)), "wrote over what it never saw");
        assert_eq!(tx.lookup_undo_text("flow", "standard").await.unwrap().as_deref(), Some("one"));
        let versions = tx.list_all_versions("flow").await.unwrap();
        assert_eq!((versions.len(), versions[0].text.as_str()), (1, "two"));
        tx.discard_draft("flow", "standard", Actor::System).await.unwrap();
        assert!(tx.lookup_draft("flow", "standard").await.unwrap().is_none());
        assert!(matches!(tx.discard_draft("flow", "standard", Actor::System).await, Err(Error::Conflict)));
        let mut kinds: Vec<String> = tx
            .list_system_entries(None, 10)
            .await
            .unwrap()
            .into_iter()
            .map(|entry| entry.record.kind)
            .collect();
        kinds.sort();
        assert_eq!(kinds, ["definition_changed", "definition_drafted", "definition_dropped"]);
    })
    .await;
}
