//! `GET /my/reply`, `POST /my/reply/password`, `POST /my/reply/renew`: what is in the reply, its password,
//! how to open it, how long it stays.
//!
//! All of it asks for a code entered a short while ago: a browser left open for the day gives nothing away.

use axum::extract::State;
use axum::response::Response;
use habeas_core::request::{Command, Package, Request};
use habeas_render::page::portal::{Content, Download, Part, Password};
use habeas_render::text::Day;
use habeas_store::requests::Scope;

use super::found::{self, Found};
use super::state::State as Kept;
use super::{case, my};
use crate::error::{Error, Result};
use crate::guard::Subject;
use crate::visit::Visit;
use crate::{App, limit, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit, subject: Subject) -> Result<Response> {
    if let Some(elsewhere) = ensure_fresh(&app, &visit).await? {
        return Ok(elsewhere);
    }
    show(&app, &visit, subject, Password::Hidden).await
}

/// Shows the password; the page is an answer to a form, so that it stands in no history.
pub(super) async fn password(State(app): State<App>, visit: Visit, subject: Subject) -> Result<Response> {
    if let Some(elsewhere) = ensure_fresh(&app, &visit).await? {
        return Ok(elsewhere);
    }
    app.limit(limit::ACT_REQUEST, subject.id.as_bytes()).await?;
    let request = case::load(&mut app.store.read().await?, subject.id).await?;
    let is_open = my::is_open(&request, &case::context(&app, &request)?);
    let package = package(&request).filter(|_| is_open).ok_or(Error::NotFound)?;
    tracing::info!(request.id = %subject.id, "a password was shown to the person");
    show(&app, &visit, subject, Password::Shown(package.password.reveal().clone())).await
}

pub(super) async fn renew(State(app): State<App>, visit: Visit, subject: Subject) -> Result<Response> {
    if let Some(elsewhere) = ensure_fresh(&app, &visit).await? {
        return Ok(elsewhere);
    }
    app.limit(limit::ACT_REQUEST, subject.id.as_bytes()).await?;
    let mut tx = app.store.begin().await?;
    let request = case::load(&mut tx, subject.id).await?;
    let ctx = case::context(&app, &request)?;
    // Sent twice, it is opened once more once.
    if !my::is_open(&request, &ctx) {
        tx.act(&request, Command::Renew, &ctx).await?;
        tx.commit().await?;
    }
    Ok(respond::see("/my/reply"))
}

/// Returns the way to a new code where the last was entered too long ago.
pub(super) async fn ensure_fresh(app: &App, visit: &Visit) -> Result<Option<Response>> {
    let mut kept: Kept = visit.data();
    if kept.is_fresh(app) {
        return Ok(None);
    }
    kept.wants_reply = true;
    let mut tx = app.store.begin().await?;
    visit.keep(&mut tx, app, &kept).await?;
    tx.commit().await?;
    Ok(Some(respond::see("/sign-in")))
}

/// Returns the archive as long as it is there.
pub(super) fn package(request: &Request) -> Option<&Package> {
    request.reply().filter(|package| package.kept_until.is_some())
}

/// Returns the name the archive is saved under: the reference, which is nobody's name.
pub(super) fn file_name(request: &Request) -> String {
    format!("{}.zip", request.reference)
}

async fn show(app: &App, visit: &Visit, subject: Subject, password: Password) -> Result<Response> {
    let mut read = app.store.read().await?;
    let request = case::load(&mut read, subject.id).await?;
    let package = package(&request).ok_or(Error::NotFound)?;
    let blob = read.lookup_blob(package.blob, &Scope::Request(subject.id)).await?.ok_or(Error::NotFound)?;
    drop(read);
    let ctx = case::context(app, &request)?;
    let found = found::read(app, &request).await?;
    let is_open = my::is_open(&request, &ctx);
    let kept_until = package.kept_until.unwrap_or(ctx.now);
    let page = Download {
        reference: request.reference.to_string(),
        title: case::title(app, &request),
        made_at: case::moment(&request, blob.created_at),
        formats: formats(package),
        parts: vec![Part {
            name: file_name(&request),
            href: "/my/reply/1".to_owned(),
            size: package.byte_count,
            sha256: package.sha256.clone(),
        }],
        contents: found.as_ref().map(contents).unwrap_or_default(),
        password,
        valid_until: package.available_until.filter(|_| is_open).map(|until| case::moment(&request, until)),
        downloads_left: Some(ctx.settings.download_limit.saturating_sub(package.download_count)),
        kept_until: Day(kept_until.to_zoned(ctx.zone.clone()).date()),
        coverage: found.map(|found| found.coverage(&request)),
        authority: my::authority(&request, &ctx),
    };
    respond::page(&my::chrome_of(app, visit, &request), &page)
}

fn formats(package: &Package) -> String {
    let words = package.formats.iter().map(|format| match format.as_str() {
        "html" => "pages to read".to_owned(),
        other => other.to_uppercase(),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn contents(found: &Found) -> Vec<Content> {
    let content = |given: &found::Given| Content {
        category: given.collection.clone(),
        source: given.source.clone(),
        record_count: given.record_count,
    };
    found.given.iter().filter(|given| given.record_count > 0).map(content).collect()
}
