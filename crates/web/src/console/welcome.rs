//! `GET /console/first/{token}`, `POST /console/welcome`: the first sign-in by a one-time link.
//!
//! Opening the link changes nothing. Sending the form uses it up and makes the account, in one
//! transaction: who comes second with the same link gets nothing.

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::response::Response;
use habeas_core::access::Builtin;
use habeas_core::context::random;
use habeas_core::event::Actor;
use habeas_core::id::{Token, UserId};
use habeas_render::page::console::Welcome;
use habeas_store::Read;
use habeas_store::users::{NewUser, Profile};

use super::{FIRST_USER, INVITATION, chrome, door, limit, password, second_factor, state, system};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::visit::{Visit, Who};
use crate::{App, code, respond};

/// Whose account a link sets up.
enum Guest {
    /// The first account, which doesn't exist yet.
    First,
    /// Somebody who was invited, or is to set up password and app anew.
    Known(UserId, Profile),
}

/// What was typed.
#[derive(Default)]
struct Typed<'a> {
    name: &'a str,
    email: &'a str,
}

/// What is wrong with it.
#[derive(Default)]
struct Problems {
    name: Option<String>,
    email: Option<String>,
    password: Option<String>,
    code: Option<String>,
}

pub(super) async fn get(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Result<Response> {
    app.limit_address(limit::LINK_ADDRESS, visit.address).await?;
    let token: Token = token.parse().map_err(|_| Error::NotFound)?;
    let guest = peek(&mut app.store.read().await?, &token).await?.ok_or(Error::NotFound)?;
    let page = page(&app, &token, &guest, &Typed::default(), Problems::default());
    respond::page(&chrome::outside(&app, &visit), &page)
}

pub(super) async fn post(State(app): State<App>, visit: Visit, form: Form) -> Result<Response> {
    app.limit_address(limit::LINK_ADDRESS, visit.address).await?;
    let token: Token = form.text("token").parse().map_err(|_| Error::NotFound)?;
    let guest = peek(&mut app.store.read().await?, &token).await?.ok_or(Error::NotFound)?;
    let typed = Typed { name: form.text("name"), email: form.text("email") };
    let secret = second_factor::secret_of(&app, &token);
    let step = second_factor::step(&secret, form.text("code"), app.now())?;
    let mut problems = problems(&guest, &typed, &form);
    if step.is_none() {
        problems.code = Some(
            "That code is not right. Enter the newest one, and check that your phone's clock is right"
                .to_owned(),
        );
    }
    let (Some(step), true) = (step, problems.is_empty()) else {
        let page = page(&app, &token, &guest, &typed, problems);
        return respond::page_again(&chrome::outside(&app, &visit), &page);
    };
    let hash = code::hash(form.text("password"), random::<16>(&*app.chance)).await?;
    let access = Access { hash: &hash, secret: &secret, step };
    let cookies = settle(&app, &visit, &token, &typed, &access).await?;
    Ok(respond::see_with("/console", cookies))
}

/// What lets somebody in from now on.
struct Access<'a> {
    hash: &'a str,
    secret: &'a [u8],
    step: u64,
}

/// Uses the link up, makes or changes the account, and signs in.
async fn settle(
    app: &App,
    visit: &Visit,
    token: &Token,
    typed: &Typed<'_>,
    access: &Access<'_>,
) -> Result<[HeaderValue; 2]> {
    let mut tx = app.store.begin().await?;
    let guest = peek(&mut tx, token).await?.ok_or(Error::NotFound)?;
    let (id, email) = match guest {
        Guest::First => {
            tx.take_token(token, FIRST_USER).await?.ok_or(Error::NotFound)?;
            let email = typed.email.to_lowercase();
            let profile = Profile { name: typed.name.to_owned(), email: email.clone(), language: None };
            let roles = [Builtin::Admin, Builtin::PrivacyOfficer].map(|role| role.as_str().to_owned());
            let new = NewUser {
                profile: &profile,
                password_hash: Some(access.hash),
                roles: &roles,
                entities: None,
            };
            (tx.add_user(&new).await?, email)
        }
        Guest::Known(id, profile) => {
            tx.take_token(token, INVITATION).await?.ok_or(Error::NotFound)?;
            tx.set_password(id, access.hash).await?;
            (id, profile.email)
        }
    };
    tx.set_totp(id, Some(access.secret)).await?;
    tx.use_totp_step(id, access.step).await?;
    system::note(&mut tx, app.now(), Actor::Staff(id), "user_set_up", serde_json::json!({"user": id}))
        .await?;
    let cookie = visit.sign_in(&mut tx, app, Who::Staff(id), &state::State::default()).await?;
    let device = door::welcome(app, visit, &mut tx, (id, &email)).await?;
    tx.commit().await?;
    tracing::info!(user = %id, "a member of staff set up their access");
    Ok([cookie, device])
}

/// Returns whose link it is, without using it up.
async fn peek(read: &mut Read, token: &Token) -> Result<Option<Guest>> {
    if read.peek_token(token, FIRST_USER).await?.is_some() {
        // Only as long as nobody is there.
        let is_first = read.list_users().await?.is_empty();
        return Ok(is_first.then_some(Guest::First));
    }
    let Some(subject) = read.peek_token(token, INVITATION).await? else { return Ok(None) };
    let Ok(id) = subject.parse::<UserId>() else { return Ok(None) };
    let user = read.lookup_user(id).await?.filter(|user| !user.is_disabled);
    Ok(user.map(|user| Guest::Known(user.id, user.profile)))
}

fn problems(guest: &Guest, typed: &Typed<'_>, form: &Form) -> Problems {
    let mut problems = Problems::default();
    let (name, email) = match guest {
        Guest::First => {
            let length = typed.name.chars().count();
            problems.name = (!(1..=100).contains(&length)).then(|| "Enter your name".to_owned());
            problems.email = (!super::is_email(typed.email))
                .then(|| "Enter an e-mail address like name@example.org".to_owned());
            (typed.name, typed.email)
        }
        Guest::Known(_, profile) => (profile.name.as_str(), profile.email.as_str()),
    };
    problems.password = password::problem(form.text("password"), form.text("password_again"), &[name, email]);
    problems
}

impl Problems {
    fn is_empty(&self) -> bool {
        [&self.name, &self.email, &self.password, &self.code].iter().all(|problem| problem.is_none())
    }
}

fn page(app: &App, token: &Token, guest: &Guest, typed: &Typed<'_>, problems: Problems) -> Welcome {
    let secret = second_factor::secret_of(app, token);
    let issuer = chrome::host(app).map_or("Habeas", |entity| &entity.title);
    let (name, email) = match guest {
        Guest::First => (typed.name, typed.email),
        Guest::Known(_, profile) => (profile.name.as_str(), profile.email.as_str()),
    };
    let account = if email.is_empty() { "console" } else { email };
    Welcome {
        token: token.reveal(),
        is_first: matches!(guest, Guest::First),
        name: name.to_owned(),
        name_error: problems.name,
        email: email.to_owned(),
        email_error: problems.email,
        otpauth_url: second_factor::url(&secret, issuer, account),
        key: second_factor::typed(&secret),
        min_length: u32::try_from(password::SHORTEST).unwrap_or(u32::MAX),
        password_error: problems.password,
        code_error: problems.code,
    }
}
