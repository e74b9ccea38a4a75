//! Checking what was typed against its slow hash, without holding up anything else.

use std::sync::LazyLock;

use habeas_store::hashes;
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Each check takes 19 MiB: no more than so many run at once.
static ROOM: Semaphore = Semaphore::const_new(8);

/// A hash nothing hashes to: checking against it costs what a real check costs.
static DECOY: LazyLock<Option<String>> = LazyLock::new(|| hashes::hash("decoy", b"a decoy has salt"));

/// Says whether a text hashes to this; without a hash it does as much work and says no.
pub(crate) async fn fits(given: &str, hash: Option<String>) -> Result<bool> {
    let _room = ROOM.acquire().await.map_err(|_| Error::Broken("hashing has ended"))?;
    let given = given.to_owned();
    let checked = tokio::task::spawn_blocking(move || {
        let is_real = hash.is_some();
        let hash = hash.or_else(|| DECOY.clone()).unwrap_or_default();
        hashes::fits(&given, &hash) && is_real
    });
    checked.await.map_err(|_| Error::Broken("hashing failed"))
}

/// Hashes a text that is to be kept.
pub(crate) async fn hash(text: &str, salt: [u8; 16]) -> Result<String> {
    let _room = ROOM.acquire().await.map_err(|_| Error::Broken("hashing has ended"))?;
    let text = text.to_owned();
    let hashed = tokio::task::spawn_blocking(move || hashes::hash(&text, &salt)).await;
    hashed.ok().flatten().ok_or(Error::Broken("hashing failed"))
}
