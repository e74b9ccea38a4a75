//! Files are sealed, kept while a row names them, and gone when their time is over.

use std::io::Read as _;

use habeas_core::context::Clock as _;

use super::*;
use crate::Error;
use crate::bench::{Bench, both, sqlite};

async fn target(bench: &Bench, request: RequestId) -> SealTarget {
    let mut read = bench.store.read().await.unwrap();
    SealTarget::of(&read.lookup_keys(request).await.unwrap().unwrap()).unwrap()
}

async fn add(bench: &Bench, blob: &StoredBlob, expires_at: Option<Timestamp>) {
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_blob(blob, expires_at).await.unwrap();
    tx.commit().await.unwrap();
}

async fn look(bench: &Bench, id: BlobId) -> Option<Blob> {
    bench.store.read().await.unwrap().lookup_blob(id, &Scope::Everything).await.unwrap()
}

#[tokio::test]
async fn a_file_is_read_by_its_request_only() {
    both(async |bench| {
        let (request, other) = (bench.file(&bench.row()).await, bench.file(&bench.row()).await);
        let target = target(bench, request).await;
        let stored = bench.store.store_bytes(&target, request, "upload", b"passport").await.unwrap();
        add(bench, &stored, None).await;

        let blob = look(bench, stored.id).await.unwrap();
        assert_eq!(blob.stored, stored);
        let mut text = String::new();
        bench.store.open_blob(&blob, &target).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "passport");
        let mut sealed = Vec::new();
        bench.store.open_sealed(&blob).unwrap().read_to_end(&mut sealed).unwrap();
        assert_eq!(
            (sealed.len() as u64, Sha256::digest(&sealed).as_slice()),
            (stored.size, &stored.sha256[..])
        );
        assert!(!sealed.windows(8).any(|window| window == b"passport"));

        let stranger = self::target(bench, other).await;
        assert!(matches!(bench.store.open_blob(&blob, &stranger), Err(Error::Sealed(_))));
        let mut read = bench.store.read().await.unwrap();
        let scope = Scope::Request(other);
        assert_eq!(read.lookup_blob(stored.id, &scope).await.unwrap(), None);
        assert_eq!(read.list_blobs(request, &scope).await.unwrap(), []);
        assert_eq!(read.list_blobs(request, &Scope::Request(request)).await.unwrap(), [blob]);
    })
    .await;
}

#[tokio::test]
async fn a_large_file_is_stored_whole() {
    let bench = sqlite().await;
    let request = bench.file(&bench.row()).await;
    let target = target(&bench, request).await;
    let path = bench.store.scratch_path();
    let mut sealer = target.seal(File::create(&path).unwrap()).unwrap();
    let content: Vec<u8> = (0..7_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    sealer.write_all(&content).unwrap();
    sealer.finish().unwrap();
    let stored = bench.store.store_sealed(request, "package", &path).await.unwrap();
    assert!(!path.exists());
    add(&bench, &stored, None).await;
    let blob = look(&bench, stored.id).await.unwrap();
    let mut read = Vec::new();
    bench.store.open_blob(&blob, &target).unwrap().read_to_end(&mut read).unwrap();
    assert!(read == content);
}

#[tokio::test]
async fn a_file_goes_when_its_time_is_over_and_its_row_says_so() {
    both(async |bench| {
        let request = bench.file(&bench.row()).await;
        let target = target(bench, request).await;
        let stored = bench.store.store_bytes(&target, request, "package", b"data").await.unwrap();
        add(bench, &stored, Some(bench.clock.now() + SignedDuration::from_hours(1))).await;
        assert_eq!(bench.store.sweep_blobs(bench.clock.now()).await.unwrap(), 0);
        bench.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(look(bench, stored.id).await, None, "given out after its time");
        assert_eq!(bench.store.sweep_blobs(bench.clock.now()).await.unwrap(), 1);
        assert!(!bench.store.has_file(&stored));
        let mut tx = bench.store.begin().await.unwrap();
        assert!(!tx.expire_blob(stored.id, Timestamp::MAX).await.unwrap());
        let rows = tx.list_blobs(request, &Scope::Everything).await.unwrap();
        assert_eq!(rows[0].deleted_at, Some(bench.clock.now()));
    })
    .await;
}

#[tokio::test]
async fn what_no_row_names_is_deleted_after_the_grace_period() {
    both(async |bench| {
        let request = bench.file(&bench.row()).await;
        let target = target(bench, request).await;
        let named = bench.store.store_bytes(&target, request, "upload", b"kept").await.unwrap();
        add(bench, &named, None).await;
        let orphan = bench.store.store_bytes(&target, request, "upload", b"lost").await.unwrap();
        let leftover = bench.store.scratch_path();
        std::fs::write(&leftover, b"half").unwrap();
        // As a killed process leaves an upload.
        let upload = bench.store.inner.folder.root.join(format!("requests/{request}/{}#1", orphan.id));
        std::fs::write(&upload, b"half").unwrap();
        assert_eq!(bench.store.sweep_blobs(bench.clock.now()).await.unwrap(), 0);
        assert!(bench.store.has_file(&orphan) && leftover.exists() && upload.exists());

        // The files carry the machine's own time, which is not later than this.
        bench.clock.set("2199-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(bench.store.sweep_blobs(bench.clock.now()).await.unwrap(), 1);
        assert!(bench.store.has_file(&named) && !bench.store.has_file(&orphan));
        assert!(!leftover.exists() && !upload.exists());
    })
    .await;
}

#[tokio::test]
async fn destroying_a_requests_keys_takes_its_files_along() {
    both(async |bench| {
        let request = bench.file(&bench.row()).await;
        let target = target(bench, request).await;
        let stored = bench.store.store_bytes(&target, request, "records", b"data").await.unwrap();
        add(bench, &stored, None).await;
        let mut tx = bench.store.begin().await.unwrap();
        tx.destroy(request, bench.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(bench.store.sweep_blobs(bench.clock.now()).await.unwrap(), 1);
        assert!(!bench.store.has_file(&stored));
    })
    .await;
}
