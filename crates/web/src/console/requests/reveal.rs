//! `POST /console/requests/{reference}/reveal`: shows who asks to a reader whose lists mask it.
//!
//! The log keeps that they looked; the page is the answer itself, so that nothing stays revealed.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_render::page::Section;
use habeas_render::page::part::Tone;
use serde_json::json;

use super::overview;
use crate::console::case::{self, Case};
use crate::console::{chrome, system};
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let mut tx = app.store.begin().await?;
    let case = case::load(&mut tx, &staff, &reference).await?;
    let body = json!({"request": case.request.id});
    system::note(&mut tx, app.now(), Actor::Staff(staff.id), "subject_revealed", body).await?;
    tx.commit().await?;
    let case = Case { is_revealed: true, ..case };
    let mut read = app.store.read().await?;
    let page = overview::page(&app, &staff, &case, &mut read).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Requests, &mut read).await?;
    let said = "The log keeps that you looked at who asks".to_owned();
    respond::page(&chrome::tell(chrome, Tone::Info, Some(said)), &page)
}
