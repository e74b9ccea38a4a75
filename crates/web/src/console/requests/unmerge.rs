//! `GET, POST /console/requests/{reference}/unmerge`: a request that followed another is answered by itself.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Reshape};
use habeas_render::page::console::CaseAct;
use habeas_render::page::part::{Facts, Row};

use super::{reshape, tab};
use crate::App;
use crate::console::case::{self, Case};
use crate::console::told;
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let page = page(&app, &staff, &reference, &Form::default()).await?;
    tab::show(&app, &visit, &staff, None, &page).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut page = page(&app, &staff, &reference, &form).await?;
    reshape::complain(&mut page, "reason", reshape::reason_problem(&form));
    if reshape::is_wrong(&page) {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    }
    let done = act(&app, &staff, &reference, Pii::new(form.text("reason").to_owned())).await?;
    reshape::answer(&app, &visit, &staff, &page, done, "unmerged").await
}

async fn act(app: &App, staff: &Staff, reference: &str, reason: Pii<String>) -> Result<Result<(), String>> {
    let mut tx = app.store.begin().await?;
    let Case { request, .. } = case::load(&mut tx, staff, reference).await?;
    let main = request.shape.merged_into.as_ref().map(|(main, _)| *main);
    let ctx = case::context(app, &request, staff)?;
    let unmerge = Command::Reshape(Reshape::Unmerge { reason });
    if let Err(why) = told::outcome(tx.act(&request, unmerge, &ctx).await)? {
        return Ok(Err(why));
    }
    if let Some(main) = main
        && let Some(main) = tx.lookup_request(main, &staff.scope).await?
    {
        let ctx = case::context(app, &main, staff)?;
        let let_go = Command::Reshape(Reshape::LetGo(request.id));
        if let Err(why) = told::outcome(tx.act(&main, let_go, &ctx).await)? {
            return Ok(Err(why));
        }
    }
    Ok(Ok(tx.commit().await?))
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<CaseAct> {
    let case = case::load(&mut app.store.read().await?, staff, reference).await?;
    let request = &case.request;
    let main = request.shape.merged_into.as_ref().filter(|_| request.is_merged());
    let row = main.map(|(_, reference)| Row::new("Answered together with", reference.to_string()));
    Ok(CaseAct {
        subject: case.subject(app),
        title: "Answer by itself".to_owned(),
        segment: "unmerge",
        intro: vec!["The request goes on where it stood when it was put to the other.".to_owned()],
        facts: Facts { rows: row.into_iter().collect() },
        fields: vec![reshape::reason("Reason, for colleagues", form)],
        consequences: vec!["The person is told at once.".to_owned()],
        button: "Answer it by itself, and tell the person".to_owned(),
        denied: main.is_none().then(|| "It is answered by itself already.".to_owned()),
    })
}
