//! Sends the first code; the task ends when the right one is entered.

use habeas_core::request::{Command, VerificationAsked};
use habeas_store::jobs::Claimed;

use super::Operate;
use crate::Engine;
use crate::code::MAIL_CODE;
use crate::error::Error;
use crate::mailbox;
use crate::task::Try;

/// The operation.
pub(super) struct VerifyIdentity;

#[async_trait::async_trait]
impl Operate for VerifyIdentity {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        if this.request.verified_at.is_some() {
            let proven = Command::Verify { rung: MAIL_CODE.to_owned() };
            engine.conclude(job, this.request.id, proven).await?;
            return Ok(());
        }
        let code = engine.make_code().await?;
        let mut tx = engine.inner.store.begin().await?;
        if engine.count_mail(&mut tx, mailbox::FIRST_CODES, &this.request).await?.is_some() {
            // The task waits for a code as it would have; the person has one sent.
            tx.finish(job).await?;
            return Ok(tx.commit().await?);
        }
        let key = format!("code.{}", job.id);
        let expires_at = engine.ask_code(&mut tx, &this.request, "verify", &code, &key).await?;
        let asked = VerificationAsked { rung: MAIL_CODE.to_owned(), expires_at };
        engine.conclude_in(tx, job, this.request.id, Command::AskVerification(asked)).await?;
        Ok(())
    }
}
