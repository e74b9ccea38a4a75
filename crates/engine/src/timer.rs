//! Timers of law and flow: each is a job that wakes its request.

use habeas_core::id::RequestId;
use habeas_core::request::{Command, Occasion, Timer, kind, mail};
use habeas_store::jobs::Claimed;

use crate::Engine;
use crate::error::Error;
use crate::worker::field;

impl Engine {
    /// Wakes a request. A timer that comes late or for something that is over does nothing.
    pub(crate) async fn wake(&self, job: &Claimed) -> Result<(), Error> {
        let id: RequestId = field(job, kind::TIMER, "request")?;
        let timer: Timer = field(job, kind::TIMER, "timer")?;
        if timer == Timer::VerificationReminder {
            return self.remind(job, id).await;
        }
        let before = self.load(id).await?.and_then(|request| request.package);
        let after = self.conclude(job, id, Command::Wake(timer)).await?;
        let is_deleted = after.and_then(|request| request.package).is_some_and(|package| package.is_deleted);
        if let Some(package) = before.filter(|package| is_deleted && !package.is_deleted) {
            let mut tx = self.inner.store.begin().await?;
            tx.expire_blob(package.blob, self.inner.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Reminds whoever has not proven who they are yet.
    async fn remind(&self, job: &Claimed, id: RequestId) -> Result<(), Error> {
        let request = self.load(id).await?;
        let waits = request.filter(|request| !request.status.is_closed() && request.verified_at.is_none());
        let mut tx = self.inner.store.begin().await?;
        if let Some(request) = waits {
            let now = self.inner.clock.now();
            tx.add_job(&mail(id, Occasion::VerificationReminder, request.seq, now)).await?;
        }
        tx.finish(job).await?;
        Ok(tx.commit().await?)
    }
}
