//! Opening: only a migrated database of this installation, by a role that can't change the log.

use habeas_core::context::Clock as _;
use habeas_core::event::Actor;
use habeas_core::request::RequestRow;
use habeas_testkit::{ManualClock, SeededChance};

use super::*;
use crate::bench::{Bench, both, options, postgres, sqlite};
use crate::log::Append;
use crate::testing::{job, record};

async fn open(bench: &Bench, url: &str, root: u8) -> Result<Store> {
    let options =
        Options { keys: RootKey::from_bytes([root; 32]), ..options(url, bench.folder.path().join("blobs")) };
    let clock = ManualClock::at("2026-01-15T09:00:00Z").shared();
    Store::open(options, clock, SeededChance::new(9).shared()).await
}

#[tokio::test]
async fn migrating_again_does_nothing() {
    both(async |bench| {
        let id = bench.file(&bench.row()).await;
        Store::migrate(&bench.url).await.unwrap();
        let mut read = bench.store.read().await.unwrap();
        assert!(read.lookup_entries(id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn only_a_migrated_database_is_opened() {
    let bench = sqlite().await;
    let empty = bench.folder.path().join("empty.db").display().to_string();
    assert!(matches!(open(&bench, &empty, 9).await, Err(Error::Unmigrated)));
    let other = postgres().await;
    let mut tx = other.store.begin().await.unwrap();
    tx.conn
        .execute(
            "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)",
            Vec::new(),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(open(&other, &other.url, 9).await, Err(Error::Unmigrated)));
}

#[tokio::test]
async fn a_database_can_shut_older_readers_out() {
    both(async |bench| {
        let mut tx = bench.store.begin().await.unwrap();
        tx.conn.execute("UPDATE meta SET value = 99 WHERE name = 'oldest_reader'", Vec::new()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(matches!(open(bench, &bench.url, 9).await, Err(Error::TooNew { needed: 99, .. })));
    })
    .await;
}

#[tokio::test]
async fn another_installations_root_key_is_noticed_at_once() {
    both(async |bench| {
        assert!(matches!(open(bench, &bench.url, 8).await, Err(Error::Sealed(_))));
        let again = open(bench, &bench.url, 9).await.unwrap();
        assert_eq!(again.public_key(), bench.store.public_key());
        again.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_nothing_half() {
    let bench = sqlite().await;
    let mut tx = bench.store.begin().await.unwrap();
    // The limit of the connection, of which there is one: as if the disk ended here.
    tx.conn.all("PRAGMA max_page_count = 1", Vec::new()).await.unwrap();
    drop(tx);
    let mut outcome = Ok(());
    let mut rows = 0;
    while outcome.is_ok() && rows < 10_000 {
        rows += 1;
        outcome = async {
            let mut tx = bench.store.begin().await?;
            tx.add_job(&job("send_mail", bench.clock.now())).await?;
            tx.commit().await
        }
        .await;
    }
    assert!(matches!(outcome, Err(Error::Full)), "{outcome:?}");
    assert_eq!(bench.store.verify().await.unwrap(), []);
    let kept = bench
        .store
        .read()
        .await
        .unwrap()
        .conn
        .one("SELECT COUNT(*) AS n FROM jobs", Vec::new())
        .await
        .unwrap();
    assert_eq!(kept.int("n").unwrap(), rows - 1);
}

/// The grants as the manual gives them.
fn grants() -> Vec<String> {
    let manual = include_str!("../../../../docs/operator/storage.md");
    let block = manual.split("```sql\n").nth(1).unwrap().split("```").next().unwrap();
    block.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn the_service_runs_as_a_role_that_cannot_change_the_log() {
    let bench = postgres().await;
    let role = format!("run_{}", hex::encode(bench.url.rsplit('/').next().unwrap()).get(..40).unwrap());
    let mut tx = bench.store.begin().await.unwrap();
    tx.conn.all_built(format!("CREATE ROLE {role} LOGIN"), Vec::new()).await.unwrap();
    for grant in grants() {
        tx.conn.all_built(grant.replace("habeas_run", &role), Vec::new()).await.unwrap();
    }
    tx.commit().await.unwrap();
    // The owner's name and password, if any, stand before the host.
    let (_, place) = bench.url.split_once("://").unwrap();
    let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
    let store = open(&bench, &format!("postgres://{role}@{host}"), 9).await.unwrap();

    let row = bench.row();
    let (records, jobs, at) =
        ([record("received")], [job("send_mail", bench.clock.now())], bench.clock.now());
    let mut tx = store.begin().await.unwrap();
    let append = Append {
        actor: Actor::Subject,
        at,
        expected_seq: 0,
        records: &records,
        follow_count: 0,
        row: &row,
        jobs: &jobs,
    };
    tx.create_request(append).await.unwrap();
    tx.append_system(Actor::System, at, &records).await.unwrap();
    tx.commit().await.unwrap();
    store.sequence(at).await.unwrap().unwrap();
    let claimed = store.claim(&["send_mail"], 1).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.finish(&claimed[0]).await.unwrap();
    tx.prune(row.id, 1).await.unwrap();
    tx.destroy(row.id, at).await.unwrap();
    let row = RequestRow { seq: 2, subject: None, index: Vec::new(), ..row };
    tx.append(Append {
        actor: Actor::System,
        at,
        expected_seq: 1,
        records: &records,
        follow_count: 0,
        row: &row,
        jobs: &[],
    })
    .await
    .unwrap();
    tx.expire().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.verify().await.unwrap(), []);

    for refused in [
        "UPDATE entries SET actor = 'system'",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "DELETE FROM leaves",
        "UPDATE checkpoints SET note = ''",
        "DELETE FROM keys",
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "UPDATE meta SET value = 0",
    ] {
        let mut tx = store.begin().await.unwrap();
        let error = tx.conn.execute(refused, Vec::new()).await.unwrap_err();
        let Error::Database(sqlx::Error::Database(error)) = error else { panic!("{refused}: {error}") };
        assert_eq!(error.code().as_deref(), Some("42501"), "{refused}: {error}");
    }
    store.close().await;
}
