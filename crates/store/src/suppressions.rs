//! What must not come back: fingerprints of people who opted out or were erased.
//!
//! They outlive the request they came from, and tell nothing to whoever lacks the root key.

use crate::db::args;
use crate::error::Result;
use crate::store::{Read, Tx};

impl Tx {
    /// Puts a normalised value on a list; one that is there already stays.
    pub async fn suppress(&mut self, list: &str, value: &str) -> Result<()> {
        let (now, fingerprint) = (self.now(), self.inner.root.fingerprint(list, value.as_bytes()));
        let sql = "INSERT INTO suppressions (list, fingerprint, created_at) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING";
        self.conn.execute(sql, args![list, fingerprint, now]).await?;
        Ok(())
    }

    /// Takes a value off a list, as when somebody consents again.
    pub async fn unsuppress(&mut self, list: &str, value: &str) -> Result<()> {
        let fingerprint = self.inner.root.fingerprint(list, value.as_bytes());
        let sql = "DELETE FROM suppressions WHERE list = $1 AND fingerprint = $2";
        self.conn.execute(sql, args![list, fingerprint]).await?;
        Ok(())
    }
}

impl Read {
    /// Returns whether a normalised value is on a list.
    pub async fn is_suppressed(&mut self, list: &str, value: &str) -> Result<bool> {
        let fingerprint = self.inner.root.fingerprint(list, value.as_bytes());
        let sql = "SELECT 1 AS found FROM suppressions WHERE list = $1 AND fingerprint = $2";
        Ok(self.conn.optional(sql, args![list, fingerprint]).await?.is_some())
    }
}

#[cfg(test)]
mod tests {
    //! A list remembers people without keeping who they are.
    use crate::bench::both;

    #[tokio::test]
    async fn a_list_knows_its_own_values_only() {
        both(async |bench| {
            let mut tx = bench.store.begin().await.unwrap();
            tx.suppress("marketing", "ada@example.org").await.unwrap();
            tx.suppress("marketing", "ada@example.org").await.unwrap();
            assert!(tx.is_suppressed("marketing", "ada@example.org").await.unwrap());
            assert!(!tx.is_suppressed("sale", "ada@example.org").await.unwrap());
            assert!(!tx.is_suppressed("marketing", "grace@example.org").await.unwrap());
            tx.unsuppress("marketing", "ada@example.org").await.unwrap();
            assert!(!tx.is_suppressed("marketing", "ada@example.org").await.unwrap());
        })
        .await;
    }
}
