//! `POST /console/sources/{source}/test`: has everything that waits for a source tried again.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::request::Command;

use super::{case, health, told};
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::{App, respond};

pub(super) async fn post(State(app): State<App>, staff: Staff, Path(key): Path<String>) -> Result<Response> {
    let failing = health::failing(&mut app.store.read().await?, &staff).await?;
    let failing: Vec<_> = failing.into_iter().filter(|failing| failing.source == key).collect();
    let source = failing.first().map(|failing| failing.source.clone()).ok_or(Error::NotFound)?;
    for found in failing {
        let mut tx = app.store.begin().await?;
        let fresh = tx.lookup_request(found.request.id, &staff.scope).await?;
        let Some(request) = fresh else { continue };
        let ctx = case::context(&app, &request, &staff)?;
        // One that somebody else had tried again meanwhile is none of ours any more.
        if told::outcome(tx.act(&request, Command::Retry(found.task), &ctx).await)?.is_ok() {
            tx.commit().await?;
        }
    }
    Ok(respond::see(&format!("/console/sources/{source}?told=retried")))
}
