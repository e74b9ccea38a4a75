//! The time worked on a request and what it cost.

use super::Subject;
use crate::page::part::{Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, Width, sample, view};
use crate::text::Day;

/// An entry of time.
#[derive(Clone)]
pub struct HourRow {
    /// Its number on this request.
    pub number: u32,
    /// The day it was worked on.
    pub on: Day,
    /// Who worked.
    pub who: String,
    /// How long: "1 h 30 min".
    pub time: String,
    /// What it cost; none without a rate.
    pub cost: Option<String>,
    /// On what; may be empty.
    pub note: String,
    /// Whether it was struck out.
    pub is_struck: bool,
    /// Whether the reader may strike it out.
    pub can_strike: bool,
}

/// The page; posts `on`, `minutes` and `note`, or `strike`, to `…/hours`.
#[derive(Clone)]
pub struct Hours {
    /// The request.
    pub subject: Subject,
    /// The entries, newest first.
    pub rows: Vec<HourRow>,
    /// How long in all.
    pub total: String,
    /// What it cost in all.
    pub cost: Option<String>,
    /// The fields of a new entry; empty where the reader may not enter time.
    pub fields: Vec<Field>,
}

impl Hours {
    /// Returns the fields of a new entry.
    pub fn fields(on: &str, minutes: &str, note: &str) -> Vec<Field> {
        vec![
            Field::new(FieldKind::Date, "on", "Day").value(on),
            Field::new(FieldKind::Number, "minutes", "Minutes")
                .hint("An hour and a half is 90.")
                .value(minutes),
            Field::new(FieldKind::Text, "note", "On what")
                .hint("Name no other people here.")
                .optional()
                .max_length(500)
                .value(note),
        ]
    }
}

impl Page for Hours {
    fn title(&self) -> String {
        format!("Time worked on {}", self.subject.reference)
    }

    view!(Hours, "console/hours.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields)
    }

    fn samples() -> Vec<Self> {
        let row = |number, words: &str, is_struck| HourRow {
            number,
            on: sample::due_on(),
            who: "Grace Hopper".to_owned(),
            time: "1 h 30 min".to_owned(),
            cost: Some("127.50 GBP".to_owned()),
            note: words.to_owned(),
            is_struck,
            can_strike: !is_struck,
        };
        let page = |words: &str| Self {
            subject: Subject::sample(words),
            rows: vec![row(2, words, false), row(1, "Entered twice", true)],
            total: "1 h 30 min".to_owned(),
            cost: Some("127.50 GBP".to_owned()),
            fields: Self::fields("2026-11-14", "", ""),
        };
        let empty = Self { rows: Vec::new(), total: "0 min".to_owned(), cost: None, ..page("Ada Lovelace") };
        let mut wrong = page(sample::HOSTILE);
        wrong.fields = wrong
            .fields
            .into_iter()
            .map(|field| field.error(Some("Enter a number of minutes".to_owned())))
            .collect();
        vec![page("Ada Lovelace"), empty, wrong]
    }
}
