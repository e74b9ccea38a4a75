//! `GET, POST /ask/{activity}`: the form of a request, the look over it, the sending.
//!
//! Answers travel in the form until they are sent; one transaction then keeps all of it. The form's ticket
//! makes it count once, however often it is sent.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::definition::Activity;
use habeas_core::event::Actor;
use habeas_core::id::{Reference, RequestId};
use habeas_core::pii::Pii;
use habeas_core::request::{Channel, Received};
use habeas_render::page::part::{Facts, Field, Hidden, Notice, Row, Tone};
use habeas_render::page::portal::{Ask, Review, ReviewGroup};
use jiff::tz::TimeZone;

use super::entry::{self, Answers, Asked, Entry};
use super::state::{self, Filed};
use super::{case, chrome, suspect};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::ticket::Ticket;
use crate::visit::Visit;
use crate::{App, limit, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit, Path(name): Path<String>) -> Result<Response> {
    let offer = Offer::lookup(&app, &name)?;
    let page = offer.ask_page(&entry::defaults(), &Answers::new());
    respond::page(&chrome::of(&app, &visit, app.catalog.entity(&offer.activity.entity), None), &page)
}

pub(super) async fn post(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response> {
    let offer = Offer::lookup(&app, &name)?;
    let mut chrome = chrome::of(&app, &visit, app.catalog.entity(&offer.activity.entity), None);
    let answers = entry::answers(offer.asked, &form);
    if form.text("step") == "change" {
        return respond::page(&chrome, &offer.ask_page(&answers, &Answers::new()));
    }
    let entry = match entry::read(offer.asked, &answers) {
        Ok(entry) => entry,
        Err(wrong) => return respond::page_again(&chrome, &offer.ask_page(&answers, &wrong)),
    };
    if form.text("step") != "send" {
        return respond::page(&chrome, &offer.review_page(&app, &answers, &entry));
    }
    let Some(ticket) = Ticket::read(&app, form.text("ticket")) else {
        chrome.notices.push(
            Notice::new(Tone::Warn, "This page was open for a long time")
                .text("Nothing is lost and nothing was sent yet. Look over it and send it once more."),
        );
        return respond::page_again(&chrome, &offer.review_page(&app, &answers, &entry));
    };
    ensure_seldom(&app, &visit, &ticket, &form).await?;
    send(&app, &visit, &offer, entry, &ticket).await
}

/// What can be asked for, with the flow that fulfils it.
struct Offer<'a> {
    activity: &'a Activity,
    asked: Asked<'a>,
}

impl<'a> Offer<'a> {
    fn lookup(app: &'a App, name: &str) -> Result<Self> {
        let activity = app.catalog.offered().find(|activity| activity.name == name).ok_or(Error::NotFound)?;
        let (_, flow) = app.catalog.flow_of(activity).ok_or(Error::NotFound)?;
        let fields = &activity.fields;
        Ok(Self { activity, asked: Asked { flow, catalog: &app.catalog, fields } })
    }

    fn ask_page(&self, answers: &Answers, wrong: &Answers) -> Ask {
        Ask {
            title: self.activity.title.clone(),
            intro: "We use what you enter here to find your data and to reply, and for nothing else."
                .to_owned(),
            groups: entry::groups(self.asked, answers, wrong),
            hidden: Vec::new(),
            proof: None,
        }
    }

    fn review_page(&self, app: &App, answers: &Answers, entry: &Entry) -> Review {
        let ticket = Ticket::issue(app);
        let mut hidden: Vec<Hidden> =
            answers.iter().map(|(name, value)| Hidden::new(name.as_str(), value.as_str())).collect();
        hidden.push(Hidden::new("ticket", ticket.text()));
        let groups = entry::groups(self.asked, answers, &Answers::new());
        let consequence = if case::asks_code(self.asked.flow) {
            format!("We send a code to {} to check that the address is yours.", entry.subject.email)
        } else {
            format!("We send a receipt to {}.", entry.subject.email)
        };
        Review {
            title: self.activity.title.clone(),
            groups: groups.into_iter().map(|group| looked_over(group.title, &group.fields)).collect(),
            hidden,
            consequence,
            proof: ticket.puzzle(app),
        }
    }
}

/// Returns the answers of a group as facts, choices by their labels.
fn looked_over(title: String, fields: &[Field]) -> ReviewGroup {
    let said = |field: &Field| {
        let chosen = field.options.iter().find(|option| option.value == field.value);
        chosen.map_or_else(|| field.value.clone(), |option| option.label.clone())
    };
    let rows = fields.iter().filter(|field| !field.value.is_empty());
    ReviewGroup {
        title,
        facts: Facts { rows: rows.map(|field| Row::new(&field.label, said(field))).collect() },
    }
}

/// Who has solved the puzzle may send more often than who hasn't: without scripts the form works too. Whose
/// address is in the form isn't counted: strangers could use that up. The engine bounds the mails instead.
async fn ensure_seldom(app: &App, visit: &Visit, ticket: &Ticket, form: &Form) -> Result<()> {
    let (address, all) = if ticket.is_solved(app, form.text("pow")) {
        (limit::FORM_ADDRESS, limit::FORM_ALL)
    } else {
        (limit::PLAIN_FORM_ADDRESS, limit::PLAIN_FORM_ALL)
    };
    app.limit_address(address, visit.address).await?;
    app.limit(all, b"all").await
}

/// Takes the request in, once for each ticket.
async fn send(
    app: &App,
    visit: &Visit,
    offer: &Offer<'_>,
    entry: Entry,
    ticket: &Ticket,
) -> Result<Response> {
    let now = app.now();
    let id = RequestId::new(now, &*app.chance);
    let entity = app.catalog.entity(&offer.activity.entity);
    let received_on = now.to_zoned(entity.map_or(TimeZone::UTC, |entity| entity.zone.clone())).date();
    let residence = entry.subject.country.as_deref();
    let terms = app.catalog.terms_on(&offer.activity.name, &entry.language, received_on, residence)?;
    let ctx = app.catalog.context(&terms, now, Actor::Subject, &[])?;
    let supposed = suspect::cause(app, visit.address, entry.subject.description.as_deref()).await?;
    let received = Received {
        reference: Reference::new(&*app.chance),
        terms: terms.clone(),
        channel: Channel::Portal,
        received_at: now,
        subject: Pii::new(entry.subject),
    };
    let mut tx = app.store.begin().await?;
    if ticket.take(&mut tx).await? {
        let request = tx.receive(id, received, &ctx).await?;
        let request = suspect::mark(app, &mut tx, request, supposed).await?;
        tx.assign_by_rule(request, &app.catalog).await?;
        let mut state: state::State = visit.data();
        state.filed = Some(Filed { request: id, code_at: now });
        visit.keep(&mut tx, app, &state).await?;
        tx.commit().await?;
        tracing::info!(request.id = %id, "a request came in by the portal");
    }
    Ok(respond::see("/sent"))
}
