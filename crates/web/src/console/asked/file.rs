//! `GET /console/asked/{ask}/files/{file}`: a file that was handed in, as it was. It never renders in our origin.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_core::id::BlobId;
use habeas_store::records::SealTarget;
use serde_json::json;

use super::page;
use crate::console::system;
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::{App, download};

pub(in crate::console) async fn get(
    State(app): State<App>,
    staff: Staff,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response> {
    let blob: BlobId = file.parse().map_err(|_| Error::NotFound)?;
    let mut tx = app.store.begin().await?;
    let found = page::load(&mut tx, &staff, &id).await?;
    let ask = found.ask()?;
    let file = ask.files.iter().find(|file| file.blob == blob).ok_or(Error::NotFound)?;
    if !page::may_open(ask, &staff) {
        return Err(Error::NotFound);
    }
    let request = &found.case.request;
    let stored = tx.lookup_blob(blob, &staff.scope).await?.ok_or(Error::NotFound)?;
    let keys = tx.lookup_keys(request.id).await?.ok_or(Error::NotFound)?;
    let opened = app.store.open_blob(&stored, &SealTarget::of(&keys)?)?;
    let body = json!({"request": request.id, "file": blob});
    system::note(&mut tx, app.now(), Actor::Staff(staff.id), "file_read", body).await?;
    tx.commit().await?;
    download::attachment(file.name.reveal(), "application/octet-stream", file.byte_count, opened)
}
