//! Limits on how often somebody may call, kept for all nodes together.
//!
//! GCRA: one number a caller, the instant at which the next call would be on time; a call is let
//! through where it is at most a burst early. One statement decides and counts, so that calls arriving
//! at once can't all slip through. Callers are kept as keyed fingerprints.

use jiff::{SignedDuration, Timestamp};

use crate::db::args;
use crate::error::{Error, Result};
use crate::store::{Store, Tx};

/// How often something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// A stable name, such as `portal_form_address`.
    pub name: &'static str,
    /// How many calls at once at most.
    pub burst: u32,
    /// How many calls come back within this time.
    pub per: SignedDuration,
}

/// The answer to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Throttle {
    /// Let it through.
    Allowed,
    /// Refuse it; it may come again at that instant.
    Refused {
        /// When it may come again.
        retry_at: Timestamp,
    },
}

impl Tx {
    /// Forgets the calls of `who`, as after a right password the wrong ones before it.
    pub async fn forget_calls(&mut self, limit: Limit, who: &[u8]) -> Result<()> {
        let fingerprint = self.inner.root.fingerprint(limit.name, who);
        self.conn.execute("DELETE FROM rates WHERE fingerprint = $1", args![fingerprint]).await?;
        Ok(())
    }

    /// Counts a call of `who` against a limit, in this transaction: it counts only if what follows is kept, so
    /// that a job that is killed and done again counts once.
    pub async fn throttle(&mut self, limit: Limit, who: &[u8]) -> Result<Throttle> {
        let broken = || Error::inconsistent("rates", &limit.name);
        let window = i64::try_from(limit.per.as_micros()).map_err(|_| broken())?;
        let step = window.checked_div(i64::from(limit.burst)).ok_or_else(broken)?;
        let now = self.inner.clock.now().as_microsecond();
        let fingerprint = self.inner.root.fingerprint(limit.name, who);
        let sql = "INSERT INTO rates (fingerprint, arrival) VALUES ($1, $2 + $3)
            ON CONFLICT (fingerprint) DO UPDATE
                SET arrival = (CASE WHEN rates.arrival > $2 THEN rates.arrival ELSE $2 END) + $3
                WHERE rates.arrival + $3 <= $2 + $4
            RETURNING arrival";
        let values = args![fingerprint.clone(), now, step, window];
        if self.conn.optional(sql, values).await?.is_some() {
            return Ok(Throttle::Allowed);
        }
        let sql = "SELECT arrival FROM rates WHERE fingerprint = $1";
        let arrival = self.conn.one(sql, args![fingerprint]).await?.int("arrival")?;
        let retry_at = Timestamp::from_microsecond(arrival + step - window).map_err(|_| broken())?;
        Ok(Throttle::Refused { retry_at })
    }
}

impl Store {
    /// Counts a call of `who` (an address, an identity; anything) against a limit, in a transaction of
    /// its own: a call counts also where what follows is given up. On SQLite there is one writer: ask
    /// before [`Store::begin`], never while a transaction is open.
    pub async fn throttle(&self, limit: Limit, who: &[u8]) -> Result<Throttle> {
        let mut tx = self.begin().await?;
        let answer = tx.throttle(limit, who).await?;
        if answer == Throttle::Allowed {
            tx.commit().await?;
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests;
