//! `GET, POST /console/holds/{hold}`: one hold. One person asks to lift it, another agrees.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::hold::{self, Denied, Hold};
use habeas_core::id::{HoldId, UserId};
use habeas_render::page::Section;
use habeas_render::page::console::HoldPage;
use habeas_render::page::part::{Entry, Facts, Row, Timeline, Tone};
use habeas_render::text::{Day, Moment};
use habeas_store::Read;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{entities, state, what};
use crate::console::chrome;
use crate::console::people::People;
use crate::console::told::{self, Told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let hold = load(&mut read, &staff, &id).await?;
    let page = page(&app, &staff, &hold, &mut read).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Holds, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut tx = app.store.begin().await?;
    let hold = load(&mut tx, &staff, &id).await?;
    let reason = form.text("reason").to_owned();
    let review_on = form.text("review_on").parse::<Date>().ok().filter(|day| *day > chrome::today(&app));
    let (denied, told) = match form.text("act") {
        "ask" => match hold.ensure_can_ask().and_then(|()| hold::ensure_reason(&reason)) {
            Ok(()) => {
                (tx.ask_to_lift(&hold, &reason, staff.id).await.err().map(Problem::Store), "lift_asked")
            }
            Err(denied) => (Some(Problem::Denied(denied)), ""),
        },
        "lift" => match hold.ensure_can_lift(staff.id) {
            Ok(()) => (tx.lift_hold(hold.id, staff.id).await.err().map(Problem::Store), "lifted"),
            Err(denied) => (Some(Problem::Denied(denied)), ""),
        },
        "keep" => match hold::ensure_reason(&reason) {
            Ok(()) => (tx.keep_hold(&hold, &reason, staff.id).await.err().map(Problem::Store), "hold_kept"),
            Err(denied) => (Some(Problem::Denied(denied)), ""),
        },
        "review" => match (review_on, hold::ensure_reason(&reason)) {
            (Some(day), Ok(())) => {
                let done = tx.review_hold(hold.id, day, &reason, staff.id).await;
                (done.err().map(Problem::Store), "hold_kept")
            }
            (None, _) => (Some(Problem::Review), ""),
            (Some(_), Err(denied)) => (Some(Problem::Denied(denied)), ""),
        },
        _ => return Err(Error::NotFound),
    };
    let Some(problem) = denied else {
        tx.commit().await?;
        return Ok(respond::see(&format!("/console/holds/{id}?told={told}")));
    };
    drop(tx);
    again(&app, &visit, &staff, &id, &form, problem).await
}

/// Why an act wasn't done.
enum Problem {
    Denied(Denied),
    Review,
    Store(habeas_store::Error),
}

/// Shows the hold again with what stood against the act.
async fn again(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    id: &str,
    form: &Form,
    problem: Problem,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let hold = load(&mut read, staff, id).await?;
    let mut page = page(app, staff, &hold, &mut read).await?;
    form.text("reason").clone_into(&mut page.reason);
    let (status, why) = match problem {
        Problem::Denied(Denied::Reason) => {
            page.reason_error = Some("Give a reason of at most 2000 characters".to_owned());
            (StatusCode::UNPROCESSABLE_ENTITY, None)
        }
        Problem::Review => {
            page.review_error = Some("Choose a day to come".to_owned());
            (StatusCode::UNPROCESSABLE_ENTITY, None)
        }
        Problem::Denied(denied) => (StatusCode::CONFLICT, Some(told::capitalised(&denied.to_string()))),
        Problem::Store(error) => (StatusCode::CONFLICT, Some(told::refusal(error)?)),
    };
    let chrome = chrome::of(app, visit, staff, Section::Holds, &mut read).await?;
    respond::page_with(status, &chrome::tell(chrome, Tone::Bad, why), &page)
}

async fn load(read: &mut Read, staff: &Staff, id: &str) -> Result<Hold> {
    let id: HoldId = id.parse().map_err(|_| Error::NotFound)?;
    read.lookup_hold(id, entities(staff).as_deref()).await?.ok_or(Error::NotFound)
}

async fn page(app: &App, staff: &Staff, hold: &Hold, read: &mut Read) -> Result<HoldPage> {
    let people = People::read(read).await?;
    let may = access::may(&staff.roles, Action::ManageHolds);
    let is_seen = access::may(&staff.roles, Action::SeeSubjects);
    let words = hold.words.reveal();
    let shown = |text: &str| if is_seen { text.to_owned() } else { "Not shown to your role".to_owned() };
    let mut rows = vec![
        Row::new("Ground", shown(&words.ground)),
        Row::new("Organisation", app.catalog.entity(&hold.entity).map_or(&hold.entity, |known| &known.title)),
        Row::new("Look at it again on", Day(hold.review_on).to_string()),
    ];
    rows.extend(words.lift_reason.iter().map(|reason| Row::new("To be lifted since", shown(reason))));
    let is_in_force = hold.is_in_force();
    let own = hold.ensure_can_lift(staff.id) == Err(Denied::SamePerson);
    Ok(HoldPage {
        id: hold.id.to_string(),
        what: what(staff, hold),
        state: state(hold, chrome::today(app)),
        facts: Facts { rows },
        timeline: timeline(app, hold, &people),
        can_ask: may && hold.ensure_can_ask().is_ok(),
        can_lift: may && hold.ensure_can_lift(staff.id).is_ok(),
        cannot_lift: (may && own)
            .then(|| "You asked for it yourself: a second person must agree.".to_owned()),
        can_keep: may && is_in_force,
        reason: String::new(),
        reason_error: None,
        review_on: hold.review_on.to_string(),
        review_error: None,
    })
}

fn timeline(app: &App, hold: &Hold, people: &People) -> Timeline {
    let zone = chrome::zone(app);
    let entry = |(by, at): (UserId, Timestamp), title: &str, tone| Entry {
        at: Moment(at.to_zoned(zone.clone())),
        title: title.to_owned(),
        who: people.name(by),
        detail: None,
        tone,
    };
    let lifted = hold.lifted.map(|done| entry(done, "Lifted", Tone::Neutral));
    let asked = hold.lift_asked.map(|done| entry(done, "Somebody asked to lift it", Tone::Warn));
    let placed = entry(hold.placed, "Placed", Tone::Info);
    Timeline { entries: lifted.into_iter().chain(asked).chain([placed]).collect() }
}
