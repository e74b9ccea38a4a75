//! What can be seen of an installation from outside, to compare before and after.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use habeas_core::id::RequestId;
use habeas_store::mails::MailState;
use habeas_store::requests::Scope;
use habeas_store::{Store, records};
use sqlx::{Connection as _, SqliteConnection};

use crate::flows::world::World;

/// Somebody both systems of the demonstration know.
pub(crate) const ANABELLE: &str = "anabelle.deleon@email.com";

/// What happened to a request, and what was made for it.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    /// The kinds of its events, each as often as it happened: tasks that run at once end in any order.
    pub(crate) events: Vec<String>,
    /// All mails of the installation: what about, and how far. Message-IDs are told apart by their count.
    pub(crate) mails: Vec<(String, MailState)>,
    /// Its files that rows name: what they are, and whether their time is set.
    pub(crate) files: Vec<(String, bool)>,
}

impl Seen {
    pub(crate) async fn of(store: &Store, id: RequestId) -> Self {
        let mut read = store.read().await.unwrap();
        let entries = read.lookup_entries(id).await.unwrap().expect("entries");
        let mut mails: Vec<_> = read.list_mails(200).await.unwrap();
        let ids: BTreeSet<&str> = mails.iter().map(|mail| mail.message_id.as_str()).collect();
        assert_eq!(ids.len(), mails.len(), "a mail stands twice in the outbox");
        mails.sort_by(|a, b| a.occasion.cmp(&b.occasion));
        let files = read.list_blobs(id, &Scope::Everything).await.unwrap();
        let mut files: Vec<_> =
            files.into_iter().map(|blob| (blob.stored.kind, blob.expires_at.is_some())).collect();
        files.sort();
        let mut events: Vec<String> = entries.into_iter().map(|entry| entry.record.kind).collect();
        events.sort();
        Self { events, mails: mails.into_iter().map(|mail| (mail.occasion, mail.state)).collect(), files }
    }
}

/// Fails where something in the installation doesn't hold together.
pub(crate) async fn ensure_whole(store: &Store) {
    assert_eq!(store.verify().await.unwrap(), []);
}

/// Returns the files of a data folder that are under way, and those that are stored.
pub(crate) fn files(data: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let all = |folder: &Path| {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found
    };
    (all(&data.join("blobs/scratch")), all(&data.join("blobs/requests")))
}

/// Ends every lease at once, as when all workers died long ago, and forgets how often they did.
pub(crate) async fn expire_leases(data: &Path) {
    let mut database =
        SqliteConnection::connect(&data.join("habeas.db").display().to_string()).await.unwrap();
    let sql = "UPDATE jobs SET lease_until = 1, attempts = 0 WHERE state = 'running'";
    sqlx::query("PRAGMA busy_timeout = 10000").execute(&mut database).await.unwrap();
    sqlx::query(sql).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
}

/// Returns the records found for a request, each as its place and its row in JSON.
pub(crate) async fn records(world: &World, id: RequestId) -> Vec<(u64, String, bool, String)> {
    let found = world.request(id).await.found.expect("records");
    let store = &world.installation.store;
    let mut read = store.read().await.unwrap();
    let keys = read.lookup_keys(id).await.unwrap().expect("keys");
    let blob = read.lookup_blob(found.blob, &Scope::Everything).await.unwrap().expect("a file");
    let target = habeas_store::SealTarget::of(&keys).unwrap();
    let mut reader = records::Reader::open(store.open_sealed(&blob).unwrap(), &target).unwrap();
    let row = |record: habeas_core::record::Record| {
        let place = format!("{}.{}", record.dataset, record.collection);
        (record.id, place, record.third_party, record.row.to_json())
    };
    reader.iter().map(|record| row(record.unwrap())).collect()
}
