//! `GET, POST /console/regulations/new`, `GET, POST /console/regulations/{regulation}`: one regulation.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::definition::{Kind, Regulation, builtin_regulations};
use habeas_core::flow::slug;
use habeas_render::page::Section;
use habeas_render::page::console::EditForm;
use habeas_render::page::part::{Choice, Field, FieldKind, Group};
use habeas_store::Read;

use super::super::definition::{self, Act};
use super::super::{chrome, laws, user_new};
use super::Values;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get_new(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let sheet = Sheet::new(None, &Form::default());
    let page = sheet.page(&mut read, true).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Activities, &mut read).await?;
    respond::page(&chrome, &page)
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let regulation = super::regulation_of(&mut read, &name).await?;
    let may = access::may(&staff.roles, Action::PublishDefinitions);
    let may = may && super::can_change(&mut read, Kind::Regulation, &name).await?;
    let page = Sheet::of(regulation).page(&mut read, may).await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Activities, &mut read).await?;
    respond::page(&chrome, &page)
}

pub(in crate::console) async fn post_new(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    form: Form,
) -> Result<Response> {
    save(&app, &visit, &staff, Sheet::new(None, &form), &form).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response> {
    let known = super::regulation_of(&mut app.store.read().await?, &name).await?;
    let sheet = match form.text("act") {
        act @ ("on" | "off") => Sheet::of(Regulation { is_active: act == "on", ..known }),
        _ => Sheet::new(Some(known), &form),
    };
    save(&app, &visit, &staff, sheet, &form).await
}

/// A form about a regulation.
struct Sheet {
    known: Option<Regulation>,
    values: Values,
    name: String,
    law: String,
    is_active: bool,
    title_problem: Option<String>,
    name_problem: Option<String>,
    law_problem: Option<String>,
}

impl Sheet {
    fn of(known: Regulation) -> Self {
        Self {
            values: Values { title: known.title.clone(), description: known.description.clone() },
            name: known.name.clone(),
            law: known.law.clone(),
            is_active: known.is_active,
            known: Some(known),
            title_problem: None,
            name_problem: None,
            law_problem: None,
        }
    }

    fn new(known: Option<Regulation>, form: &Form) -> Self {
        let values = Values::of(form);
        let name = match (&known, form.text("name")) {
            (Some(known), _) => known.name.clone(),
            (None, "") => slug(&values.title, ""),
            (None, given) => given.to_owned(),
        };
        Self {
            is_active: known.as_ref().is_none_or(|known| known.is_active),
            known,
            name,
            law: form.text("law").to_owned(),
            values,
            title_problem: None,
            name_problem: None,
            law_problem: None,
        }
    }

    async fn check(&mut self, app: &App, read: &mut Read) -> Result<bool> {
        self.title_problem = user_new::name_problem(&self.values.title);
        self.law_problem = if app.catalog.latest_law(&self.law).is_none() {
            Some("Choose the law pack".to_owned())
        } else {
            self.pack_problem()
        };
        if self.known.is_none() && self.title_problem.is_none() {
            self.name_problem = super::name_problem(read, Kind::Regulation, &self.name).await?;
        }
        Ok(self.title_problem.is_none() && self.name_problem.is_none() && self.law_problem.is_none())
    }

    /// A regulation that came with the product stands for its law: another pack could put the legal date off.
    fn pack_problem(&self) -> Option<String> {
        let (_, text) = builtin_regulations().iter().find(|(name, _)| *name == self.name)?;
        let known = Regulation::parse(&self.name, text).ok()?;
        (known.law != self.law).then(|| {
            format!(
                "{} keeps the pack {}: add a regulation of your own for other rules",
                known.title, known.law
            )
        })
    }

    async fn page(&self, read: &mut Read, can_change: bool) -> Result<EditForm> {
        let packs = laws::packs(read).await?;
        let packs =
            packs.iter().map(|pack| Choice::new(pack.id(), format!("{} ({})", pack.title(), pack.region())));
        let name = self.known.is_none().then(|| (self.name.as_str(), self.name_problem.clone()));
        let mut fields = super::naming(&self.values, name, self.title_problem.clone());
        fields.push(
            Field::new(FieldKind::Select, "law", "Law pack that computes its dates")
                .options(packs.collect())
                .value(&self.law)
                .error(self.law_problem.clone()),
        );
        let page = match &self.known {
            None => super::page("A new regulation".to_owned(), "/console/regulations/new".to_owned()),
            Some(known) => super::page(known.title.clone(), format!("/console/regulations/{}", known.name)),
        };
        let lead = if can_change {
            "The legal date comes from the law pack and can't be lengthened here."
        } else {
            "This is read-only here: a file says what it is, or your roles don't grant changing it."
        };
        Ok(EditForm {
            lead: Some(lead.to_owned()),
            groups: vec![Group { title: String::new(), hint: None, fields }],
            submit: can_change.then(|| ("save".to_owned(), "Save".to_owned())),
            acts: self
                .known
                .iter()
                .filter(|_| can_change)
                .map(|known| super::switch(known.is_active))
                .collect(),
            links: self
                .known
                .iter()
                .map(|known| ("The law pack".to_owned(), format!("/console/laws/{}", known.law)))
                .collect(),
            ..page
        })
    }
}

async fn save(app: &App, visit: &Visit, staff: &Staff, mut sheet: Sheet, form: &Form) -> Result<Response> {
    let mut read = app.store.read().await?;
    if !super::can_change(&mut read, Kind::Regulation, &sheet.name).await? && sheet.known.is_some() {
        return Err(Error::NotFound);
    }
    let mut problems = Vec::new();
    if sheet.check(app, &mut read).await? {
        let regulation = Regulation {
            name: sheet.name.clone(),
            title: sheet.values.title.clone(),
            description: sheet.values.description.clone(),
            law: sheet.law.clone(),
            is_active: sheet.is_active,
        };
        problems =
            super::loose_ends(&mut read, Kind::Regulation, &regulation.name, &regulation.to_yaml()).await?;
        if problems.is_empty() {
            drop(read);
            return publish(app, staff, form, &regulation).await;
        }
    }
    let page = EditForm { problems, ..sheet.page(&mut read, true).await? };
    let chrome = chrome::of(app, visit, staff, Section::Activities, &mut read).await?;
    respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &chrome, &page)
}

async fn publish(app: &App, staff: &Staff, form: &Form, regulation: &Regulation) -> Result<Response> {
    let place = (Kind::Regulation, regulation.name.as_str());
    definition::act(app, staff, place, Act::Publish, &regulation.to_yaml()).await?;
    let told = match form.text("act") {
        "off" => "switched_off",
        _ => "published",
    };
    Ok(respond::see(&format!("/console/activities?told={told}")))
}
