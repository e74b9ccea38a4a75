//! What is corrected: each field before and after, what is left for people, and how far it is.

use super::Subject;
use crate::page::part::{Empty, Facts, Row};
use crate::page::{Page, Width, sample, view};

/// A field that changes.
#[derive(Clone)]
pub struct ChangedField {
    /// The system.
    pub source: String,
    /// What the rows are.
    pub collection: String,
    /// The field, as people call it.
    pub field: String,
    /// Whether it is made from others.
    pub is_derived: bool,
    /// What it is; none where the reader may not see it.
    pub before: Option<String>,
    /// What it becomes.
    pub after: Option<String>,
}

/// Something people must do.
#[derive(Clone)]
pub struct OpenChange {
    /// Where.
    pub place: String,
    /// Why.
    pub reason: String,
}

/// The page.
#[derive(Clone)]
pub struct Correction {
    /// The request.
    pub subject: Subject,
    /// How it stands, in a sentence.
    pub state: String,
    /// When it was planned, what names the plan, when it was done.
    pub facts: Facts,
    /// What changes.
    pub changes: Vec<ChangedField>,
    /// How many more there are than are shown.
    pub more: u64,
    /// What is left for people.
    pub open: Vec<OpenChange>,
    /// What stays as it is, since it was found right.
    pub disputed: Vec<String>,
}

impl Correction {
    fn empty() -> Empty {
        Empty {
            title: "No field changes".to_owned(),
            text: "A plan lists here each field that differs from what was asked for, before and after."
                .to_owned(),
            action: None,
        }
    }
}

impl Page for Correction {
    fn title(&self) -> String {
        format!("Corrections {}", self.subject.reference)
    }

    view!(Correction, "console/correction.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let change = |field: &str, before: &str, after: &str, is_derived| ChangedField {
            source: "Odoo".to_owned(),
            collection: "Contacts".to_owned(),
            field: field.to_owned(),
            is_derived,
            before: Some(before.to_owned()),
            after: Some(after.to_owned()),
        };
        let page = |words: &str| Self {
            subject: Subject::sample(words),
            state: "Planned: it waits for a second person's approval.".to_owned(),
            facts: Facts {
                rows: vec![
                    Row::new("Planned", "Thursday 19 November 2026, 10:30"),
                    Row::new("Plan", "4f0c9d2e8a17"),
                ],
            },
            changes: vec![
                change("City", "Bath", words, false),
                change("Phone", "+44 117 496 0000", "+44 20 7946 0000", false),
                change("Phone sanitized", "+441174960000", "+442079460000", true),
            ],
            more: 0,
            open: vec![OpenChange {
                place: "Billing: Versions".to_owned(),
                reason: "object: it holds the old value".to_owned(),
            }],
            disputed: vec!["date of birth".to_owned()],
        };
        let mut masked = page("A… L…");
        for change in &mut masked.changes {
            (change.before, change.after) = (None, None);
        }
        let empty = Self {
            changes: Vec::new(),
            open: Vec::new(),
            disputed: Vec::new(),
            state: "Done: read back, and nothing had to be changed.".to_owned(),
            ..page("Ada Lovelace")
        };
        vec![page("Paris"), masked, empty, page(sample::HOSTILE)]
    }
}
