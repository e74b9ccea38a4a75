//! Timers of law and flow: each is a job that wakes its request.

use habeas_core::id::RequestId;
use habeas_core::request::{Command, Occasion, Timer, kind, mail};
use habeas_store::jobs::Claimed;
use habeas_store::requests::Scope;

use crate::error::Error;
use crate::worker::field;
use crate::{Engine, mailbox};

impl Engine {
    /// Wakes a request. A timer that comes late or for something that is over does nothing.
    pub(crate) async fn wake(&self, job: &Claimed) -> Result<(), Error> {
        let id: RequestId = field(job, kind::TIMER, "request")?;
        let timer: Timer = field(job, kind::TIMER, "timer")?;
        if timer == Timer::VerificationReminder {
            return self.remind(job, id).await;
        }
        if let Timer::QuestionReminder { number } = timer {
            return self.remind_of_question(job, id, number).await;
        }
        if timer == Timer::PackageEnd {
            return self.end_package(job, id).await;
        }
        self.conclude(job, id, Command::Wake(timer)).await?;
        Ok(())
    }

    /// Ends an archive: the note that it is deleted and the end of its file go together.
    async fn end_package(&self, job: &Claimed, id: RequestId) -> Result<(), Error> {
        let now = self.inner.clock.now();
        let mut tx = self.inner.store.begin().await?;
        let request = tx.lookup_request(id, &Scope::Everything).await?;
        let package = request.and_then(|request| request.package).filter(|package| !package.is_deleted);
        let Some((blob, kept_until)) = package.and_then(|it| Some((it.blob, it.kept_until?))) else {
            tx.finish(job).await?;
            return Ok(tx.commit().await?);
        };
        if now < kept_until {
            // The clock was set back since the timer went off.
            tx.retry_at(job, kept_until, "the clock was set back").await?;
            return Ok(tx.commit().await?);
        }
        tx.expire_blob(blob, now).await?;
        self.conclude_in(tx, job, id, Command::Wake(Timer::PackageEnd)).await?;
        Ok(())
    }

    /// Reminds whoever has not answered a question yet.
    async fn remind_of_question(&self, job: &Claimed, id: RequestId, number: u32) -> Result<(), Error> {
        let request = self.load(id).await?.filter(|request| !request.status.is_closed());
        let waits = request
            .filter(|request| request.question(number).is_some_and(|question| question.answer.is_none()));
        let mut tx = self.inner.store.begin().await?;
        if let Some(request) = waits {
            let now = self.inner.clock.now();
            tx.add_job(&mail(id, Occasion::QuestionReminder, request.seq, now)).await?;
        }
        tx.finish(job).await?;
        Ok(tx.commit().await?)
    }

    /// Reminds whoever has not proven who they are yet.
    async fn remind(&self, job: &Claimed, id: RequestId) -> Result<(), Error> {
        let request = self.load(id).await?;
        let waits = request.filter(|request| !request.status.is_closed() && request.verified_at.is_none());
        let mut tx = self.inner.store.begin().await?;
        if let Some(request) = waits
            && self.count_mail(&mut tx, mailbox::REMINDERS, &request).await?.is_none()
        {
            let now = self.inner.clock.now();
            tx.add_job(&mail(id, Occasion::VerificationReminder, request.seq, now)).await?;
        }
        tx.finish(job).await?;
        Ok(tx.commit().await?)
    }
}
