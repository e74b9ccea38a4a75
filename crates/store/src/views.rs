//! Views of lists that staff keep: a name and the words of the filters that are on.
//!
//! A view is its maker's; a shared one is seen by everybody who sees the list. What it shows is still
//! what the reader's own scope allows, as it holds filters and no requests.

use uuid::Uuid;

use habeas_core::context::random;
use habeas_core::id::UserId;

use crate::db::{Row, args};
use crate::error::{Error, Result};
use crate::store::{Read, Tx};

/// A view somebody kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its id.
    pub id: Uuid,
    /// Who made it.
    pub user: UserId,
    /// Its name.
    pub name: String,
    /// The list's query.
    pub query: String,
    /// Whether everybody sees it.
    pub is_shared: bool,
}

/// A view to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewView<'a> {
    /// The list it narrows, such as `requests`.
    pub list: &'a str,
    /// Who makes it.
    pub user: UserId,
    /// Its name.
    pub name: &'a str,
    /// The list's query.
    pub query: &'a str,
    /// Whether everybody sees it.
    pub is_shared: bool,
}

/// Nobody keeps more views of one list.
pub const VIEWS_LIMIT: u32 = 30;

/// No name is longer, counted in characters.
pub const NAME_LIMIT: usize = 60;

/// No query is longer.
pub const QUERY_LIMIT: usize = 1_000;

impl Tx {
    /// Keeps a view; the answer is no where somebody keeps too many, or its texts are too long.
    pub async fn save_view(&mut self, new: &NewView<'_>) -> Result<bool> {
        let count = "SELECT COUNT(*) AS count FROM saved_views WHERE list = $1 AND user_id = $2";
        let kept = self.conn.one(count, args![new.list, new.user.to_string()]).await?.count("count")?;
        let is_long = new.name.chars().count() > NAME_LIMIT || new.query.len() > QUERY_LIMIT;
        if kept >= u64::from(VIEWS_LIMIT) || is_long {
            return Ok(false);
        }
        let now = self.now();
        let id = uuid::Builder::from_random_bytes(random(&*self.inner.chance)).into_uuid();
        let name = self.inner.root.seal(&view_place(id), new.name.as_bytes(), &*self.inner.chance);
        let sql = "INSERT INTO saved_views (id, list, user_id, name, query, is_shared, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let user = new.user.to_string();
        let values = args![id.to_string(), new.list, user, name, new.query, new.is_shared, now];
        self.conn.execute(sql, values).await?;
        Ok(true)
    }

    /// Forgets a view of somebody's own; the answer is no where there is none.
    pub async fn forget_view(&mut self, id: Uuid, user: UserId) -> Result<bool> {
        let sql = "DELETE FROM saved_views WHERE id = $1 AND user_id = $2";
        Ok(self.conn.execute(sql, args![id.to_string(), user.to_string()]).await? == 1)
    }
}

impl Read {
    /// Returns the views of a list that somebody sees, oldest first: their own and shared ones.
    pub async fn list_views(&mut self, list: &str, user: UserId) -> Result<Vec<View>> {
        let sql = "SELECT id, user_id, name, query, is_shared FROM saved_views
            WHERE list = $1 AND (user_id = $2 OR is_shared = 1) ORDER BY created_at, id LIMIT 200";
        let rows = self.conn.all(sql, args![list, user.to_string()]).await?;
        rows.iter().map(|row| self.open_view(row)).collect()
    }

    fn open_view(&self, row: &Row) -> Result<View> {
        let id: Uuid = row.parsed("id")?;
        let name = self.inner.root.open(&view_place(id), &row.bytes("name")?)?;
        Ok(View {
            id,
            user: row.parsed("user_id")?,
            name: String::from_utf8(name.to_vec()).map_err(|_| Error::inconsistent("saved_views", &id))?,
            query: row.text("query")?,
            is_shared: row.is("is_shared")?,
        })
    }
}

fn view_place(id: Uuid) -> String {
    format!("view {id}")
}

#[cfg(test)]
mod tests;
