//! `GET, POST /console/reports/plans`, `POST /console/reports/plans/{plan}/drop`: reports mailed on set days.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::event::Actor;
use habeas_core::id::UserId;
use habeas_core::report::{Period, Report};
use habeas_render::page::Section;
use habeas_render::page::console::{PlanRow, Plans};
use habeas_render::page::part::{Choice, Field, FieldKind, Tone};
use habeas_render::text::Day;
use habeas_store::Read;
use habeas_store::reports::{Cadence, NewPlan};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::json;

use super::tabs;
use crate::console::people::People;
use crate::console::told::Told;
use crate::console::{chrome, system};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Those that can be mailed: California's is a table of a year.
const MAILED: [Report; 4] = [Report::Overview, Report::Metrics, Report::Team, Report::Register];

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let page = page(&app, &mut read, &Form::default(), false).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Reports, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    form: Form,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let readers = readers(&app, &mut read).await?;
    let report = Report::lookup(form.text("report")).filter(|report| MAILED.contains(report));
    let cadence = Cadence::parse(form.text("cadence"));
    let chosen: Vec<&str> = form.all("recipient").collect();
    let recipients: Vec<UserId> =
        readers.into_keys().filter(|user| chosen.contains(&user.to_string().as_str())).collect();
    let (Some(report), Some(cadence), false) = (report, cadence, recipients.is_empty()) else {
        let page = page(&app, &mut read, &form, true).await?;
        let chrome = chrome::of(&app, &visit, &staff, Section::Reports, &mut read).await?;
        return respond::page_again(&chrome, &page);
    };
    drop(read);
    let next_on = first_day(cadence, chrome::today(&app));
    let new =
        NewPlan { report: report.name(), cadence, recipients: &recipients, created_by: staff.id, next_on };
    let mut tx = app.store.begin().await?;
    let is_kept = tx.add_report_plan(&new).await?;
    if is_kept {
        let body = json!({"report": report.name(), "cadence": cadence.as_str(), "recipients": recipients});
        system::note(&mut tx, app.now(), Actor::Staff(staff.id), "report_planned", body).await?;
    }
    tx.commit().await?;
    let told = if is_kept { "planned" } else { "plans_full" };
    Ok(respond::see(&format!("/console/reports/plans?told={told}")))
}

pub(in crate::console) async fn post_drop(
    State(app): State<App>,
    staff: Staff,
    Path(plan): Path<String>,
) -> Result<Response> {
    let id = plan.parse().map_err(|_| Error::NotFound)?;
    let mut tx = app.store.begin().await?;
    if !tx.drop_report_plan(id).await? {
        return Err(Error::NotFound);
    }
    let body = json!({"plan": plan});
    system::note(&mut tx, app.now(), Actor::Staff(staff.id), "report_stopped", body).await?;
    tx.commit().await?;
    Ok(respond::see("/console/reports/plans?told=plan_dropped"))
}

/// Returns the first day on or after tomorrow on which such a report is mailed.
fn first_day(cadence: Cadence, today: Date) -> Date {
    match cadence {
        Cadence::Weekly => Period::last_week(today.saturating_add(7.days())).to.saturating_add(1.day()),
        Cadence::Monthly => Period::month(today).to.saturating_add(1.day()),
    }
}

/// Returns who may read reports, by id and name.
async fn readers(app: &App, read: &mut Read) -> Result<BTreeMap<UserId, String>> {
    let people = People::read(read).await?;
    let may = |user: &&habeas_store::users::User| {
        !user.is_disabled && access::may(&app.catalog.roles_of(&user.roles), Action::SeeReports)
    };
    Ok(people.users().filter(may).map(|user| (user.id, user.profile.name.clone())).collect())
}

async fn page(app: &App, read: &mut Read, form: &Form, is_wrong: bool) -> Result<Plans> {
    let people = People::read(read).await?;
    let plans = read.list_report_plans().await?;
    let row = |plan: habeas_store::reports::Plan| PlanRow {
        id: plan.id.to_string(),
        report: Report::lookup(&plan.report).map_or_else(|| plan.report.clone(), |it| it.title().to_owned()),
        cadence: words(plan.cadence).to_owned(),
        recipients: plan.recipients.iter().map(|user| people.name(*user)).collect(),
        next_on: Day(plan.next_on),
        by: people.name(plan.created_by),
    };
    let chosen: Vec<&str> = form.all("recipient").collect();
    let missing = |name: &str, words: &str| {
        let is_missing = is_wrong && form.all(name).next().is_none();
        is_missing.then(|| words.to_owned())
    };
    let choice =
        |value: &str, label: &str, name: &str| Choice::new(value, label).selected(form.text(name) == value);
    let reports = MAILED.map(|report| choice(report.name(), report.title(), "report"));
    let cadences = [Cadence::Weekly, Cadence::Monthly].map(|it| choice(it.as_str(), words(it), "cadence"));
    let recipients = readers(app, read).await?.into_iter().map(|(user, name)| {
        let id = user.to_string();
        let is_chosen = chosen.contains(&id.as_str());
        Choice::new(id, name).selected(is_chosen)
    });
    Ok(Plans {
        tabs: tabs(None, chrome::today(app)),
        plans: plans.into_iter().map(row).collect(),
        fields: vec![
            Field::new(FieldKind::Radios, "report", "Which report")
                .options(reports.into())
                .error(missing("report", "Choose a report")),
            Field::new(FieldKind::Radios, "cadence", "When")
                .options(cadences.into())
                .error(missing("cadence", "Choose when")),
            Field::new(FieldKind::Checkboxes, "recipient", "To whom")
                .hint("Those whose roles let them see reports; each sees what their own rights allow.")
                .options(recipients.collect())
                .error(missing("recipient", "Choose at least one reader")),
        ],
    })
}

fn words(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Weekly => "On Mondays, over the week before",
        Cadence::Monthly => "On the first of a month, over the month before",
    }
}
