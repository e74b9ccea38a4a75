//! The form of a request: which fields it has, and what a right answer to each is.
//!
//! The one place where what people type is checked. Everything wrong is told at once, in words that say
//! how to put it right; nothing is kept of a form that isn't right as a whole.

use std::collections::BTreeMap;

use habeas_core::definition::{Catalog, FormField, contact_label};
use habeas_core::flow::{self, Flow, Kind};
use habeas_core::list::List;
use habeas_core::request::{Subject, normal_email};
use habeas_render::page::part::{Choice, Field, FieldKind, Group, about_you};
use habeas_render::text::{country, state};
use jiff::civil::Date;

use crate::form::Form;

/// What stands in the fields, by name.
pub(crate) type Answers = BTreeMap<String, String>;

/// A form in which everything is right.
pub(crate) struct Entry {
    /// Who asks, and what for.
    pub(crate) subject: Subject,
    /// The language of pages, mails and reply.
    pub(crate) language: String,
}

/// What a field takes.
#[derive(Clone, Copy)]
enum Takes<'a> {
    Line(usize),
    Text(usize),
    Email,
    Phone,
    Number,
    Date,
    DateRange,
    Country,
    State,
    OneOf(&'static [&'static str]),
    Listed(&'a List),
}

struct Question<'a> {
    name: String,
    label: String,
    is_required: bool,
    takes: Takes<'a>,
}

/// What a form is made from: the flow that asks, and the lists its choices come from.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The flow.
    pub(crate) flow: &'a Flow,
    /// The definitions.
    pub(crate) catalog: &'a Catalog,
    /// The fields beside those of the flow.
    pub(crate) fields: &'a [FormField],
}

impl<'a> Asked<'a> {
    fn list(self, field: &flow::Field) -> Option<&'a List> {
        field.list.as_ref().and_then(|name| self.catalog.list(name))
    }
}

const YES_NO: &[&str] = &["yes", "no"];

fn questions(asked: Asked<'_>) -> Vec<Question<'_>> {
    let ask = |name: &str, label: &str, is_required, takes| Question {
        name: name.to_owned(),
        label: label.to_owned(),
        is_required,
        takes,
    };
    let standard = [
        ask("given_name", "your given name", true, Takes::Line(100)),
        ask("family_name", "your family name", false, Takes::Line(100)),
        ask("email", "your e-mail address", true, Takes::Email),
        ask("phone", "your phone number", false, Takes::Phone),
        ask("country", "the country you live in", true, Takes::Country),
        ask("state", "the state you live in", true, Takes::State),
        ask("relation", "who you are to us", true, Takes::OneOf(&["customer", "employee", "other"])),
        ask("description", "what we should know", false, Takes::Text(5_000)),
        ask("language", "the language of the reply", true, Takes::OneOf(&["en"])),
    ];
    let is_asked = |name: &str| asked.fields.iter().any(|field| field.as_str() == name);
    let mut all: Vec<Question<'_>> =
        standard.into_iter().filter(|question| is_asked(&question.name)).collect();
    for (name, field) in own_fields(asked.flow) {
        let takes = match field.kind {
            Kind::Email => Takes::Email,
            Kind::Phone => Takes::Phone,
            Kind::Number => Takes::Number,
            Kind::Date => Takes::Date,
            Kind::YesNo => Takes::OneOf(YES_NO),
            Kind::DateRange => Takes::DateRange,
            Kind::Country => Takes::Country,
            Kind::LongText | Kind::Identifiers => Takes::Text(5_000),
            Kind::Choice => asked.list(field).map_or(Takes::Line(200), Takes::Listed),
            Kind::Text | Kind::File | Kind::Records | Kind::Decisions | Kind::Package | Kind::Correction => {
                Takes::Line(200)
            }
        };
        let label = format!("“{}”", field.label);
        all.push(Question { name, label, is_required: field.is_required, takes });
    }
    all
}

/// Returns the fields the flow asks for beyond those every request has, each with its name in the form.
fn own_fields(flow: &Flow) -> Vec<(String, &flow::Field)> {
    let numbered = flow.form_fields().into_iter().enumerate();
    numbered.map(|(place, field)| (format!("answer_{place}"), field)).collect()
}

/// Returns what was sent, by the names of the fields the form has; anything else that was sent is ignored.
pub(crate) fn answers(asked: Asked<'_>, form: &Form) -> Answers {
    let questions = questions(asked);
    form.pick(questions.iter().map(|question| question.name.as_str()))
}

/// The fields every form has, whatever the flow asks.
pub(crate) const COMMON: [&str; 9] = [
    "given_name",
    "family_name",
    "email",
    "phone",
    "country",
    "state",
    "relation",
    "description",
    "language",
];

/// Returns the fields every form has, unless its activity says otherwise.
pub(crate) fn common_groups(answers: &Answers, wrong: &BTreeMap<String, String>) -> Vec<Group> {
    standard_groups(&FormField::USUAL, answers, wrong)
}

fn standard_groups(fields: &[FormField], answers: &Answers, wrong: &BTreeMap<String, String>) -> Vec<Group> {
    let mut groups = about_you(answers, wrong, vec![Choice::new("en", "English")]);
    for group in &mut groups {
        group.fields.retain(|field| fields.iter().any(|asked| asked.as_str() == field.name));
    }
    groups.retain(|group| !group.fields.is_empty());
    groups
}

/// Returns the answers a fresh form starts with.
pub(crate) fn defaults() -> Answers {
    [("language".to_owned(), "en".to_owned())].into()
}

/// Checks the answers.
///
/// # Errors
/// What is wrong, by field.
pub(crate) fn read(asked: Asked<'_>, answers: &Answers) -> Result<Entry, BTreeMap<String, String>> {
    let of = |name: &str| answers.get(name).map(String::as_str).unwrap_or_default();
    let wrong: BTreeMap<String, String> = questions(asked)
        .into_iter()
        .filter_map(|question| problem(&question, of(&question.name)).map(|text| (question.name, text)))
        .collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let some = |name: &str| Some(of(name).to_owned()).filter(|text| !text.is_empty());
    let own =
        own_fields(asked.flow).into_iter().map(|(name, field)| (field.label.clone(), of(&name).to_owned()));
    let subject = Subject {
        given_name: of("given_name").to_owned(),
        family_name: of("family_name").to_owned(),
        email: normal_email(&contact(asked, answers)),
        phone: some("phone"),
        country: residence(some("country"), some("state")),
        relation: some("relation"),
        description: some("description"),
        answers: own.collect(),
        agent: None,
    };
    let language = some("language").unwrap_or_else(|| "en".to_owned());
    Ok(Entry { subject, language })
}

/// Returns the address the person is answered at: the form's own field, or the one the flow asks for.
fn contact(asked: Asked<'_>, answers: &Answers) -> String {
    let own = contact_label(asked.flow).and_then(|label| {
        own_fields(asked.flow).into_iter().find(|(_, field)| field.label == label).map(|(name, _)| name)
    });
    let name = if asked.fields.contains(&FormField::Email) { Some("email".to_owned()) } else { own };
    name.and_then(|name| answers.get(&name).cloned()).unwrap_or_default()
}

/// Returns where the person lives, as laws are matched by: a state only counts within its country.
fn residence(country: Option<String>, state: Option<String>) -> Option<String> {
    match (country.as_deref(), state) {
        (None | Some("US"), Some(state)) => Some(format!("US-{state}")),
        (_, _) => country,
    }
}

fn problem(question: &Question<'_>, answer: &str) -> Option<String> {
    let label = &question.label;
    if answer.is_empty() {
        let verb =
            if matches!(question.takes, Takes::OneOf(_) | Takes::Country | Takes::State | Takes::Listed(_)) {
                "Choose"
            } else {
                "Enter"
            };
        return question.is_required.then(|| format!("{verb} {label}"));
    }
    let too_long = |most: usize| {
        (answer.chars().count() > most).then(|| format!("Shorten {label} to at most {most} characters"))
    };
    match question.takes {
        Takes::Line(most) => too_long(most).or_else(|| {
            let is_plain = answer.chars().all(|c| !is_unseen(c) && !matches!(c, '<' | '>'));
            (!is_plain).then(|| format!("Enter {label} on one line, without < and > and unseen characters"))
        }),
        Takes::Text(most) => too_long(most).or_else(|| {
            let is_plain = answer.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control());
            (!is_plain).then(|| format!("Enter {label} as plain text, without unseen characters"))
        }),
        Takes::Email => {
            (!is_email(answer)).then(|| "Enter an e-mail address like name@example.org".to_owned())
        }
        Takes::Phone => (!is_phone(answer))
            .then(|| "Enter a phone number with digits and + - ( ) only, like +44 117 496 0000".to_owned()),
        Takes::Number => {
            let is_number = answer.len() <= 30 && answer.parse::<f64>().is_ok_and(f64::is_finite);
            (!is_number).then(|| format!("Enter {label} as a number"))
        }
        Takes::DateRange => {
            let date = |text: &str| text.parse::<Date>().ok();
            let is_range = answer.split_once('/').is_some_and(
                |(from, to)| matches!((date(from), date(to)), (Some(from), Some(to)) if from <= to),
            );
            (!is_range).then(|| format!("Enter {label} as two dates, like 2026-01-01/2026-03-31"))
        }
        Takes::Date => answer.parse::<Date>().is_err().then(|| format!("Enter {label} as a date")),
        Takes::Country => (!country::ALL.iter().any(|(code, _)| *code == answer))
            .then(|| format!("Choose {label} from the list")),
        Takes::State => (!state::ALL.iter().any(|(code, _)| *code == answer))
            .then(|| format!("Choose {label} from the list")),
        Takes::Listed(list) => (!list.choices().any(|entry| entry.key == answer))
            .then(|| format!("Choose {label} from the list")),
        Takes::OneOf(known) => (!known.contains(&answer)).then(|| format!("Choose {label} from the list")),
    }
}

/// Line breaks and other controls, and what turns the direction of the text around it.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A plain address: no comments, no quotes, no display name; what no mail header can be broken with.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let is_atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let dots = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && dots
        && local.chars().all(is_atom)
        && host.contains('.')
        && host.split('.').all(is_label)
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (5..=20).contains(&digits)
        && text.chars().count() <= 40
        && text.chars().all(|c| c.is_ascii_digit() || "+-() ./".contains(c))
}

/// Returns the fields with what stands in them and what is wrong.
pub(crate) fn groups(form: Asked<'_>, answers: &Answers, wrong: &BTreeMap<String, String>) -> Vec<Group> {
    let mut groups = standard_groups(form.fields, answers, wrong);
    let own = own_fields(form.flow).into_iter().map(|(name, asked)| {
        let control = match asked.kind {
            Kind::LongText | Kind::Identifiers => FieldKind::LongText,
            Kind::Country | Kind::Choice => FieldKind::Select,
            Kind::Email => FieldKind::Email,
            Kind::Phone => FieldKind::Phone,
            Kind::Number => FieldKind::Number,
            Kind::Date => FieldKind::Date,
            Kind::YesNo => FieldKind::Radios,
            Kind::Text
            | Kind::DateRange
            | Kind::File
            | Kind::Records
            | Kind::Decisions
            | Kind::Package
            | Kind::Correction => FieldKind::Text,
        };
        let mut field = Field::new(control, &name, &asked.label).error(wrong.get(&name).cloned());
        match asked.kind {
            Kind::YesNo => {
                field = field.options(vec![Choice::new("yes", "Yes"), Choice::new("no", "No")]);
            }
            Kind::Country => {
                let all = country::ALL.iter().map(|(code, name)| Choice::new(*code, *name));
                field = field.options(all.collect());
            }
            Kind::Choice => {
                let entries = form.list(asked).into_iter().flat_map(List::choices);
                field = field.options(entries.map(|entry| Choice::new(&entry.key, &entry.value)).collect());
            }
            Kind::DateRange => field = field.hint("Two dates, like 2026-01-01/2026-03-31".to_owned()),
            Kind::Identifiers => field = field.hint("One a line".to_owned()),
            _ => {}
        }
        if !asked.is_required {
            field = field.optional();
        }
        field.value(answers.get(&name).cloned().unwrap_or_default())
    });
    let fields: Vec<Field> = own.collect();
    if !fields.is_empty() {
        groups.insert(
            1.min(groups.len()),
            Group { title: "About your request".to_owned(), hint: None, fields },
        );
    }
    groups
}

#[cfg(test)]
mod tests;
