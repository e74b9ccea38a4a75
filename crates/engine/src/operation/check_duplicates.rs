//! Finds open requests of the same address and activity; they are linked, never merged or dropped.

use habeas_core::pii::Pii;
use habeas_core::request::{IndexKind, IndexTerm, Outcome, RequestRow, normal_email};
use habeas_store::jobs::Claimed;
use habeas_store::requests::{Filter, Paging, Scope, Search};

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::task::Try;

/// The operation.
pub(super) struct CheckDuplicates;

#[async_trait::async_trait]
impl Operate for CheckDuplicates {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let email = normal_email(&this.request.subject.reveal().email);
        let term = IndexTerm { kind: IndexKind::Email, value: Pii::new(email) };
        let filter = Filter { search: Some(Search::Term(term)), is_closed: Some(false), ..Filter::default() };
        let mut tx = engine.inner.store.begin().await?;
        let page = tx.list(&filter, Paging { limit: 100, ..Paging::default() }, &Scope::Everything).await?;
        let same = |row: &RequestRow| {
            row.activity == this.request.terms.activity && row.entity == this.request.terms.entity
        };
        let found = page.rows.into_iter().filter(same).map(|row| row.id).filter(|id| *id != this.request.id);
        let outcome = Outcome::DuplicatesFound(found.collect());
        engine.conclude_in(tx, job, this.request.id, this.end(outcome)).await?;
        Ok(())
    }
}
