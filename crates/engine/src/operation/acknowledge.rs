//! Sends the receipt.

use habeas_core::request::Outcome;
use habeas_store::jobs::Claimed;

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::mailbox;
use crate::task::Try;

/// The operation.
pub(super) struct Acknowledge;

#[async_trait::async_trait]
impl Operate for Acknowledge {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let content = engine.inner.receipt(&this.request)?;
        let mut tx = engine.inner.store.begin().await?;
        let is_held_back = engine.count_mail(&mut tx, mailbox::RECEIPTS, &this.request).await?.is_some();
        if is_held_back {
            engine.note_held_back(&mut tx, &this.request, "receipt").await?;
        } else {
            let key = format!("receipt.{}", this.request.id);
            engine.queue(&mut tx, Some(this.request.id), "receipt", &key, &content).await?;
        }
        engine.conclude_in(tx, job, this.request.id, this.end(Outcome::Acknowledged)).await?;
        Ok(())
    }
}
