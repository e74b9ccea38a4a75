//! Answers the person in the words a steward wrote. They are read on the portal: mails hold no data.

use habeas_core::pii::Pii;
use habeas_core::request::Outcome;
use habeas_store::jobs::Claimed;

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::task::Try;

/// The operation.
pub(super) struct Reply;

#[async_trait::async_trait]
impl Operate for Reply {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let text = this.input(engine, "text")?;
        engine.conclude(job, this.request.id, this.end(Outcome::Replied(Pii::new(text)))).await?;
        Ok(())
    }
}
