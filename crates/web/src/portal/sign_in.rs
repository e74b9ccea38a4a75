//! `GET, POST /sign-in`, `GET, POST /sign-in/code`, `POST /sign-in/resend`: back to a request.
//!
//! Reference and e-mail address together lead to a code by mail. Known and unknown read the same, do the
//! same and take the same: the code is made and sent by a job, which finds somebody to write to or doesn't.

use axum::extract::State;
use axum::response::Response;
use habeas_core::id::Reference;
use habeas_core::request::normal_email;
use habeas_render::page::part::{Notice, Tone};
use habeas_render::page::portal::{Resend, SignIn, Verify, VerifyPurpose};
use habeas_store::requests::Scope;

use super::entered::{self, Entered, REFUSED, SIGN_IN};
use super::state::{Asked, State as Kept};
use super::{chrome, entry, find, state};
use crate::error::Result;
use crate::form::Form;
use crate::visit::Visit;
use crate::{App, guard, limit, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit) -> Result<Response> {
    let kept: Kept = visit.data();
    let mut chrome = chrome::of(&app, &visit, None, None);
    let mut page = SignIn::default();
    if let Some(subject) = guard::subject(&visit) {
        let scope = Scope::Request(subject.id);
        let row = app.store.read().await?.lookup_row(subject.id, &scope).await?;
        page.reference = row.map(|row| row.reference.to_string()).unwrap_or_default();
    }
    if kept.wants_reply {
        chrome.notices.push(
            Notice::new(Tone::Info, "Before the download we ask for a new code")
                .text("It keeps your data safe where a browser was left open."),
        );
    }
    respond::page(&chrome, &page)
}

pub(super) async fn post(State(app): State<App>, visit: Visit, form: Form) -> Result<Response> {
    let reference: Option<Reference> = form.text("reference").parse().ok();
    let email = form.text("email");
    let (Some(reference), true) = (&reference, entry::is_email(email)) else {
        let page = SignIn {
            reference: form.text("reference").to_owned(),
            reference_error: reference
                .is_none()
                .then(|| "Enter the reference from our e-mail, like HB-7K3M-9QXD".to_owned()),
            email: email.to_owned(),
            email_error: (!entry::is_email(email))
                .then(|| "Enter an e-mail address like name@example.org".to_owned()),
        };
        return respond::page_again(&chrome::of(&app, &visit, None, None), &page);
    };
    app.limit_address(limit::SIGN_IN_ADDRESS, visit.address).await?;
    let who = format!("{reference} {}", normal_email(email));
    let who = hex::encode(app.store.fingerprint("sign-in", who.as_bytes()));
    app.limit(limit::SIGN_IN_IDENTITY, who.as_bytes()).await?;
    app.limit(limit::SIGN_IN_ALL, b"all").await?;
    let row = find::by_reference(&app, reference).await?;
    let request = row.filter(|row| find::is_from(row, email)).map(|row| row.id);
    if request.is_none() {
        tracing::warn!(target: "habeas_web::refused", "a sign-in named no request");
    }
    let asked = Asked { request, reference: reference.to_string(), who, code_at: app.now() };
    ask(&app, &visit, asked).await
}

pub(super) async fn get_code(State(app): State<App>, visit: Visit) -> Result<Response> {
    let kept: Kept = visit.data();
    let Some(asked) = kept.asked else { return Ok(respond::see("/sign-in")) };
    respond::page(&chrome::of(&app, &visit, None, None), &page(&app, &asked))
}

pub(super) async fn post_code(State(app): State<App>, visit: Visit, form: Form) -> Result<Response> {
    let kept: Kept = visit.data();
    let Some(asked) = kept.asked else { return Ok(respond::see("/sign-in")) };
    let code = form.text("code");
    let entered = Entered { request: asked.request, purpose: SIGN_IN, who: &asked.who, code };
    if let Some(cookie) = entered::enter(&app, &visit, &entered).await? {
        return Ok(respond::see_with(if kept.wants_reply { "/my/reply" } else { "/my" }, [cookie]));
    }
    let mut page = page(&app, &asked);
    page.code_error = Some(REFUSED.to_owned());
    respond::page_again(&chrome::of(&app, &visit, None, None), &page)
}

pub(super) async fn resend(State(app): State<App>, visit: Visit) -> Result<Response> {
    let kept: Kept = visit.data();
    let Some(asked) = kept.asked else { return Ok(respond::see("/sign-in")) };
    app.limit_address(limit::SIGN_IN_ADDRESS, visit.address).await?;
    app.limit(limit::RESEND_PAUSE, asked.who.as_bytes()).await?;
    app.limit(limit::RESEND_IDENTITY, asked.who.as_bytes()).await?;
    ask(&app, &visit, Asked { code_at: app.now(), ..asked }).await
}

async fn ask(app: &App, visit: &Visit, asked: Asked) -> Result<Response> {
    let mut kept: Kept = visit.data();
    // What was typed isn't kept; reference and address together are as good as the mailbox.
    let job = entered::send_code(app, visit, asked.request, (SIGN_IN, &asked.who)).await?;
    let mut tx = app.store.begin().await?;
    tx.add_job(&job).await?;
    kept.asked = Some(asked);
    visit.keep(&mut tx, app, &kept).await?;
    tx.commit().await?;
    Ok(respond::see("/sign-in/code"))
}

fn page(app: &App, asked: &Asked) -> Verify {
    Verify {
        purpose: VerifyPurpose::SignIn,
        why: String::new(),
        sent_to: None,
        reference: Some(asked.reference.clone()),
        reference_error: None,
        code_error: None,
        resend: state::pause(app, asked.code_at).map_or(Resend::Now, Resend::After),
        other_way: Some(
            "No access to that mailbox? Write to us with your reference; a person finds another way."
                .to_owned(),
        ),
    }
}
