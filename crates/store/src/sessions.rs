//! Sessions of the portal and the console, shared by all nodes.
//!
//! The database holds the hash of a session's token and its data sealed: who steals the database can
//! neither take a session over nor read it. Portal and console sessions never pass for each other.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use habeas_core::id::{RequestId, Token, TokenHash, UserId};

use crate::db::args;
use crate::error::{Error, Result};
use crate::store::{Read, Tx};

/// Where a session is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// What subjects see.
    Portal,
    /// What staff see.
    Console,
}

impl Audience {
    fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Console => "console",
        }
    }
}

/// A session to be opened.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// Where it is good.
    pub audience: Audience,
    /// The member of staff; ends with their account.
    pub user_id: Option<UserId>,
    /// The request a subject proved to be theirs; ends with its keys.
    pub request_id: Option<RequestId>,
    /// Small data of the pages.
    pub data: &'a Value,
    /// Ends after so long without a call.
    pub idle: SignedDuration,
    /// Ends then in any case.
    pub expires_at: Timestamp,
}

/// An open session.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// The member of staff, if any.
    pub user_id: Option<UserId>,
    /// The request, if any.
    pub request_id: Option<RequestId>,
    /// Small data of the pages.
    pub data: Value,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

/// No session's data is longer than this.
const DATA_LIMIT: usize = 16 * 1024;

impl Tx {
    /// Opens a session under a token that the caller puts in a cookie.
    pub async fn open_session(&mut self, token: &Token, new: &NewSession<'_>) -> Result<()> {
        let (now, hash) = (self.now(), token.hash());
        let sealed = self.seal_session(&hash, new.data)?;
        let idle_until = self.idle_until(new.idle, new.expires_at)?;
        let sql = "INSERT INTO sessions
            (token_hash, audience, user_id, request_id, data, created_at, idle_until, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = args![
            *hash.as_bytes(),
            new.audience.as_str(),
            new.user_id.map(|id| id.to_string()),
            new.request_id.map(|id| id.to_string()),
            sealed,
            now,
            idle_until,
            new.expires_at
        ];
        self.conn.execute(sql, values).await?;
        Ok(())
    }

    /// Overwrites a session's data and starts its idle time again.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the session has ended.
    pub async fn save_session(
        &mut self,
        token: &Token,
        audience: Audience,
        data: &Value,
        idle: SignedDuration,
    ) -> Result<()> {
        let hash = token.hash();
        let sealed = self.seal_session(&hash, data)?;
        let now = self.now();
        let sql = "UPDATE sessions SET data = $3,
                idle_until = CASE WHEN expires_at < $4 THEN expires_at ELSE $4 END
            WHERE token_hash = $1 AND audience = $2 AND idle_until > $5";
        let until = self.idle_until(idle, Timestamp::MAX)?;
        let values = args![*hash.as_bytes(), audience.as_str(), sealed, until, now];
        match self.conn.execute(sql, values).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    /// Moves a session to a new token, as at every sign-in: the old one is worth nothing afterwards.
    pub async fn rotate_session(&mut self, old: &Token, new: &Token, audience: Audience) -> Result<()> {
        let session = self.lookup_session(old, audience).await?.ok_or(Error::Conflict)?;
        let (old, hash) = (old.hash(), new.hash());
        let sealed = self.seal_session(&hash, &session.data)?;
        let sql = "UPDATE sessions SET token_hash = $2, data = $3 WHERE token_hash = $1";
        match self.conn.execute(sql, args![*old.as_bytes(), *hash.as_bytes(), sealed]).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    /// Ends a session; one that has ended already is none.
    pub async fn end_session(&mut self, token: &Token) -> Result<()> {
        let hash = token.hash();
        let sql = "DELETE FROM sessions WHERE token_hash = $1";
        self.conn.execute(sql, args![*hash.as_bytes()]).await?;
        Ok(())
    }

    /// Ends every session of a member of staff.
    pub async fn end_sessions_of(&mut self, user: UserId) -> Result<u64> {
        self.conn.execute("DELETE FROM sessions WHERE user_id = $1", args![user.to_string()]).await
    }

    fn seal_session(&self, hash: &TokenHash, data: &Value) -> Result<Vec<u8>> {
        let text = data.to_string();
        if text.len() > DATA_LIMIT {
            return Err(Error::inconsistent("sessions", &"data"));
        }
        Ok(self.inner.root.seal(&place(hash), text.as_bytes(), &*self.inner.chance))
    }

    fn idle_until(&self, idle: SignedDuration, expires_at: Timestamp) -> Result<Timestamp> {
        let until = self.now().checked_add(idle).map_err(|_| Error::inconsistent("sessions", &"idle"))?;
        Ok(until.min(expires_at))
    }
}

impl Read {
    /// Returns the session behind a token; `None` where it ended, by either limit.
    pub async fn lookup_session(&mut self, token: &Token, audience: Audience) -> Result<Option<Session>> {
        let hash = token.hash();
        // `idle_until` never lies behind `expires_at`.
        let sql = "SELECT user_id, request_id, data, created_at, expires_at FROM sessions
            WHERE token_hash = $1 AND audience = $2 AND idle_until > $3";
        let values = args![*hash.as_bytes(), audience.as_str(), self.now()];
        let Some(row) = self.conn.optional(sql, values).await? else { return Ok(None) };
        let opened = self.inner.root.open(&place(&hash), &row.bytes("data")?)?;
        let data = serde_json::from_slice(&opened).map_err(|_| Error::inconsistent("sessions", &"data"))?;
        Ok(Some(Session {
            user_id: row.opt_parsed("user_id")?,
            request_id: row.opt_parsed("request_id")?,
            data,
            created_at: row.instant("created_at")?,
            expires_at: row.instant("expires_at")?,
        }))
    }
}

fn place(hash: &TokenHash) -> String {
    format!("session {}", hex::encode(hash.as_bytes()))
}

#[cfg(test)]
mod tests;
