//! Tries to get in: counted so that nobody gets in by guessing and no stranger keeps anybody out.
//!
//! A browser that an account has signed in from is known again by a token; what it tries is counted by
//! itself, so that nobody else's tries slow it down. All others are counted by account and network. A
//! network's first tries have a count of their own, which those who go on guessing can't use up; further
//! tries of all networks together are let through one in five minutes. So an account stands at most 72
//! guesses an hour from browsers it never signed in from, whatever many machines do.
//!
//! Known and unknown addresses are counted alike. What was refused is noted in the installation's chain.

use axum::http::HeaderValue;
use habeas_core::context::random;
use habeas_core::event::Actor;
use habeas_core::id::{Token, UserId};
use habeas_store::Tx;
use habeas_store::limits::Throttle;
use jiff::{SignedDuration, Timestamp};

use super::{limit, system};
use crate::error::{Error, Result};
use crate::limit::pair;
use crate::visit::Visit;
use crate::{App, cookie};

/// How long a browser is known again.
const KNOWN: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Somebody before the door.
pub(super) struct Knock<'a> {
    app: &'a App,
    visit: &'a Visit,
    /// Whose account they name, where there is one.
    user: Option<UserId>,
    /// The browser's token, where the account has signed in from it before.
    device: Option<&'a Token>,
}

/// What is asked of them.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// The password.
    Password,
    /// The code of the second factor.
    Code,
}

impl<'a> Knock<'a> {
    /// Reads who knocks.
    pub(super) async fn read(app: &'a App, visit: &'a Visit, user: Option<UserId>) -> Result<Self> {
        let device = match visit.device.as_deref() {
            Some(device) => {
                let known = app.store.read().await?.lookup_device(device).await?;
                Some(device).filter(|_| known.is_some() && known == user)
            }
            None => None,
        };
        Ok(Self { app, visit, user, device })
    }

    /// Pays for trying a password for the account of an address, known or not, before it is looked at.
    pub(super) async fn pay_password(&self, email: &str) -> Result<()> {
        let paid = match self.device {
            Some(device) => self.app.limit(limit::DOOR_DEVICE, device.hash().as_bytes()).await,
            None => self.pay_as_stranger(email).await,
        };
        self.note_slowed(paid, email.as_bytes()).await
    }

    async fn pay_as_stranger(&self, email: &str) -> Result<()> {
        let app = self.app;
        app.limit_address(limit::DOOR_ADDRESS, self.visit.address).await?;
        let pair = pair(email, self.visit.address);
        let is_first = app.store.throttle(limit::DOOR_FIRST, &pair).await? == Throttle::Allowed;
        if is_first && app.store.throttle(limit::DOOR_FIRST_ALL, email.as_bytes()).await? == Throttle::Allowed
        {
            return Ok(());
        }
        app.limit(limit::DOOR_NETWORK, &pair).await?;
        app.limit(limit::DOOR_ALL, email.as_bytes()).await
    }

    /// Pays for trying a code. Who comes here knows the password.
    pub(super) async fn pay_code(&self, user: UserId) -> Result<()> {
        let account = user.to_string();
        let paid = match self.device {
            Some(device) => self.app.limit(limit::DOOR_DEVICE, device.hash().as_bytes()).await,
            None => match self.app.limit_address(limit::DOOR_ADDRESS, self.visit.address).await {
                Ok(()) => self.app.limit(limit::DOOR_CODE, account.as_bytes()).await,
                slowed => slowed,
            },
        };
        self.note_slowed(paid, account.as_bytes()).await
    }

    /// Notes a try that wasn't right. Whether there is such an account decides nothing that can be seen: as
    /// much is written either way.
    pub(super) async fn note_refused(&self, step: Step) -> Result<()> {
        let app = self.app;
        tracing::warn!(target: "habeas_web::refused", "a sign-in to the console was refused");
        let is_noted = match self.user {
            Some(_) => true,
            None => app.store.throttle(limit::NOTED_UNKNOWN, b"all").await? == Throttle::Allowed,
        };
        let mut tx = app.store.begin().await?;
        if is_noted {
            let step = match step {
                Step::Password => "password",
                Step::Code => "code",
            };
            let body = serde_json::json!({"user": self.user, "step": step});
            system::note(&mut tx, app.now(), Actor::System, "staff_sign_in_refused", body).await?;
        } else {
            let until = app.now().saturating_add(SignedDuration::from_mins(1)).unwrap_or(Timestamp::MAX);
            tx.use_nonce("decoy", &random::<16>(&*app.chance), until).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Notes once an hour that tries for an account are slowed down.
    async fn note_slowed(&self, paid: Result<()>, account: &[u8]) -> Result<()> {
        if let (Err(Error::TooMany { .. }), Some(user)) = (&paid, self.user)
            && self.app.store.throttle(limit::NOTED_SLOWED, account).await? == Throttle::Allowed
        {
            let mut tx = self.app.store.begin().await?;
            let body = serde_json::json!({"user": user});
            system::note(&mut tx, self.app.now(), Actor::System, "staff_sign_in_slowed", body).await?;
            tx.commit().await?;
        }
        paid
    }
}

/// Forgets the wrong tries before a sign-in and remembers the browser; the cookie returned belongs on the
/// answer.
pub(super) async fn welcome(
    app: &App,
    visit: &Visit,
    tx: &mut Tx,
    (user, email): (UserId, &str),
) -> Result<HeaderValue> {
    let pair = pair(email, visit.address);
    tx.forget_calls(limit::DOOR_FIRST, &pair).await?;
    tx.forget_calls(limit::DOOR_NETWORK, &pair).await?;
    tx.forget_calls(limit::DOOR_CODE, user.to_string().as_bytes()).await?;
    let device = Token::new(&*app.chance);
    let until = app.now().saturating_add(KNOWN).unwrap_or(Timestamp::MAX);
    tx.remember_device(user, visit.device.as_deref(), &device, until).await?;
    Ok(cookie::set_device(&device, KNOWN, &app.options))
}
