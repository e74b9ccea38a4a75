//! `POST /console/tasks/{task}/reject`: rejects a task with a reason.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::pii::Pii;
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
    let answers = act::answers(&app, &staff, &id, &form, true).await?;
    let reason = form.text("reason").to_owned();
    let reason_error = reason.is_empty().then(|| "Say why it is rejected".to_owned());
    let given = act::sealed(&answers);
    let draft = Draft { answers: Some(answers), reason_error, ..Draft::default() };
    let command = |task| Command::Reject { task, answers: given, reason: Pii::new(reason) };
    act::on(&app, &visit, &staff, (&id, "rejected"), command, draft).await
}
