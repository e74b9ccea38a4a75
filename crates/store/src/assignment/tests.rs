//! What each owner answers for.

use super::Load;
use crate::bench::both;

#[tokio::test]
async fn loads_count_open_requests_and_know_the_youngest() {
    both(async |bench| {
        let mut tx = bench.store.begin().await.unwrap();
        let profile = crate::users::Profile {
            name: "Ana".to_owned(),
            email: "ana@acme.example".to_owned(),
            language: None,
        };
        let new =
            crate::users::NewUser { profile: &profile, password_hash: None, roles: &[], entities: None };
        let ana = tx.add_user(&new).await.unwrap();
        tx.commit().await.unwrap();
        let owned = |is_closed| {
            let mut row = bench.row();
            row.owner = Some(ana);
            row.is_closed = is_closed;
            row
        };
        bench.file(&bench.row()).await;
        bench.file(&owned(false)).await;
        let last = bench.file(&owned(true)).await;
        let loads = bench.store.read().await.unwrap().loads().await.unwrap();
        assert_eq!(loads.into_iter().collect::<Vec<_>>(), [(ana, Load { open_count: 1, last: Some(last) })]);
    })
    .await;
}
