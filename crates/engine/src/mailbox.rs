//! How many mails one mailbox gets while nobody has proven that it is theirs.
//!
//! Anybody can write anybody's address into the form. Every such request is taken in, so that no stranger can
//! use up what a person is entitled to; what is bounded are the mails. A held back mail isn't told of on any
//! page: the person finds the receipt beside the request and has a code sent when they ask for one.

use jiff::{SignedDuration, Timestamp};

use habeas_core::pii::Pii;
use habeas_core::request::{Command, Request, normal_email};
use habeas_store::Tx;
use habeas_store::limits::{Limit, Throttle};

use crate::Engine;
use crate::error::Error;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Receipts.
pub(crate) const RECEIPTS: Limit = Limit { name: "receipts, mailbox", burst: 10, per: DAY };
/// Codes that go out as a request comes in.
pub(crate) const FIRST_CODES: Limit = Limit { name: "first codes, mailbox", burst: 10, per: DAY };
/// Reminders that identity isn't proven.
pub(crate) const REMINDERS: Limit = Limit { name: "reminders, mailbox", burst: 3, per: DAY };
/// Codes asked for from networks that have asked seldom: whoever asks often can't use these up.
pub(crate) const SELDOM_CODES: Limit = Limit { name: "codes, mailbox, seldom", burst: 40, per: DAY };
/// All other codes asked for.
pub(crate) const CODES: Limit = Limit { name: "codes, mailbox", burst: 20, per: DAY };

impl Engine {
    /// Counts a mail to a request's mailbox, together with the mail itself: a killed job counts nothing. Where
    /// there were too many, returns when the next may go.
    pub(crate) async fn count_mail(
        &self,
        tx: &mut Tx,
        limit: Limit,
        request: &Request,
    ) -> Result<Option<Timestamp>, Error> {
        let mailbox = normal_email(&request.subject.reveal().email);
        match tx.throttle(limit, mailbox.as_bytes()).await? {
            Throttle::Allowed => Ok(None),
            Throttle::Refused { retry_at } => {
                tracing::warn!(request.id = %request.id, limit = limit.name, "a mail is held back");
                Ok(Some(retry_at))
            }
        }
    }

    /// Says for staff that a mail was held back.
    pub(crate) async fn note_held_back(
        &self,
        tx: &mut Tx,
        request: &Request,
        what: &str,
    ) -> Result<(), Error> {
        let text = format!(
            "The {what} was not mailed: this mailbox has got as many today as one gets before anybody has \
             proven that it is theirs."
        );
        let ctx = self.inner.context(request)?;
        tx.act(request, Command::Say { text: Pii::new(text), is_internal: true }, &ctx).await?;
        Ok(())
    }
}
