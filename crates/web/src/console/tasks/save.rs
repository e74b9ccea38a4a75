//! `POST /console/tasks/{task}/save`: keeps answers for later.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::request::Command;

use super::act;
use super::page::Draft;
use crate::App;
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    let answers = act::answers(&app, &staff, &id, &form, false).await?;
    let given = act::sealed(&answers);
    let draft = Draft { answers: Some(answers), ..Draft::default() };
    act::on(&app, &visit, &staff, (&id, "saved"), |key| Command::Save(key, given), draft).await
}
