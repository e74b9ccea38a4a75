//! `GET /console/sources`: data sources and how they do.

use axum::extract::State;
use axum::response::Response;
use habeas_render::page::Section;
use habeas_render::page::console::Sources;

use super::{chrome, health};
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let health = health::read(&app, &staff).await?;
    let rows = health.names.datasets().iter().map(|dataset| health.row(dataset)).collect();
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Sources, &mut read).await?;
    respond::page(&chrome, &Sources { rows })
}
