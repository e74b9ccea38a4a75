//! Codes that prove an identity: made, hashed and mailed by a job, so that asking for one costs the same
//! whether or not the person is known.

use jiff::SignedDuration;

use habeas_core::context::below;
use habeas_core::id::RequestId;
use habeas_core::request::{Command, Request, VerificationAsked, kind, normal_email};
use habeas_store::Tx;
use habeas_store::challenges::NewChallenge;
use habeas_store::hashes;
use habeas_store::jobs::Claimed;
use habeas_store::limits::{Limit, Throttle};

use crate::Engine;
use crate::error::Error;
use crate::worker::field;

/// How long a code works.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How many tries a code stands.
const TRIES: u16 = 10;
/// How many digits a code has.
const DIGITS: usize = 8;

/// How many codes one mailbox gets in a day, whichever requests they are for: whoever files many in somebody's
/// name can neither flood them nor guess at many codes at once.
const PER_MAILBOX: Limit = Limit { name: "codes, mailbox", burst: 60, per: SignedDuration::from_hours(24) };

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
    ) -> Result<jiff::Timestamp, Error> {
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
        let mailbox = normal_email(&request.subject.reveal().email);
        if let Throttle::Refused { .. } = self.inner.store.throttle(PER_MAILBOX, mailbox.as_bytes()).await? {
            tracing::warn!(request.id = %request.id, "too many codes for one mailbox, none is sent");
            return self.finish(job).await;
        }
        let mut tx = self.inner.store.begin().await?;
        let key = format!("code.{}", job.id);
        let expires_at = self.ask_code(&mut tx, &request, &purpose, &code, &key).await?;
        let asked = VerificationAsked { rung: MAIL_CODE.to_owned(), expires_at };
        self.conclude_in(tx, job, request.id, Command::AskVerification(asked)).await?;
        Ok(())
    }
}

/// The rung of the ladder that a code by mail proves identity at.
pub(crate) const MAIL_CODE: &str = "mail_code";
