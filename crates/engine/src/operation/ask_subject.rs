//! Asks the person something; the task ends with their answer.

use habeas_core::pii::Pii;
use habeas_core::request::Outcome;
use habeas_store::jobs::Claimed;

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::task::Try;

/// The operation.
pub(super) struct AskSubject;

#[async_trait::async_trait]
impl Operate for AskSubject {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let text = Pii::new(this.input(engine, "question")?);
        let basis = Pii::new(this.input(engine, "why").unwrap_or_default());
        engine.conclude(job, this.request.id, this.end(Outcome::Asked { text, basis })).await?;
        Ok(())
    }
}
