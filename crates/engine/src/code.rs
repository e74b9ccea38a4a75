//! Codes that prove an identity: made, hashed and mailed by a job, so that asking for one costs the same
//! whether or not the person is known.

use jiff::{SignedDuration, Timestamp};

use habeas_core::context::below;
use habeas_core::id::RequestId;
use habeas_core::request::{Command, Request, VerificationAsked, kind};
use habeas_store::Tx;
use habeas_store::challenges::NewChallenge;
use habeas_store::hashes;
use habeas_store::jobs::Claimed;

use crate::error::Error;
use crate::worker::field;
use crate::{Engine, mailbox};

/// How long a code works.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How many tries a code stands.
const TRIES: u16 = 10;
/// How many digits a code has.
const DIGITS: usize = 8;

/// A code that was asked for and can't be sent yet is sent within this time, or not at all.
const PATIENCE: SignedDuration = SignedDuration::from_hours(2);

/// A code that is made but not sent yet.
pub(crate) struct Code {
    text: String,
    hash: String,
}

impl Engine {
    /// Makes a code and hashes it; no transaction is open meanwhile, since hashing is slow on purpose.
    pub(crate) async fn make_code(&self) -> Result<Code, Error> {
        let chance = std::sync::Arc::clone(&self.inner.chance);
        let made = tokio::task::spawn_blocking(move || {
            let digit = |_| char::from_digit(below(&*chance, 10), 10).unwrap_or('0');
            let text: String = (0..DIGITS).map(digit).collect();
            let salt: [u8; 16] = habeas_core::context::random(&*chance);
            let hash = hashes::hash(&text, &salt)?;
            Some(Code { text, hash })
        });
        made.await.map_err(|_| Error::Lost)?.ok_or(Error::Hash)
    }

    /// Sets the challenge and queues the mail with the code.
    pub(crate) async fn ask_code(
        &self,
        tx: &mut Tx,
        request: &Request,
        purpose: &str,
        code: &Code,
        key: &str,
    ) -> Result<Timestamp, Error> {
        let now = self.inner.clock.now();
        let expires_at = now.checked_add(LIFE).unwrap_or(now);
        let challenge =
            NewChallenge { request_id: request.id, purpose, code_hash: &code.hash, expires_at, tries: TRIES };
        tx.set_challenge(&challenge).await?;
        let content = self.inner.code_letter(request, &code.text, purpose)?;
        self.queue(tx, Some(request.id), "code", key, &content).await?;
        Ok(expires_at)
    }

    /// Sends a fresh code where there is somebody to send it to; else does as much and sends nothing.
    pub(crate) async fn send_code(&self, job: &Claimed) -> Result<(), Error> {
        let id: Option<RequestId> = field(job, kind::SEND_CODE, "request")?;
        let purpose: String = field(job, kind::SEND_CODE, "purpose")?;
        let code = self.make_code().await?;
        let request = match id {
            Some(id) => self.load(id).await?,
            None => None,
        };
        let Some(request) = request else { return self.finish(job).await };
        let is_seldom: Option<bool> = field(job, kind::SEND_CODE, "is_seldom")?;
        let limit = if is_seldom == Some(true) { mailbox::SELDOM_CODES } else { mailbox::CODES };
        let mut tx = self.inner.store.begin().await?;
        if let Some(next_at) = self.count_mail(&mut tx, limit, &request).await? {
            drop(tx);
            return self.send_later(job, next_at).await;
        }
        let key = format!("code.{}", job.id);
        let expires_at = self.ask_code(&mut tx, &request, &purpose, &code, &key).await?;
        let asked = VerificationAsked { rung: MAIL_CODE.to_owned(), expires_at };
        self.conclude_in(tx, job, request.id, Command::AskVerification(asked)).await?;
        Ok(())
    }

    /// Puts a code off to when the mailbox may get one, as long as somebody may still wait for it.
    async fn send_later(&self, job: &Claimed, next_at: Timestamp) -> Result<(), Error> {
        let asked_at: Option<Timestamp> = field(job, kind::SEND_CODE, "asked_at")?;
        let latest = asked_at.and_then(|at| at.checked_add(PATIENCE).ok());
        if latest.is_none_or(|latest| next_at > latest) {
            return self.finish(job).await;
        }
        let mut tx = self.inner.store.begin().await?;
        tx.retry_at(job, next_at, "the mailbox got many codes").await?;
        Ok(tx.commit().await?)
    }
}

/// The rung of the ladder that a code by mail proves identity at.
pub(crate) const MAIL_CODE: &str = "mail_code";
