//! Everything that can go wrong with a request, and the one place where it becomes a page.
//!
//! [`Error::into_response`] names what happened; [`explain`] renders the page, since only there the brand is
//! known. A cause we don't know is logged once, under the number the page shows.

use std::any::Any;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use habeas_core::definition::Missing;
use habeas_core::request::Denied;
use habeas_render::page::{Problem, ProblemKind};
use habeas_store as store;
use habeas_store::acts::ActError;
use habeas_store::sessions::Audience;

use crate::trace::Number;
use crate::{App, console, hosts, portal, respond};

/// What went wrong with a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or not for this visitor.
    #[error("not found")]
    NotFound,
    /// The address doesn't take this method.
    #[error("method not allowed")]
    WrongMethod,
    /// Too often; it may come again after so many seconds.
    #[error("too many attempts")]
    TooMany {
        /// The seconds.
        wait_s: u64,
    },
    /// The form isn't one we gave this browser.
    #[error("the form's token does not fit")]
    StaleForm,
    /// More was sent than is taken.
    #[error("the form is too large")]
    TooLarge,
    /// Law, flow, role or state don't allow the act.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed, or somebody else was first.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A page could not be rendered.
    #[error(transparent)]
    Render(#[from] habeas_render::Error),
    /// A definition isn't there.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// A rule of this code broke.
    #[error("a rule broke: {0}")]
    Broken(&'static str),
}

/// The result of a handler.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<ActError> for Error {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Denied(denied) => Self::Denied(denied),
            ActError::Store(error) => Self::Store(error),
        }
    }
}

/// What an answer has to say, until [`explain`] has put it on a page.
#[derive(Clone)]
struct Told {
    kind: ProblemKind,
    cause: Option<String>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let failed = || ProblemKind::Failed { number: String::new() };
        let (status, kind) = match &self {
            Self::NotFound | Self::Denied(Denied::NotAllowed) => {
                (StatusCode::NOT_FOUND, ProblemKind::NotFound)
            }
            Self::WrongMethod => (StatusCode::METHOD_NOT_ALLOWED, ProblemKind::NotFound),
            Self::TooMany { wait_s } => {
                (StatusCode::TOO_MANY_REQUESTS, ProblemKind::TooMany { wait: span(*wait_s) })
            }
            Self::StaleForm => (StatusCode::FORBIDDEN, ProblemKind::StaleForm),
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, ProblemKind::TooLarge { limit: "64 KB".to_owned() })
            }
            Self::Denied(_) | Self::Store(store::Error::Conflict) => {
                (StatusCode::CONFLICT, ProblemKind::Changed)
            }
            // Nothing of what was sent is kept: better said than left to be found out.
            Self::Store(store::Error::Full) => {
                (StatusCode::SERVICE_UNAVAILABLE, ProblemKind::NotKept { number: String::new() })
            }
            Self::Store(_) | Self::Render(_) | Self::Missing(_) | Self::Broken(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, failed())
            }
        };
        let cause = status.is_server_error().then(|| chain(&self));
        let mut response = status.into_response();
        if let Self::TooMany { wait_s } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
        }
        response.extensions_mut().insert(Told { kind, cause });
        response
    }
}

/// Returns a failure with all its causes; none of our errors holds personal data.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Returns a span as people read it.
fn span(seconds: u64) -> String {
    match seconds {
        0..=59 => "a minute".to_owned(),
        60..=5_400 => format!("{} minutes", seconds.div_ceil(60)),
        5_401..=129_600 => format!("{} hours", seconds.div_ceil(3_600)),
        _ => format!("{} days", seconds.div_ceil(86_400)),
    }
}

/// Answers for a handler that panicked. What it said may hold anything, so it isn't logged here.
pub(crate) fn after_panic(_: Box<dyn Any + Send>) -> Response {
    Error::Broken("a handler panicked").into_response()
}

/// Puts what went wrong on a page, and logs causes under the page's number.
pub(crate) async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let side = hosts::side(request.uri().path());
    let number = request.extensions().get::<Number>().map(|number| number.0.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    let status = response.status();
    let told = response.extensions_mut().remove::<Told>();
    let told = match (told, status) {
        (Some(told), _) => told,
        // The time was up before the handler answered.
        (None, StatusCode::SERVICE_UNAVAILABLE) => {
            Told { kind: ProblemKind::Unavailable, cause: Some("not answered in time".to_owned()) }
        }
        // What axum itself refuses: a path or a query that can't be read.
        (None, status) if status.is_client_error() && !is_page(&response) => {
            Told { kind: ProblemKind::NotFound, cause: None }
        }
        (None, _) => return response,
    };
    let kind = match told.kind {
        ProblemKind::Failed { .. } => ProblemKind::Failed { number: number.clone() },
        ProblemKind::NotKept { .. } => ProblemKind::NotKept { number: number.clone() },
        other => other,
    };
    if let Some(cause) = told.cause {
        tracing::error!(number, cause, "a request failed");
    }
    let (chrome, way_on) = match side {
        Audience::Portal => (portal::chrome::plain(&app), ("Go to the start".to_owned(), "/".to_owned())),
        Audience::Console => {
            (console::plain_chrome(&app), ("Go to the console".to_owned(), "/console".to_owned()))
        }
    };
    let problem = Problem { kind, way_on: Some(way_on) };
    match respond::page_with(status, &chrome, &problem) {
        Ok(page) => {
            let (page, body) = page.into_parts();
            *response.body_mut() = body;
            response.headers_mut().remove(header::CONTENT_LENGTH);
            response.headers_mut().extend(page.headers);
            response
        }
        Err(error) => {
            tracing::error!(number, %error, "a page about a problem could not be rendered");
            response
        }
    }
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
