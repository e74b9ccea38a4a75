//! `GET, POST /console/requests/{reference}/extend`: more time, as far as the law lets us.
//!
//! The law says until when; the reason is told to the person.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Context, Event, Extended, Request};
use habeas_render::page::console::Extend;
use habeas_render::page::part::{Choice, Explained};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{letter, tab};
use crate::App;
use crate::console::case;
use crate::console::told::capitalised;
use crate::error::{Error, Result};
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
    let until: Option<Date> = form.text("until").parse().ok();
    if page.until.is_some() && until.is_none() && page.denied.is_none() {
        page.until_error = Some("Say until when".to_owned());
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    }
    let command = |ground: Option<String>, explanation: &str| {
        let ground = ground.map(|ground| format!("{ground}. ")).unwrap_or_default();
        Command::Extend { reason: Pii::new(format!("{ground}{explanation}")), until }
    };
    letter::send(&app, &visit, &staff, page, command).await
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<Extend> {
    let case = case::load(&mut app.store.read().await?, staff, reference).await?;
    let request = &case.request;
    let ctx = case::context(app, request, staff)?;
    let due = case::legal_date(request, &ctx)?.ok_or(Error::NotFound)?;
    let typed: Option<Date> = form.text("until").parse().ok();
    let some_day = due.on.0.saturating_add(1.month());
    let could = after(request, typed.or(Some(some_day)), &ctx)?;
    let denied = match &could {
        _ if request.status.is_closed() => Some("The request is closed."),
        Some(after) if after.on > due.on => None,
        _ if request.is_extended() => Some("It was extended already; the law allows it once."),
        _ => Some("The law allows no extension for this request, or the time to tell the person has passed."),
    };
    let received_on = request.received_on(&ctx);
    let mut periods = ctx.law.periods().iter().filter(|period| {
        let fits = period.rights.is_empty() || period.rights.contains(&request.terms.right);
        let duty = ctx.law.main_obligation(request.terms.right);
        fits && period.versions.covers(received_on) && period.obligations.contains(&duty)
    });
    let extension = periods.find_map(|period| period.extension.as_ref());
    let wants_date = extension.is_some_and(|extension| extension.length.is_none());
    let chosen = form.text("ground");
    let grounds = extension.into_iter().flat_map(|extension| {
        extension.conditions.iter().enumerate().map(|(number, words)| {
            let label = format!("{} ({})", capitalised(words), extension.article);
            let value = number.to_string();
            let is_selected = value == chosen;
            Choice::new(value, label).selected(is_selected)
        })
    });
    Ok(Extend {
        subject: case.subject(app),
        latest: after(request, typed, &ctx)?.unwrap_or_else(|| due.clone()),
        due,
        grounds: grounds.collect(),
        ground_error: None,
        until: wants_date.then(|| form.text("until").to_owned()),
        until_error: None,
        explanation: form.text("explanation").to_owned(),
        explanation_error: None,
        denied: denied.map(str::to_owned),
    })
}

/// Returns the date as it would be if the person were told today.
fn after(request: &Request, until: Option<Date>, ctx: &Context<'_>) -> Result<Option<Explained>> {
    let mut after = request.clone();
    let extended = Extended { notified_on: ctx.today(), reason: Pii::default(), until };
    after.apply(&Event::Extended(extended), Actor::System, ctx.now);
    case::legal_date(&after, ctx)
}
