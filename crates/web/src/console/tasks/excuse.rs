//! `POST /console/tasks/{task}/excuse`: goes on without a source that can't be searched, with a reason that
//! stands in the reply; or without a task whose condition can't be told.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Failure};

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
    let failure = run.and_then(|run| run.failure.as_ref());
    let is_condition = failure.is_some_and(Failure::is_condition);
    let source = failure.and_then(|failure| failure.source.clone());
    let reason = form.text("excuse").to_owned();
    let excuse_error = reason.is_empty().then(|| "Say why it is left out".to_owned());
    let draft = Draft { excuse_error, ..Draft::default() };
    let reason = Pii::new(reason);
    if is_condition {
        let command = |task| Command::Skip { task, reason };
        return act::on(&app, &visit, &staff, (&id, "skipped"), command, draft).await;
    }
    let command = |_| Command::Excuse { source: source.unwrap_or_default(), reason };
    act::on(&app, &visit, &staff, (&id, "excused"), command, draft).await
}
