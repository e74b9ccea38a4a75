//! What the tabs and acts of a request have in common: load, chrome, answer.

use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::request::Command;
use habeas_render::page::part::Tone;
use habeas_render::page::{Page, Section};

use crate::console::case::{self, Case};
use crate::console::{chrome, told};
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Returns a page about a request, with what was just done on top.
pub(super) async fn show<P: Page>(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    done: Option<String>,
    page: &P,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let chrome = chrome::of(app, visit, staff, Section::Requests, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, done), page)
}

/// Returns a page whose form has to be corrected, or whose act couldn't be done.
pub(super) async fn show_again<P: Page>(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    why: Option<String>,
    page: &P,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let chrome = chrome::of(app, visit, staff, Section::Requests, &mut read).await?;
    let status = if why.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    respond::page_with(status, &chrome::tell(chrome, Tone::Bad, why), page)
}

/// Does an act on a request; returns why not, where it can't be done.
pub(super) async fn act(
    app: &App,
    staff: &Staff,
    reference: &str,
    command: Command,
) -> Result<Result<(), String>> {
    let mut tx = app.store.begin().await?;
    let Case { request, .. } = case::load(&mut tx, staff, reference).await?;
    let ctx = case::context(app, &request, staff)?;
    match told::outcome(tx.act(&request, command, &ctx).await)? {
        Ok(_) => Ok(Ok(tx.commit().await?)),
        Err(why) => Ok(Err(why)),
    }
}

/// Says what is wrong with a text that is sent to somebody.
pub(super) fn text_problem(text: &str, missing: &str) -> Option<String> {
    const LONGEST: usize = 5_000;
    if text.is_empty() {
        return Some(missing.to_owned());
    }
    if text.chars().count() > LONGEST {
        return Some(format!("Shorten it to at most {LONGEST} characters"));
    }
    let is_plain = text.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control());
    (!is_plain).then(|| "Write plain text, without unseen characters".to_owned())
}
