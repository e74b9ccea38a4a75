//! Sealed files: written before the row that names them, collected when no row does.
//!
//! Every file is sealed to its request's key, under a generated name that says nothing. A file without
//! a row is left by a crash and deleted after a grace period; a row without a file never is.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt as _;
use jiff::{SignedDuration, Timestamp};
use object_store::local::LocalFileSystem;
use object_store::path::Path as BlobPath;
use object_store::{ObjectStore as _, ObjectStoreExt as _};
use sha2::{Digest as _, Sha256};

use habeas_core::id::{BlobId, RequestId};

use crate::db::{Row, args};
use crate::error::Result;
use crate::requests::Scope;
use crate::seal::{Opened, SealTarget};
use crate::store::{Read, Store, Tx};

/// How long a file may stand without a row: far longer than any transaction.
pub const GRACE: SignedDuration = SignedDuration::from_hours(24);

/// How much is read at once.
const PART: usize = 64 * 1024;

/// A file that is stored and not named by a row yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBlob {
    /// Its id, to be put into an event or a job.
    pub id: BlobId,
    /// The request it belongs to.
    pub request_id: RequestId,
    /// What it is, such as `records` or `package`.
    pub kind: String,
    /// The length of the sealed bytes.
    pub size: u64,
    /// The hash of the sealed bytes.
    pub sha256: [u8; 32],
}

/// A file named by a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// What was stored.
    pub stored: StoredBlob,
    /// When.
    pub created_at: Timestamp,
    /// When it is to be deleted.
    pub expires_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// The folder of files.
pub(crate) struct Folder {
    files: LocalFileSystem,
    root: PathBuf,
}

impl Folder {
    pub(crate) fn open(root: &Path) -> Result<Self> {
        std::fs::create_dir_all(root.join(SCRATCH))?;
        let files = LocalFileSystem::new_with_prefix(root)?.with_fsync(true);
        Ok(Self { files, root: root.to_owned() })
    }
}

/// Where files are made before they are stored; on the same disk, so that space runs out once.
const SCRATCH: &str = "scratch";

fn place(request: RequestId, id: BlobId) -> BlobPath {
    BlobPath::from(format!("requests/{request}/{id}"))
}

impl Store {
    /// Returns a fresh path for making a file that is to be stored; leftovers are deleted in time.
    pub fn scratch_path(&self) -> PathBuf {
        let id = BlobId::new(self.now(), &*self.inner.chance);
        self.inner.folder.root.join(SCRATCH).join(id.to_string())
    }

    /// Stores a file that is sealed already, such as [`crate::records::Writer`] makes, by moving it in from
    /// the scratch folder. It is on the disk for good when this returns; until then nothing needs to be. No
    /// row names it yet: that is [`Tx::add_blob`].
    pub async fn store_sealed(&self, request_id: RequestId, kind: &str, path: &Path) -> Result<StoredBlob> {
        let id = BlobId::new(self.now(), &*self.inner.chance);
        let to = self.inner.folder.files.path_to_filesystem(&place(request_id, id))?;
        let from = path.to_owned();
        let moved = tokio::task::spawn_blocking(move || keep(&from, &to)).await;
        let (size, sha256) = moved.map_err(std::io::Error::other)??;
        Ok(StoredBlob { id, request_id, kind: kind.to_owned(), size, sha256 })
    }

    /// Seals and stores a small file that is in memory: an upload, a letter.
    pub async fn store_bytes(
        &self,
        target: &SealTarget,
        request_id: RequestId,
        kind: &str,
        content: &[u8],
    ) -> Result<StoredBlob> {
        let mut sealer = target.seal(Vec::with_capacity(content.len() + 512))?;
        sealer.write_all(content)?;
        let sealed = sealer.finish()?;
        let id = BlobId::new(self.now(), &*self.inner.chance);
        let (size, sha256) = (sealed.len() as u64, Sha256::digest(&sealed).into());
        self.inner.folder.files.put(&place(request_id, id), sealed.into()).await?;
        Ok(StoredBlob { id, request_id, kind: kind.to_owned(), size, sha256 })
    }

    /// Opens a file for reading and seeking. Reading blocks: do it off the async threads.
    pub fn open_blob(&self, blob: &Blob, target: &SealTarget) -> Result<Opened<File>> {
        target.open(self.open_sealed(blob)?)
    }

    /// Opens a file as it is stored, sealed.
    pub fn open_sealed(&self, blob: &Blob) -> Result<File> {
        let path = place(blob.stored.request_id, blob.stored.id);
        let path = self.inner.folder.files.path_to_filesystem(&path)?;
        Ok(File::open(path)?)
    }

    /// Deletes files whose time is over, and what no row names after [`GRACE`]. Returns how many files
    /// went. A backup pauses this.
    pub async fn sweep_blobs(&self, now: Timestamp) -> Result<u64> {
        let mut deleted = 0;
        let sql = "SELECT id, request_id FROM blobs WHERE expires_at <= $1 AND deleted_at IS NULL LIMIT 1000";
        let due = self.read().await?.conn.all(sql, args![now]).await?;
        for row in due {
            let (id, request): (BlobId, RequestId) = (row.parsed("id")?, row.parsed("request_id")?);
            // The file first: a row that says deleted must be true.
            self.delete_file(&place(request, id)).await?;
            let mut tx = self.begin().await?;
            tx.conn
                .execute("UPDATE blobs SET deleted_at = $2 WHERE id = $1", args![id.to_string(), now])
                .await?;
            tx.commit().await?;
            deleted += 1;
        }
        deleted += self.collect_orphans(now).await?;
        self.sweep_leftovers(now)?;
        Ok(deleted)
    }

    async fn collect_orphans(&self, now: Timestamp) -> Result<u64> {
        let prefix = BlobPath::from("requests");
        let mut found = self.inner.folder.files.list(Some(&prefix));
        let mut deleted = 0;
        while let Some(file) = found.try_next().await? {
            if !is_old(file.last_modified.into(), now) {
                continue;
            }
            let Some(name) = file.location.filename() else { continue };
            let sql = "SELECT 1 AS found FROM blobs WHERE id = $1 AND deleted_at IS NULL";
            if self.read().await?.conn.optional(sql, args![name]).await?.is_none() {
                self.delete_file(&file.location).await?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    async fn delete_file(&self, path: &BlobPath) -> Result<()> {
        match self.inner.folder.files.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes what a crash left in the scratch folder, and uploads it broke off: `object_store` writes
    /// `name#1` first and lists no such file.
    fn sweep_leftovers(&self, now: Timestamp) -> Result<()> {
        delete_old(&self.inner.folder.root.join(SCRATCH), now, |_| true)?;
        let requests = self.inner.folder.root.join("requests");
        if !requests.exists() {
            return Ok(());
        }
        for folder in std::fs::read_dir(requests)? {
            delete_old(&folder?.path(), now, |name| name.contains('#'))?;
        }
        Ok(())
    }

    pub(crate) fn has_file(&self, blob: &StoredBlob) -> bool {
        let path = self.inner.folder.files.path_to_filesystem(&place(blob.request_id, blob.id));
        path.is_ok_and(|path| std::fs::metadata(path).is_ok_and(|found| found.len() == blob.size))
    }
}

/// Moves a file to its place and has it there for good; returns its length and its hash.
///
/// The file is flushed after the move: a file system that keeps its own log in order then writes the name with
/// the content, and finds nothing left to write for the folders.
fn keep(from: &Path, to: &Path) -> Result<(u64, [u8; 32])> {
    let mut file = File::open(from)?;
    let mut hasher = Sha256::new();
    let (mut size, mut part) = (0, vec![0; PART]);
    loop {
        let count = file.read(&mut part)?;
        let Some(read) = part.get(..count).filter(|read| !read.is_empty()) else { break };
        hasher.update(read);
        size += count as u64;
    }
    let folder = to.parent().unwrap_or(to);
    std::fs::create_dir_all(folder)?;
    std::fs::rename(from, to)?;
    let flushed = file.sync_all().and_then(|()| {
        let folders = [Some(folder), folder.parent()];
        folders.into_iter().flatten().try_for_each(|folder| File::open(folder)?.sync_all())
    });
    if let Err(error) = flushed {
        // What isn't kept must not stand there: on a full disk it would keep it full.
        drop(std::fs::remove_file(to));
        return Err(error.into());
    }
    Ok((size, hasher.finalize().into()))
}

fn delete_old(folder: &Path, now: Timestamp, is_leftover: impl Fn(&str) -> bool) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if is_leftover(&entry.file_name().to_string_lossy()) && is_old(entry.metadata()?.modified()?, now) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn is_old(modified: SystemTime, now: Timestamp) -> bool {
    let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let Ok(since) = i64::try_from(since.as_micros()) else { return false };
    let Ok(modified) = Timestamp::from_microsecond(since) else { return false };
    now.duration_since(modified) > GRACE
}

impl Tx {
    /// Names a stored file by a row; from now on it is kept until it expires.
    pub async fn add_blob(&mut self, blob: &StoredBlob, expires_at: Option<Timestamp>) -> Result<()> {
        let now = self.now();
        let sql = "INSERT INTO blobs (id, request_id, kind, size, sha256, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = args![
            blob.id.to_string(),
            blob.request_id.to_string(),
            blob.kind.as_str(),
            blob.size,
            blob.sha256,
            now,
            expires_at
        ];
        self.conn.execute(sql, values).await?;
        Ok(())
    }

    /// Sets when a file is to be deleted: now, or later than was set before. The answer is no where it is
    /// deleted already.
    pub async fn expire_blob(&mut self, id: BlobId, expires_at: Timestamp) -> Result<bool> {
        let sql = "UPDATE blobs SET expires_at = $2 WHERE id = $1 AND deleted_at IS NULL";
        Ok(self.conn.execute(sql, args![id.to_string(), expires_at]).await? == 1)
    }
}

impl Read {
    /// Returns a file's row within the scope, as long as it is not deleted and its time is not over.
    pub async fn lookup_blob(&mut self, id: BlobId, scope: &Scope) -> Result<Option<Blob>> {
        let now = self.now();
        let sql = "SELECT * FROM blobs WHERE id = $1 AND deleted_at IS NULL
            AND (expires_at IS NULL OR expires_at > $2)";
        let Some(row) = self.conn.optional(sql, args![id.to_string(), now]).await? else { return Ok(None) };
        let blob = blob(&row)?;
        let is_seen = self.lookup_row(blob.stored.request_id, scope).await?.is_some();
        Ok(is_seen.then_some(blob))
    }

    /// Returns the rows of a request's files within the scope, oldest first, deleted ones included.
    pub async fn list_blobs(&mut self, request: RequestId, scope: &Scope) -> Result<Vec<Blob>> {
        if self.lookup_row(request, scope).await?.is_none() {
            return Ok(Vec::new());
        }
        let sql = "SELECT * FROM blobs WHERE request_id = $1 ORDER BY id LIMIT 1000";
        let rows = self.conn.all(sql, args![request.to_string()]).await?;
        rows.iter().map(blob).collect()
    }
}

pub(crate) fn blob(row: &Row) -> Result<Blob> {
    Ok(Blob {
        stored: StoredBlob {
            id: row.parsed("id")?,
            request_id: row.parsed("request_id")?,
            kind: row.text("kind")?,
            size: row.count("size")?,
            sha256: row.hash("sha256")?,
        },
        created_at: row.instant("created_at")?,
        expires_at: row.opt_instant("expires_at")?,
        deleted_at: row.opt_instant("deleted_at")?,
    })
}

#[cfg(test)]
mod tests;
