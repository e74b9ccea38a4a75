//! Proposes more time to a person: what the person is told, and why, is theirs to say.

use habeas_core::request::Outcome;
use habeas_store::jobs::Claimed;

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::task::Try;

/// The operation.
pub(super) struct Extend;

#[async_trait::async_trait]
impl Operate for Extend {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        engine.conclude(job, this.request.id, this.end(Outcome::ExtensionProposed)).await?;
        Ok(())
    }
}
