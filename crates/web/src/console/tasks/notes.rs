//! `POST /console/tasks/{task}/notes`: a note for colleagues.

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
    let text = Pii::new(form.text("note").to_owned());
    let command = |_| Command::Say { text, is_internal: true };
    act::on(&app, &visit, &staff, (&id, "noted"), command, Draft::default()).await
}
