//! Definitions: versioned documents, and the only configuration the running system reads.
//!
//! A draft can be rewritten; what is published never changes and is never dropped, since old requests
//! point to it. Publishing and retiring stand in the system's chain in the same transaction.

use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use habeas_core::event::{Actor, Record};

use crate::db::{Row, args};
use crate::error::{Error, Result};
use crate::store::{Read, Tx};

/// Who owns a definition: what git owns is read-only in the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Edited in the console.
    Console,
    /// Applied from files that stand in git.
    Git,
    /// Came with this release.
    Builtin,
}

impl Owner {
    fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Git => "git",
            Self::Builtin => "builtin",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Console, Self::Git, Self::Builtin].into_iter().find(|owner| owner.as_str() == text)
    }
}

/// How far a version of a definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Being written; nothing reads it.
    Draft,
    /// In force, unless a later version is.
    Published,
    /// No longer in force; requests that point to it still read it.
    Retired,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Retired => "retired",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Retired].into_iter().find(|state| state.as_str() == text)
    }
}

/// One version of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Such as `law`, `calendar`, `flow`, `dataset`.
    pub kind: String,
    /// Its name among its kind.
    pub name: String,
    /// Counted from 1.
    pub version: u32,
    /// The document.
    pub text: String,
    /// The hash of the text.
    pub sha256: [u8; 32],
    /// How far it is.
    pub state: State,
    /// Who owns it.
    pub owner: Owner,
    /// Who changed it last.
    pub changed_by: Actor,
    /// When.
    pub changed_at: Timestamp,
    /// When it was published.
    pub published_at: Option<Timestamp>,
}

/// No definition is longer than this.
pub const TEXT_LIMIT: usize = 4 * 1024 * 1024;

/// A text that is to become a version.
#[derive(Debug, Clone, Copy)]
pub struct NewText<'a> {
    /// Such as `law`.
    pub kind: &'a str,
    /// Its name among its kind.
    pub name: &'a str,
    /// The document, checked by the caller.
    pub text: &'a str,
    /// Who owns it.
    pub owner: Owner,
    /// Who changes it.
    pub actor: Actor,
}

const SELECT: &str = "SELECT kind, name, version, text, sha256, state, owner, changed_by, changed_at,
    published_at FROM definitions";

impl Tx {
    /// Keeps a draft: the one there is, or a further version. Returns its version.
    pub async fn save_draft(&mut self, new: NewText<'_>) -> Result<u32> {
        let now = self.now();
        ensure_short(&new)?;
        let sql =
            "UPDATE definitions SET undo_text = text, text = $3, sha256 = $4, owner = $5, changed_by = $6,
                changed_at = $7
            WHERE kind = $1 AND name = $2 AND state = 'draft' RETURNING version";
        let values = args![
            new.kind,
            new.name,
            new.text,
            hash(new.text),
            new.owner.as_str(),
            new.actor.to_string(),
            now
        ];
        if let Some(row) = self.conn.optional(sql, values).await? {
            return version(row.int("version")?);
        }
        self.insert_definition(&new, State::Draft).await
    }

    /// Begins a draft as the version after the highest and notes it in the system's chain. Returns its version.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the definition has a draft already.
    pub async fn begin_draft(&mut self, new: NewText<'_>) -> Result<u32> {
        ensure_short(&new)?;
        if self.lookup_draft(new.kind, new.name).await?.is_some() {
            return Err(Error::Conflict);
        }
        let version = self.insert_definition(&new, State::Draft).await?;
        let place = (new.kind, new.name, version);
        self.note_definition("definition_drafted", place, &hash(new.text), new.actor).await?;
        Ok(version)
    }

    /// Puts another text in the place of a draft's, which is kept for one step back, and notes it in the
    /// system's chain.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the draft is gone, or its text is no longer the one the caller saw.
    pub async fn change_draft(&mut self, new: NewText<'_>, seen: &[u8; 32]) -> Result<()> {
        ensure_short(&new)?;
        let now = self.now();
        let sha256 = hash(new.text);
        let sql = "UPDATE definitions SET undo_text = text, text = $4, sha256 = $5, changed_by = $6, changed_at = $7
            WHERE kind = $1 AND name = $2 AND state = 'draft' AND sha256 = $3 RETURNING version";
        let values = args![new.kind, new.name, *seen, new.text, sha256, new.actor.to_string(), now];
        let row = self.conn.optional(sql, values).await?.ok_or(Error::Conflict)?;
        let place = (new.kind, new.name, version(row.int("version")?)?);
        self.note_definition("definition_changed", place, &sha256, new.actor).await
    }

    /// Drops the draft of a definition and notes it in the system's chain.
    ///
    /// # Errors
    /// [`Error::Conflict`] where there is none.
    pub async fn discard_draft(&mut self, kind: &str, name: &str, actor: Actor) -> Result<()> {
        let draft = self.lookup_draft(kind, name).await?.ok_or(Error::Conflict)?;
        self.drop_draft(kind, name).await?;
        let place = (kind, name, draft.version);
        self.note_definition("definition_dropped", place, &draft.sha256, actor).await
    }

    /// Drops the draft of a definition.
    pub async fn drop_draft(&mut self, kind: &str, name: &str) -> Result<()> {
        let sql = "DELETE FROM definitions WHERE kind = $1 AND name = $2 AND state = 'draft'";
        match self.conn.execute(sql, args![kind, name]).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    /// Publishes the draft of a definition and notes it in the system's chain.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the draft is gone, or its text is no longer the one the caller saw.
    pub async fn publish_draft(
        &mut self,
        kind: &str,
        name: &str,
        sha256: &[u8; 32],
        actor: Actor,
    ) -> Result<u32> {
        let now = self.now();
        // What was imported since the draft was begun is older than what a person publishes now.
        let sql = "UPDATE definitions SET state = 'published', published_at = $4, changed_by = $5, changed_at = $4,
                undo_text = NULL,
                version = (SELECT MAX(d.version) + MAX(CASE WHEN d.version > definitions.version THEN 1 ELSE 0 END)
                    FROM definitions d WHERE d.kind = $1 AND d.name = $2)
            WHERE kind = $1 AND name = $2 AND state = 'draft' AND sha256 = $3 RETURNING version";
        let values = args![kind, name, *sha256, now, actor.to_string()];
        let row = self.conn.optional(sql, values).await?.ok_or(Error::Conflict)?;
        let version = version(row.int("version")?)?;
        self.note_definition("definition_published", (kind, name, version), sha256, actor).await?;
        Ok(version)
    }

    /// Publishes a text as a further version, where it differs from the newest published one: built-ins
    /// at start, files that stand in git. Returns the version, or `None` where nothing changed.
    pub async fn import(&mut self, new: NewText<'_>) -> Result<Option<u32>> {
        ensure_short(&new)?;
        let sha256 = hash(new.text);
        let sql = "SELECT sha256, owner FROM definitions
            WHERE kind = $1 AND name = $2 AND state <> 'draft' ORDER BY version DESC LIMIT 1";
        if let Some(newest) = self.conn.optional(sql, args![new.kind, new.name]).await? {
            let is_changed_here = newest.text("owner")? != Owner::Builtin.as_str();
            // A release never writes over what an organisation made of a built-in.
            if newest.hash("sha256")? == sha256 || (new.owner == Owner::Builtin && is_changed_here) {
                return Ok(None);
            }
        }
        let version = self.insert_definition(&new, State::Published).await?;
        let place = (new.kind, new.name, version);
        self.note_definition("definition_published", place, &sha256, new.actor).await?;
        Ok(Some(version))
    }

    /// Retires a published version; requests that point to it still read it.
    pub async fn retire(&mut self, kind: &str, name: &str, version: u32, actor: Actor) -> Result<()> {
        let now = self.now();
        let sql = "UPDATE definitions SET state = 'retired', changed_by = $4, changed_at = $5
            WHERE kind = $1 AND name = $2 AND version = $3 AND state = 'published' RETURNING sha256";
        let values = args![kind, name, version, actor.to_string(), now];
        let row = self.conn.optional(sql, values).await?.ok_or(Error::Conflict)?;
        let sha256 = row.hash("sha256")?;
        self.note_definition("definition_retired", (kind, name, version), &sha256, actor).await
    }

    async fn insert_definition(&mut self, new: &NewText<'_>, state: State) -> Result<u32> {
        let now = self.now();
        let sql = "INSERT INTO definitions (kind, name, version, text, sha256, state, owner, changed_by,
                changed_at, published_at)
            VALUES ($1, $2, (SELECT COALESCE(MAX(d.version), 0) + 1 FROM definitions d
                WHERE d.kind = $1 AND d.name = $2), $3, $4, $5, $6, $7, $8, $9)
            RETURNING version";
        let published_at = (state != State::Draft).then_some(now);
        let values = args![
            new.kind,
            new.name,
            new.text,
            hash(new.text),
            state.as_str(),
            new.owner.as_str(),
            new.actor.to_string(),
            now,
            published_at
        ];
        version(self.conn.one(sql, values).await?.int("version")?)
    }

    async fn note_definition(
        &mut self,
        event: &str,
        (kind, name, version): (&str, &str, u32),
        sha256: &[u8; 32],
        actor: Actor,
    ) -> Result<()> {
        let now = self.now();
        let body = json!({ "kind": kind, "name": name, "version": version, "sha256": hex::encode(sha256) });
        let record = Record { kind: event.to_owned(), version: 1, body, sealed: None };
        self.append_system(actor, now, &[record]).await?;
        Ok(())
    }
}

fn ensure_short(new: &NewText<'_>) -> Result<()> {
    if new.text.len() > TEXT_LIMIT {
        return Err(Error::inconsistent("definitions", &format!("{}/{}", new.kind, new.name)));
    }
    Ok(())
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn version(number: i64) -> Result<u32> {
    u32::try_from(number).map_err(|_| Error::inconsistent("definitions", &number))
}

impl Read {
    /// Returns one version of a definition, whatever its state: what a request points to.
    pub async fn lookup_definition(
        &mut self,
        kind: &str,
        name: &str,
        version: u32,
    ) -> Result<Option<Definition>> {
        let sql = format!("{SELECT} WHERE kind = $1 AND name = $2 AND version = $3");
        let rows = self.conn.all_built(sql, args![kind, name, version]).await?;
        rows.first().map(definition).transpose()
    }

    /// Returns the version in force: the newest published one.
    pub async fn lookup_definition_in_force(&mut self, kind: &str, name: &str) -> Result<Option<Definition>> {
        let sql = format!(
            "{SELECT} WHERE kind = $1 AND name = $2 AND state = 'published' ORDER BY version DESC LIMIT 1"
        );
        let rows = self.conn.all_built(sql, args![kind, name]).await?;
        rows.first().map(definition).transpose()
    }

    /// Returns the draft of a definition.
    pub async fn lookup_draft(&mut self, kind: &str, name: &str) -> Result<Option<Definition>> {
        let sql = format!("{SELECT} WHERE kind = $1 AND name = $2 AND state = 'draft'");
        let rows = self.conn.all_built(sql, args![kind, name]).await?;
        rows.first().map(definition).transpose()
    }

    /// Returns the text a draft had before its last change; none before the first.
    pub async fn lookup_undo_text(&mut self, kind: &str, name: &str) -> Result<Option<String>> {
        let sql = "SELECT undo_text FROM definitions WHERE kind = $1 AND name = $2 AND state = 'draft'";
        let row = self.conn.optional(sql, args![kind, name]).await?;
        row.map_or(Ok(None), |row| row.opt_text("undo_text"))
    }

    /// Returns every version of every definition of a kind, drafts too: by name, newest first.
    pub async fn list_all_versions(&mut self, kind: &str) -> Result<Vec<Definition>> {
        let sql = format!("{SELECT} WHERE kind = $1 ORDER BY name, version DESC");
        let rows = self.conn.all_built(sql, args![kind]).await?;
        rows.iter().map(definition).collect()
    }

    /// Returns what is in force of a kind, by name; of every kind for `None`.
    pub async fn list_definitions_in_force(&mut self, kind: Option<&str>) -> Result<Vec<Definition>> {
        let sql = format!(
            "{SELECT} d WHERE state = 'published' AND ($1 = '' OR kind = $1)
                AND version = (SELECT MAX(e.version) FROM definitions e
                    WHERE e.kind = d.kind AND e.name = d.name AND e.state = 'published')
                ORDER BY kind, name"
        );
        let rows = self.conn.all_built(sql, args![kind.unwrap_or_default()]).await?;
        rows.iter().map(definition).collect()
    }

    /// Returns the drafts of a kind, by name.
    pub async fn list_drafts(&mut self, kind: &str) -> Result<Vec<Definition>> {
        let sql = format!("{SELECT} WHERE kind = $1 AND state = 'draft' ORDER BY name");
        let rows = self.conn.all_built(sql, args![kind]).await?;
        rows.iter().map(definition).collect()
    }

    /// Returns every version of a kind that was ever published, retired ones too.
    pub(crate) async fn list_published_versions(&mut self, kind: &str) -> Result<Vec<Definition>> {
        let sql = format!("{SELECT} WHERE kind = $1 AND state <> 'draft' ORDER BY name, version");
        let rows = self.conn.all_built(sql, args![kind]).await?;
        rows.iter().map(definition).collect()
    }

    /// Returns every version of a definition, newest first.
    pub async fn list_versions(&mut self, kind: &str, name: &str) -> Result<Vec<Definition>> {
        let sql = format!("{SELECT} WHERE kind = $1 AND name = $2 ORDER BY version DESC");
        let rows = self.conn.all_built(sql, args![kind, name]).await?;
        rows.iter().map(definition).collect()
    }
}

fn definition(row: &Row) -> Result<Definition> {
    let (kind, name) = (row.text("kind")?, row.text("name")?);
    let broken = || Error::inconsistent("definitions", &format!("{kind}/{name}"));
    Ok(Definition {
        version: version(row.int("version")?)?,
        text: row.text("text")?,
        sha256: row.hash("sha256")?,
        state: State::parse(&row.text("state")?).ok_or_else(broken)?,
        owner: Owner::parse(&row.text("owner")?).ok_or_else(broken)?,
        changed_by: row.parsed("changed_by")?,
        changed_at: row.instant("changed_at")?,
        published_at: row.opt_instant("published_at")?,
        kind,
        name,
    })
}

#[cfg(test)]
mod tests;
