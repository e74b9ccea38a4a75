//! Sends the person a mail that stands in the flow.

use habeas_core::request::{Occasion, Outcome};
use habeas_render::mail::{Letter, Note};
use habeas_store::jobs::Claimed;

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::task::Try;

/// The operation.
pub(super) struct SendMail;

#[async_trait::async_trait]
impl Operate for SendMail {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let (subject, text) = (this.input(engine, "subject")?, this.input(engine, "text")?);
        let about = engine.inner.about(&this.request);
        let content = engine.inner.content(&this.request, &Letter::Note(Note { about, subject, text }))?;
        let occasion = Occasion::Note.as_str();
        let key = this.key(occasion);
        let mut tx = engine.inner.store.begin().await?;
        engine.queue(&mut tx, Some(this.request.id), occasion, &key, &content).await?;
        let done = this.end(Outcome::Done(std::collections::BTreeMap::new()));
        engine.conclude_in(tx, job, this.request.id, done).await?;
        Ok(())
    }
}
