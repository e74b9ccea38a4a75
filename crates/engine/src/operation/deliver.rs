//! Makes the archive available; the mail follows from that.

use habeas_core::request::Outcome;
use habeas_store::jobs::Claimed;

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::task::Try;

/// The operation.
pub(super) struct Deliver;

#[async_trait::async_trait]
impl Operate for Deliver {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        engine.conclude(job, this.request.id, this.end(Outcome::Delivered)).await?;
        Ok(())
    }
}
