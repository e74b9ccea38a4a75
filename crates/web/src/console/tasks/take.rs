//! `POST /console/tasks/{task}/take`: takes a task.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::request::Command;

use super::act;
use super::page::Draft;
use crate::App;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response> {
    act::on(&app, &visit, &staff, (&id, "taken"), Command::Take, Draft::default()).await
}
