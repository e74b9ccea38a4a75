//! `GET, POST /console/laws/new`, `GET, POST /console/laws/{law}/edit`: a law pack of the organisation's own.
//!
//! It is checked as any pack is, and marked as the organisation's own wherever it is shown. It never takes the key
//! of a pack that comes with the product: the date a law sets can't be put off by writing another pack in its place.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::definition::Kind;
use habeas_core::law::{Pack, builtin};
use habeas_render::page::Section;
use habeas_render::page::console::{EditForm, PanelAct};
use habeas_render::page::part::{Field, FieldKind, Group, Tone};
use habeas_store::Read;

use super::super::definition::{self, Act, Known};
use super::super::{activities, chrome, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// No more mistakes are told at once.
const MOST_SAID: usize = 50;
/// Names that addresses need.
const TAKEN: [&str; 1] = ["new"];

pub(in crate::console) async fn get_new(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
) -> Result<Response> {
    show(&app, &visit, &staff, StatusCode::OK, Sheet::blank()).await
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response> {
    let known = own(&mut app.store.read().await?, &id).await?;
    show(&app, &visit, &staff, StatusCode::OK, Sheet::of(id, &known)).await
}

pub(in crate::console) async fn post_new(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    form: Form,
) -> Result<Response> {
    save(&app, &visit, &staff, Sheet::blank(), &form).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    let known = own(&mut app.store.read().await?, &id).await?;
    save(&app, &visit, &staff, Sheet::of(id, &known), &form).await
}

/// Returns a pack of the organisation's own; those that come with the product aren't changed here.
async fn own(read: &mut Read, id: &str) -> Result<Known> {
    if is_builtin(id) {
        return Err(Error::NotFound);
    }
    definition::read(read, Kind::Law, id).await?.ok_or(Error::NotFound)
}

fn is_builtin(id: &str) -> bool {
    builtin().iter().any(|(known, _)| *known == id)
}

/// The form.
struct Sheet {
    /// The pack that is changed; none for a new one.
    id: Option<String>,
    text: String,
    can_change: bool,
    is_draft: bool,
    is_in_force: bool,
    problems: Vec<String>,
}

impl Sheet {
    fn blank() -> Self {
        let (id, text, problems) = (None, String::new(), Vec::new());
        Self { id, text, can_change: true, is_draft: false, is_in_force: false, problems }
    }

    fn of(id: String, known: &Known) -> Self {
        Self {
            id: Some(id),
            text: known.shown().map(|shown| shown.text.clone()).unwrap_or_default(),
            can_change: known.can_change(),
            is_draft: known.draft().is_some(),
            is_in_force: known.in_force().is_some(),
            problems: Vec::new(),
        }
    }

    fn action(&self) -> String {
        match &self.id {
            None => "/console/laws/new".to_owned(),
            Some(id) => format!("/console/laws/{id}/edit"),
        }
    }

    fn page(self, may_publish: bool) -> EditForm {
        let mut acts = Vec::new();
        let mut add = |is_there: bool, act: &str, words: &str, tone| {
            if is_there && self.can_change {
                acts.push(PanelAct::new(act, words, tone));
            }
        };
        add(may_publish, "draft", "Save as a draft", Tone::Neutral);
        add(self.is_draft, "drop", "Drop the draft", Tone::Neutral);
        add(self.is_in_force && may_publish, "retire", "Retire", Tone::Bad);
        let submit = if may_publish { ("publish", "Publish") } else { ("draft", "Save as a draft") };
        let links = self.id.iter().filter(|_| self.is_in_force).flat_map(|id| {
            [
                ("Look at it".to_owned(), format!("/console/laws/{id}")),
                ("Versions and differences".to_owned(), format!("/console/definitions/law/{id}")),
            ]
        });
        EditForm {
            heading: match &self.id {
                None => "A law pack of your own".to_owned(),
                Some(id) => format!("Your law pack {id}"),
            },
            crumbs: vec![("Laws and calendars".to_owned(), "/console/laws".to_owned())],
            lead: Some(
                "Rules your organisation sets itself, or a law that doesn't come with Habeas. Wherever it is shown it is \
                 marked as your own. It can't take the place of a pack that comes with Habeas, so no legal date is \
                 put off by it."
                    .to_owned(),
            ),
            links: links.collect(),
            action: self.action(),
            hidden: Vec::new(),
            groups: vec![Group {
                title: String::new(),
                hint: None,
                fields: vec![
                    Field::new(FieldKind::LongText, "text", "Text of the pack")
                        .hint(
                            "TOML, at most 60 kilobytes, as `habeas law check` reads it. Begin with a pack that is \
                             there: Definitions shows the text of each.",
                        )
                        .value(self.text),
                ],
            }],
            submit: self.can_change.then(|| (submit.0.to_owned(), submit.1.to_owned())),
            acts,
            leave_href: "/console/laws".to_owned(),
            problems: self.problems,
            reads_file: self.can_change,
        }
    }
}

async fn show(app: &App, visit: &Visit, staff: &Staff, status: StatusCode, sheet: Sheet) -> Result<Response> {
    let mut read = app.store.read().await?;
    let chrome = chrome::of(app, visit, staff, Section::Laws, &mut read).await?;
    let may_publish = access::may(&staff.roles, Action::PublishDefinitions);
    respond::page_with(status, &chrome, &sheet.page(may_publish))
}

async fn save(app: &App, visit: &Visit, staff: &Staff, mut sheet: Sheet, form: &Form) -> Result<Response> {
    let act = Act::of(form);
    let needs_publishing = matches!(act, Act::Publish | Act::Retire);
    if !sheet.can_change || (needs_publishing && !access::may(&staff.roles, Action::PublishDefinitions)) {
        return Err(Error::NotFound);
    }
    let checked = match act {
        Act::Draft | Act::Publish => {
            form.text("text").clone_into(&mut sheet.text);
            check(app, &mut app.store.read().await?, &sheet).await?
        }
        Act::Drop => Ok(sheet.id.clone().ok_or(Error::NotFound)?),
        Act::Retire => unneeded(app, sheet.id.clone().ok_or(Error::NotFound)?),
    };
    let id = match checked {
        Ok(id) => id,
        Err(problems) => {
            sheet.problems = problems;
            return show(app, visit, staff, StatusCode::UNPROCESSABLE_ENTITY, sheet).await;
        }
    };
    match definition::act(app, staff, (Kind::Law, &id), act, &sheet.text).await {
        Ok(()) => Ok(respond::see(&format!("/console/laws?told={}", act.told()))),
        Err(error) => {
            sheet.problems = vec![told::refusal(error)?];
            show(app, visit, staff, StatusCode::CONFLICT, sheet).await
        }
    }
}

/// Returns the key of a pack that may be kept, or everything that is wrong with it.
async fn check(
    app: &App,
    read: &mut Read,
    sheet: &Sheet,
) -> Result<std::result::Result<String, Vec<String>>> {
    let pack = match Pack::parse(&sheet.text) {
        Ok(pack) => pack,
        Err(problems) => {
            return Ok(Err(problems.iter().take(MOST_SAID).map(|problem| problem.at("line")).collect()));
        }
    };
    let id = pack.id();
    let mut problems = Vec::new();
    if is_builtin(id) || TAKEN.contains(&id) {
        problems.push(format!("id: {id} is the key of a pack that comes with Habeas: choose another"));
    }
    match &sheet.id {
        Some(known) if known != id => problems.push(format!("id: it must stay {known}")),
        Some(_) => {}
        None if definition::read(read, Kind::Law, id).await?.is_some() => {
            problems.push(format!("id: there is a pack {id} already: change that one"));
        }
        None => {}
    }
    if let Some(calendar) = pack.calendar().filter(|id| app.catalog.calendar(id).is_none()) {
        problems.push(format!("calendar: there is no calendar {calendar}"));
    }
    if problems.is_empty() {
        problems = activities::loose_ends(read, Kind::Law, id, &sheet.text).await?;
    }
    Ok(if problems.is_empty() { Ok(id.to_owned()) } else { Err(problems) })
}

/// Says what still needs a pack that is to be retired.
fn unneeded(app: &App, id: String) -> std::result::Result<String, Vec<String>> {
    let regulations = app.catalog.regulations().filter(|it| it.law == id);
    let regulations = regulations.map(|it| format!("the regulation {} needs it", it.title));
    let activities = app.catalog.activities().filter(|it| it.law == id && it.regulation.is_none());
    let activities = activities.map(|it| format!("the activity {} needs it", it.title));
    let bound = app.catalog.entities().filter(|it| it.laws.iter().any(|binding| binding.law == id));
    let bound = bound.map(|it| format!("{} is bound by it", it.title));
    let needs: Vec<String> = regulations.chain(activities).chain(bound).collect();
    if needs.is_empty() { Ok(id) } else { Err(needs) }
}
