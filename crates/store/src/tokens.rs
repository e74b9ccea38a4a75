//! One-time tokens: links in mails, invitations, a nonce of a form, an idempotency key.
//!
//! The first who takes one has it; everyone else gets nothing, also where two arrive at once.

use jiff::Timestamp;

use habeas_core::id::Token;

use crate::db::args;
use crate::error::{Error, Result};
use crate::store::{Read, Tx};

impl Tx {
    /// Keeps a token's hash: whoever shows the token for this purpose until then is let through once.
    pub async fn add_token(
        &mut self,
        token: &Token,
        purpose: &str,
        subject: &str,
        expires_at: Timestamp,
    ) -> Result<()> {
        let (now, hash) = (self.now(), token.hash());
        let sql = "INSERT INTO tokens (token_hash, purpose, subject, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5)";
        self.conn.execute(sql, args![*hash.as_bytes(), purpose, subject, now, expires_at]).await?;
        Ok(())
    }

    /// Uses a token up and returns its subject; `None` where it is unknown, used, late or for something
    /// else.
    pub async fn take_token(&mut self, token: &Token, purpose: &str) -> Result<Option<String>> {
        let (now, hash) = (self.now(), token.hash());
        let sql = "DELETE FROM tokens WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3
            RETURNING subject";
        let row = self.conn.optional(sql, args![*hash.as_bytes(), purpose, now]).await?;
        row.map(|row| row.text("subject")).transpose()
    }

    /// Withdraws every token of a purpose and subject, as when a password was changed.
    pub async fn withdraw_tokens(&mut self, purpose: &str, subject: &str) -> Result<u64> {
        let sql = "DELETE FROM tokens WHERE purpose = $1 AND subject = $2";
        self.conn.execute(sql, args![purpose, subject]).await
    }

    /// Uses a nonce up: a form, a proof of work, a one-time code of a step. The answer is no where it
    /// was used before.
    pub async fn use_nonce(&mut self, purpose: &str, nonce: &[u8], expires_at: Timestamp) -> Result<bool> {
        let fingerprint = self.inner.root.fingerprint(purpose, nonce);
        let sql = "INSERT INTO nonces (fingerprint, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        Ok(self.conn.execute(sql, args![fingerprint, expires_at]).await? == 1)
    }

    /// Keeps the answer to a call that carried an idempotency key, in the transaction of its effect.
    /// `digest` is the hash of what was called with.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the key is taken: the same call is under way or done.
    pub async fn keep_answer(
        &mut self,
        key: &str,
        digest: &[u8; 32],
        answer: &[u8],
        expires_at: Timestamp,
    ) -> Result<()> {
        let fingerprint = self.inner.root.fingerprint(IDEMPOTENCY, key.as_bytes());
        let sealed = self.inner.root.seal(&place(&fingerprint), answer, &*self.inner.chance);
        let now = self.now();
        let sql = "INSERT INTO idempotency_keys (fingerprint, digest, response, expires_at)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (fingerprint) DO UPDATE SET digest = excluded.digest,
                response = excluded.response, expires_at = excluded.expires_at
            WHERE idempotency_keys.expires_at <= $5";
        match self.conn.execute(sql, args![fingerprint, *digest, sealed, expires_at, now]).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    /// Deletes what has expired: sessions, tokens, nonces, answers, challenges, results, limits no longer
    /// near. Run now and then; nothing expired is ever given out, deleted or not.
    pub async fn expire(&mut self) -> Result<u64> {
        let now = self.now();
        let mut deleted = 0;
        for sql in [
            "DELETE FROM sessions WHERE idle_until <= $1",
            "DELETE FROM tokens WHERE expires_at <= $1",
            "DELETE FROM nonces WHERE expires_at <= $1",
            "DELETE FROM idempotency_keys WHERE expires_at <= $1",
            "DELETE FROM challenges WHERE expires_at <= $1",
            "DELETE FROM results WHERE expires_at <= $1",
            "DELETE FROM rates WHERE arrival <= $1",
        ] {
            deleted += self.conn.execute(sql, args![now]).await?;
        }
        Ok(deleted)
    }
}

const IDEMPOTENCY: &str = "idempotency";

/// The answer kept for an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptAnswer {
    /// The same call was made before; this is what was answered.
    Same(Vec<u8>),
    /// The key was used for another call: a mistake of the caller.
    OtherCall,
}

impl Read {
    /// Returns the subject of a token that could be taken, without using it up: for showing a page
    /// before the act.
    pub async fn peek_token(&mut self, token: &Token, purpose: &str) -> Result<Option<String>> {
        let (now, hash) = (self.now(), token.hash());
        let sql = "SELECT subject FROM tokens WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3";
        let row = self.conn.optional(sql, args![*hash.as_bytes(), purpose, now]).await?;
        row.map(|row| row.text("subject")).transpose()
    }

    /// Returns what was answered to a call with this idempotency key.
    pub async fn lookup_answer(&mut self, key: &str, digest: &[u8; 32]) -> Result<Option<KeptAnswer>> {
        let fingerprint = self.inner.root.fingerprint(IDEMPOTENCY, key.as_bytes());
        let place = place(&fingerprint);
        let now = self.now();
        let sql = "SELECT digest, response FROM idempotency_keys WHERE fingerprint = $1 AND expires_at > $2";
        let Some(row) = self.conn.optional(sql, args![fingerprint, now]).await? else { return Ok(None) };
        if row.bytes("digest")? != digest {
            return Ok(Some(KeptAnswer::OtherCall));
        }
        let answer = self.inner.root.open(&place, &row.bytes("response")?)?;
        Ok(Some(KeptAnswer::Same(answer.to_vec())))
    }
}

fn place(fingerprint: &[u8]) -> String {
    format!("answer {}", hex::encode(fingerprint))
}

#[cfg(test)]
mod tests;
