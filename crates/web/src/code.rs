//! Checking what was typed against its slow hash, without holding up anything else.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Each check takes 19 MiB: no more than so many run at once.
static ROOM: Semaphore = Semaphore::const_new(8);

/// A hash nothing hashes to: checking against it costs what a real check costs.
static DECOY: LazyLock<Option<String>> = LazyLock::new(|| hash_with("decoy", b"a decoy has salt"));

/// Says whether a text hashes to this; without a hash it does as much work and says no.
pub(crate) async fn fits(given: &str, hash: Option<String>) -> Result<bool> {
    let _room = ROOM.acquire().await.map_err(|_| Error::Broken("hashing has ended"))?;
    let given = given.to_owned();
    let checked = tokio::task::spawn_blocking(move || {
        let is_real = hash.is_some();
        let hash = hash.or_else(|| DECOY.clone()).unwrap_or_default();
        let fits = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(given.as_bytes(), &hash).is_ok());
        fits && is_real
    });
    checked.await.map_err(|_| Error::Broken("hashing failed"))
}

/// Hashes a text that is to be kept.
pub(crate) async fn hash(text: &str, salt: [u8; 16]) -> Result<String> {
    let _room = ROOM.acquire().await.map_err(|_| Error::Broken("hashing has ended"))?;
    let text = text.to_owned();
    let hashed = tokio::task::spawn_blocking(move || hash_with(&text, &salt)).await;
    hashed.ok().flatten().ok_or(Error::Broken("hashing failed"))
}

/// Hashes a text with OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane.
fn hash_with(text: &str, salt: &[u8]) -> Option<String> {
    let params = Params::new(19 * 1024, 2, 1, None).ok()?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    hasher.hash_password_with_salt(text.as_bytes(), salt).ok().map(|hash| hash.to_string())
}
