//! `GET, POST /console/requests/{reference}/merge`: duplicates are answered together, each with its own date.
//!
//! Only a person does it, and only once both are proven to be of the same person.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, IndexKind, IndexTerm, Main, Request, Reshape, normal_email};
use habeas_render::page::console::CaseAct;
use habeas_render::page::part::{Choice, Facts, Field, FieldKind};
use habeas_render::text::Day;
use habeas_store::Read;
use habeas_store::requests::{Filter, Paging, Search};

use super::{reshape, tab};
use crate::App;
use crate::console::case::{self, Case};
use crate::console::told;
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;

/// No more requests of one person are offered.
const MOST: u32 = 50;

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
    let chosen = form.text("into").to_owned();
    let known = page.fields.iter().any(|field| field.options.iter().any(|option| option.value == chosen));
    reshape::complain(&mut page, "into", (!known).then(|| "Choose the other request".to_owned()));
    reshape::complain(&mut page, "reason", reshape::reason_problem(&form));
    if reshape::is_wrong(&page) {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    }
    let reason = Pii::new(form.text("reason").to_owned());
    let done = act(&app, &staff, &reference, &chosen, reason).await?;
    reshape::answer(&app, &visit, &staff, &page, done, "merged").await
}

async fn act(
    app: &App,
    staff: &Staff,
    reference: &str,
    into: &str,
    reason: Pii<String>,
) -> Result<Result<(), String>> {
    let mut tx = app.store.begin().await?;
    let Case { request, .. } = case::load(&mut tx, staff, reference).await?;
    let Case { request: main, .. } = case::load(&mut tx, staff, into).await?;
    let ctx = case::context(app, &request, staff)?;
    let merge = Reshape::Merge { into: Box::new(Main::of(&main)), reason };
    if let Err(why) = told::outcome(tx.act(&request, Command::Reshape(merge), &ctx).await)? {
        return Ok(Err(why));
    }
    let ctx = case::context(app, &main, staff)?;
    let take_in = Command::Reshape(Reshape::TakeIn(request.id));
    match told::outcome(tx.act(&main, take_in, &ctx).await)? {
        Ok(_) => Ok(Ok(tx.commit().await?)),
        Err(why) => Ok(Err(why)),
    }
}

/// Returns the other open requests of the same proven person for the same.
async fn candidates(read: &mut Read, staff: &Staff, request: &Request) -> Result<Vec<Choice>> {
    let email = normal_email(&request.subject.reveal().email);
    if request.verified_at.is_none() || email.is_empty() {
        return Ok(Vec::new());
    }
    let search = Search::Term(IndexTerm { kind: IndexKind::Email, value: Pii::new(email) });
    let filter = Filter { search: Some(search), is_closed: Some(false), ..Filter::default() };
    let paging = Paging { limit: MOST, ..Paging::default() };
    let mut choices = Vec::new();
    for row in read.list(&filter, paging, &staff.scope).await?.rows {
        if row.id == request.id || row.activity != request.terms.activity || !row.is_verified {
            continue;
        }
        let Some(other) = read.lookup_request(row.id, &staff.scope).await? else { continue };
        if other.is_merged() {
            continue;
        }
        let received = case::moment(&other, other.received_at).day().short();
        let due = row.due_on.map_or_else(|| "no date".to_owned(), |on| format!("due {}", Day(on).short()));
        choices.push(
            Choice::new(row.reference.to_string(), row.reference.to_string())
                .hint(format!("Received {received}, {due}")),
        );
    }
    Ok(choices)
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<CaseAct> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, staff, reference).await?;
    let request = &case.request;
    let choices = candidates(&mut read, staff, request).await?;
    let denied = match () {
        () if request.status.is_closed() => Some("The request is closed."),
        () if request.is_merged() => Some("It is answered together with another request already."),
        () if request.verified_at.is_none() => Some(
            "Who asks is not proven yet. Requests are answered together only once it is proven for both.",
        ),
        () if !request.shape.merged.is_empty() => {
            Some("Other requests are answered together with this one: take them out first.")
        }
        () if choices.is_empty() => {
            Some("The same person has no other open request for the same, with proven identity.")
        }
        () => None,
    };
    Ok(CaseAct {
        subject: case.subject(app),
        title: "Answer with another".to_owned(),
        segment: "merge",
        intro: vec![
            "For a person who asked for the same more than once. One answer then answers both.".to_owned(),
        ],
        facts: Facts { rows: Vec::new() },
        fields: vec![
            Field::new(FieldKind::Radios, "into", "Answer it together with")
                .options(choices)
                .value(form.text("into")),
            reshape::reason("Reason, for colleagues", form),
        ],
        consequences: vec![
            "Work on this request stops; it follows the answer of the other, whatever that is.".to_owned(),
            "Each keeps its own day of receipt and its own date: answer by the earlier one.".to_owned(),
            "The person is told. You can take it back until it is answered.".to_owned(),
        ],
        button: "Answer them together, and tell the person".to_owned(),
        denied: denied.map(str::to_owned),
    })
}
