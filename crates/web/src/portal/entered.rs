//! Codes as people enter them. Wrong, late, used and unknown read, cost and take the same.

use axum::http::HeaderValue;
use habeas_core::context::random;
use habeas_core::id::RequestId;
use habeas_core::job::NewJob;
use habeas_core::request::{Command, kind, normal_email};
use habeas_store::Tx;
use habeas_store::acts::ActError;
use habeas_store::challenges::Attempt;
use habeas_store::limits::Throttle;
use jiff::SignedDuration;
use serde_json::json;

use super::{case, state};
use crate::error::{Error, Result};
use crate::visit::{Visit, Who};
use crate::{App, code, limit};

/// What the code to begin with a request is for.
pub(super) const VERIFY: &str = "verify";
/// What the code to see a request again is for.
pub(super) const SIGN_IN: &str = "sign_in";

/// What is said of any code that isn't taken, whatever the cause.
pub(super) const REFUSED: &str =
    "That code is not right, or no longer valid. Check it, or have a new one sent";

/// Returns the job that makes a code, keeps its hash and mails it. Without a request it does as much and
/// finds nobody to write to, so that asking tells nothing. Ask before the transaction begins: it counts.
pub(super) async fn send_code(
    app: &App,
    visit: &Visit,
    request: Option<RequestId>,
    (purpose, mailbox): (&str, &str),
) -> Result<NewJob> {
    let pair = limit::pair(&normal_email(mailbox), visit.address);
    let is_seldom = app.store.throttle(limit::CODE_SELDOM, &pair).await? == Throttle::Allowed;
    Ok(NewJob {
        kind: kind::SEND_CODE,
        payload: json!({
            "request": request,
            "purpose": purpose,
            "asked_at": app.now(),
            "is_seldom": is_seldom,
        }),
        run_at: app.now(),
        unique_key: None,
        max_attempts: 12,
    })
}

/// A code as it was entered.
pub(super) struct Entered<'a> {
    /// The request it is said to be for, where there is one.
    pub(super) request: Option<RequestId>,
    /// What the code was sent for.
    pub(super) purpose: &'a str,
    /// What attempts are counted by.
    pub(super) who: &'a str,
    /// The code.
    pub(super) code: &'a str,
}

/// Checks a code. Right: identity is proven where it wasn't yet, and the cookie of a session signed in to
/// the request is returned. Anything else is noted and refused; a request that doesn't exist costs the same.
pub(super) async fn enter(app: &App, visit: &Visit, entered: &Entered<'_>) -> Result<Option<HeaderValue>> {
    app.limit_address(limit::CODE_ADDRESS, visit.address).await?;
    app.limit(limit::CODE_IDENTITY, entered.who.as_bytes()).await?;
    let attempt = pay(app, entered).await?;
    let given: String = entered.code.chars().filter(char::is_ascii_digit).take(12).collect();
    let is_right = code::fits(&given, attempt.as_ref().map(|attempt| attempt.code_hash.clone())).await?;
    match (entered.request, &attempt) {
        (Some(id), Some(attempt)) if is_right => {
            match sign_in(app, visit, id, attempt).await {
                // Passed or replaced by another call meanwhile: no longer right.
                Err(Error::Store(habeas_store::Error::Conflict)) => {}
                other => return other.map(Some),
            }
        }
        _ => {}
    }
    note(app, entered.request, attempt.as_ref()).await?;
    Ok(None)
}

/// Pays for a try before the code is looked at.
async fn pay(app: &App, entered: &Entered<'_>) -> Result<Option<Attempt>> {
    let mut tx = app.store.begin().await?;
    let attempt = match entered.request {
        Some(id) => tx.try_challenge(id, entered.purpose).await?,
        None => decoy(app, &mut tx).await?,
    };
    tx.commit().await?;
    Ok(attempt)
}

/// Writes as much as a real try does, so that time tells nothing.
async fn decoy<T>(app: &App, tx: &mut Tx) -> Result<Option<T>> {
    let until = app.now().saturating_add(SignedDuration::from_mins(1)).unwrap_or(app.now());
    tx.use_nonce("decoy", &random::<16>(&*app.chance), until).await?;
    Ok(None)
}

async fn sign_in(app: &App, visit: &Visit, id: RequestId, attempt: &Attempt) -> Result<HeaderValue> {
    let mut tx = app.store.begin().await?;
    tx.pass_challenge(attempt.id).await?;
    let request = case::load(&mut tx, id).await?;
    if request.verified_at.is_none() && !request.status.is_closed() {
        let ctx = case::context(app, &request)?;
        tx.act(&request, Command::Verify { rung: "mail_code".to_owned() }, &ctx).await?;
    }
    let state = state::State { verified_at: Some(app.now()), ..state::State::default() };
    let cookie = visit.sign_in(&mut tx, app, Who::Subject(id), &state).await?;
    tx.commit().await?;
    tracing::info!(request.id = %id, "a person signed in to their request");
    Ok(cookie)
}

/// Notes a refused code in the request's log; the cause is for staff, not for who typed it.
async fn note(app: &App, request: Option<RequestId>, attempt: Option<&Attempt>) -> Result<()> {
    tracing::warn!(target: "habeas_web::refused", "a code was not taken");
    let mut tx = app.store.begin().await?;
    let Some(id) = request else {
        decoy::<()>(app, &mut tx).await?;
        return Ok(tx.commit().await?);
    };
    let request = case::load(&mut tx, id).await?;
    let cause = match attempt {
        None => "late",
        Some(attempt) if attempt.tries_left == 0 => "too_many",
        Some(_) => "wrong",
    };
    let ctx = case::context(app, &request)?;
    match tx.act(&request, Command::NoteWrongCode { cause: cause.to_owned() }, &ctx).await {
        Ok(_) => Ok(tx.commit().await?),
        // Something else happened to the request at the same time; saying so would tell that it exists.
        Err(ActError::Store(habeas_store::Error::Conflict)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
