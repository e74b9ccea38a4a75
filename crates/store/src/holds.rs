//! Legal holds. Whom one is about stands here as a keyed fingerprint and sealed; every change of one stands in
//! the system's chain.
//!
//! Fail closed: what asks for holds and gets an error must not erase.

use jiff::civil::Date;
use serde_json::json;

use habeas_core::event::Record;
use habeas_core::hold::{Hold, Scope, Words};
use habeas_core::id::{HoldId, RequestId, UserId};
use habeas_core::pii::Pii;
use habeas_core::request::{IndexKind, IndexTerm};

use crate::db::{Arg, Row, args};
use crate::error::{Error, Result};
use crate::store::{Read, Tx};

/// A hold to be placed.
pub struct NewHold<'a> {
    /// The entity whose data it freezes.
    pub entity: &'a str,
    /// What it freezes.
    pub scope: &'a Scope,
    /// Why, and about whom.
    pub words: &'a Words,
    /// When it is to be looked at again.
    pub review_on: Date,
    /// Who places it.
    pub by: UserId,
}

/// A place where data is.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The dataset.
    pub dataset: &'a str,
    /// The collection.
    pub collection: &'a str,
}

/// No list of holds is longer.
pub const LIST_LIMIT: u32 = 1_000;

const SELECT: &str = "SELECT h.id, h.entity, h.term_kind, h.dataset, h.collection, h.words, h.review_on,
    h.placed_by, h.placed_at, h.lift_asked_by, h.lift_asked_at, h.lifted_by, h.lifted_at FROM holds h";

impl Tx {
    /// Places a hold.
    pub async fn place_hold(&mut self, new: &NewHold<'_>) -> Result<HoldId> {
        let now = self.now();
        let id = HoldId::new(now, &*self.inner.chance);
        let (term, dataset, collection) = match new.scope {
            Scope::Subject(term) => (Some(term), None, None),
            Scope::Collection { dataset, collection } => (None, Some(dataset.clone()), collection.clone()),
        };
        let sql =
            "INSERT INTO holds (id, entity, term_kind, fingerprint, dataset, collection, words, review_on,
                placed_by, placed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values = args![
            id.to_string(),
            new.entity,
            term.map(|term| term.kind.as_str()),
            term.map(|term| self.term_fingerprint(term)),
            dataset,
            collection,
            self.seal_words(id, new.words)?,
            new.review_on,
            new.by.to_string(),
            now
        ];
        self.conn.execute(sql, values).await?;
        self.note_hold("hold_placed", id, new.by, &new.words.ground).await?;
        Ok(id)
    }

    /// Notes that somebody asks to lift a hold.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it is lifted or somebody asked already.
    pub async fn ask_to_lift(&mut self, hold: &Hold, reason: &str, by: UserId) -> Result<()> {
        let now = self.now();
        let words = Words { lift_reason: Some(reason.to_owned()), ..hold.words.reveal().clone() };
        let sql = "UPDATE holds SET words = $2, lift_asked_by = $3, lift_asked_at = $4
            WHERE id = $1 AND lifted_at IS NULL AND lift_asked_at IS NULL";
        let values = args![hold.id.to_string(), self.seal_words(hold.id, &words)?, by.to_string(), now];
        self.change_hold(sql, values).await?;
        self.note_hold("hold_lift_asked", hold.id, by, reason).await
    }

    /// Takes back that a hold is to be lifted.
    ///
    /// # Errors
    /// [`Error::Conflict`] where nobody asked, or it is lifted.
    pub async fn keep_hold(&mut self, hold: &Hold, reason: &str, by: UserId) -> Result<()> {
        let words = Words { lift_reason: None, ..hold.words.reveal().clone() };
        let sql = "UPDATE holds SET words = $2, lift_asked_by = NULL, lift_asked_at = NULL
            WHERE id = $1 AND lifted_at IS NULL AND lift_asked_at IS NOT NULL";
        self.change_hold(sql, args![hold.id.to_string(), self.seal_words(hold.id, &words)?]).await?;
        self.note_hold("hold_kept", hold.id, by, reason).await
    }

    /// Lifts a hold that another person asked to lift.
    ///
    /// # Errors
    /// [`Error::Conflict`] where nobody else asked, or it is lifted already.
    pub async fn lift_hold(&mut self, id: HoldId, by: UserId) -> Result<()> {
        let now = self.now();
        let sql = "UPDATE holds SET lifted_by = $2, lifted_at = $3
            WHERE id = $1 AND lifted_at IS NULL AND lift_asked_at IS NOT NULL AND lift_asked_by <> $2";
        self.change_hold(sql, args![id.to_string(), by.to_string(), now]).await?;
        self.note_hold("hold_lifted", id, by, "").await
    }

    /// Moves the day a hold is to be looked at again.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it is lifted.
    pub async fn review_hold(&mut self, id: HoldId, review_on: Date, reason: &str, by: UserId) -> Result<()> {
        let sql = "UPDATE holds SET review_on = $2 WHERE id = $1 AND lifted_at IS NULL";
        self.change_hold(sql, args![id.to_string(), review_on]).await?;
        self.note_hold("hold_reviewed", id, by, reason).await
    }

    async fn change_hold(&mut self, sql: &'static str, values: Vec<Arg>) -> Result<()> {
        match self.conn.execute(sql, values).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    fn seal_words(&self, id: HoldId, words: &Words) -> Result<Vec<u8>> {
        let text = serde_json::to_string(words).map_err(|_| Error::inconsistent("holds", &id))?;
        Ok(self.inner.root.seal(&place(id), text.as_bytes(), &*self.inner.chance))
    }

    async fn note_hold(&mut self, kind: &str, id: HoldId, by: UserId, reason: &str) -> Result<()> {
        let now = self.now();
        let sealed = (!reason.is_empty()).then(|| json!({ "/reason": reason }));
        let body = json!({ "hold": id, "reason": null });
        let record = Record { kind: kind.to_owned(), version: 1, body, sealed };
        self.append_system(habeas_core::event::Actor::Staff(by), now, &[record]).await?;
        Ok(())
    }
}

impl Read {
    /// Returns the holds of some entities (none: of all), those in force first, the nearest review first.
    pub async fn list_holds(&mut self, entities: Option<&[String]>) -> Result<Vec<Hold>> {
        let sql = format!(
            "{SELECT} ORDER BY (CASE WHEN h.lifted_at IS NULL THEN 0 ELSE 1 END), h.review_on, h.id
                LIMIT {LIST_LIMIT}"
        );
        let rows = self.conn.all_built(sql, Vec::new()).await?;
        let mut holds: Vec<Hold> = rows.iter().map(|row| self.hold(row)).collect::<Result<_>>()?;
        holds.retain(|hold| entities.is_none_or(|entities| entities.contains(&hold.entity)));
        Ok(holds)
    }

    /// Returns a hold of one of the entities (none: of any).
    pub async fn lookup_hold(&mut self, id: HoldId, entities: Option<&[String]>) -> Result<Option<Hold>> {
        let sql = format!("{SELECT} WHERE h.id = $1");
        let rows = self.conn.all_built(sql, args![id.to_string()]).await?;
        let hold = rows.first().map(|row| self.hold(row)).transpose()?;
        Ok(hold.filter(|hold| entities.is_none_or(|entities| entities.contains(&hold.entity))))
    }

    /// Returns the holds in force of an entity: what an erasure must leave alone.
    pub async fn holds_in_force(&mut self, entity: &str) -> Result<Vec<Hold>> {
        let sql = format!("{SELECT} WHERE h.lifted_at IS NULL AND h.entity = $1 ORDER BY h.id");
        let rows = self.conn.all_built(sql, args![entity]).await?;
        rows.iter().map(|row| self.hold(row)).collect()
    }

    /// Returns the holds in force that freeze what is held of a person at a place: those on any of their
    /// identities, and those on the collection or all of its dataset. Without a place, those on the person.
    pub async fn holds_on(
        &mut self,
        entity: &str,
        subject: &[IndexTerm],
        at: Option<Place<'_>>,
    ) -> Result<Vec<Hold>> {
        let mut found = Vec::new();
        for hold in self.holds_in_force(entity).await? {
            let is_on = match &hold.scope {
                Scope::Subject(term) => subject.contains(term),
                Scope::Collection { dataset, collection } => at.is_some_and(|at| {
                    at.dataset == dataset && collection.as_deref().is_none_or(|name| name == at.collection)
                }),
            };
            if is_on {
                found.push(hold);
            }
        }
        Ok(found)
    }

    /// Returns the holds in force on the person who made a request.
    pub async fn holds_on_request(&mut self, id: RequestId) -> Result<Vec<Hold>> {
        let sql = format!(
            "{SELECT} JOIN requests r ON r.entity = h.entity
                JOIN request_terms t ON t.request_id = r.id AND t.kind = h.term_kind
                    AND t.fingerprint = h.fingerprint
                WHERE r.id = $1 AND h.lifted_at IS NULL ORDER BY h.id"
        );
        let rows = self.conn.all_built(sql, args![id.to_string()]).await?;
        rows.iter().map(|row| self.hold(row)).collect()
    }

    fn hold(&self, row: &Row) -> Result<Hold> {
        let id: HoldId = row.parsed("id")?;
        let broken = || Error::inconsistent("holds", &id);
        let text = self.inner.root.open(&place(id), &row.bytes("words")?)?;
        let words: Words = serde_json::from_slice(&text).map_err(|_| broken())?;
        let scope = match row.opt_text("term_kind")? {
            Some(kind) => {
                let kind =
                    [IndexKind::Email, IndexKind::Phone].into_iter().find(|known| known.as_str() == kind);
                let value = words.identity.clone().ok_or_else(broken)?;
                Scope::Subject(IndexTerm { kind: kind.ok_or_else(broken)?, value: Pii::new(value) })
            }
            None => Scope::Collection {
                dataset: row.opt_text("dataset")?.ok_or_else(broken)?,
                collection: row.opt_text("collection")?,
            },
        };
        let pair = |by: &str, at: &str| -> Result<Option<(UserId, jiff::Timestamp)>> {
            Ok(row.opt_parsed(by)?.zip(row.opt_instant(at)?))
        };
        Ok(Hold {
            id,
            entity: row.text("entity")?,
            scope,
            words: Pii::new(words),
            review_on: row.opt_parsed("review_on")?.ok_or_else(broken)?,
            placed: pair("placed_by", "placed_at")?.ok_or_else(broken)?,
            lift_asked: pair("lift_asked_by", "lift_asked_at")?,
            lifted: pair("lifted_by", "lifted_at")?,
        })
    }
}

/// What sealed words are bound to: they open nowhere else.
fn place(id: HoldId) -> String {
    format!("hold {id}")
}

#[cfg(test)]
mod tests;
