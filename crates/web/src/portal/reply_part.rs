//! `GET /my/reply/{part}`: the archive itself.
//!
//! The download is decided on and written into the log before the first byte leaves. The file is opened
//! bit by bit while it is sent; it never renders in our origin.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use habeas_core::request::{Command, Denied};
use habeas_store::acts::ActError;
use habeas_store::records::SealTarget;
use habeas_store::requests::Scope;

use super::{case, reply};
use crate::error::{Error, Result};
use crate::guard::Subject;
use crate::visit::Visit;
use crate::{App, download, respond};

pub(super) async fn get(
    State(app): State<App>,
    visit: Visit,
    subject: Subject,
    Path(part): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    if let Some(elsewhere) = reply::ensure_fresh(&app, &visit).await? {
        return Ok(elsewhere);
    }
    // A link on another site must not use up downloads.
    let is_foreign =
        headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    if part != "1" || is_foreign || method == Method::HEAD {
        return Err(Error::NotFound);
    }
    let mut tx = app.store.begin().await?;
    let request = case::load(&mut tx, subject.id).await?;
    let package = reply::package(&request).ok_or(Error::NotFound)?;
    let blob = tx.lookup_blob(package.blob, &Scope::Request(subject.id)).await?.ok_or(Error::NotFound)?;
    let keys = tx.lookup_keys(subject.id).await?.ok_or(Error::NotFound)?;
    let file = app.store.open_blob(&blob, &SealTarget::of(&keys)?)?;
    let ctx = case::context(&app, &request)?;
    match tx.act(&request, Command::Download, &ctx).await {
        Ok(_) => tx.commit().await?,
        // The page of the reply says how long it is open, and how often.
        Err(ActError::Denied(Denied::NothingToDownload | Denied::TooManyDownloads)) => {
            return Ok(respond::see("/my/reply"));
        }
        Err(error) => return Err(error.into()),
    }
    tracing::info!(request.id = %subject.id, "a person fetches their reply");
    download::attachment(&reply::file_name(&request), "application/zip", package.byte_count, file)
}
