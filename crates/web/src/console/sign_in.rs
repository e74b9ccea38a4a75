//! `GET, POST /console/sign-in`, `GET, POST /console/sign-in/code`: password, then second factor.
//!
//! Unknown, wrong and disabled read, cost and take the same. A try is paid for before it is looked at
//! (`door.rs`); a code works once.

use axum::extract::State;
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_render::page::console::{SignIn, SignInCode};
use jiff::SignedDuration;

use super::door::{Knock, Step};
use super::state::{Halfway, State as Kept};
use super::{chrome, door, second_factor, system};
use crate::error::Result;
use crate::form::Form;
use crate::visit::{Visit, Who};
use crate::{App, code, respond};

/// What is said of any password that isn't taken.
const REFUSED: &str = "Address or password is not right";
/// What is said of any code that isn't taken.
const CODE_REFUSED: &str = "That code is not right, or was used already";
/// So long after the password the code may be entered.
const HALFWAY: SignedDuration = SignedDuration::from_mins(10);

pub(super) async fn get(State(app): State<App>, visit: Visit) -> Result<Response> {
    respond::page(&chrome::outside(&app, &visit), &SignIn::default())
}

pub(super) async fn post(State(app): State<App>, visit: Visit, form: Form) -> Result<Response> {
    let email = form.text("email").trim().to_lowercase();
    let user = app.store.read().await?.lookup_user_by_email(&email).await?;
    let knock = Knock::read(&app, &visit, user.as_ref().map(|user| user.id)).await?;
    knock.pay_password(&email).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = code::fits(form.text("password"), hash).await?;
    let user = user.filter(|user| is_right && !user.is_disabled && user.totp_secret.is_some());
    if let Some(user) = user {
        let halfway = Some(Halfway { user: user.id, at: app.now() });
        let mut tx = app.store.begin().await?;
        visit.keep(&mut tx, &app, &Kept { halfway }).await?;
        tx.commit().await?;
        return Ok(respond::see("/console/sign-in/code"));
    }
    knock.note_refused(Step::Password).await?;
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
    let knock = Knock::read(&app, &visit, Some(halfway.user)).await?;
    knock.pay_code(halfway.user).await?;
    let mut tx = app.store.begin().await?;
    let user = tx.lookup_user(halfway.user).await?.filter(|user| !user.is_disabled);
    let step = user.as_ref().and_then(|user| user.totp_secret.as_ref());
    let step = step.map(|secret| second_factor::step(secret, form.text("code"), app.now())).transpose()?;
    if let (Some(user), Some(Some(step))) = (&user, step)
        && tx.use_totp_step(user.id, step).await?
    {
        let device = door::welcome(&app, &visit, &mut tx, (user.id, &user.profile.email)).await?;
        let body = serde_json::json!({"user": user.id});
        system::note(&mut tx, app.now(), Actor::Staff(user.id), "staff_signed_in", body).await?;
        let cookie = visit.sign_in(&mut tx, &app, Who::Staff(user.id), &Kept::default()).await?;
        tx.commit().await?;
        tracing::info!(user = %user.id, "a member of staff signed in");
        return Ok(respond::see_with("/console", [cookie, device]));
    }
    drop(tx);
    knock.note_refused(Step::Code).await?;
    let page = SignInCode { error: Some(CODE_REFUSED.to_owned()) };
    respond::page_again(&chrome::outside(&app, &visit), &page)
}

/// Returns whose password was right a short while ago in this browser.
fn halfway(app: &App, visit: &Visit) -> Option<Halfway> {
    let kept: Kept = visit.data();
    kept.halfway.filter(|halfway| app.now().duration_since(halfway.at) < HALFWAY)
}
