//! `GET, POST /console/requests/new`: files a request for somebody who called, wrote or stood at the counter.
//!
//! The legal date runs from when the request truly came in, not from when it is typed in. The person then
//! goes the same way as through the portal: receipt, proof of identity, reply.

use axum::extract::State;
use axum::response::Response;
use habeas_core::definition::Activity;
use habeas_core::event::Actor;
use habeas_core::id::{Reference, RequestId};
use habeas_core::pii::Pii;
use habeas_core::request::{Channel, Received};
use habeas_render::page::Section;
use habeas_render::page::console::NewRequest;
use habeas_render::page::part::{Choice, Group, Hidden, Notice, Tone};
use habeas_store::requests::{Scope, Sight};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::console::chrome;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::portal::entry::{self, Answers, Asked, Entry};
use crate::ticket::Ticket;
use crate::visit::Visit;
use crate::{App, respond};

/// A request that came in longer ago isn't taken in as a new one.
const OLDEST_DAYS: i64 = 3 * 366;
/// The longest words on who asks in somebody's name, in characters.
const LONGEST_AGENT: usize = 300;

pub(in crate::console) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let page = page(&app, &staff, &Form::default(), &entry::defaults(), &Answers::new());
    show(&app, &visit, &staff, page, true).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    form: Form,
) -> Result<Response> {
    let activity = chosen(&app, &staff, &form);
    let asked = activity.and_then(|activity| asked(&app, activity));
    let mut answers = match asked {
        Some(asked) => entry::answers(asked, &form),
        None => form.pick(entry::COMMON.iter().copied()),
    };
    if form.text("act") == "fill" {
        // From a search: the person's words stand in the form, nothing was checked yet.
        answers.extend(entry::defaults());
        let page = page(&app, &staff, &form, &answers, &Answers::new());
        return show(&app, &visit, &staff, page, true).await;
    }
    let entry = asked.map(|asked| entry::read(asked, &answers));
    let wrong = entry.as_ref().and_then(|entry| entry.as_ref().err()).cloned().unwrap_or_default();
    let mut page = page(&app, &staff, &form, &answers, &wrong);
    page.activity_error = activity.is_none().then(|| "Choose what is asked for".to_owned());
    let channel = Channel::lookup(&page.channel).filter(|channel| *channel != Channel::Portal);
    page.channel_error = channel.is_none().then(|| "Choose how it came in".to_owned());
    let received = received_at(&app, activity, &form);
    page.received_error = received.as_ref().err().cloned();
    let agent = form.text("agent");
    let is_line = agent.chars().count() <= LONGEST_AGENT && !agent.chars().any(char::is_control);
    page.agent_error = (!is_line).then(|| format!("Enter one line of at most {LONGEST_AGENT} characters"));
    let (Some(activity), Some(Ok(mut entry)), Some(channel), Ok(received_at), true) =
        (activity, entry, channel, received, is_line)
    else {
        return show(&app, &visit, &staff, page, false).await;
    };
    let Some(ticket) = Ticket::read(&app, form.text("ticket")) else {
        page.is_stale = true;
        return show(&app, &visit, &staff, page, false).await;
    };
    entry.subject.agent = Some(agent.to_owned()).filter(|agent| !agent.is_empty());
    file(&app, &staff, (activity, channel, received_at), entry, &ticket).await
}

/// Takes the request in, once for each form.
async fn file(
    app: &App,
    staff: &Staff,
    (activity, channel, received_at): (&Activity, Channel, Timestamp),
    entry: Entry,
    ticket: &Ticket,
) -> Result<Response> {
    let now = app.now();
    let id = RequestId::new(now, &*app.chance);
    let received_on = received_at.to_zoned(zone(app, Some(activity))).date();
    let residence = entry.subject.country.as_deref();
    let terms = app.catalog.terms_on(&activity.name, &entry.language, received_on, residence)?;
    let ctx = app.catalog.context(&terms, now, Actor::Staff(staff.id), &staff.roles)?;
    let reference = Reference::new(&*app.chance);
    let received = Received {
        reference: reference.clone(),
        terms: terms.clone(),
        channel,
        received_at,
        subject: Pii::new(entry.subject),
    };
    let mut tx = app.store.begin().await?;
    if !ticket.take(&mut tx).await? {
        return Ok(respond::see("/console/requests"));
    }
    let request = tx.receive(id, received, &ctx).await?;
    tx.assign_by_rule(request, &app.catalog).await?;
    tx.commit().await?;
    tracing::info!(request.id = %id, by = %staff.id, channel = channel.as_str(), "a request was filed by staff");
    Ok(respond::see(&format!("/console/requests/{reference}?told=filed")))
}

/// Returns what the reader can file: what is offered, as far as they would see the request afterwards.
fn offered<'a>(app: &'a App, staff: &Staff) -> Vec<&'a Activity> {
    let is_in = |names: &Option<Vec<String>>, name: &String| names.as_ref().is_none_or(|n| n.contains(name));
    let sees = |activity: &&Activity| match &staff.scope {
        Scope::Staff(Sight { entities, activities, .. }) => {
            is_in(entities, &activity.entity) && is_in(activities, &activity.name)
        }
        Scope::Everything => true,
        Scope::Request(_) => false,
    };
    app.catalog.offered().filter(sees).collect()
}

fn chosen<'a>(app: &'a App, staff: &Staff, form: &Form) -> Option<&'a Activity> {
    let all = offered(app, staff);
    let chosen = form.text("activity");
    match all.as_slice() {
        [only] => Some(*only),
        _ => all.into_iter().find(|activity| activity.name == chosen),
    }
}

fn asked<'a>(app: &'a App, activity: &'a Activity) -> Option<Asked<'a>> {
    let (_, flow) = app.catalog.flow_of(activity)?;
    Some(Asked { flow, catalog: &app.catalog, fields: &activity.fields })
}

fn zone(app: &App, activity: Option<&Activity>) -> TimeZone {
    let entity = activity.and_then(|activity| app.catalog.entity(&activity.entity));
    entity.map_or_else(|| chrome::zone(app), |entity| entity.zone.clone())
}

/// Returns when the request truly came in: the day, and the hour where somebody noted it. Without an hour a day
/// that is over counts from its beginning.
fn received_at(app: &App, activity: Option<&Activity>, form: &Form) -> Result<Timestamp, String> {
    let (zone, now) = (zone(app, activity), app.now());
    let today = now.to_zoned(zone.clone()).date();
    let day: Date = form.text("received_on").parse().map_err(|_| "Enter the day it came in".to_owned())?;
    let oldest = today.saturating_sub(Span::new().days(OLDEST_DAYS));
    if day > today {
        return Err("That day is in the future".to_owned());
    }
    if day < oldest {
        return Err("That is more than three years ago".to_owned());
    }
    let time = match form.text("received_time") {
        "" if day == today => return Ok(now),
        "" => Time::midnight(),
        text => text.parse().map_err(|_| "Enter the hour like 14:30".to_owned())?,
    };
    let at = day.to_datetime(time).to_zoned(zone).map_err(|_| "Enter the day it came in".to_owned())?;
    if at.timestamp() > now { Err("That is in the future".to_owned()) } else { Ok(at.timestamp()) }
}

fn page(app: &App, staff: &Staff, form: &Form, answers: &Answers, wrong: &Answers) -> NewRequest {
    let activity = chosen(app, staff, form);
    let choice = |known: &Activity| {
        let is_chosen = activity.is_some_and(|activity| activity.name == known.name);
        Choice::new(&known.name, &known.title).selected(is_chosen)
    };
    let today = app.now().to_zoned(zone(app, activity)).date();
    let or = |text: &str, default: &str| if text.is_empty() { default } else { text }.to_owned();
    let groups = match activity.and_then(|activity| asked(app, activity)) {
        Some(asked) => entry::groups(asked, answers, wrong),
        None => entry::common_groups(answers, wrong),
    };
    NewRequest {
        activities: offered(app, staff).into_iter().map(choice).collect(),
        activity_error: None,
        channels: Channel::told_to_staff()
            .map(|channel| Choice::new(channel.as_str(), channel.title()))
            .collect(),
        channel: or(form.text("channel"), Channel::Phone.as_str()),
        channel_error: None,
        received_on: or(form.text("received_on"), &today.to_string()),
        received_time: form.text("received_time").to_owned(),
        received_error: None,
        agent: form.text("agent").to_owned(),
        agent_error: None,
        groups: groups.into_iter().map(about_them).collect(),
        hidden: vec![Hidden::new("ticket", Ticket::issue(app).text())],
        is_stale: false,
    }
}

/// Puts what the portal asks a person into words for whoever writes it down.
fn about_them(mut group: Group) -> Group {
    let turned = |text: &str| {
        text.replace("About you", "About the person")
            .replace("we know you by", "we know them by")
            .replace("that it is yours", "that it is theirs")
            .replace("reach you", "reach them")
            .replace("if you have", "if they have")
            .replace("you live in", "they live in")
            .replace("You are", "They are")
            .replace("you are to us", "they are to us")
            .replace("You need not give a reason", "No reason is needed")
            .replace("your ", "their ")
    };
    group.title = turned(&group.title);
    for field in &mut group.fields {
        field.label = turned(&field.label);
        field.hint = field.hint.as_deref().map(turned);
        field.error = field.error.as_deref().map(turned);
        // What this browser knows is about the member of staff.
        field.autocomplete = Some("off".to_owned());
    }
    group
}

async fn show(app: &App, visit: &Visit, staff: &Staff, page: NewRequest, is_fresh: bool) -> Result<Response> {
    if page.activities.is_empty() {
        return Err(Error::NotFound);
    }
    let mut read = app.store.read().await?;
    let mut chrome = chrome::of(app, visit, staff, Section::Requests, &mut read).await?;
    if page.is_stale {
        let notice = Notice::new(Tone::Warn, "This page was open for a long time");
        chrome.notices.push(
            notice.text("Nothing is lost and nothing was filed yet. Look over it and send it once more."),
        );
    }
    if is_fresh { respond::page(&chrome, &page) } else { respond::page_again(&chrome, &page) }
}
