//! `GET, POST /verify`: the code that shows who asks. Wrong, late, used and unknown read the same.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::response::Response;
use habeas_core::context::random;
use habeas_core::id::{Reference, RequestId};
use habeas_core::request::{Command, Request};
use habeas_render::page::portal::{Resend, Verify, VerifyPurpose};
use habeas_render::text::masked_email;
use habeas_store::challenges::Attempt;
use habeas_store::requests::{Filter, Paging, Scope, Search};
use jiff::SignedDuration;

use super::{case, chrome, state};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::visit::{Visit, Who};
use crate::{App, code, limit, respond};

/// What the challenge to begin with a request is for.
pub(super) const VERIFY: &str = "verify";

/// What is said of any code that isn't taken, whatever the cause.
pub(super) const REFUSED: &str =
    "That code is not right, or no longer valid. Check it, or have a new one sent";

pub(super) async fn get(State(app): State<App>, visit: Visit) -> Result<Response> {
    let state: state::State = visit.data();
    let filed = filed(&app, &state).await?;
    if filed.as_ref().is_some_and(|request| request.verified_at.is_some()) {
        return Ok(respond::see("/sign-in"));
    }
    respond::page(&chrome::of(&app, &visit, None, None), &page(&app, &state, filed.as_ref()))
}

pub(super) async fn post(State(app): State<App>, visit: Visit, form: Form) -> Result<Response> {
    let state: state::State = visit.data();
    let typed = form.text("reference");
    let reference: Option<Reference> = typed.parse().ok();
    let request = match &reference {
        Some(reference) => by_reference(&app, reference).await?,
        None => None,
    };
    let who = reference.as_ref().map_or(typed, Reference::as_str);
    let entered = Entered { request, purpose: VERIFY, who, code: form.text("code"), wants_reply: false };
    if let Some(cookie) = enter(&app, &visit, &entered).await? {
        return Ok(respond::see_with("/my", cookie));
    }
    let filed = filed(&app, &state).await?.filter(|request| Some(&request.reference) == reference.as_ref());
    let mut page = page(&app, &state, filed.as_ref());
    page.reference = page.reference.or_else(|| reference.map(|reference| reference.to_string()));
    page.code_error = Some(REFUSED.to_owned());
    respond::page_again(&chrome::of(&app, &visit, None, None), &page)
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
    /// Whether the reply is where the person was going.
    pub(super) wants_reply: bool,
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
            match sign_in(app, visit, id, attempt, entered.wants_reply).await {
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
async fn decoy<T>(app: &App, tx: &mut habeas_store::Tx) -> Result<Option<T>> {
    let until = app.now().saturating_add(SignedDuration::from_mins(1)).unwrap_or(app.now());
    tx.use_nonce("decoy", &random::<16>(&*app.chance), until).await?;
    Ok(None)
}

async fn sign_in(
    app: &App,
    visit: &Visit,
    id: RequestId,
    attempt: &Attempt,
    wants_reply: bool,
) -> Result<HeaderValue> {
    let mut tx = app.store.begin().await?;
    tx.pass_challenge(attempt.id).await?;
    let request = case::load(&mut tx, id).await?;
    if request.verified_at.is_none() && !request.status.is_closed() {
        let ctx = case::context(app, &request)?;
        tx.act(&request, Command::Verify { rung: "mail_code".to_owned() }, &ctx).await?;
    }
    let state = state::State { verified_at: Some(app.now()), wants_reply, ..state::State::default() };
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
    tx.act(&request, Command::NoteWrongCode { cause: cause.to_owned() }, &ctx).await?;
    Ok(tx.commit().await?)
}

async fn by_reference(app: &App, reference: &Reference) -> Result<Option<RequestId>> {
    let filter = Filter { search: Some(Search::Reference(reference.clone())), ..Filter::default() };
    let page = app.store.read().await?.list(&filter, Paging::default(), &Scope::Everything).await?;
    Ok(page.rows.first().map(|row| row.id))
}

async fn filed(app: &App, state: &state::State) -> Result<Option<Request>> {
    match state.filed {
        Some(filed) => {
            Ok(app.store.read().await?.lookup_request(filed.request, &Scope::Request(filed.request)).await?)
        }
        None => Ok(None),
    }
}

fn page(app: &App, state: &state::State, filed: Option<&Request>) -> Verify {
    let pause = state.filed.and_then(|filed| state::pause(app, filed.code_at));
    Verify {
        purpose: VerifyPurpose::Identity,
        why: "What we hold about you must reach nobody but you. A code to your e-mail address is the least \
            we can ask for, and all we ask for here."
            .to_owned(),
        sent_to: filed.map(|request| masked_email(&request.subject.reveal().email)),
        reference: filed.map(|request| request.reference.to_string()),
        reference_error: None,
        code_error: None,
        resend: pause.map_or(Resend::Now, Resend::After),
        other_way: Some(
            "No access to that mailbox? Write to us with your reference; a person finds another way."
                .to_owned(),
        ),
    }
}
