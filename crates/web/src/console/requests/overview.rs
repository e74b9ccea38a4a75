//! `GET /console/requests/{reference}`: a request at a glance.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::clock;
use habeas_core::event::Entry as Logged;
use habeas_core::hold::Hold;
use habeas_core::request::{Context, Event, Request, Status, TaskState};
use habeas_core::target;
use habeas_render::page::Section;
use habeas_render::page::console::{RequestOverview, RequestTab, Similar, TaskTable};
use habeas_render::page::part::{Dates, Entry, Facts, Notice, Row, Timeline, Tone};
use habeas_render::text::{Day, country};
use habeas_store::Read;

use crate::console::case::{self, Case};
use crate::console::people::People;
use crate::console::told::Told;
use crate::console::words::Teller;
use crate::console::{chrome, tasks, words};
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, dates, respond};

/// No timeline is longer; the log tab has all.
const LONGEST: usize = 200;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, &staff, &reference).await?;
    let page = page(&app, &staff, &case, &mut read).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Requests, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

/// Returns the page as the reader may see it.
pub(super) async fn page(app: &App, staff: &Staff, case: &Case, read: &mut Read) -> Result<RequestOverview> {
    let people = People::read(read).await?;
    let request = &case.request;
    let ctx = case::context(app, request, staff)?;
    let entries = read.lookup_entries(request.id).await?.ok_or(Error::NotFound)?;
    Ok(RequestOverview {
        head: case.head(app, staff, &people, RequestTab::Overview)?,
        notices: hold_notices(staff, &read.holds_on_request(request.id).await?)
            .into_iter()
            .chain(notices(case, &ctx))
            .collect(),
        tasks: TaskTable::of_request("Open tasks", tasks::row::open_of(app, request, &people)),
        answers: if case.is_seen { answers(app, case, &ctx) } else { Facts { rows: Vec::new() } },
        dates: if request.status.is_closed() { Dates::default() } else { dates::dates(request, &ctx) },
        identity: identity(case),
        targets: targets(request, &ctx),
        similar: similar(app, staff, case, read).await?,
        timeline: timeline(case, &ctx, &people, &entries)?,
    })
}

fn notices(case: &Case, ctx: &Context<'_>) -> Vec<Notice> {
    let request = &case.request;
    let mut notices = shape_notices(request);
    for (key, run) in &request.tasks {
        if request.status.is_closed() {
            break;
        }
        let title = ctx.flow.task(key).map_or_else(|| key.to_string(), |task| task.title.clone());
        match run.state {
            TaskState::Failed => {
                let what = run.failure.as_ref().map(|failure| failure.message.clone()).unwrap_or_default();
                let text =
                    format!("{what}. Try it again, or leave the source out with a reason: open the task.");
                notices.push(Notice::new(Tone::Bad, format!("Failed: {title}")).text(text));
            }
            TaskState::Stopped => {
                let text = "A person must now refuse the request with a ground of the law, or start the task again. Nothing is sent before.";
                notices.push(Notice::new(Tone::Bad, format!("Rejected: {title}")).text(text));
            }
            TaskState::Again
            | TaskState::Planned
            | TaskState::InProgress
            | TaskState::Done
            | TaskState::Rejected
            | TaskState::Waived
            | TaskState::Skipped => {}
        }
    }
    if request.closure_proposed_at.is_some() {
        let text = "Nothing closes by itself: close it with a ground, or wait on.";
        notices.push(Notice::new(Tone::Warn, "Identity was not proven in time").text(text));
    }
    if !request.status.is_closed() {
        notices.extend(notices_of_dates(request));
    }
    if let (Status::Refused, Some(refusal)) = (request.status, &request.refusal) {
        let title = format!("Refused ({})", refusal.articles.join(", "));
        let text = if case.is_seen { refusal.explanation.reveal().clone() } else { String::new() };
        notices.push(Notice::new(Tone::Neutral, title).text(text));
    }
    notices
}

/// What waits for the person, and what the legal date wants.
fn notices_of_dates(request: &Request) -> Vec<Notice> {
    let mut notices = Vec::new();
    for question in request.open_questions() {
        let (tone, title) = if question.is_overdue {
            (Tone::Warn, "A question was not answered in time")
        } else {
            (Tone::Info, "Waiting for the person's answer")
        };
        let matter = words::about(question.about);
        let by = Day(question.answer_by);
        let text = format!("Asked about {matter}; to be answered by {by}. Nothing closes by itself.");
        notices.push(Notice::new(tone, title).text(text));
    }
    let state = request.due.as_ref().map(|due| due.state.as_str());
    if state == Some(clock::State::DeemedRefused.as_str()) {
        let text = "Under this law the person can now turn to the authority as if they had been refused. Answer all the same.";
        notices.push(Notice::new(Tone::Bad, "The date passed: the law takes this for a refusal").text(text));
    } else if state == Some(clock::State::Missed.as_str()) {
        let text = "Answer now, and tell the person why it took so long.";
        notices.push(Notice::new(Tone::Bad, "The legal date has passed").text(text));
    } else if request.extension_proposed_at.is_some() {
        let text = "If that is not enough, extend it with a reason by then: the law gives more time once.";
        notices.push(Notice::new(Tone::Warn, "The legal date is less than a week away").text(text));
    }
    notices
}

/// Returns by when the organisation means to be how far, beside the law's dates.
fn targets(request: &Request, ctx: &Context<'_>) -> Facts {
    let mut rows = Vec::new();
    if let Some(on) = target::ready_by(request, ctx).filter(|_| !request.status.is_closed()) {
        rows.push(Row::new("Answer ready", format!("by {}", Day(on).short())));
    }
    for milestone in target::milestones(request, ctx) {
        let late = if milestone.is_late { ", late" } else { "" };
        let done = milestone.reached_on.map(|on| format!("; done {}", Day(on).short())).unwrap_or_default();
        rows.push(Row::new(&milestone.title, format!("by {}{done}{late}", Day(milestone.on).short())));
    }
    Facts { rows }
}

/// Returns that data of the person is frozen.
fn hold_notices(staff: &Staff, held: &[Hold]) -> Option<Notice> {
    let hold = held.first()?;
    let is_seen =
        access::may(&staff.roles, Action::SeeHolds) && access::may(&staff.roles, Action::SeeSubjects);
    let ground = if is_seen { hold.words.reveal().ground.as_str() } else { "" };
    let text = format!("Nothing that is held about them is erased or scrubbed while it stands. {ground}");
    Some(Notice::new(Tone::Warn, "A legal hold is on this person").text(text.trim_end()))
}

/// Returns what sets the request apart from others: spam, another it follows, a split.
fn shape_notices(request: &Request) -> Vec<Notice> {
    let mut notices = Vec::new();
    if let Some(cause) = request.shape.spam {
        let text = "It stands in no usual list; its date and its way are as before.";
        notices.push(Notice::new(Tone::Warn, words::spam(cause)).text(text));
    }
    if let Some((_, main)) = request.shape.merged_into.as_ref().filter(|_| request.is_merged()) {
        let text = "Its own date stays. Work goes on there; it ends when that one is answered.";
        notices.push(Notice::new(Tone::Info, format!("Answered together with {main}")).text(text));
    }
    for (_, other) in &request.shape.split_into {
        notices.push(Notice::new(Tone::Neutral, format!("A part of it is the request {other}")));
    }
    notices
}

fn answers(app: &App, case: &Case, ctx: &Context<'_>) -> Facts {
    let subject = case.request.subject.reveal();
    if subject.email.is_empty() {
        return Facts { rows: Vec::new() };
    }
    let name_of = |code: &String| {
        let found = country::ALL.iter().find(|(known, _)| *known == code.as_str());
        found.map_or_else(|| code.clone(), |(_, name)| (*name).to_owned())
    };
    let relation = subject.relation.as_deref().map(|relation| match relation {
        "customer" => "A customer or user",
        "employee" => "An employee, past or present, or an applicant",
        _ => "Somebody else",
    });
    let known = [
        ("Name", Some(subject.name())),
        ("E-mail", Some(subject.email.clone())),
        ("Phone", subject.phone.clone()),
        ("Country", subject.country.as_ref().map(name_of)),
        ("Relation", relation.map(str::to_owned)),
        ("Asks in their name", subject.agent.clone()),
        ("Wrote", subject.description.clone()),
    ];
    let fields = ctx.flow.form_fields();
    let own = subject.answers.iter().map(|(label, answer)| {
        let list = fields.iter().find(|field| field.label == *label).and_then(|field| field.list.as_deref());
        (label.as_str(), Some(case::in_words(app, list, answer)))
    });
    let rows = known.into_iter().chain(own).filter_map(|(label, value)| {
        value.filter(|value| !value.is_empty()).map(|value| Row::new(label, value))
    });
    Facts { rows: rows.collect() }
}

fn identity(case: &Case) -> Facts {
    let request = &case.request;
    let result = match request.verified_at {
        Some(at) => format!("Proven on {}", case::moment(request, at).short()),
        None => "Not proven yet".to_owned(),
    };
    Facts { rows: vec![Row::new("Way", "Code by e-mail"), Row::new("Result", result)] }
}

/// Requests outside the reader's scope are not named.
async fn similar(app: &App, staff: &Staff, case: &Case, read: &mut Read) -> Result<Vec<Similar>> {
    let mut similar = Vec::new();
    let shape = &case.request.shape;
    let parts = shape.split_into.iter().map(|(id, _)| (*id, "taken out of this one"));
    let whole = shape.split_from.iter().map(|id| (*id, "this one was taken out of it"));
    let merged = shape.merged.iter().map(|id| (*id, "answered together with this one"));
    let main = shape.merged_into.iter().map(|(id, _)| (*id, "this one is answered with it"));
    let tied: Vec<_> = main.chain(merged).chain(whole).chain(parts).collect();
    let duplicates = case.request.duplicates.iter().map(|id| (*id, "of the same person"));
    let duplicates = duplicates.filter(|(id, _)| tied.iter().all(|(known, _)| known != id));
    for (id, how) in tied.iter().copied().chain(duplicates).take(20) {
        let Some(row) = read.lookup_row(id, &staff.scope).await? else { continue };
        let title = case::title(app, &row.activity);
        let received = case::moment(&case.request, row.received_at).day().short();
        let due = row.due_on.filter(|_| !row.is_closed).map(|on| format!(", due {}", Day(on).short()));
        similar.push(Similar {
            reference: row.reference.to_string(),
            note: format!("{title}, {how}, received {received}{}", due.unwrap_or_default()),
        });
    }
    Ok(similar)
}

fn timeline(case: &Case, ctx: &Context<'_>, people: &People, entries: &[Logged]) -> Result<Timeline> {
    let request = &case.request;
    let teller = Teller { flow: ctx.flow, people, zone: case::zone(request), is_seen: case.is_seen };
    let told = entries.iter().rev().take(LONGEST).map(|entry| {
        let event = Event::from_record(&entry.record).map_err(|_| Error::Broken("an event can't be read"))?;
        let told = teller.tell(&event);
        Ok(Entry {
            at: case::moment(request, entry.at),
            title: told.title,
            who: people.actor(entry.actor),
            detail: told.detail,
            tone: told.tone,
        })
    });
    Ok(Timeline { entries: told.collect::<Result<_>>()? })
}
