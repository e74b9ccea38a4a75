//! Who was given the data and is told of what was done: each with their letter, and how telling them stands.

use super::Subject;
use crate::page::part::{Badge, Choice, Empty, Field, FieldError, FieldKind, Tone, errors_of};
use crate::page::{Page, Width, sample, view};

/// A recipient.
#[derive(Clone)]
pub struct RecipientRow {
    /// Which, from 1.
    pub number: u32,
    /// The name.
    pub name: String,
    /// What they have the data for, and where they are.
    pub purpose: String,
    /// How telling them stands.
    pub state: Badge,
    /// By whom and when.
    pub noted: Option<String>,
    /// What was said of it.
    pub note: String,
}

/// The page; posts `number`, `state` and `note` to `…/recipients`.
#[derive(Clone)]
pub struct Recipients {
    /// The request.
    pub subject: Subject,
    /// The recipients.
    pub rows: Vec<RecipientRow>,
    /// The fields of a note; empty where the reader may not write one.
    pub fields: Vec<Field>,
}

impl Recipients {
    fn empty() -> Empty {
        Empty {
            title: "Nobody to tell".to_owned(),
            text: "Recipients stand here once the flow lists them: those the register names for the data."
                .to_owned(),
            action: None,
        }
    }

    /// Returns the fields of a note.
    pub fn fields(recipients: Vec<Choice>, state: &str, note: &str) -> Vec<Field> {
        let states = [
            ("sent", "The letter went out", ""),
            ("answered", "They answered", ""),
            ("impossible", "They can't be told", "Say why."),
            ("disproportionate", "It would take a disproportionate effort", "Say why."),
        ];
        let states = states.into_iter().map(|(value, label, hint)| {
            let choice = Choice::new(value, label).selected(value == state);
            if hint.is_empty() { choice } else { choice.hint(hint) }
        });
        vec![
            Field::new(FieldKind::Select, "number", "Recipient").options(recipients),
            Field::new(FieldKind::Radios, "state", "How it stands").options(states.collect()),
            Field::new(FieldKind::LongText, "note", "Note or reason")
                .optional()
                .max_length(5_000)
                .value(note),
        ]
    }
}

impl Page for Recipients {
    fn title(&self) -> String {
        format!("Recipients {}", self.subject.reference)
    }

    view!(Recipients, "console/recipients.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields)
    }

    fn samples() -> Vec<Self> {
        let row = |number, name: &str, state| RecipientRow {
            number,
            name: name.to_owned(),
            purpose: "delivers what you ordered, United Kingdom".to_owned(),
            state,
            noted: Some("Grace Hopper, 20 Nov 2026".to_owned()),
            note: name.to_owned(),
        };
        let page = |words: &str| Self {
            subject: Subject::sample(words),
            rows: vec![
                row(1, words, Badge::new(Tone::Good, "Letter sent")),
                RecipientRow {
                    noted: None,
                    note: String::new(),
                    ..row(2, "Tidewater Hosting Ltd", Badge::new(Tone::Warn, "To be told"))
                },
            ],
            fields: Self::fields(
                vec![Choice::new("1", words), Choice::new("2", "Tidewater Hosting Ltd")],
                "sent",
                "",
            ),
        };
        let mut wrong = page(sample::HOSTILE);
        wrong.fields = wrong
            .fields
            .into_iter()
            .map(|field| field.error(Some("Say why they are not told".to_owned())))
            .collect();
        let empty = Self { rows: Vec::new(), fields: Vec::new(), ..page("Ada Lovelace") };
        vec![page("Brightway Couriers Ltd"), wrong, empty]
    }
}

/// A letter to a recipient, to be printed.
#[derive(Clone)]
pub struct RecipientLetter {
    /// The request.
    pub subject: Subject,
    /// Who writes.
    pub organisation: String,
    /// Where they are, a line each.
    pub address: String,
    /// The day.
    pub on: String,
    /// Whom it is to.
    pub to: String,
    /// The paragraphs.
    pub paragraphs: Vec<String>,
    /// What changed: name and right value.
    pub facts: Vec<(String, String)>,
    /// What the person says where they don't agree.
    pub statement: Option<String>,
}

impl Page for RecipientLetter {
    fn title(&self) -> String {
        format!("Letter {}", self.subject.reference)
    }

    view!(RecipientLetter, "console/recipient_letter.html");

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            subject: Subject::sample(words),
            organisation: "Larkspur Press".to_owned(),
            address: "3 Quay Lane\nBristol BS1 4AA".to_owned(),
            on: "Friday 20 November 2026".to_owned(),
            to: words.to_owned(),
            paragraphs: vec![
                "We gave you personal data of Ada Lovelace. They have been corrected (Article 19 UK GDPR)."
                    .to_owned(),
                "Please correct your copy, and tell whoever you passed it on to.".to_owned(),
            ],
            facts: vec![("City".to_owned(), words.to_owned())],
            statement: Some(words.to_owned()),
        };
        vec![page("Brightway Couriers Ltd"), page(sample::HOSTILE)]
    }
}
