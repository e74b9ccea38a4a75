//! Regulations and activities: what people can ask for, under which law, with which flow.
//!
//! What is saved counts for requests that come in afterwards; those under way keep what they began with.

pub(super) mod activity;
pub(super) mod form;
pub(super) mod list;
pub(super) mod regulation;

use habeas_core::definition::{Activity, Catalog, Kind, Regulation, Text};
use habeas_render::page::console::{EditForm, PanelAct};
use habeas_render::page::part::{Badge, Field, FieldKind, Tone};
use habeas_store::Read;

use super::definition;
use crate::error::{Error, Result};
use crate::form::Form;

/// Returns an activity as it was published last.
async fn activity_of(read: &mut Read, name: &str) -> Result<Activity> {
    let text = text_of(read, Kind::Activity, name).await?;
    Activity::parse(name, &text).map_err(|_| Error::Broken("an activity that can't be read was published"))
}

/// Returns a regulation as it was published last.
async fn regulation_of(read: &mut Read, name: &str) -> Result<Regulation> {
    let text = text_of(read, Kind::Regulation, name).await?;
    Regulation::parse(name, &text).map_err(|_| Error::Broken("a regulation that can't be read was published"))
}

async fn text_of(read: &mut Read, kind: Kind, name: &str) -> Result<String> {
    let known = read.lookup_definition_in_force(kind.as_str(), name).await?;
    known.map(|known| known.text).ok_or(Error::NotFound)
}

/// Says what would no longer hold together if a text were published.
pub(super) async fn loose_ends(read: &mut Read, kind: Kind, name: &str, text: &str) -> Result<Vec<String>> {
    let mut texts = read.list_published_texts().await?;
    let version = texts.iter().map(|known| known.version).max().unwrap_or(0).saturating_add(1);
    texts.push(Text {
        kind,
        name: name.to_owned(),
        version,
        text: text.to_owned(),
        hash: String::new(),
        is_retired: false,
    });
    Ok(Catalog::new(texts).err().unwrap_or_default())
}

/// Says whether a definition can be changed here: what a file says is changed there.
async fn can_change(read: &mut Read, kind: Kind, name: &str) -> Result<bool> {
    let known = definition::read(read, kind, name).await?;
    Ok(known.is_none_or(|known| known.can_change()))
}

/// Returns whether something is offered, in a word.
fn offered(is_offered: bool) -> Badge {
    if is_offered { Badge::new(Tone::Good, "Offered") } else { Badge::new(Tone::Neutral, "Switched off") }
}

/// Returns the act that switches on or off.
fn switch(is_on: bool) -> PanelAct {
    if is_on {
        PanelAct::new("off", "Switch off", Tone::Bad)
    } else {
        PanelAct::new("on", "Switch on", Tone::Neutral)
    }
}

/// Returns the fields for what people call it, its name and what it is.
fn naming(form: &Values, name: Option<(&str, Option<String>)>, title_problem: Option<String>) -> Vec<Field> {
    let title = Field::new(FieldKind::Text, "title", "What people call it")
        .autocomplete("off")
        .max_length(100)
        .value(&form.title)
        .error(title_problem);
    let name = name.map(|(name, problem)| {
        Field::new(FieldKind::Text, "name", "Name in files and addresses")
            .hint("Small letters, digits, '_' and '-'. Left empty, it is made from the name above. It stays.")
            .optional()
            .autocomplete("off")
            .max_length(64)
            .value(name)
            .error(problem)
    });
    let description = Field::new(FieldKind::LongText, "description", "What it is, in a sentence or two")
        .optional()
        .max_length(1_000)
        .value(&form.description);
    std::iter::once(title).chain(name).chain(std::iter::once(description)).collect()
}

/// What both kinds of forms hold.
struct Values {
    title: String,
    description: String,
}

impl Values {
    fn of(form: &Form) -> Self {
        Self {
            title: form.text("title").to_owned(),
            description: form.text("description").chars().take(1_000).collect(),
        }
    }
}

/// Says what is wrong with the name of something new.
async fn name_problem(read: &mut Read, kind: Kind, name: &str) -> Result<Option<String>> {
    if name.is_empty() || name.len() > 64 || habeas_core::flow::slug(name, "") != name || name == "new" {
        return Ok(Some("Use at most 64 small letters, digits, '_' and '-'".to_owned()));
    }
    let known = definition::read(read, kind, name).await?;
    Ok(known.map(|_| format!("There is one of this name: {}", kind.as_str())))
}

/// Returns a page with what all pages here have in common.
fn page(heading: String, action: String) -> EditForm {
    EditForm {
        heading,
        crumbs: vec![("Regulations and activities".to_owned(), "/console/activities".to_owned())],
        lead: None,
        problems: Vec::new(),
        action,
        hidden: Vec::new(),
        groups: Vec::new(),
        submit: None,
        acts: Vec::new(),
        leave_href: "/console/activities".to_owned(),
        links: Vec::new(),
        reads_file: false,
    }
}
