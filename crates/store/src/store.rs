//! Opening a store, and the two kinds of transactions.

use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Notify;

use habeas_core::context::{SharedChance, SharedClock, random};
use habeas_core::event::Actor;
use habeas_core::id::RequestId;

use crate::blobs::Folder;
use crate::db::{Conn, Pool, args};
use crate::error::{Error, Result};
use crate::keys::{RequestKeys, RootKey};
use crate::log::note::Signer;
use crate::{jobs, migrate};

/// Where an installation keeps things.
pub struct Options {
    /// A path to the SQLite file, or a `postgres://` URL.
    pub url: String,
    /// The folder of sealed files.
    pub blobs: PathBuf,
    /// The unsealed root key.
    pub keys: RootKey,
}

/// An open installation; cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) pool: Pool,
    pub(crate) root: RootKey,
    pub(crate) signer: Signer,
    pub(crate) clock: SharedClock,
    pub(crate) chance: SharedChance,
    pub(crate) work: Notify,
    pub(crate) listener: jobs::Listener,
    pub(crate) folder: Folder,
}

impl Store {
    /// Brings the database behind the URL to this version, making it where it is missing.
    pub async fn migrate(url: &str) -> Result<()> {
        let pool = Pool::connect(url).await?;
        let outcome = migrate::run(&pool).await;
        pool.close().await;
        outcome
    }

    /// Opens a migrated installation.
    ///
    /// # Errors
    /// [`Error::Unmigrated`] before [`Store::migrate`], [`Error::TooNew`] where a newer release shut
    /// this one out, [`Error::Sealed`] where the root key belongs to another installation.
    pub async fn open(options: Options, clock: SharedClock, chance: SharedChance) -> Result<Self> {
        let pool = Pool::connect(&options.url).await?;
        migrate::ensure_current(&pool).await?;
        let signer = ensure_signer(&pool, &options.keys, clock.now(), &chance).await?;
        let listener = jobs::Listener::new(&options.url);
        let folder = Folder::open(&options.blobs)?;
        let root = options.keys;
        let work = Notify::new();
        let inner = Inner { pool, root, signer, clock, chance, work, listener, folder };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Closes every connection, once those in use are given back; what begins afterwards fails.
    pub async fn close(&self) {
        self.inner.pool.close().await;
    }

    /// Begins reading: one consistent view, which writes nothing.
    pub async fn read(&self) -> Result<Read> {
        let conn = self.inner.pool.read().await?;
        Ok(Read { conn, inner: Arc::clone(&self.inner) })
    }

    /// Begins the one transaction of an act; dropped without [`Tx::commit`] it leaves nothing.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_as(Actor::System).await
    }

    /// Begins a transaction in which configuration is changed by somebody: the system's chain says who.
    pub async fn begin_as(&self, actor: Actor) -> Result<Tx> {
        let conn = self.inner.pool.begin().await?;
        let read = Read { conn, inner: Arc::clone(&self.inner) };
        Ok(Tx { read, actor, wakes: false })
    }

    /// Returns the present instant by the store's clock.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Returns the installation's public key in the form that verifiers take (C2SP `vkey`).
    pub fn public_key(&self) -> String {
        self.inner.signer.verifier().to_string()
    }

    /// Signs bytes with the installation's key: receipts, manifests.
    pub fn sign(&self, content: &[u8]) -> [u8; 64] {
        self.inner.signer.sign(content)
    }

    /// Returns the installation's key for signers that make their own format: packages.
    pub fn signing_key(&self) -> ed25519_dalek::SigningKey {
        self.inner.signer.signing_key()
    }

    /// Returns a keyed fingerprint of a value, equal for equal values within this installation.
    pub fn fingerprint(&self, purpose: &str, value: &[u8]) -> Vec<u8> {
        self.inner.root.fingerprint(purpose, value)
    }
}

/// A consistent view of the database: every query is here.
pub struct Read {
    pub(crate) conn: Conn,
    pub(crate) inner: Arc<Inner>,
}

impl Read {
    /// Returns the keys of a request; `None` where there is no such request.
    ///
    /// # Errors
    /// [`Error::Sealed`] where the keys were destroyed.
    pub async fn lookup_keys(&mut self, id: RequestId) -> Result<Option<RequestKeys>> {
        let sql = "SELECT wrapped FROM keys WHERE request_id = $1";
        let Some(row) = self.conn.optional(sql, args![id.to_string()]).await? else { return Ok(None) };
        let wrapped = row.opt_bytes("wrapped")?.ok_or(Error::Sealed("the key is destroyed"))?;
        self.inner.root.request_keys(id.as_bytes(), &wrapped).map(Some)
    }

    /// Returns the keys of a request, or `None` where they were destroyed or never were.
    pub(crate) async fn keys_if_alive(&mut self, id: RequestId) -> Result<Option<RequestKeys>> {
        let sql = "SELECT wrapped FROM keys WHERE request_id = $1";
        let Some(row) = self.conn.optional(sql, args![id.to_string()]).await? else { return Ok(None) };
        match row.opt_bytes("wrapped")? {
            Some(wrapped) => self.inner.root.request_keys(id.as_bytes(), &wrapped).map(Some),
            None => Ok(None),
        }
    }

    /// Returns when a request's keys were destroyed; `None` while they live.
    pub async fn key_destroyed_at(&mut self, id: RequestId) -> Result<Option<Timestamp>> {
        let sql = "SELECT destroyed_at FROM keys WHERE request_id = $1";
        match self.conn.optional(sql, args![id.to_string()]).await? {
            Some(row) => row.opt_instant("destroyed_at"),
            None => Ok(None),
        }
    }

    /// Returns which requests' keys were destroyed and when, so that a restored backup can destroy them again.
    pub async fn list_tombstones(&mut self, since: Timestamp) -> Result<Vec<(RequestId, Timestamp)>> {
        let sql = "SELECT request_id, destroyed_at FROM keys WHERE destroyed_at >= $1 ORDER BY destroyed_at";
        let rows = self.conn.all(sql, args![since]).await?;
        rows.iter().map(|row| Ok((row.parsed("request_id")?, row.instant("destroyed_at")?))).collect()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
}

/// The one write transaction of an act.
pub struct Tx {
    read: Read,
    /// Who changes configuration; events of requests carry their own actor.
    pub(crate) actor: Actor,
    pub(crate) wakes: bool,
}

impl Deref for Tx {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.read
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.read
    }
}

impl Tx {
    /// Makes everything done in this transaction lasting, and wakes workers where it brought work.
    pub async fn commit(mut self) -> Result<()> {
        if self.wakes && self.conn.is_postgres() {
            self.conn.execute("SELECT pg_notify('habeas_jobs', '')", Vec::new()).await?;
        }
        let Read { conn, inner } = self.read;
        conn.commit().await?;
        if self.wakes {
            // A permit is kept where nobody waits yet, so that no work is slept through.
            inner.work.notify_one();
        }
        Ok(())
    }

    /// Destroys a request's keys: what was sealed under them can't be read again by anyone.
    ///
    /// The log, its chain and the clear parts stay; the row's card, the terms it was searched by, its
    /// mails' content and the names of its files go in the same transaction. Where the keys are
    /// destroyed already, nothing happens.
    ///
    /// # Errors
    /// [`Error::Held`] where a legal hold is on the person.
    pub async fn destroy(&mut self, id: RequestId, at: Timestamp) -> Result<()> {
        if !self.holds_on_request(id).await?.is_empty() {
            return Err(Error::Held);
        }
        let key = id.to_string();
        let sql = "UPDATE keys SET wrapped = NULL, destroyed_at = $2
            WHERE request_id = $1 AND wrapped IS NOT NULL";
        self.conn.execute(sql, args![key.as_str(), at]).await?;
        for sql in [
            "UPDATE requests SET card = NULL WHERE id = $1",
            "DELETE FROM request_terms WHERE request_id = $1",
            "UPDATE mails SET content = NULL WHERE request_id = $1",
            "DELETE FROM challenges WHERE request_id = $1",
            "DELETE FROM sessions WHERE request_id = $1",
        ] {
            self.conn.execute(sql, args![key.as_str()]).await?;
        }
        let sql = "UPDATE blobs SET expires_at = $2 WHERE request_id = $1 AND deleted_at IS NULL";
        self.conn.execute(sql, args![key.as_str(), at]).await?;
        Ok(())
    }
}

/// Loads the installation's signing key, making it at the first start.
async fn ensure_signer(pool: &Pool, root: &RootKey, now: Timestamp, chance: &SharedChance) -> Result<Signer> {
    const OWNER: &[u8] = b"installation";
    let select = "SELECT origin, signing_key FROM installation WHERE id = 1";
    let mut row = pool.read().await?.optional(select, Vec::new()).await?;
    if row.is_none() {
        let secret: [u8; 32] = random(&**chance);
        let origin = format!("habeas.installation/{}", hex::encode(random::<8>(&**chance)));
        let signer = Signer::new(origin.clone(), &secret);
        let mut conn = pool.begin().await?;
        // Two nodes may start at once: the first one's key stays.
        let sql = "INSERT INTO installation (id, origin, signing_key, public_key, created_at)
            VALUES (1, $1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
        let wrapped = root.wrap(OWNER, &secret, &**chance);
        let public = signer.verifier().key().to_vec();
        conn.execute(sql, args![origin, wrapped, public, now]).await?;
        row = conn.optional(select, Vec::new()).await?;
        conn.commit().await?;
    }
    let row = row.ok_or_else(|| Error::inconsistent("installation", &1))?;
    let secret = root.unwrap(OWNER, &row.bytes("signing_key")?)?;
    Ok(Signer::new(row.text("origin")?, &secret))
}

#[cfg(test)]
mod tests;
