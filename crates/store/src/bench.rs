//! What the tests here run on: the same check on a real SQLite file and a real PostgreSQL database.

use std::path::PathBuf;

use habeas_core::context::{Clock as _, SharedChance};
use habeas_core::id::RequestId;
use habeas_core::request::RequestRow;
use habeas_testkit::postgres::{Database, fresh_database};
use habeas_testkit::{ManualClock, SeededChance};
use tempfile::TempDir;

use crate::log::Append;
use crate::{Options, RootKey, Store, testing};

pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) clock: ManualClock,
    pub(crate) chance: SharedChance,
    pub(crate) folder: TempDir,
    pub(crate) url: String,
    _database: Option<Database>,
}

/// Runs a check on both databases.
pub(crate) async fn both(check: impl AsyncFn(&Bench)) {
    for bench in [sqlite().await, postgres().await] {
        check(&bench).await;
        bench.store.close().await;
    }
}

pub(crate) async fn sqlite() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("habeas.db").to_string_lossy().into_owned();
    bench(folder, url, None).await
}

pub(crate) async fn postgres() -> Bench {
    let database = fresh_database().await;
    let url = database.url().to_owned();
    bench(tempfile::tempdir().unwrap(), url, Some(database)).await
}

async fn bench(folder: TempDir, url: String, database: Option<Database>) -> Bench {
    let clock = ManualClock::at("2026-01-15T09:00:00Z");
    let chance = SeededChance::new(7).shared();
    Store::migrate(&url).await.unwrap();
    let options = options(&url, folder.path().join("blobs"));
    let store = Store::open(options, clock.shared(), chance.clone()).await.unwrap();
    Bench { store, clock, chance, folder, url, _database: database }
}

pub(crate) fn options(url: &str, blobs: PathBuf) -> Options {
    Options { url: url.to_owned(), blobs, keys: RootKey::from_bytes([9; 32]) }
}

impl Bench {
    /// Opens the same database a second time, as another node does.
    pub(crate) async fn second_node(&self) -> Store {
        let options = options(&self.url, self.folder.path().join("blobs"));
        Store::open(options, self.clock.shared(), self.chance.clone()).await.unwrap()
    }

    pub(crate) fn row(&self) -> RequestRow {
        testing::row(self.clock.now(), &*self.chance)
    }

    /// Files a request of one event.
    pub(crate) async fn file(&self, row: &RequestRow) -> RequestId {
        let mut tx = self.store.begin().await.unwrap();
        let records = [testing::sealed_record("request_received", "please")];
        let append = Append {
            actor: habeas_core::event::Actor::Subject,
            at: self.clock.now(),
            expected_seq: 0,
            records: &records,
            follow_count: 0,
            row,
            jobs: &[],
        };
        tx.create_request(append).await.unwrap();
        tx.commit().await.unwrap();
        row.id
    }
}
