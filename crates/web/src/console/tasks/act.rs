//! What the acts on a task have in common: load, decide, append, answer.

use std::collections::BTreeMap;

use axum::response::Response;
use habeas_core::flow::TaskKey;
use habeas_core::pii::Pii;
use habeas_core::request::{Answers, Command, Context};

use super::page::{self, Draft, Found, REJECT};
use crate::console::{case, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Does an act on a task; where it can't be done, the task is shown as it is now, with the reason and what
/// was typed.
pub(super) async fn on(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    (id, told): (&str, &str),
    command: impl FnOnce(TaskKey) -> Command,
    draft: Draft,
) -> Result<Response> {
    let mut tx = app.store.begin().await?;
    let Found { case, key } = page::load(app, &mut tx, staff, id).await?;
    let ctx = case::context(app, &case.request, staff)?;
    let id = format!("{}.{key}", case.request.reference);
    match told::outcome(tx.act(&case.request, command(key), &ctx).await)? {
        Ok(_) => {
            tx.commit().await?;
            Ok(respond::see(&format!("/console/tasks/{id}?told={told}")))
        }
        Err(why) => {
            drop(tx);
            page::again(app, visit, staff, &id, why, draft).await
        }
    }
}

/// Returns what was filled in: the answers the task asks for and nothing else.
pub(super) async fn answers(
    app: &App,
    staff: &Staff,
    id: &str,
    form: &Form,
    is_rejection: bool,
) -> Result<BTreeMap<String, String>> {
    let mut read = app.store.read().await?;
    let Found { case, key } = page::load(app, &mut read, staff, id).await?;
    let ctx: Context<'_> = case::context(app, &case.request, staff)?;
    let task = ctx.flow.task(&key).ok_or(Error::NotFound)?;
    let asks = task.manual().into_iter().flat_map(|manual| &manual.asks);
    let prefix = if is_rejection { REJECT } else { "" };
    Ok(asks.map(|ask| (ask.name.clone(), form.text(&format!("{prefix}{}", ask.name)).to_owned())).collect())
}

/// Wraps answers for a command.
pub(super) fn sealed(answers: &BTreeMap<String, String>) -> Answers {
    Pii::new(answers.clone())
}
