//! `GET, POST /console/requests/{reference}/recipients`: who was given the data, and how telling them stands;
//! `GET …/recipients/{number}`: the letter to one of them.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::flow::{Operation, Source, Task};
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Context, NoticeState, Recipient, RecipientNotice, Request};
use habeas_render::page::console::{RecipientLetter, RecipientRow, Recipients};
use habeas_render::page::part::{Badge, Choice, Tone};
use habeas_render::text::Day;

use super::tab;
use crate::console::case::{self, Case};
use crate::console::people::People;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::names::words;
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
    let number = form.text("number").parse::<u32>().ok();
    let state = NoticeState::lookup(form.text("state"));
    let note = form.text("note").to_owned();
    let is_unreasoned = state.is_some_and(NoticeState::wants_reason) && note.trim().is_empty();
    let problems = [
        ("number", number.is_none().then_some("Choose a recipient")),
        ("state", state.is_none().then_some("Choose how it stands")),
        ("note", is_unreasoned.then_some("Say why they are not told")),
    ];
    for (name, problem) in problems {
        if let Some(field) = page.fields.iter_mut().find(|field| field.name == name) {
            field.error = problem.map(str::to_owned);
        }
    }
    let (Some(number), Some(state), false) = (number, state, is_unreasoned) else {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    };
    let command = Command::NoteRecipient { number, state, note: Pii::new(note) };
    match tab::act(&app, &staff, &reference, command).await? {
        Ok(()) => Ok(respond::see(&format!("/console/requests/{}/recipients", page.subject.reference))),
        Err(why) => tab::show_again(&app, &visit, &staff, Some(why), &page).await,
    }
}

pub(in crate::console) async fn letter(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path((reference, number)): Path<(String, u32)>,
) -> Result<Response> {
    let case = case::load(&mut app.store.read().await?, &staff, &reference).await?;
    let notice = case.request.notices.iter().find(|notice| notice.number == number);
    // The letter says what the data are: whoever may not see the person may not print it.
    let notice = notice.filter(|_| case.is_seen).ok_or(Error::NotFound)?;
    let page = letter_of(&app, &staff, &case, notice)?;
    tab::show(&app, &visit, &staff, None, &page).await
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<Recipients> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, staff, reference).await?;
    let people = People::read(&mut read).await?;
    let notices = &case.request.notices;
    let chosen = form.text("number").parse::<u32>().ok();
    let choice = |notice: &RecipientNotice| {
        let is_chosen = chosen.map_or(notice.noted.is_none(), |chosen| chosen == notice.number);
        Choice::new(notice.number.to_string(), &notice.recipient.name).selected(is_chosen)
    };
    let may_note = access::may(&staff.roles, Action::DoTasks) && !notices.is_empty();
    Ok(Recipients {
        subject: case.subject(app),
        rows: notices.iter().map(|notice| row(&case, &people, notice)).collect(),
        fields: if may_note {
            Recipients::fields(notices.iter().map(choice).collect(), form.text("state"), form.text("note"))
        } else {
            Vec::new()
        },
    })
}

fn row(case: &Case, people: &People, notice: &RecipientNotice) -> RecipientRow {
    let state = notice.noted.as_ref().map(|(noted, ..)| noted.state);
    let note = notice.noted.as_ref().map(|(noted, ..)| noted.note.reveal().clone());
    RecipientRow {
        number: notice.number,
        name: notice.recipient.name.clone(),
        purpose: purpose(&notice.recipient),
        state: badge(state),
        noted: notice.noted.as_ref().map(|(_, by, at)| {
            let day = case::moment(&case.request, *at).day().short();
            format!("{}, {day}", people.actor(*by))
        }),
        note: note.filter(|_| case.is_seen).unwrap_or_default(),
    }
}

fn purpose(recipient: &Recipient) -> String {
    match &recipient.country {
        Some(country) => format!("{}; {country}", recipient.purpose),
        None => recipient.purpose.clone(),
    }
}

fn badge(state: Option<NoticeState>) -> Badge {
    match state {
        None => Badge::new(Tone::Warn, "To be told"),
        Some(NoticeState::Sent) => Badge::new(Tone::Good, "Letter sent"),
        Some(NoticeState::Answered) => Badge::new(Tone::Good, "Answered"),
        Some(NoticeState::Impossible) => Badge::new(Tone::Neutral, "Can't be told"),
        Some(NoticeState::Disproportionate) => Badge::new(Tone::Neutral, "Disproportionate effort"),
    }
}

fn letter_of(app: &App, staff: &Staff, case: &Case, notice: &RecipientNotice) -> Result<RecipientLetter> {
    let request = &case.request;
    let ctx = case::context(app, request, staff)?;
    let entity = app.catalog.entity(&request.terms.entity);
    let person = case.person().name;
    let what = done(request);
    Ok(RecipientLetter {
        subject: case.subject(app),
        organisation: entity.map_or_else(|| request.terms.entity.clone(), |entity| entity.title.clone()),
        address: entity.map(|entity| entity.address.clone()).unwrap_or_default(),
        on: Day(ctx.today()).to_string(),
        to: notice.recipient.name.clone(),
        paragraphs: vec![
            format!(
                "We gave you personal data of {person}, for this: {}. {what} The law has us tell everybody who was given them (in the GDPR it is Article 19).",
                notice.recipient.purpose
            ),
            "Please do the same with what you hold, tell whoever you passed it on to, and answer us when it is done.".to_owned(),
        ],
        facts: facts(request),
        statement: statement(request, &ctx),
    })
}

fn done(request: &Request) -> &'static str {
    use habeas_core::law::Right;
    match request.terms.right {
        Right::Rectification => {
            "Some of them were wrong and have been corrected; the right values stand below."
        }
        Right::Erasure => "They have been erased.",
        Right::Restriction => "Their use is restricted.",
        _ => "The person has exercised a right over them.",
    }
}

/// Returns the right values a recipient is told.
fn facts(request: &Request) -> Vec<(String, String)> {
    let plan = request.correction.as_ref().map(|known| known.planned.plan.reveal());
    let facts = plan.into_iter().flat_map(|plan| &plan.facts);
    facts
        .map(|right| (words(&right.fact), right.value.clone().unwrap_or_else(|| "none".to_owned())))
        .collect()
}

/// Returns what the person says where they don't agree with what stays: it goes along with the data.
fn statement(request: &Request, ctx: &Context<'_>) -> Option<String> {
    let tells = |task: &&Task| task.operation() == Some(Operation::NotifyRecipients);
    let task = ctx.flow.tasks().find(tells)?;
    let input = task.inputs.iter().find(|input| input.name == "statement")?;
    let source: &Source = &input.source;
    request.text_of(ctx.flow, source)
}
