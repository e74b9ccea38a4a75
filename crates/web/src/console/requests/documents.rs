//! `GET /console/requests/{reference}/documents`: the request's files. They are listed, not opened here:
//! what was found is looked at in the data review, and the reply is the person's.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_render::page::console::{RequestDocument, RequestDocuments, RequestTab};
use habeas_render::page::part::{Badge, Tone};
use habeas_store::blobs::Blob;

use super::tab;
use crate::App;
use crate::console::case::{self, Case};
use crate::console::people::People;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, &staff, &reference).await?;
    let people = People::read(&mut read).await?;
    let blobs = read.list_blobs(case.request.id, &staff.scope).await?;
    drop(read);
    let documents = blobs.iter().rev().map(|blob| document(&app, &case, blob)).collect();
    let page = RequestDocuments { head: case.head(&app, &staff, &people, RequestTab::Documents)?, documents };
    tab::show(&app, &visit, &staff, None, &page).await
}

fn document(app: &App, case: &Case, blob: &Blob) -> RequestDocument {
    let request = &case.request;
    let is_over = blob.deleted_at.is_some() || blob.expires_at.is_some_and(|at| at <= app.now());
    let package = request.package.as_ref().filter(|package| package.blob == blob.stored.id);
    let state = match (is_over, package.and_then(|package| package.available_until)) {
        (true, _) => Badge::new(Tone::Neutral, "Deleted after its time"),
        (false, Some(_)) => Badge::new(Tone::Good, "Made available"),
        (false, None) => Badge::new(Tone::Info, "Sealed"),
    };
    let (name, kind) = match blob.stored.kind.as_str() {
        "package" => (format!("{}.zip", request.reference), "Reply"),
        "records" => ("Records".to_owned(), "What was found"),
        _ => ("File".to_owned(), "File"),
    };
    RequestDocument {
        href: None,
        name,
        kind: kind.to_owned(),
        size: blob.stored.size,
        at: case::moment(request, blob.created_at),
        state,
    }
}
