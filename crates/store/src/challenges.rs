//! Challenges: codes sent to prove an identity.
//!
//! The code is kept as a slow hash that the caller makes and checks outside any transaction. A try is
//! paid for before the hash is given out, so that tries running at once can't be more than were granted,
//! and a code passes once.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use habeas_core::context::random;
use habeas_core::id::RequestId;

use crate::db::args;
use crate::error::{Error, Result};
use crate::store::Tx;

/// No code lives longer than this.
pub const LONGEST: SignedDuration = SignedDuration::from_mins(10);

/// A challenge to be set.
#[derive(Debug, Clone, Copy)]
pub struct NewChallenge<'a> {
    /// The request whose person must prove an identity.
    pub request_id: RequestId,
    /// What is proven, such as `email`.
    pub purpose: &'a str,
    /// The code as a password hash.
    pub code_hash: &'a str,
    /// Until when it can be answered, at most [`LONGEST`] from now.
    pub expires_at: Timestamp,
    /// How many tries there are.
    pub tries: u16,
}

/// What a try may be checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The challenge, to be passed.
    pub id: Uuid,
    /// The code as a password hash.
    pub code_hash: String,
    /// How many tries are left after this one.
    pub tries_left: u16,
}

impl Tx {
    /// Sets a challenge; an earlier one for the same purpose is worth nothing afterwards.
    pub async fn set_challenge(&mut self, new: &NewChallenge<'_>) -> Result<Uuid> {
        let now = self.now();
        let id = uuid::Builder::from_random_bytes(random(&*self.inner.chance)).into_uuid();
        let latest = now.checked_add(LONGEST).map_err(|_| Error::inconsistent("challenges", &id))?;
        let sql = "INSERT INTO challenges
                (id, request_id, purpose, code, created_at, expires_at, tries_left)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (request_id, purpose) DO UPDATE SET id = excluded.id, code = excluded.code,
                created_at = excluded.created_at, expires_at = excluded.expires_at,
                tries_left = excluded.tries_left";
        let values = args![
            id.to_string(),
            new.request_id.to_string(),
            new.purpose,
            new.code_hash,
            now,
            new.expires_at.min(latest),
            new.tries
        ];
        self.conn.execute(sql, values).await?;
        Ok(id)
    }

    /// Pays for one try and returns what to check it against; `None` where there is no challenge, it is
    /// late, or its tries are used up. Commit before checking the code.
    pub async fn try_challenge(&mut self, request: RequestId, purpose: &str) -> Result<Option<Attempt>> {
        let now = self.now();
        let sql = "UPDATE challenges SET tries_left = tries_left - 1
            WHERE request_id = $1 AND purpose = $2 AND expires_at > $3 AND tries_left > 0
            RETURNING id, code, tries_left";
        let row = self.conn.optional(sql, args![request.to_string(), purpose, now]).await?;
        let Some(row) = row else { return Ok(None) };
        let tries_left = u16::try_from(row.int("tries_left")?).unwrap_or(0);
        Ok(Some(Attempt { id: row.parsed("id")?, code_hash: row.text("code")?, tries_left }))
    }

    /// Passes a challenge whose code was right, in the transaction of what follows from it.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it was passed, replaced or has expired meanwhile.
    pub async fn pass_challenge(&mut self, id: Uuid) -> Result<()> {
        let now = self.now();
        let sql = "DELETE FROM challenges WHERE id = $1 AND expires_at > $2";
        match self.conn.execute(sql, args![id.to_string(), now]).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    /// Withdraws the challenges of a request, as when it is closed.
    pub async fn withdraw_challenges(&mut self, request: RequestId) -> Result<u64> {
        let sql = "DELETE FROM challenges WHERE request_id = $1";
        self.conn.execute(sql, args![request.to_string()]).await
    }
}

#[cfg(test)]
mod tests;
