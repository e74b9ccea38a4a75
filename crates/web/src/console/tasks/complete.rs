//! `POST /console/tasks/{task}/complete`: completes a task.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::request::Command;
use habeas_store as store;

use super::act;
use super::page::{self, Draft, Found};
use crate::App;
use crate::console::{case, requests, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::respond;
use crate::visit::Visit;

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    let answers = act::answers(&app, &staff, &id, &form, false).await?;
    match complete(&app, &staff, &id, &answers).await? {
        Ok(id) => Ok(respond::see(&format!("/console/tasks/{id}?told=completed"))),
        Err(why) => {
            let draft = Draft { answers: Some(answers), ..Draft::default() };
            page::again(&app, &visit, &staff, &id, why, draft).await
        }
    }
}

/// Completes a task and returns its id as addresses have it, or says why it can't be. Where it is a review of data, the records of other people
/// that nobody decided on are counted for the state that is acted on: anything that happens in between
/// makes the act a conflict.
pub(in crate::console) async fn complete(
    app: &App,
    staff: &Staff,
    id: &str,
    answers: &BTreeMap<String, String>,
) -> Result<Result<String, String>> {
    let seen = page::load(app, &mut app.store.read().await?, staff, id).await?;
    let undecided = requests::records::undecided(app, &seen.case.request).await?;
    let mut tx = app.store.begin().await?;
    let Found { case, key } = page::load(app, &mut tx, staff, id).await?;
    if case.request.seq != seen.case.request.seq {
        return told::refusal(Error::Store(store::Error::Conflict)).map(Err);
    }
    let ctx = case::context(app, &case.request, staff)?;
    let id = format!("{}.{key}", case.request.reference);
    let command = Command::Complete { task: key, answers: act::sealed(answers), undecided };
    match told::outcome(tx.act(&case.request, command, &ctx).await)? {
        Ok(_) => {
            tx.commit().await?;
            Ok(Ok(id))
        }
        Err(why) => Ok(Err(why)),
    }
}
