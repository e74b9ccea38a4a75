//! `POST /console/asked/{ask}/files`: hands a file in. It is sealed while it comes in; nothing of it stands on the disk
//! in clear, nor in memory as a whole.

use axum::extract::multipart::{Field, Multipart};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::id::BlobId;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, FILE_BYTES_MAX, FileAdded, OwnerAct};
use habeas_core::upload;
use habeas_store::records::SealTarget;
use habeas_store::{Read, Scratch};

use super::page::{self, Draft, Found};
use crate::console::{case, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::upload::{Parts, Received, read_short};
use crate::visit::Visit;
use crate::{App, respond};

/// The kind of blob a file handed in is kept as.
const BLOB_KIND: &str = "upload";

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    body: Multipart,
) -> Result<Response> {
    // Who may not hand in is told so before anything is read.
    let target = target(&mut app.store.read().await?, &staff, &id).await?;
    let mut parts = Parts::begin(&app, &visit, body).await?;
    let mut is_of_others = false;
    let mut outcome = Err("Choose a file".to_owned());
    while let Some(part) = parts.next().await? {
        match part.name() {
            Some("of_others") => is_of_others = read_short(part).await? == "yes",
            Some("file") => {
                outcome = one(&app, &staff, &id, (&target, is_of_others), part).await?;
                break;
            }
            _ => {}
        }
    }
    match outcome {
        Ok(id) => Ok(respond::see(&format!("/console/asked/{id}?told=file_added"))),
        Err(why) => {
            let field = Some(("file".to_owned(), why));
            let form = Form::default();
            let draft = Draft { form: &form, field, why: None, status: StatusCode::UNPROCESSABLE_ENTITY };
            page::again(&app, &visit, &staff, &id, draft).await
        }
    }
}

/// Returns whose key a file is sealed under, where the reader may hand one in.
async fn target(read: &mut Read, staff: &Staff, id: &str) -> Result<SealTarget> {
    let found = page::load(read, staff, id).await?;
    let ask = found.ask()?;
    if ask.owner != Some(staff.id) || !ask.is_open() || found.case.request.status.is_closed() {
        return Err(Error::NotFound);
    }
    let keys = read.lookup_keys(found.case.request.id).await?.ok_or(Error::NotFound)?;
    Ok(SealTarget::of(&keys)?)
}

/// Takes one file in; or says what is wrong with it, and keeps nothing.
async fn one(
    app: &App,
    staff: &Staff,
    id: &str,
    (target, is_of_others): (&SealTarget, bool),
    part: Field<'_>,
) -> Result<std::result::Result<String, String>> {
    let name = upload::file_name(part.file_name().unwrap_or_default());
    let scratch = Scratch::new(&app.store);
    let received = crate::upload::receive(scratch, target.clone(), part, FILE_BYTES_MAX).await?;
    let Received::Whole { scratch, byte_count, head } = received else {
        return Ok(Err(format!("The file is longer than {} MB", FILE_BYTES_MAX / (1024 * 1024))));
    };
    if byte_count == 0 {
        return Ok(Err("Choose a file that is not empty".to_owned()));
    }
    let Some(media_type) = upload::media_type(&name, &head) else {
        return Ok(Err("Such a file is not taken, or it is not what its name says".to_owned()));
    };
    let request = page::load(&mut app.store.read().await?, staff, id).await?.case.request.id;
    let blob = app.store.store_sealed(request, BLOB_KIND, scratch.path()).await?;
    let mut tx = app.store.begin().await?;
    let found: Found = page::load(&mut tx, staff, id).await?;
    let added = added(blob.id, name, media_type, byte_count, is_of_others);
    let command = Command::Owner(found.source.clone(), OwnerAct::Add(Box::new(added)));
    let ctx = case::context(app, &found.case.request, staff)?;
    match told::outcome(tx.act(&found.case.request, command, &ctx).await)? {
        Ok(_) => {
            tx.add_blob(&blob, None).await?;
            tx.commit().await?;
            Ok(Ok(found.id()))
        }
        Err(why) => Ok(Err(why)),
    }
}

fn added(blob: BlobId, name: String, media_type: &str, byte_count: u64, is_of_others: bool) -> FileAdded {
    FileAdded {
        source: String::new(),
        blob,
        name: Pii::new(name),
        media_type: media_type.to_owned(),
        byte_count,
        is_of_others,
    }
}
