//! Views are their maker's, shared ones everybody's, and their names are sealed.

use super::*;
use crate::bench::{Bench, both};
use crate::users::{NewUser, Profile};

async fn user(bench: &Bench, name: &str) -> UserId {
    let profile = Profile { name: name.into(), email: format!("{name}@example.org"), language: None };
    let new = NewUser { profile: &profile, password_hash: None, roles: &[], entities: None };
    let mut tx = bench.store.begin().await.unwrap();
    let id = tx.add_user(&new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_view_is_seen_by_its_maker_and_a_shared_one_by_all() {
    both(async |bench| {
        let (grace, ada) = (user(bench, "grace").await, user(bench, "ada").await);
        let mut tx = bench.store.begin().await.unwrap();
        for (user, name, is_shared) in [(grace, "Late ones", false), (ada, "Ours", true)] {
            let query = "due=overdue";
            assert!(tx.save_view(&NewView { list: "requests", user, name, query, is_shared }).await.unwrap());
        }
        tx.commit().await.unwrap();
        let names = async |user| -> Vec<String> {
            let views = bench.store.read().await.unwrap().list_views("requests", user).await.unwrap();
            views.into_iter().map(|view| view.name).collect()
        };
        assert_eq!(names(grace).await, ["Late ones", "Ours"]);
        assert_eq!(names(ada).await, ["Ours"]);
        let mut tx = bench.store.begin().await.unwrap();
        let shared = tx.list_views("requests", grace).await.unwrap().remove(1);
        assert!(!tx.forget_view(shared.id, grace).await.unwrap(), "another's view stays");
        assert!(tx.forget_view(shared.id, ada).await.unwrap());
        assert_eq!(tx.list_views("tasks", ada).await.unwrap(), []);
        tx.commit().await.unwrap();
        assert_eq!(names(ada).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn there_is_an_end_to_views_and_to_their_length() {
    both(async |bench| {
        let ada = user(bench, "ada").await;
        let mut tx = bench.store.begin().await.unwrap();
        let new = NewView { list: "requests", user: ada, name: "n", query: "", is_shared: false };
        let long = "x".repeat(NAME_LIMIT + 1);
        assert!(!tx.save_view(&NewView { name: &long, ..new }).await.unwrap());
        for _ in 0..VIEWS_LIMIT {
            assert!(tx.save_view(&new).await.unwrap());
        }
        assert!(!tx.save_view(&new).await.unwrap());
        assert!(tx.save_view(&NewView { list: "tasks", ..new }).await.unwrap());
    })
    .await;
}
