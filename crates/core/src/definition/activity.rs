//! An activity: what a person may ask for, under which regulation, with which flow.

mod builtin;

use serde::{Deserialize, Serialize};

use crate::access::{self, RoleName};
use crate::flow::{Flow, Kind};
use crate::law::Right;
use crate::yaml::{self, Cursor, Problem, Problems};

pub use builtin::builtin;

/// What a person may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Its name in definitions and addresses.
    pub name: String,
    /// What the person sees as the kind of request.
    pub title: String,
    /// What it is, in a sentence or two.
    pub description: String,
    /// The entity it is asked of. A file may leave it out: it is then for whichever entity lists the
    /// regulation, and the catalog says which.
    pub entity: String,
    /// The right exercised.
    pub right: Right,
    /// The regulation it is under, where one is named.
    pub regulation: Option<String>,
    /// The law pack that computes its dates. A file may leave it out where it names a regulation.
    pub law: String,
    /// The flow that fulfils it.
    pub flow: String,
    /// Which version of it; none: the latest that is in force.
    pub flow_version: Option<u32>,
    /// The fields of the form beside those of the flow.
    pub fields: Vec<FormField>,
    /// What the organisation has set within what the law leaves open.
    pub targets: Targets,
    /// Whether it is offered.
    pub is_offered: bool,
}

/// What an organisation has set for a kind of request, fixed on the day of receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Targets {
    /// By how many days before the legal date it means to have answered.
    pub target_days: u16,
    /// How many days before the legal date staff are asked whether more time is needed; 0: never.
    pub propose_extension_days: u16,
    /// Who may prolong the legal date, where the law allows it.
    pub extension: ExtensionBy,
    /// Whether it is prolonged without a person once staff would be asked. Only where no law that binds wants a
    /// reason: else they are asked.
    #[serde(skip_serializing_if = "is_false")]
    pub extends_itself: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            target_days: 2,
            propose_extension_days: 7,
            extension: ExtensionBy::Anyone,
            extends_itself: false,
        }
    }
}

/// Who may prolong the legal date.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionBy {
    /// Whoever's roles grant it.
    #[default]
    Anyone,
    /// Only members of a role, if it grants it.
    Role(RoleName),
    /// Nobody: this kind of request is never extended.
    Nobody,
}

/// The fields a form may have beside those of its flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormField {
    /// The given name.
    GivenName,
    /// The family name.
    FamilyName,
    /// The e-mail address.
    Email,
    /// The telephone number.
    Phone,
    /// The country of residence.
    Country,
    /// The state of residence, where a country's law is its states'.
    State,
    /// Customer, employee or other.
    Relation,
    /// What the person writes about their wish.
    Description,
    /// The language of the reply.
    Language,
}

impl FormField {
    /// All of them, in the order of the form, by their names in files and forms.
    pub const ALL: [(&'static str, Self); 9] = [
        ("given_name", Self::GivenName),
        ("family_name", Self::FamilyName),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("country", Self::Country),
        ("state", Self::State),
        ("relation", Self::Relation),
        ("description", Self::Description),
        ("language", Self::Language),
    ];

    /// Those a form has where its activity names none.
    pub const USUAL: [Self; 8] = [
        Self::GivenName,
        Self::FamilyName,
        Self::Email,
        Self::Phone,
        Self::Country,
        Self::Relation,
        Self::Description,
        Self::Language,
    ];

    /// Returns the field's name in files and forms.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

impl Activity {
    /// Reads an activity file.
    ///
    /// # Errors
    /// Every mistake with file, line and path.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::new();
        let activity =
            yaml::parse(file, text, &problems).and_then(|document| read(&document.root(&problems)));
        match activity {
            Some(activity) if !problems.has_errors() => Ok(activity),
            Some(_) | None => Err(problems.into_vec()),
        }
    }

    /// Says whether the form asks a standard field.
    pub fn asks(&self, field: FormField) -> bool {
        self.fields.contains(&field)
    }

    /// Says whether the form asks where to reply to: the standard field, or a demanded one of the flow.
    pub fn asks_contact(&self, flow: &Flow) -> bool {
        self.asks(FormField::Email) || contact_label(flow).is_some()
    }
}

/// Returns the label of the flow's own field that says where to reply to.
pub fn contact_label(flow: &Flow) -> Option<&str> {
    let fields = flow.form_fields();
    fields.into_iter().find(|field| field.kind == Kind::Email && field.is_required).map(|field| &*field.label)
}

fn read(at: &Cursor<'_>) -> Option<Activity> {
    let mut map = at.mapping()?;
    let owned = |at: Cursor<'_>| at.name().map(str::to_owned);
    let name = map.require("activity").and_then(owned);
    let title = map.require("title").and_then(owned);
    let description = map.take("description").and_then(owned).unwrap_or_default();
    let entity = map.take("entity").and_then(owned);
    let right =
        map.require("right").and_then(|at| at.one_of(&Right::ALL.map(|right| (right.as_str(), right))));
    let regulation = map.take("regulation").and_then(owned);
    // Where no regulation is named the law must be, and without a regulation nobody could say whose it is.
    let law = if regulation.is_some() { map.take("law") } else { map.require("law") }.and_then(owned);
    if entity.is_none() && regulation.is_none() {
        at.report("name the entity it is asked of, or a regulation that entities list".to_owned());
    }
    let flow = map.require("flow").and_then(owned);
    let flow_version = map.take("flow_version").and_then(|at| read_version(&at)).flatten();
    let fields = map.take("fields").map(|at| read_fields(&at));
    let defaults = Targets::default();
    let mut days = |key: &'static str, default: u16, least: u16| match map.take(key) {
        None => default,
        Some(at) => {
            let given = at.count().and_then(|count| u16::try_from(count).ok());
            match given.filter(|count| (least..=60).contains(count)) {
                Some(count) => count,
                None => at.mismatch(&format!("a number of days between {least} and 60")).unwrap_or(default),
            }
        }
    };
    let target_days = days("target_days", defaults.target_days, 0);
    let propose_extension_days = days("propose_extension_days", defaults.propose_extension_days, 0);
    let (extension, extends_itself) = map.take("extension").map(|at| read_extension(&at)).unwrap_or_default();
    let is_offered = map.take("offered").and_then(|at| at.boolean()).unwrap_or(true);
    map.finish();
    Some(Activity {
        name: name?,
        title: title?,
        description,
        entity: entity.unwrap_or_default(),
        right: right?,
        regulation,
        law: law.unwrap_or_default(),
        flow: flow?,
        flow_version,
        fields: fields.unwrap_or_else(|| FormField::USUAL.to_vec()),
        targets: Targets { target_days, propose_extension_days, extension, extends_itself },
        is_offered,
    })
}

/// Reads `latest` or a number.
#[expect(clippy::option_option, reason = "none: it can't be read; some none: the latest")]
fn read_version(at: &Cursor<'_>) -> Option<Option<u32>> {
    if at.text() == Some("latest") {
        return Some(None);
    }
    let number = at.count().and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0);
    match number {
        Some(number) => Some(Some(number)),
        None => at.mismatch("'latest' or the number of a version"),
    }
}

fn read_fields(at: &Cursor<'_>) -> Vec<FormField> {
    let items = at.sequence().unwrap_or_default();
    let mut fields: Vec<FormField> = items.iter().filter_map(|at| at.one_of(&FormField::ALL)).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// Reads `extension: { allowed: true, by: ROLE, automatic: false }`.
fn read_extension(at: &Cursor<'_>) -> (ExtensionBy, bool) {
    let Some(mut map) = at.mapping() else { return Default::default() };
    let is_allowed = map.take("allowed").and_then(|at| at.boolean()).unwrap_or(true);
    let by = map.take("by").and_then(|at| access::read_name(&at));
    let is_automatic = map.take("automatic").and_then(|at| at.boolean()).unwrap_or(false);
    map.finish();
    match by {
        _ if !is_allowed => (ExtensionBy::Nobody, false),
        Some(role) => (ExtensionBy::Role(role), is_automatic),
        None => (ExtensionBy::Anyone, is_automatic),
    }
}

#[cfg(test)]
mod tests;
