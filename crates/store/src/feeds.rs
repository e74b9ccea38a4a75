//! Calendar feeds: who may read their due dates by a secret address.

use jiff::Timestamp;

use habeas_core::id::{Token, UserId};

use crate::db::args;
use crate::error::Result;
use crate::store::{Read, Tx};

impl Tx {
    /// Gives somebody a feed; one they had before ends.
    pub async fn open_feed(&mut self, user: UserId, token: &Token) -> Result<()> {
        let (now, hash) = (self.now(), token.hash());
        let sql = "INSERT INTO feeds (user_id, token_hash, created_at) VALUES ($1, $2, $3)
            ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at";
        self.conn.execute(sql, args![user.to_string(), *hash.as_bytes(), now]).await?;
        Ok(())
    }

    /// Ends somebody's feed.
    pub async fn close_feed(&mut self, user: UserId) -> Result<()> {
        self.conn.execute("DELETE FROM feeds WHERE user_id = $1", args![user.to_string()]).await?;
        Ok(())
    }
}

impl Read {
    /// Returns whose feed a secret opens.
    pub async fn lookup_feed(&mut self, token: &Token) -> Result<Option<UserId>> {
        let sql = "SELECT user_id FROM feeds WHERE token_hash = $1";
        let row = self.conn.optional(sql, args![*token.hash().as_bytes()]).await?;
        row.map(|row| row.parsed("user_id")).transpose()
    }

    /// Returns since when somebody has a feed.
    pub async fn feed_of(&mut self, user: UserId) -> Result<Option<Timestamp>> {
        let sql = "SELECT created_at FROM feeds WHERE user_id = $1";
        let row = self.conn.optional(sql, args![user.to_string()]).await?;
        row.map(|row| row.instant("created_at")).transpose()
    }
}

#[cfg(test)]
mod tests {
    //! A feed opens by its secret until it is ended or another takes its place.
    use habeas_core::id::Token;

    use crate::bench::both;
    use crate::users::{NewUser, Profile};

    #[tokio::test]
    async fn a_feed_opens_by_its_newest_secret_until_it_is_ended() {
        both(async |bench| {
            let profile =
                Profile { name: "Ana".to_owned(), email: "ana@example.org".to_owned(), language: None };
            let mut tx = bench.store.begin().await.unwrap();
            let new = NewUser { profile: &profile, password_hash: None, roles: &[], entities: None };
            let user = tx.add_user(&new).await.unwrap();
            let (first, second) = (Token::new(&*bench.chance), Token::new(&*bench.chance));
            tx.open_feed(user, &first).await.unwrap();
            assert_eq!(tx.lookup_feed(&first).await.unwrap(), Some(user));
            tx.open_feed(user, &second).await.unwrap();
            assert_eq!(tx.lookup_feed(&first).await.unwrap(), None);
            assert!(tx.feed_of(user).await.unwrap().is_some());
            tx.close_feed(user).await.unwrap();
            assert_eq!(tx.lookup_feed(&second).await.unwrap(), None);
            assert!(tx.feed_of(user).await.unwrap().is_none());
        })
        .await;
    }
}
