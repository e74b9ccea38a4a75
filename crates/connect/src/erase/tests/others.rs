//! Other programs at work in the same rows while they are erased: each collision has a name, and nothing is half done.

use crate::erase::Outcome;

use super::outcomes::{PERSON, ensure_untouched, failed};
use super::world::World;

#[tokio::test]
async fn a_lock_somebody_holds_is_waited_for_and_then_named() {
    let [postgres, sqlite, mariadb] = World::on_all(PERSON).await;
    for (world, what) in [(postgres, "person"), (mariadb, "person"), (sqlite, "the file")] {
        let planned = world.planned().await;
        let mut other = world.other().await;
        other.run("BEGIN").await;
        other.run("UPDATE person SET name = 'x' WHERE id = 1").await;
        let said = failed(world.execute(&planned).await);
        let expected = format!("source shop has rows of {what} locked by another program");
        assert!(said.starts_with(&expected), "{said}");
        other.run("ROLLBACK").await;
        ensure_untouched(&world).await;
        assert_eq!(world.execute(&planned).await, Outcome::Done { deleted: 1, masked: 1 });
    }
}
