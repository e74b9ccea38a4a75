//! The portal and the console: one file per route.
//!
//! [`router`] serves both from one table of routes ([`routes::all`]). The table names each address's
//! audience and the action a role must grant; the guard in front of a handler enforces it, so that no
//! handler can forget. Pages are made by `habeas-render`, decisions by `habeas-core`, in one transaction
//! of `habeas-store`; nothing here reaches a data source.

mod assets;
mod code;
mod cookie;
mod coverage;
mod dates;
mod download;
mod error;
mod form;
mod guard;
mod headers;
mod health;
mod hosts;
mod limit;
mod names;
mod net;
mod respond;
pub mod routes;
mod ticket;
mod trace;
mod upload;
mod visit;

pub mod console;
mod portal;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use habeas_core::context::{SharedChance, SharedClock};
use habeas_core::definition::Catalog;
use habeas_store::{Live, Store};
use jiff::Timestamp;
use tower_http::catch_panic::CatchPanicLayer;

pub use error::{Error, Result};
pub use net::{InvalidNet, Net};

/// How a server runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where people's pages are, such as `https://privacy.example.com`, without a slash at the end.
    pub portal_url: String,
    /// Where staff's pages are; the same host as the portal's serves both.
    pub console_url: String,
    /// Whether people reach us over HTTPS: cookies are then bound to it and browsers told to stay on it.
    pub is_secure: bool,
    /// How many leading zero bits the form's puzzle asks for, at most 26; none switches it off.
    pub proof_of_work_bits: u8,
    /// The proxies whose word on a client's address counts.
    pub trusted_proxy: Vec<Net>,
    /// Whether the console shows outgoing mails with their content: for demonstrations only.
    pub shows_outbox: bool,
    /// After so long a request that isn't answered is given up.
    pub timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            portal_url: "http://localhost:8080".to_owned(),
            console_url: "http://localhost:8080".to_owned(),
            is_secure: false,
            proof_of_work_bits: 16,
            trusted_proxy: Vec::new(),
            shows_outbox: false,
            timeout: Duration::from_secs(30),
        }
    }
}

/// What handlers work with; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The installation.
    pub store: Store,
    /// Its definitions, as they are for one call from beginning to end.
    pub catalog: Arc<Catalog>,
    /// Tells the time.
    pub clock: SharedClock,
    /// Gives chance.
    pub chance: SharedChance,
    /// How the server runs.
    pub options: Arc<Options>,
}

impl App {
    /// Returns the present instant.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// What the server holds between calls: each call is given an [`App`] with the definitions of its moment.
#[derive(Clone)]
pub(crate) struct Server {
    app: App,
    live: Live,
}

impl FromRef<Server> for App {
    fn from_ref(server: &Server) -> Self {
        Self { catalog: server.live.current(), ..server.app.clone() }
    }
}

/// Looks, before a call, whether definitions were published meanwhile. Where the database doesn't answer, the
/// call goes on and fails where it must.
async fn refresh(State(server): State<Server>, request: Request, next: Next) -> Response {
    match server.live.refresh().await {
        Ok(problems) if problems.is_empty() => {}
        Ok(problems) => {
            tracing::error!(?problems, "what was published does not hold together and is not used");
        }
        Err(error) => tracing::error!(%error, "failed to look for new definitions"),
    }
    next.run(request).await
}

/// How long a file may take to come in.
const UPLOAD_TIME: Duration = Duration::from_mins(15);

/// Gives a call up that isn't answered in time.
async fn bounded(State(server): State<Server>, request: Request, next: Next) -> Response {
    let time = if routes::takes_files(&request) { UPLOAD_TIME } else { server.app.options.timeout };
    let answered = tokio::time::timeout(time, next.run(request)).await;
    answered.unwrap_or_else(|_| axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// Returns the whole server: pages, assets, health.
pub fn router(app: App) -> Router {
    let live = Live::new(app.store.clone(), Arc::clone(&app.catalog));
    let server = Server { app, live };
    let pages = routes::router(&server)
        .fallback(async || Error::NotFound)
        .method_not_allowed_fallback(async || Error::WrongMethod)
        .layer(from_fn_with_state(server.clone(), guard::check_form))
        .layer(from_fn_with_state(server.clone(), visit::attach))
        .layer(from_fn_with_state(server.clone(), hosts::part))
        .layer(from_fn_with_state(server.clone(), refresh))
        .layer(CatchPanicLayer::custom(error::after_panic))
        .layer(from_fn_with_state(server.clone(), bounded))
        .layer(from_fn_with_state(server.clone(), error::explain));
    let quiet = Router::new().merge(assets::router()).merge(health::router());
    pages
        .merge(quiet)
        .layer(from_fn_with_state(server.clone(), headers::add))
        .layer(from_fn_with_state(server.clone(), trace::note))
        .with_state(server)
}
