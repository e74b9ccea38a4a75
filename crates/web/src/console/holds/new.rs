//! `GET, POST /console/holds/new`: places a hold.

use axum::extract::State;
use axum::response::Response;
use habeas_core::hold::{self, Scope, Words};
use habeas_core::pii::Pii;
use habeas_core::request::{IndexKind, IndexTerm, normal_email, normal_phone};
use habeas_render::page::Section;
use habeas_render::page::console::HoldNew;
use habeas_render::page::part::{Choice, Field, FieldKind};
use habeas_store::holds::NewHold;
use jiff::civil::Date;

use super::entities;
use crate::console::chrome;
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::names::Names;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Holds, &mut read).await?;
    respond::page(&chrome, &page(&app, &staff, &Form::default()))
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    form: Form,
) -> Result<Response> {
    let (entered, problems) = read(&app, &staff, &form);
    if let (Some(entered), true) = (entered, problems.is_empty()) {
        let mut tx = app.store.begin().await?;
        let Entered { entity, scope, words, review_on } = &entered;
        let new = NewHold { entity, scope, words, review_on: *review_on, by: staff.id };
        let id = tx.place_hold(&new).await?;
        tx.commit().await?;
        tracing::info!(hold.id = %id, "a legal hold was placed");
        return Ok(respond::see("/console/holds?told=held"));
    }
    let mut page = page(&app, &staff, &form);
    for (name, problem) in problems {
        if let Some(field) = page.fields.iter_mut().find(|field| field.name == name) {
            field.error = Some(problem.to_owned());
        }
    }
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Holds, &mut read).await?;
    respond::page_again(&chrome, &page)
}

/// A hold as it was entered.
struct Entered {
    entity: String,
    scope: Scope,
    words: Words,
    review_on: Date,
}

/// Reads the form; what is wrong by field.
fn read(app: &App, staff: &Staff, form: &Form) -> (Option<Entered>, Vec<(&'static str, &'static str)>) {
    let mut problems = Vec::new();
    let entity = organisations(app, staff).into_iter().find(|choice| choice.value == form.text("entity"));
    if entity.is_none() {
        problems.push(("entity", "Choose the organisation"));
    }
    let scope = match form.text("scope") {
        "subject" => {
            subject(form.text("identity")).ok_or(("identity", "Enter an e-mail address or a phone number"))
        }
        "collection" => collection(app, form.text("place")).ok_or(("place", "Choose a collection")),
        _ => Err(("scope", "Choose what is frozen")),
    };
    let ground = form.text("ground");
    if hold::ensure_reason(ground).is_err() {
        problems.push(("ground", "Give a ground of at most 2000 characters"));
    }
    let review_on = form.text("review_on").parse::<Date>().ok().filter(|day| *day > chrome::today(app));
    if review_on.is_none() {
        problems.push(("review_on", "Choose a day to come"));
    }
    let scope = match scope {
        Ok(scope) => scope,
        Err(problem) => {
            problems.push(problem);
            return (None, problems);
        }
    };
    let identity = match &scope {
        Scope::Subject(term) => Some(term.value.reveal().clone()),
        Scope::Collection { .. } => None,
    };
    let words = Words { ground: ground.to_owned(), identity, lift_reason: None };
    let entered = entity.zip(review_on).map(|(entity, review_on)| Entered {
        entity: entity.value,
        scope,
        words,
        review_on,
    });
    (entered, problems)
}

fn subject(text: &str) -> Option<Scope> {
    let (kind, value) = if text.contains('@') {
        (IndexKind::Email, normal_email(text))
    } else {
        (IndexKind::Phone, normal_phone(text))
    };
    let is_one = match kind {
        IndexKind::Email => crate::console::is_email(&value),
        IndexKind::Phone => value.len() >= 5,
    };
    is_one.then(|| Scope::Subject(IndexTerm { kind, value: Pii::new(value) }))
}

/// Reads a place such as `billing` or `billing.invoices` that the datasets know.
fn collection(app: &App, text: &str) -> Option<Scope> {
    let known = places(app).into_iter().any(|choice| choice.value == text);
    let (dataset, collection) = match text.split_once('.') {
        Some((dataset, collection)) => (dataset, Some(collection.to_owned())),
        None => (text, None),
    };
    known.then(|| Scope::Collection { dataset: dataset.to_owned(), collection })
}

fn organisations(app: &App, staff: &Staff) -> Vec<Choice> {
    let seen = entities(staff);
    let sees = |name: &String| seen.as_ref().is_none_or(|seen| seen.contains(name));
    app.catalog
        .entities()
        .filter(|entity| sees(&entity.name))
        .map(|entity| Choice::new(&entity.name, &entity.title))
        .collect()
}

/// Returns every dataset and collection.
fn places(app: &App) -> Vec<Choice> {
    let mut places = Vec::new();
    let names = Names::of(&app.catalog);
    for dataset in names.datasets() {
        let (key, title) = (&dataset.key, names.source(&dataset.key));
        places.push(Choice::new(&**key, format!("All of {title}")));
        for collection in &dataset.collections {
            let name = names.collection(key, &collection.name);
            places.push(Choice::new(format!("{key}.{}", collection.name), format!("{name} in {title}")));
        }
    }
    places
}

fn page(app: &App, staff: &Staff, form: &Form) -> HoldNew {
    let mut organisations = organisations(app, staff);
    if let [only] = organisations.as_mut_slice() {
        only.is_selected = true;
    }
    let entity = Field::new(FieldKind::Radios, "entity", "Organisation").options(organisations);
    let entity = if form.text("entity").is_empty() { entity } else { entity.value(form.text("entity")) };
    HoldNew {
        fields: vec![
            entity,
            Field::new(FieldKind::Radios, "scope", "What is frozen")
                .options(vec![
                    Choice::new("subject", "All that is held about a person")
                        .hint("Named by an e-mail address or phone number, below."),
                    Choice::new("collection", "A collection of a data source").hint("Chosen below."),
                ])
                .value(form.text("scope")),
            Field::new(FieldKind::Text, "identity", "E-mail address or phone number")
                .hint("Only for a person.")
                .optional()
                .max_length(254)
                .value(form.text("identity")),
            Field::new(FieldKind::Select, "place", "Collection")
                .hint("Only for a collection.")
                .optional()
                .options(places(app))
                .value(form.text("place")),
            Field::new(FieldKind::LongText, "ground", "Ground")
                .hint("For example the claim it is kept for, and its article: Art. 17(3)(e) GDPR.")
                .max_length(2_000)
                .value(form.text("ground")),
            Field::new(FieldKind::Date, "review_on", "Look at it again on").value(form.text("review_on")),
        ],
    }
}
