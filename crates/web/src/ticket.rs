//! The ticket of a form: makes it count once, and carries the puzzle that stands in for a picture riddle.
//!
//! A ticket says when it was made and is sealed by a keyed fingerprint, so that nothing is kept until it
//! comes back; it is then used up in the transaction of what it paid for. The browser's answer to the
//! puzzle costs it a moment of work and tells us nothing about anybody.

use habeas_core::context::random;
use habeas_render::page::portal::ProofOfWork;
use habeas_store::{Store, Tx};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::App;
use crate::error::Result;

/// A ticket is good for so long.
const LIFE: SignedDuration = SignedDuration::from_hours(2);
/// No answer to a puzzle is longer.
const LONGEST: usize = 32;
const PURPOSE: &str = "form ticket";

/// A ticket of ours that has not expired; whether it was used, [`Ticket::take`] tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    text: String,
    expires_at: Timestamp,
}

impl Ticket {
    /// Makes a ticket.
    pub(crate) fn issue(app: &App) -> Self {
        let head = format!("{:x}.{}", app.now().as_second(), hex::encode(random::<16>(&*app.chance)));
        let text = format!("{head}.{}", seal(&app.store, &head));
        Self { text, expires_at: app.now().saturating_add(LIFE).unwrap_or(Timestamp::MAX) }
    }

    /// Reads a ticket that came back.
    pub(crate) fn read(app: &App, text: &str) -> Option<Self> {
        let (head, sealed) = text.rsplit_once('.')?;
        if !bool::from(sealed.as_bytes().ct_eq(seal(&app.store, head).as_bytes())) {
            return None;
        }
        let (made, _) = head.split_once('.')?;
        let made_at = Timestamp::from_second(i64::from_str_radix(made, 16).ok()?).ok()?;
        let expires_at = made_at.checked_add(LIFE).ok()?;
        (app.now() < expires_at).then(|| Self { text: text.to_owned(), expires_at })
    }

    /// Returns the ticket's text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the puzzle, where the server asks for one.
    pub(crate) fn puzzle(&self, app: &App) -> Option<ProofOfWork> {
        let bits = bits(app);
        (bits > 0).then(|| ProofOfWork { challenge: self.text.clone(), bits })
    }

    /// Says whether the puzzle was solved; where none is asked, it always is.
    pub(crate) fn is_solved(&self, app: &App, answer: &str) -> bool {
        let bits = bits(app);
        let is_answer = !answer.is_empty() && answer.len() <= LONGEST;
        bits == 0 || (is_answer && zero_bits(&self.text, answer) >= u32::from(bits))
    }

    /// Uses the ticket up; no where it was used before.
    pub(crate) async fn take(&self, tx: &mut Tx) -> Result<bool> {
        Ok(tx.use_nonce(PURPOSE, self.text.as_bytes(), self.expires_at).await?)
    }
}

fn bits(app: &App) -> u8 {
    app.options.proof_of_work_bits.min(26)
}

fn seal(store: &Store, head: &str) -> String {
    hex::encode(store.fingerprint(PURPOSE, head.as_bytes()))
}

fn zero_bits(challenge: &str, answer: &str) -> u32 {
    let digest = Sha256::digest(format!("{challenge}:{answer}"));
    let mut count = 0;
    for byte in digest {
        count += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    count
}
