//! `GET /my/reply/{part}`: the archive itself.
//!
//! The download is decided on and written into the log before the first byte leaves. The file is opened
//! bit by bit while it is sent; it never renders in our origin.

use std::io::Read as _;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use habeas_core::request::{Command, Denied};
use habeas_store::acts::ActError;
use habeas_store::records::SealTarget;
use habeas_store::requests::Scope;
use tokio::sync::mpsc;

use super::{case, reply};
use crate::App;
use crate::error::{Error, Result};
use crate::guard::Subject;
use crate::respond;
use crate::visit::Visit;

/// So much of the file is in memory at once, a few times over.
const CHUNK: usize = 64 * 1024;

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
    attachment(&reply::file_name(&request), package.byte_count, file)
}

fn attachment(name: &str, size: u64, file: impl std::io::Read + Send + 'static) -> Result<Response> {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|_| Error::Broken("a file name"))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_LENGTH, HeaderValue::from(size)),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
        ),
    ];
    Ok((headers, Body::from_stream(chunks(file, size))).into_response())
}

/// Reads a file on a thread where blocking is fine. Bytes that were changed end the stream with an error,
/// so that a browser shows a broken download rather than a whole one.
fn chunks(
    file: impl std::io::Read + Send + 'static,
    size: u64,
) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let mut file = file.take(size);
        loop {
            let mut chunk = vec![0; CHUNK];
            let read = file.read(&mut chunk).map(|count| {
                chunk.truncate(count);
                Bytes::from(chunk)
            });
            let is_last = read.as_ref().map_or(true, Bytes::is_empty);
            let is_end = read.as_ref().is_ok_and(Bytes::is_empty);
            // The browser may have gone.
            if is_end || sender.blocking_send(read).is_err() || is_last {
                return;
            }
        }
    });
    stream::unfold(receiver, async |mut receiver| receiver.recv().await.map(|chunk| (chunk, receiver)))
}
