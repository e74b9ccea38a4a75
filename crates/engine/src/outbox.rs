//! The outbox: mails are queued in the transaction of what they tell of, and handed over by jobs.

use serde_json::json;
use uuid::Uuid;

use habeas_core::id::RequestId;
use habeas_core::job::NewJob;
use habeas_store::Tx;
use habeas_store::jobs::Claimed;
use habeas_store::mails::{MailState, NewMail};

use crate::Engine;
use crate::error::Error;
use crate::mailer::Content;
use crate::worker::field;

/// Hands a mail over: `{mail}`.
pub(crate) const HAND_OVER: &str = "hand_over";

/// How often a mail is tried, hourly in the end: a mail server may be away for a week.
const TRIES: u16 = 180;

impl Engine {
    /// Queues a mail and the job that hands it over. One that is queued already stays as it is.
    pub(crate) async fn queue(
        &self,
        tx: &mut Tx,
        request_id: Option<RequestId>,
        occasion: &str,
        key: &str,
        content: &Content,
    ) -> Result<(), Error> {
        let host = self.inner.options.portal_url.split("://").last().unwrap_or("habeas");
        let host = host.split(['/', ':']).next().unwrap_or("habeas");
        let message_id = format!("{key}@{host}");
        let content = serde_json::to_value(content).map_err(|_| Error::Payload("mail"))?;
        let mail = NewMail { request_id, occasion, message_id: &message_id, content: &content };
        let Some(id) = tx.queue_mail(&mail).await? else { return Ok(()) };
        let job = NewJob {
            kind: HAND_OVER,
            payload: json!({"mail": id}),
            run_at: self.inner.clock.now(),
            unique_key: Some(format!("mail:{id}")),
            max_attempts: TRIES,
        };
        tx.add_job(&job).await?;
        Ok(())
    }

    /// Hands a mail over. Killed in between, it is handed over twice, with the same Message-ID.
    pub(crate) async fn hand_over(&self, job: &Claimed) -> Result<(), Error> {
        let id: Uuid = field(job, HAND_OVER, "mail")?;
        let mail = self.inner.store.read().await?.lookup_mail(id).await?;
        let content = mail
            .filter(|mail| mail.state == MailState::Queued)
            .and_then(|mail| Some((mail.message_id, mail.content?)));
        let Some((message_id, content)) = content else { return self.finish(job).await };
        let content: Content = serde_json::from_value(content).map_err(|_| Error::Payload(HAND_OVER))?;
        let outcome = self.inner.mailer.hand_over(&message_id, content).await;
        let mut tx = self.inner.store.begin().await?;
        match outcome {
            Ok(()) => tx.mark_mail_handed_over(id, self.inner.clock.now()).await?,
            Err(Error::MailRefused(reason)) => tx.mark_mail_failed(id, &reason).await?,
            Err(error) => return Err(error),
        }
        tx.finish(job).await?;
        Ok(tx.commit().await?)
    }
}
