//! What the acts that reshape a request have in common: the reason, the complaints, the answer.

use axum::response::Response;
use habeas_core::definition::Activity;
use habeas_core::request::{Context, Request, Terms};
use habeas_render::page::console::CaseAct;
use habeas_render::page::part::{Field, FieldKind};

use super::tab;
use crate::console::case;
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Returns the field for a reason.
pub(super) fn reason(label: &str, form: &Form) -> Field {
    Field::new(FieldKind::LongText, "reason", label).max_length(5_000).value(form.text("reason"))
}

/// Says what is wrong with the reason.
pub(super) fn reason_problem(form: &Form) -> Option<String> {
    tab::text_problem(form.text("reason"), "Give a reason in a sentence or two")
}

/// Says at a field what is wrong with it, if anything.
pub(super) fn complain(page: &mut CaseAct, name: &str, problem: Option<String>) {
    if let Some(field) = page.fields.iter_mut().find(|field| field.name == name) {
        field.error = problem;
    }
}

/// Says whether anything is wrong.
pub(super) fn is_wrong(page: &CaseAct) -> bool {
    page.denied.is_some() || page.fields.iter().any(|field| field.error.is_some())
}

/// Leads back to the request after an act, or shows why it wasn't done.
pub(super) async fn answer(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    page: &CaseAct,
    done: Result<(), String>,
    told: &str,
) -> Result<Response> {
    match done {
        Ok(()) => Ok(respond::see(&format!("/console/requests/{}?told={told}", page.subject.reference))),
        Err(why) => tab::show_again(app, visit, staff, Some(why), page).await,
    }
}

/// Returns the other things that could have been asked of the same organisation.
pub(super) fn others<'a>(app: &'a App, request: &Request) -> impl Iterator<Item = &'a Activity> {
    let (entity, activity) = (request.terms.entity.clone(), request.terms.activity.clone());
    app.catalog.offered().filter(move |known| known.entity == entity && known.name != activity)
}

/// Returns what the request would be made under as another activity, from its day of receipt.
pub(super) fn terms(app: &App, request: &Request, ctx: &Context<'_>, activity: &str) -> Result<Terms> {
    let (day, terms) = (request.received_on(ctx), &request.terms);
    let residence = request.subject.reveal().country.clone();
    Ok(app.catalog.terms_on(activity, &terms.language, day, residence.as_deref())?)
}

/// Says until when the request would have to be answered under other terms.
pub(super) fn promise(app: &App, staff: &Staff, request: &Request, terms: &Terms) -> Result<String> {
    let mut after = request.clone();
    after.terms = terms.clone();
    let ctx = case::context(app, &after, staff)?;
    let date = case::legal_date(&after, &ctx)?;
    let date = date.map_or_else(|| "no date yet".to_owned(), |date| format!("due on {}", date.on));
    Ok(format!("{}: {date}. Flow: {}.", ctx.law.title(), ctx.flow.title))
}
