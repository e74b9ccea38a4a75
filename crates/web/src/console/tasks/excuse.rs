//! `POST /console/tasks/{task}/excuse`: goes on without a source that can't be searched, with a reason that
//! stands in the reply.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::pii::Pii;
use habeas_core::request::Command;

use super::act;
use super::page::{self, Draft};
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
    let found = page::load(&app, &mut app.store.read().await?, &staff, &id).await?;
    let run = found.case.request.tasks.get(&found.key);
    let source = run.and_then(|run| run.failure.as_ref()).and_then(|failure| failure.source.clone());
    let reason = form.text("excuse").to_owned();
    let excuse_error = reason.is_empty().then(|| "Say why it is left out".to_owned());
    let draft = Draft { excuse_error, ..Draft::default() };
    let command = |_| Command::Excuse { source: source.unwrap_or_default(), reason: Pii::new(reason) };
    act::on(&app, &visit, &staff, (&id, "excused"), command, draft).await
}
