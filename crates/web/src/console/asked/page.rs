//! `GET /console/asked/{ask}`: what a source's owner is asked. Its id is the request's reference and the source's name.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::request::{OwnerAsk, OwnerFile, Request};
use habeas_render::page::Section;
use habeas_render::page::console::{Asked, AskedFile};
use habeas_render::page::part::{Badge, Choice, Facts, Row, Tone};
use habeas_render::text::{Day, country};
use habeas_store::Read;

use crate::console::case::{self, Case};
use crate::console::chrome;
use crate::console::people::People;
use crate::console::requests::data;
use crate::console::told::Told;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::names::Names;
use crate::visit::Visit;
use crate::{App, respond};

/// An ask that exists and that the reader may see: whoever is asked, and who may see requests.
pub(super) struct Found {
    pub(super) case: Case,
    pub(super) source: String,
}

impl Found {
    pub(super) fn ask(&self) -> Result<&OwnerAsk> {
        self.case.request.owner_ask(&self.source).ok_or(Error::NotFound)
    }

    /// Returns its id as addresses have it.
    pub(super) fn id(&self) -> String {
        format!("{}.{}", self.case.request.reference, self.source)
    }
}

/// Returns the ask of an id within the reader's scope.
pub(super) async fn load(read: &mut Read, staff: &Staff, id: &str) -> Result<Found> {
    let (reference, source) = id.split_once('.').ok_or(Error::NotFound)?;
    let case = case::load(read, staff, reference).await?;
    let found = Found { case, source: source.to_owned() };
    let is_theirs = found.ask()?.owner == Some(staff.id);
    if is_theirs || access::may(&staff.roles, Action::SeeRequests) { Ok(found) } else { Err(Error::NotFound) }
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let found = load(&mut read, &staff, &id).await?;
    let page = page(&app, &staff, &found, &mut read, None).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Tasks, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

/// What was sent and could not be done, and why.
pub(super) struct Draft<'a> {
    pub(super) form: &'a Form,
    /// The field it is about and what is wrong with it; none where it is about the whole.
    pub(super) field: Option<(String, String)>,
    pub(super) why: Option<String>,
    pub(super) status: StatusCode,
}

/// Shows the ask again, as it is now, with what was typed.
pub(super) async fn again(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    id: &str,
    draft: Draft<'_>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let found = load(&mut read, staff, id).await?;
    let page = page(app, staff, &found, &mut read, Some(&draft)).await?;
    let chrome = chrome::of(app, visit, staff, Section::Tasks, &mut read).await?;
    respond::page_with(draft.status, &chrome::tell(chrome, Tone::Bad, draft.why), &page)
}

async fn page(
    app: &App,
    staff: &Staff,
    found: &Found,
    read: &mut Read,
    draft: Option<&Draft<'_>>,
) -> Result<Asked> {
    let request = &found.case.request;
    let ask = found.ask()?;
    let people = People::read(read).await?;
    let today = chrome::today(app);
    let is_mine = ask.owner == Some(staff.id);
    let is_open = ask.is_open() && !request.status.is_closed();
    let may = |action| access::may(&staff.roles, action);
    let is_reviewing = data::reviews(app, staff, request)?;
    let typed = |name: &str| draft.map(|draft| draft.form.text(name).to_owned()).unwrap_or_default();
    let typed_day = typed("as_of");
    Ok(Asked {
        id: found.id(),
        subject: found.case.subject(app),
        source: Names::of(&app.catalog).source(&ask.source),
        about: ask.about.clone(),
        confirms: ask.confirms,
        state: state(ask),
        due_at: ask.due_at.map(|at| case::moment(request, at)),
        owner: ask.owner.map(|owner| people.name(owner)),
        look_for: if is_mine || found.case.is_seen { look_for(request) } else { Facts { rows: Vec::new() } },
        answer: answer(request, ask, &people),
        files: ask.files.iter().map(|file| shown(request, ask, file, (staff, is_reviewing))).collect(),
        is_mine,
        is_open,
        can_take: is_open && !is_mine && may(Action::Assign),
        people: if is_open && may(Action::Assign) { choices(app, request, ask, &people) } else { Vec::new() },
        can_excuse: is_open && may(Action::RetryTask),
        as_of: if typed_day.is_empty() { today.to_string() } else { typed_day },
        note: typed("note"),
        holds: typed("holds"),
        wrong: draft.and_then(|draft| draft.field.clone()),
    })
}

fn state(ask: &OwnerAsk) -> Badge {
    match (&ask.answer, ask.owner) {
        (Some(_), _) if ask.files.is_empty() => Badge::new(Tone::Good, "Nothing held"),
        (Some(_), _) => Badge::new(Tone::Good, "Answered"),
        (None, _) if ask.is_excused => Badge::new(Tone::Warn, "Left out"),
        (None, None) => Badge::new(Tone::Warn, "Nobody's"),
        (None, Some(_)) => Badge::new(Tone::Info, "Waits for an answer"),
    }
}

/// Who must look for a person has to know whom.
fn look_for(request: &Request) -> Facts {
    let subject = request.subject.reveal();
    let told = [
        ("Name", Some(subject.name())),
        ("E-mail", Some(subject.email.clone())),
        ("Telephone", subject.phone.clone()),
        ("Country", subject.country.as_deref().map(|code| country::name(code).unwrap_or(code).to_owned())),
        ("Relation", subject.relation.clone()),
        ("They wrote", subject.description.clone()),
    ];
    let rows = told.into_iter().filter_map(|(label, value)| Some(Row::new(label, value?)));
    Facts { rows: rows.collect() }
}

fn answer(request: &Request, ask: &OwnerAsk, people: &People) -> Facts {
    let mut rows = Vec::new();
    if let Some(answer) = &ask.answer {
        rows.push(Row::new("Answered by", people.actor(answer.by)));
        rows.push(Row::new("On", case::moment(request, answer.at).to_string()));
        rows.push(Row::new("As of", Day(answer.as_of).to_string()));
        let note = answer.note.reveal();
        rows.extend((!note.is_empty()).then(|| Row::new("Note", note.clone())));
    }
    let excuse = request.excuses.iter().rev().find(|excuse| excuse.source == ask.source);
    if let Some(excuse) = excuse.filter(|_| ask.is_excused) {
        rows.push(Row::new("Left out by", people.actor(excuse.by)));
        rows.push(Row::new("Because", excuse.reason.reveal().clone()));
    }
    Facts { rows }
}

fn shown(
    request: &Request,
    ask: &OwnerAsk,
    file: &OwnerFile,
    (staff, is_reviewing): (&Staff, bool),
) -> AskedFile {
    let is_mine = ask.owner == Some(staff.id);
    let decision = file.decision.as_ref();
    let fate = match decision.map(|decision| decision.is_given) {
        Some(true) => Some(Badge::new(Tone::Good, "To be given")),
        Some(false) => Some(Badge::new(Tone::Warn, "Left out")),
        None if file.is_of_others => Some(Badge::new(Tone::Warn, "Other people are in it")),
        None => None,
    };
    AskedFile {
        id: file.blob.to_string(),
        name: file.name.reveal().clone(),
        size: file.byte_count,
        at: case::moment(request, file.added_at),
        fate,
        reason: decision.map(|decision| decision.reason.reveal().clone()).filter(|reason| !reason.is_empty()),
        can_remove: is_mine && ask.is_open(),
        can_open: may_open(ask, staff),
        can_decide: is_reviewing && ask.answer.is_some(),
    }
}

/// Whoever handed a file in opens it until the answer is given; afterwards those who see records do.
pub(super) fn may_open(ask: &OwnerAsk, staff: &Staff) -> bool {
    let is_own = ask.owner == Some(staff.id) && ask.is_open();
    is_own || access::may(&staff.roles, Action::SeeRecords)
}

fn choices(app: &App, request: &Request, ask: &OwnerAsk, people: &People) -> Vec<Choice> {
    let today = chrome::today(app);
    let fits = people.users().filter(|user| {
        let roles = app.catalog.roles_of(&user.roles);
        access::may(&roles, Action::DoTasks) && user.may_see(request, &roles)
    });
    let choice = |user: &habeas_store::users::User| {
        let name = &user.profile.name;
        let label = match People::away(user, today) {
            Some(away) => format!("{name} ({away})"),
            None => name.clone(),
        };
        Choice::new(user.id.to_string(), label).selected(ask.owner == Some(user.id))
    };
    fits.map(choice).collect()
}
