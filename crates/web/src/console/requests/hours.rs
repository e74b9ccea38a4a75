//! `GET, POST /console/requests/{reference}/hours`: the time worked on a request and what it cost.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Money, TimeEntry};
use habeas_render::page::console::{HourRow, Hours};
use habeas_render::text::Day;
use jiff::civil::Date;

use super::tab;
use crate::console::people::People;
use crate::console::{case, words};
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

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
    let command = match form.text("strike").parse::<u32>() {
        Ok(entry) => Command::StrikeTime(entry),
        Err(_) => match entered(&form) {
            Ok(command) => command,
            Err(problems) => {
                for (name, problem) in problems {
                    if let Some(field) = page.fields.iter_mut().find(|field| field.name == name) {
                        field.error = Some(problem.to_owned());
                    }
                }
                return tab::show_again(&app, &visit, &staff, None, &page).await;
            }
        },
    };
    match tab::act(&app, &staff, &reference, command).await? {
        Ok(()) => Ok(respond::see(&format!("/console/requests/{}/hours", page.subject.reference))),
        Err(why) => tab::show_again(&app, &visit, &staff, Some(why), &page).await,
    }
}

/// Reads an entry; what is wrong with it by field.
fn entered(form: &Form) -> Result<Command, Vec<(&'static str, &'static str)>> {
    let on = form.text("on").parse::<Date>();
    let minutes = form.text("minutes").parse::<u32>();
    let note = form.text("note");
    let mut problems = Vec::new();
    if on.is_err() {
        problems.push(("on", "Enter the day it was worked on"));
    }
    if !minutes.as_ref().is_ok_and(|minutes| (1..=1_440).contains(minutes)) {
        problems.push(("minutes", "Enter a number of minutes between 1 and 1440"));
    }
    if note.chars().count() > 500 || note.contains(char::is_control) {
        problems.push(("note", "Write at most 500 characters on one line"));
    }
    match (on, minutes) {
        (Ok(on), Ok(minutes)) if problems.is_empty() => {
            Ok(Command::LogTime { on, minutes, note: Pii::new(note.to_owned()) })
        }
        _ => Err(problems),
    }
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<Hours> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, staff, reference).await?;
    let people = People::read(&mut read).await?;
    let request = &case.request;
    let ctx = case::context(app, request, staff)?;
    let may_enter = access::may(&staff.roles, Action::LogTime);
    let row = |entry: &TimeEntry| HourRow {
        number: entry.number,
        on: Day(entry.logged.on),
        who: people.name(entry.logged.user),
        time: words::duration(u64::from(entry.logged.minutes)),
        cost: entry.logged.cost.as_ref().map(Money::to_string),
        note: if case.is_seen { entry.logged.note.reveal().clone() } else { String::new() },
        is_struck: entry.is_struck,
        can_strike: may_enter
            && !entry.is_struck
            && (entry.logged.user == staff.id || access::may(&staff.roles, Action::Assign)),
    };
    let cost: Vec<String> = request.cost_of_work().iter().map(ToString::to_string).collect();
    let today = ctx.today().to_string();
    let on = if form.text("on").is_empty() { &today } else { form.text("on") };
    Ok(Hours {
        subject: case.subject(app),
        rows: request.hours.iter().rev().map(row).collect(),
        total: words::duration(request.minutes_worked()),
        cost: (!cost.is_empty()).then(|| cost.join(", ")),
        fields: if may_enter {
            Hours::fields(on, form.text("minutes"), form.text("note"))
        } else {
            Vec::new()
        },
    })
}
