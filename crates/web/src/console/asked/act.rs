//! `POST /console/asked/{ask}`: answers, takes, gives on, goes on without, decides on a file.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Denied, OwnerAct};
use habeas_store::Tx;
use habeas_store::acts::ActError;
use jiff::civil::Date;

use super::page::{self, Draft, Found};
use crate::console::{case, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut tx = app.store.begin().await?;
    let found = page::load(&mut tx, &staff, &id).await?;
    let (command, told) = match command(&app, &mut tx, &found, &form).await? {
        Ok(command) => command,
        Err((field, why)) => {
            drop(tx);
            let field = Some((field.to_owned(), why.to_owned()));
            let draft = Draft { form: &form, field, why: None, status: StatusCode::UNPROCESSABLE_ENTITY };
            return page::again(&app, &visit, &staff, &id, draft).await;
        }
    };
    let removed = match &command {
        Command::Owner(_, OwnerAct::Remove(blob)) => Some(*blob),
        _ => None,
    };
    let ctx = case::context(&app, &found.case.request, &staff)?;
    match tx.act(&found.case.request, command, &ctx).await {
        Ok(_) => {
            if let Some(blob) = removed {
                tx.expire_blob(blob, app.now()).await?;
            }
            tx.commit().await?;
            // Who gave it back or on may not see it any more.
            let is_gone = told == "released";
            let to =
                if is_gone { "/console/tasks".to_owned() } else { format!("/console/asked/{}", found.id()) };
            Ok(respond::see(&format!("{to}?told={told}")))
        }
        Err(error) => {
            drop(tx);
            let field = field_of(&error);
            let why = told::refusal(error)?;
            let draft = Draft { form: &form, field, why: Some(why), status: StatusCode::CONFLICT };
            page::again(&app, &visit, &staff, &id, draft).await
        }
    }
}

/// Returns the field a refusal is about.
fn field_of(error: &ActError) -> Option<(String, String)> {
    let ActError::Denied(denied) = error else { return None };
    let field = match denied {
        Denied::FilesMissing => "file",
        Denied::FilesThere => "holds",
        Denied::AnswerWrong(what) if what == "the day" => "as_of",
        Denied::AnswerWrong(what) if what == "who does it" => "to",
        Denied::ReasonMissing => "excuse",
        _ => return None,
    };
    Some((field.to_owned(), told::capitalised(&denied.to_string())))
}

type Wrong = (&'static str, &'static str);

/// Reads what is to be done, and what is said once it is; or the field that is wrong and why.
async fn command(
    app: &App,
    tx: &mut Tx,
    found: &Found,
    form: &Form,
) -> Result<std::result::Result<(Command, &'static str), Wrong>> {
    let source = found.ask()?.source.clone();
    let blob = || form.text("file").parse().map_err(|_| Error::NotFound);
    let (act, told) = match form.text("act") {
        "take" => (OwnerAct::Take, "taken"),
        "release" => (OwnerAct::Release, "released"),
        "remove" => (OwnerAct::Remove(blob()?), "file_removed"),
        "give" => {
            let Ok(user) = form.text("to").parse() else { return Ok(Err(("to", "Choose somebody"))) };
            let Some(user) = tx.lookup_user(user).await? else { return Ok(Err(("to", "Choose somebody"))) };
            (OwnerAct::HandOver(user.id, app.catalog.roles_of(&user.roles)), "handed_over")
        }
        "excuse" => {
            let reason = Pii::new(form.text("excuse").to_owned());
            return Ok(Ok((Command::Excuse { source, reason }, "source_excused")));
        }
        "decide" => {
            let blob: habeas_core::id::BlobId = blob()?;
            let reason = form.text(&format!("reason-{blob}")).to_owned();
            let is_given = form.text("given") == "yes";
            (OwnerAct::Decide { blob, is_given, reason: Pii::new(reason) }, "marked")
        }
        "answer" => {
            let holds = match form.text("holds") {
                "files" => true,
                "nothing" => false,
                _ => return Ok(Err(("holds", "Choose an answer"))),
            };
            let Ok(as_of) = form.text("as_of").parse::<Date>() else {
                return Ok(Err(("as_of", "Give the day you looked")));
            };
            let note = Pii::new(form.text("note").to_owned());
            (OwnerAct::Answer { holds, as_of, note }, "owner_answered")
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Ok((Command::Owner(source, act), told)))
}
