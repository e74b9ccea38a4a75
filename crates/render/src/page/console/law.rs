//! A law pack: what it grants, with articles and marks for counsel, and a date to try it with.

use super::{Cell, Table};
use crate::page::part::{Badge, Explained, Facts, Field, FieldError, Tone, errors_of};
use crate::page::{Page, Width, sample, view};

/// A date that was tried.
#[derive(Clone)]
pub struct TriedDate {
    /// The date with its steps; none where the law sets none.
    pub explained: Option<Explained>,
    /// What is to be said besides.
    pub said: Vec<String>,
}

/// The page.
#[derive(Clone)]
pub struct Law {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether it binds, how it was checked.
    pub badges: Vec<Badge>,
    /// Region, version, sources.
    pub facts: Facts,
    /// The fields to try a date with; sent by GET.
    pub fields: Vec<Field>,
    /// What was tried.
    pub tried: Option<TriedDate>,
    /// Where it is changed: a pack of the organisation's own.
    pub edit_href: Option<String>,
    /// Rights, periods, grounds, remedies and the rest.
    pub tables: Vec<Table>,
}

impl Page for Law {
    fn title(&self) -> String {
        self.name.clone()
    }

    view!(Law, "console/law.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields)
    }

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        use crate::page::part::{FieldKind, Row};
        let tables = |words: &str| {
            let mut page = super::Listing::samples().into_iter();
            let mut tables = page.next().map(|page| page.tables).unwrap_or_default();
            for table in &mut tables {
                table.lead = Some(words.to_owned());
            }
            tables
        };
        let page = |words: &str, error: Option<String>| Self {
            id: "uk-gdpr".to_owned(),
            name: words.to_owned(),
            badges: vec![
                Badge::new(Tone::Good, "In force"),
                Badge::new(Tone::Warn, "To be checked by counsel"),
            ],
            facts: Facts { rows: vec![Row::new("Where", words), Row::new("Version", "3")] },
            fields: vec![Field::new(FieldKind::Date, "received", "Received on").error(error)],
            tried: Some(TriedDate { explained: Some(sample::explained()), said: vec![words.to_owned()] }),
            edit_href: Some("/console/laws/our-promise/edit".to_owned()),
            tables: tables(words),
        };
        let untried =
            Self { tried: None, edit_href: None, ..page("UK GDPR", Some("Enter a date".to_owned())) };
        vec![page("UK GDPR", None), page(sample::HOSTILE, None), untried]
    }
}
