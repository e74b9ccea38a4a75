//! `GET, POST /console/sign-in`, `GET, POST /console/sign-in/code`: password, then second factor.
//!
//! Unknown, wrong, locked and disabled read, cost and take the same. Failed tries lock an account for a
//! pause that doubles; a code works once.

use axum::extract::State;
use axum::response::Response;
use habeas_core::context::random;
use habeas_core::event::Actor;
use habeas_core::id::UserId;
use habeas_render::page::console::{SignIn, SignInCode};
use habeas_store::users::User;
use jiff::{SignedDuration, Timestamp};

use super::state::{Halfway, State as Kept};
use super::{chrome, limit, second_factor, system};
use crate::error::Result;
use crate::form::Form;
use crate::visit::{Visit, Who};
use crate::{App, code, respond};

/// What is said of any password that isn't taken.
const REFUSED: &str = "Address or password is not right, or there were too many attempts";
/// What is said of any code that isn't taken.
const CODE_REFUSED: &str = "That code is not right, was used already, or there were too many attempts";
/// From this many failed tries on, the account is locked for a while.
const LOCK_FROM: u32 = 5;
/// The first pause; each further failed try doubles it.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// No pause is longer.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// So long after the password the code may be entered.
const HALFWAY: SignedDuration = SignedDuration::from_mins(10);

pub(super) async fn get(State(app): State<App>, visit: Visit) -> Result<Response> {
    respond::page(&chrome::outside(&app, &visit), &SignIn::default())
}

pub(super) async fn post(State(app): State<App>, visit: Visit, form: Form) -> Result<Response> {
    let email = form.text("email").to_lowercase();
    app.limit_address(limit::DOOR_ADDRESS, visit.address).await?;
    app.limit(limit::DOOR_IDENTITY, email.as_bytes()).await?;
    let user = app.store.read().await?.lookup_user_by_email(&email).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = code::fits(form.text("password"), hash).await?;
    let user = user.filter(|user| is_open(user, app.now()));
    if let Some(user) = user.filter(|user| is_right && user.totp_secret.is_some()) {
        let halfway = Some(Halfway { user: user.id, at: app.now() });
        let mut tx = app.store.begin().await?;
        visit.keep(&mut tx, &app, &Kept { halfway }).await?;
        tx.commit().await?;
        return Ok(respond::see("/console/sign-in/code"));
    }
    // Whether there is such an account decides nothing that can be seen: a failed try is written either way.
    let known = app.store.read().await?.lookup_user_by_email(&email).await?;
    // A locked account isn't locked further: nobody could get in while somebody else tries.
    let counted = known.filter(|user| is_open(user, app.now()));
    count_failed(&app, counted.map(|user| user.id)).await?;
    let page = SignIn { email: form.text("email").to_owned(), error: Some(REFUSED.to_owned()) };
    respond::page_again(&chrome::outside(&app, &visit), &page)
}

pub(super) async fn get_code(State(app): State<App>, visit: Visit) -> Result<Response> {
    if halfway(&app, &visit).is_none() {
        return Ok(respond::see("/console/sign-in"));
    }
    respond::page(&chrome::outside(&app, &visit), &SignInCode::default())
}

pub(super) async fn post_code(State(app): State<App>, visit: Visit, form: Form) -> Result<Response> {
    let Some(halfway) = halfway(&app, &visit) else { return Ok(respond::see("/console/sign-in")) };
    app.limit_address(limit::DOOR_ADDRESS, visit.address).await?;
    let mut tx = app.store.begin().await?;
    let user = tx.lookup_user(halfway.user).await?.filter(|user| is_open(user, app.now()));
    let step = user.as_ref().and_then(|user| user.totp_secret.as_ref());
    let step = step.map(|secret| second_factor::step(secret, form.text("code"), app.now())).transpose()?;
    if let (Some(user), Some(Some(step))) = (&user, step)
        && tx.use_totp_step(user.id, step).await?
    {
        tx.forget_failed_tries(user.id).await?;
        let body = serde_json::json!({"user": user.id});
        system::note(&mut tx, app.now(), Actor::Staff(user.id), "staff_signed_in", body).await?;
        let cookie = visit.sign_in(&mut tx, &app, Who::Staff(user.id), &Kept::default()).await?;
        tx.commit().await?;
        tracing::info!(user = %user.id, "a member of staff signed in");
        return Ok(respond::see_with("/console", cookie));
    }
    drop(tx);
    count_failed(&app, Some(halfway.user)).await?;
    let page = SignInCode { error: Some(CODE_REFUSED.to_owned()) };
    respond::page_again(&chrome::outside(&app, &visit), &page)
}

/// Returns whose password was right a short while ago in this browser.
fn halfway(app: &App, visit: &Visit) -> Option<Halfway> {
    let kept: Kept = visit.data();
    kept.halfway.filter(|halfway| app.now().duration_since(halfway.at) < HALFWAY)
}

fn is_open(user: &User, now: Timestamp) -> bool {
    !user.is_disabled && user.locked_until.is_none_or(|until| until <= now)
}

/// Counts a failed try, or does as much for nobody.
async fn count_failed(app: &App, user: Option<UserId>) -> Result<()> {
    tracing::warn!(target: "habeas_web::refused", "a sign-in to the console was refused");
    let mut tx = app.store.begin().await?;
    if let Some(id) = user {
        let tries = tx.lookup_user(id).await?.map_or(0, |user| user.failed_tries);
        let until = app.now().saturating_add(pause(tries + 1)).unwrap_or(Timestamp::MAX);
        tx.count_failed_try(id, LOCK_FROM, until).await?;
    } else {
        let until = app.now().saturating_add(FIRST_PAUSE).unwrap_or(Timestamp::MAX);
        tx.use_nonce("decoy", &random::<16>(&*app.chance), until).await?;
    }
    Ok(tx.commit().await?)
}

/// Returns how long the account is locked after so many failed tries.
fn pause(tries: u32) -> SignedDuration {
    let doublings = tries.saturating_sub(LOCK_FROM).min(10);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}
