//! `POST /sign-out`: the session is over at once.

use axum::extract::State;
use axum::response::Response;

use crate::error::Result;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn post(State(app): State<App>, visit: Visit) -> Result<Response> {
    let mut tx = app.store.begin().await?;
    let cookie = visit.sign_out(&mut tx, &app).await?;
    tx.commit().await?;
    Ok(respond::see_with("/", [cookie]))
}
