//! `GET, POST /verify`, `POST /verify/resend`: the code that shows who asks.

use axum::extract::State;
use axum::response::Response;
use habeas_core::id::Reference;
use habeas_core::request::Request;
use habeas_render::page::portal::{Resend, Verify, VerifyPurpose};
use habeas_render::text::masked_email;
use habeas_store::requests::Scope;

use super::entered::{Entered, REFUSED, VERIFY};
use super::{chrome, entered, find, state};
use crate::error::Result;
use crate::form::Form;
use crate::visit::Visit;
use crate::{App, limit, respond};

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
        Some(reference) => find::by_reference(&app, reference).await?.map(|row| row.id),
        None => None,
    };
    let who = reference.as_ref().map_or(typed, Reference::as_str);
    let entered = Entered { request, purpose: VERIFY, who, code: form.text("code") };
    if let Some(cookie) = entered::enter(&app, &visit, &entered).await? {
        return Ok(respond::see_with("/my", [cookie]));
    }
    let filed = filed(&app, &state).await?.filter(|request| Some(&request.reference) == reference.as_ref());
    let mut page = page(&app, &state, filed.as_ref());
    page.reference = page.reference.or_else(|| reference.map(|reference| reference.to_string()));
    page.code_error = Some(REFUSED.to_owned());
    respond::page_again(&chrome::of(&app, &visit, None, None), &page)
}

/// Sends a new code for the request sent from this browser. Elsewhere nobody may have mails sent by a
/// reference alone: the same is said and done, and the job finds nobody to write to.
pub(super) async fn resend(State(app): State<App>, visit: Visit) -> Result<Response> {
    let mut state: state::State = visit.data();
    let request = state.filed.map(|filed| filed.request);
    let who = request.map_or_else(|| visit.address.to_string(), |id| id.to_string());
    app.limit(limit::RESEND_PAUSE, who.as_bytes()).await?;
    app.limit(limit::RESEND_IDENTITY, who.as_bytes()).await?;
    let filed = filed(&app, &state).await?;
    let mailbox = filed.map_or_else(|| who.clone(), |request| request.subject.reveal().email.clone());
    let job = entered::send_code(&app, &visit, request, (VERIFY, &mailbox)).await?;
    let mut tx = app.store.begin().await?;
    tx.add_job(&job).await?;
    if let Some(filed) = &mut state.filed {
        filed.code_at = app.now();
    }
    visit.keep(&mut tx, &app, &state).await?;
    tx.commit().await?;
    Ok(respond::see("/verify"))
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
