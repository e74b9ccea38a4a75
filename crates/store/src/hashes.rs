//! Slow hashes of what people type: codes and passwords.
//!
//! Argon2id as OWASP recommends it first: 19 MiB, two passes, one lane. The memory is asked for in one
//! piece of more than 32 MiB, of which only the part written to counts: the C library maps such a piece
//! for itself and gives it back at once. Anything smaller it keeps, in a heap for each thread, and an idle
//! process would hold several times 19 MiB for ever.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// How many blocks of a kilobyte are asked for.
const RESERVED: usize = 33 * 1024;
/// No hash that needs more blocks is checked.
const MOST: usize = 64 * 1024;

/// Hashes a text; `None` only where memory is short. It takes tens of milliseconds on purpose: call it
/// where nothing waits for the thread.
pub fn hash(text: &str, salt: &[u8; 16]) -> Option<String> {
    let params = Params::new(19 * 1024, 2, 1, None).ok()?;
    let made = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(derive(text, params, salt, Params::DEFAULT_OUTPUT_LEN)?),
    };
    Some(made.to_string())
}

/// Says whether a text has this hash; it takes as long as hashing, whatever the answer.
pub fn fits(text: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let is_ours =
        hash.algorithm == Algorithm::Argon2id.ident() && hash.version == Some(Version::V0x13.into());
    let (true, Ok(params), Some(salt), Some(expected)) =
        (is_ours, Params::try_from(&hash), hash.salt, hash.hash)
    else {
        return false;
    };
    // Outputs are compared in constant time.
    derive(text, params, &salt, expected.len()).is_some_and(|found| found == expected)
}

fn derive(text: &str, params: Params, salt: &[u8], length: usize) -> Option<Output> {
    let count = params.block_count();
    if count > MOST {
        return None;
    }
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(RESERVED.max(count)).ok()?;
    blocks.resize(count, Block::default());
    let mut output = [0; Output::MAX_LENGTH];
    let output = output.get_mut(..length)?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    hasher.hash_password_into_with_memory(text.as_bytes(), salt, output, &mut blocks).ok()?;
    Output::new(output).ok()
}

#[cfg(test)]
mod tests;
