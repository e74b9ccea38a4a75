//! Other programs at work in the same rows while they are erased: each collision has a name, and nothing is half done.

use crate::erase::Outcome;

use super::outcomes::{PERSON, ensure_untouched, failed};
use super::world::{Setting, World};

/// Patient, and it tries again.
const PATIENT: Setting<'static> = Setting {
    connection: "grant = [\"read\", \"write\"]\nlimits = { timeout_ms = 30000, retries = 3 }",
    ..PERSON
};

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

/// The other program gets the row it waits for only because ours, which holds it and waits for the other, is the one
/// that is broken off. SQLite has one writer at a time, who waits for nobody.
#[tokio::test]
async fn a_deadlock_is_tried_again_from_the_comparison_on() {
    for world in [World::postgres(PATIENT).await, World::mariadb(PATIENT).await] {
        world.run("CREATE TABLE ballast (id integer)").await;
        let is_postgres = world.url().starts_with("postgres");
        let mut other = world.other().await;
        if is_postgres {
            // Who waits longer before looking for a circle never finds the one that the other has broken.
            other.run("SET deadlock_timeout = '5min'").await;
            other.run("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = %L', current_database(), '3s'); END $$").await;
        }
        let planned = world.planned().await;
        let tables: Vec<String> =
            planned.collections().map(|(_, known)| known.collection.to_string()).collect();
        let [first, second] = tables.as_slice() else { panic!("{tables:?}") };
        other.run("BEGIN").await;
        // Who has changed less is broken off.
        let ballast = if is_postgres { "generate_series(1, 100)" } else { "seq_1_to_100" };
        other.run(&format!("INSERT INTO ballast SELECT 1 FROM {ballast}")).await;
        other.run(&format!("UPDATE {second} SET id = 1 WHERE id = 1")).await;
        let (outcome, ()) = tokio::join!(world.execute(&planned), async {
            other.until_somebody_waits().await;
            other.run(&format!("DELETE FROM {first} WHERE id = 1")).await;
            other.run("ROLLBACK").await;
        });
        assert_eq!(outcome, Outcome::Done { deleted: 1, masked: 1 }, "{}", world.url());
        assert_eq!(world.rows("person", &["id", "email"]).await, ["1|-", "2|bob@x.org"]);
        assert_eq!(world.rows("note", &["id"]).await, ["2"]);
    }
}

#[tokio::test]
async fn a_row_that_changed_in_a_deadlock_is_not_written_over() {
    let world = World::mariadb(PATIENT).await;
    let planned = world.planned().await;
    let tables: Vec<String> = planned.collections().map(|(_, known)| known.collection.to_string()).collect();
    let [first, second] = tables.as_slice() else { panic!("{tables:?}") };
    world.run("CREATE TABLE ballast (id integer)").await;
    let mut other = world.other().await;
    other.run("BEGIN").await;
    other.run("INSERT INTO ballast SELECT 1 FROM seq_1_to_100").await;
    other.run(&format!("UPDATE {second} SET id = 1 WHERE id = 1")).await;
    let (outcome, ()) = tokio::join!(world.execute(&planned), async {
        other.until_somebody_waits().await;
        other.run(&format!("DELETE FROM {first} WHERE id = 1")).await;
        other.run("COMMIT").await;
    });
    assert_eq!(outcome, Outcome::Changed { rows: 1, collection: format!("shop:{first}") });
}

#[tokio::test]
async fn a_session_killed_in_the_middle_leaves_nothing_and_the_next_run_ends_it() {
    let once = Setting {
        connection: "grant = [\"read\", \"write\"]\nlimits = { timeout_ms = 30000, retries = 0 }",
        ..PERSON
    };
    for world in [World::postgres(once).await, World::mariadb(once).await] {
        let planned = world.planned().await;
        let mut other = world.other().await;
        other.run("BEGIN").await;
        // What is locked last: all else is locked by then.
        let last = planned.collections().last().map(|(_, known)| known.collection.to_string()).unwrap();
        other.run(&format!("UPDATE {last} SET id = 1 WHERE id = 1")).await;
        let is_postgres = world.url().starts_with("postgres");
        let (outcome, ()) = tokio::join!(world.execute(&planned), async {
            let who = other.until_somebody_waits().await;
            let kill = if is_postgres {
                format!("SELECT pg_terminate_backend({who})")
            } else {
                format!("KILL {who}")
            };
            other.run(&kill).await;
        });
        assert_eq!(failed(outcome), "source shop closed the connection while it was read");
        other.run("ROLLBACK").await;
        ensure_untouched(&world).await;
        assert_eq!(world.execute(&planned).await, Outcome::Done { deleted: 1, masked: 1 });
    }
}
