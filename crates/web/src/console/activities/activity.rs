//! `GET, POST /console/activities/new`, `GET, POST /console/activities/{activity}`: one thing people can ask for.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action, RoleName};
use habeas_core::definition::{Activity, ExtensionBy, FormField, Kind, Targets};
use habeas_core::flow::slug;
use habeas_core::law::Right;
use habeas_render::page::Section;
use habeas_render::page::console::EditForm;
use habeas_render::page::part::{Choice, Field, FieldKind, Group};
use habeas_store::Read;
use habeas_store::definitions::State as Far;

use super::super::definition::{self, Act};
use super::super::{case, chrome, flows, laws, user_new};
use super::{Values, list};
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
    let mut sheet = Sheet::new(None, &Form::default());
    if let Some(only) = app.catalog.entities().next().filter(|_| app.catalog.entities().count() == 1) {
        sheet.entity.clone_from(&only.name);
    }
    let page = sheet.page(&app, &mut read, true).await?;
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
    let activity = super::activity_of(&mut read, &name).await?;
    let may = access::may(&staff.roles, Action::PublishDefinitions);
    let may = may && super::can_change(&mut read, Kind::Activity, &name).await?;
    let page = Sheet::of(activity).page(&app, &mut read, may).await?;
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
    let known = super::activity_of(&mut app.store.read().await?, &name).await?;
    let sheet = match form.text("act") {
        act @ ("on" | "off") => Sheet::of(Activity { is_offered: act == "on", ..known }),
        _ => Sheet::new(Some(known), &form),
    };
    save(&app, &visit, &staff, sheet, &form).await
}

/// A form about an activity.
struct Sheet {
    known: Option<Activity>,
    values: Values,
    name: String,
    /// `regulation:NAME`, or `law:ID` where it stands under none.
    under: String,
    entity: String,
    right: String,
    /// `NAME`, or `NAME@VERSION`.
    flow: String,
    fields: Vec<String>,
    target_days: String,
    propose_days: String,
    /// Empty: whoever's roles grant it; `nobody`; `role:NAME`.
    extension: String,
    is_offered: bool,
    errors: Vec<(&'static str, String)>,
}

impl Sheet {
    fn of(known: Activity) -> Self {
        Self {
            values: Values { title: known.title.clone(), description: known.description.clone() },
            name: known.name.clone(),
            under: match &known.regulation {
                Some(name) => format!("regulation:{name}"),
                None => format!("law:{}", known.law),
            },
            entity: known.entity.clone(),
            right: known.right.as_str().to_owned(),
            flow: match known.flow_version {
                Some(version) => format!("{}@{version}", known.flow),
                None => known.flow.clone(),
            },
            fields: known.fields.iter().map(|field| field.as_str().to_owned()).collect(),
            target_days: known.targets.target_days.to_string(),
            propose_days: known.targets.propose_extension_days.to_string(),
            extension: match &known.targets.extension {
                ExtensionBy::Anyone if known.targets.extends_itself => "automatic".to_owned(),
                ExtensionBy::Anyone => String::new(),
                ExtensionBy::Nobody => "nobody".to_owned(),
                ExtensionBy::Role(role) => format!("role:{role}"),
            },
            is_offered: known.is_offered,
            known: Some(known),
            errors: Vec::new(),
        }
    }

    fn new(known: Option<Activity>, form: &Form) -> Self {
        let values = Values::of(form);
        let name = match (&known, form.text("name")) {
            (Some(known), _) => known.name.clone(),
            (None, "") => slug(&values.title, ""),
            (None, given) => given.to_owned(),
        };
        let usual = Targets::default();
        Self {
            is_offered: known.as_ref().is_none_or(|known| known.is_offered),
            known,
            name,
            under: form.text("under").to_owned(),
            entity: form.text("entity").to_owned(),
            right: form.text("right").to_owned(),
            flow: form.text("flow").to_owned(),
            fields: if form.text("act").is_empty() {
                FormField::USUAL.iter().map(|field| field.as_str().to_owned()).collect()
            } else {
                form.all("fields").map(str::to_owned).collect()
            },
            target_days: given(form, "target_days", usual.target_days),
            propose_days: given(form, "propose_extension_days", usual.propose_extension_days),
            extension: form.text("extension").to_owned(),
            values,
            errors: Vec::new(),
        }
    }

    /// Returns the activity the form describes; none where something is wrong, which is noted.
    async fn read(&mut self, app: &App, read: &mut Read) -> Result<Option<Activity>> {
        let targets = self.targets();
        if let Some(problem) = user_new::name_problem(&self.values.title) {
            self.errors.push(("title", problem));
        } else if self.known.is_none()
            && let Some(problem) = super::name_problem(read, Kind::Activity, &self.name).await?
        {
            self.errors.push(("name", problem));
        }
        let regulations = list::regulations(read).await?;
        let regulation = self.under.strip_prefix("regulation:").map(str::to_owned);
        let is_known = |name: &String| regulations.iter().any(|known| known.name == *name);
        let law = self
            .under
            .strip_prefix("law:")
            .filter(|law| app.catalog.latest_law(law).is_some())
            .map(str::to_owned);
        if !regulation.as_ref().is_some_and(is_known) && law.is_none() {
            self.errors.push(("under", "Choose the regulation it stands under".to_owned()));
        }
        // Without one it is for every organisation that lists the regulation.
        let needs_entity = !self.entity.is_empty() || regulation.is_none();
        if needs_entity && app.catalog.entity(&self.entity).is_none() {
            self.errors.push(("entity", "Choose of whom it is asked".to_owned()));
        }
        let right: Option<Right> = Right::ALL.into_iter().find(|right| right.as_str() == self.right);
        if right.is_none() {
            self.errors.push(("right", "Choose the right".to_owned()));
        }
        let (flow, flow_version) = match self.flow.split_once('@') {
            Some((name, version)) => (name, version.parse().ok()),
            None => (self.flow.as_str(), None),
        };
        // A draft is no flow that requests could follow.
        let versions = read.list_versions(flows::KIND, flow).await?;
        let fits = |version: u32| flow_version.is_none_or(|wanted| wanted == version);
        if !versions.iter().any(|found| found.state == Far::Published && fits(found.version)) {
            self.errors.push(("flow", "Choose a published flow".to_owned()));
        }
        let (Some(right), true) = (right, self.errors.is_empty()) else { return Ok(None) };
        Ok(Some(Activity {
            name: self.name.clone(),
            title: self.values.title.clone(),
            description: self.values.description.clone(),
            entity: self.entity.clone(),
            right,
            law: law.unwrap_or_default(),
            regulation,
            flow: flow.to_owned(),
            flow_version,
            fields: FormField::ALL
                .into_iter()
                .filter(|(name, _)| self.fields.iter().any(|field| field == name))
                .map(|(_, field)| field)
                .collect(),
            targets,
            is_offered: self.is_offered,
        }))
    }

    /// Reads what is set within what the law leaves open.
    fn targets(&mut self) -> Targets {
        let days = |text: &str| text.parse().ok().filter(|days: &u16| *days <= 60);
        let (target_days, propose_days) = (days(&self.target_days), days(&self.propose_days));
        for (name, days) in [("target_days", target_days), ("propose_extension_days", propose_days)] {
            if days.is_none() {
                self.errors.push((name, "Enter a number of days from 0 to 60".to_owned()));
            }
        }
        Targets {
            target_days: target_days.unwrap_or_default(),
            propose_extension_days: propose_days.unwrap_or_default(),
            extension: match self.extension.strip_prefix("role:") {
                Some(name) => RoleName::parse(name).map_or(ExtensionBy::Anyone, ExtensionBy::Role),
                None if self.extension == "nobody" => ExtensionBy::Nobody,
                None => ExtensionBy::Anyone,
            },
            // Together with a role it stands in files only: a change here must not lose it.
            extends_itself: self.extension == "automatic"
                || (self.extension.starts_with("role:")
                    && self.known.as_ref().is_some_and(|known| known.targets.extends_itself)),
        }
    }

    fn error(&self, name: &str) -> Option<String> {
        self.errors.iter().find(|(known, _)| *known == name).map(|(_, said)| said.clone())
    }

    fn choice(&self, name: &str, label: &str, options: Vec<Choice>, value: &str) -> Field {
        Field::new(FieldKind::Select, name, label).options(options).value(value).error(self.error(name))
    }

    async fn page(&self, app: &App, read: &mut Read, can_change: bool) -> Result<EditForm> {
        let name = self.known.is_none().then(|| (self.name.as_str(), self.error("name")));
        let seen = super::naming(&self.values, name, self.error("title"));
        let rights =
            Right::ALL.into_iter().map(|right| Choice::new(right.as_str(), laws::right(right))).collect();
        let entities =
            app.catalog.entities().map(|entity| Choice::new(&entity.name, &entity.title)).collect();
        let answered = vec![
            self.under(self.laws(app, read).await?),
            self.choice("right", "Right", rights, &self.right),
            self.choice("entity", "Asked of", entities, &self.entity)
                .hint("Empty: of every organisation that lists the regulation.")
                .optional(),
            self.choice("flow", "Flow", published(read).await?, &self.flow)
                .hint("Published flows only. With the latest version, what is published later counts for later requests."),
        ];
        let group = |title: &str, fields| Group { title: title.to_owned(), hint: None, fields };
        let page = match &self.known {
            None => super::page("A new activity".to_owned(), "/console/activities/new".to_owned()),
            Some(known) => super::page(known.title.clone(), format!("/console/activities/{}", known.name)),
        };
        let lead = if can_change {
            "What changes counts for requests that come in afterwards."
        } else {
            "This is read-only here: a file says what it is, or your roles don't grant changing it."
        };
        Ok(EditForm {
            lead: Some(lead.to_owned()),
            groups: vec![
                group("What people see", seen),
                group("How it is answered", answered),
                group("The form", vec![self.asked()]),
                group("Time", self.times(app)),
            ],
            submit: can_change.then(|| ("save".to_owned(), "Save".to_owned())),
            acts: self
                .known
                .iter()
                .filter(|_| can_change)
                .map(|known| super::switch(known.is_offered))
                .collect(),
            links: self
                .known
                .iter()
                .map(|known| ("Try the form".to_owned(), format!("/console/activities/{}/form", known.name)))
                .collect(),
            ..page
        })
    }

    fn under(&self, laws: Vec<Choice>) -> Field {
        let is_empty = laws.is_empty();
        let field = self.choice("under", "Under", laws, &self.under);
        if is_empty {
            field.hint("There is no regulation yet: add one first. It names the law pack.")
        } else {
            field
        }
    }

    /// Returns which fields the form has beside those of the flow.
    fn asked(&self) -> Field {
        let words = |field: FormField| match field {
            FormField::GivenName => "Given name",
            FormField::FamilyName => "Family name",
            FormField::Email => "E-mail address",
            FormField::Phone => "Phone number",
            FormField::Country => "Country",
            FormField::State => "State",
            FormField::Relation => "Customer, employee or other",
            FormField::Description => "What they write about their wish",
            FormField::Language => "Language of the reply",
        };
        let choice = |(name, field): (&'static str, FormField)| {
            Choice::new(name, words(field)).selected(self.fields.iter().any(|known| known == name))
        };
        Field::new(FieldKind::Checkboxes, "fields", "Asked beside what the flow asks")
            .hint("The flow's own e-mail question serves as the address to reply to where this one is left out.")
            .options(FormField::ALL.into_iter().map(choice).collect())
            .error(self.error("fields"))
    }

    fn times(&self, app: &App) -> Vec<Field> {
        let number = |name: &'static str, label: &str, value: &str| {
            Field::new(FieldKind::Number, name, label)
                .autocomplete("off")
                .value(value)
                .error(self.error(name))
        };
        let mut by = vec![
            Choice::new("nobody", "Nobody: it is never extended"),
            Choice::new("automatic", "Habeas by itself, where the law wants no reason; else as with empty"),
        ];
        by.extend(app.catalog.roles().map(|role| {
            Choice::new(format!("role:{}", role.name), format!("Only members of {}", role.title))
        }));
        vec![
            number("target_days", "Internal target, days before the legal date", &self.target_days),
            number(
                "propose_extension_days",
                "Ask whether more time is needed, days before the legal date",
                &self.propose_days,
            )
            .hint("A person confirms it with a reason. 0: never asked."),
            self.choice("extension", "Who may extend the legal date", by, &self.extension)
                .hint("Empty: whoever's roles grant it, as far as the law allows it.")
                .optional(),
        ]
    }

    /// Returns the regulations, and the law it stands under directly where it does.
    async fn laws(&self, app: &App, read: &mut Read) -> Result<Vec<Choice>> {
        let regulations = list::regulations(read).await?;
        let mut choices: Vec<Choice> = regulations
            .iter()
            .map(|known| Choice::new(format!("regulation:{}", known.name), &known.title))
            .collect();
        if let Some(law) = self.under.strip_prefix("law:") {
            choices.push(Choice::new(&self.under, format!("{}, directly", case::law_name(app, law))));
        }
        Ok(choices)
    }
}

fn given(form: &Form, name: &str, usual: u16) -> String {
    match form.text(name) {
        "" => usual.to_string(),
        text => text.to_owned(),
    }
}

/// Returns the flows requests can follow: each with its latest version, and each published version by itself.
async fn published(read: &mut Read) -> Result<Vec<Choice>> {
    let all = read.list_all_versions(flows::KIND).await?;
    let mut choices = Vec::new();
    for versions in all.chunk_by(|one, other| one.name == other.name) {
        let mut published = versions.iter().filter(|found| found.state == Far::Published).peekable();
        let Some(latest) = published.peek() else { continue };
        let title = flows::parse(latest)?.title;
        choices.push(Choice::new(&latest.name, format!("{title}, the latest version")));
        choices.extend(published.map(|found| {
            Choice::new(
                format!("{}@{}", found.name, found.version),
                format!("{title}, version {}", found.version),
            )
        }));
    }
    Ok(choices)
}

async fn save(app: &App, visit: &Visit, staff: &Staff, mut sheet: Sheet, form: &Form) -> Result<Response> {
    let mut read = app.store.read().await?;
    if sheet.known.is_some() && !super::can_change(&mut read, Kind::Activity, &sheet.name).await? {
        return Err(Error::NotFound);
    }
    let mut problems = Vec::new();
    if let Some(activity) = sheet.read(app, &mut read).await? {
        problems = super::loose_ends(&mut read, Kind::Activity, &activity.name, &activity.to_yaml()).await?;
        if problems.is_empty() {
            drop(read);
            let place = (Kind::Activity, activity.name.as_str());
            definition::act(app, staff, place, Act::Publish, &activity.to_yaml()).await?;
            let told = match form.text("act") {
                "off" => "switched_off",
                _ => "published",
            };
            return Ok(respond::see(&format!("/console/activities?told={told}")));
        }
    }
    let page = EditForm { problems, ..sheet.page(app, &mut read, true).await? };
    let chrome = chrome::of(app, visit, staff, Section::Activities, &mut read).await?;
    respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &chrome, &page)
}
