//! Whether the process lives, and whether it can serve: for those who watch over it.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::{App, Server};

pub(crate) fn router() -> Router<Server> {
    Router::new().route("/healthz", get(async || "alive\n")).route("/readyz", get(ready))
}

/// The database answers.
async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.store.read().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
