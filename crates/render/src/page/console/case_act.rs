//! An act on a request with fields, and what it does said before it is done: open again, take as another
//! kind, part, merge, spam.

use super::Subject;
use crate::page::part::{Choice, Facts, Field, FieldError, FieldKind, Row, errors_of};
use crate::page::{Page, sample, view};

/// The page; posts its fields to `…/{segment}`.
#[derive(Clone)]
pub struct CaseAct {
    /// The request.
    pub subject: Subject,
    /// What is done: "Open again".
    pub title: String,
    /// The last segment of its address.
    pub segment: &'static str,
    /// What it means, a paragraph each.
    pub intro: Vec<String>,
    /// How it stands now.
    pub facts: Facts,
    /// What is filled in.
    pub fields: Vec<Field>,
    /// What follows from it, a sentence each.
    pub consequences: Vec<String>,
    /// The button's words.
    pub button: String,
    /// Why it can't be done; then there is no form.
    pub denied: Option<String>,
}

impl Page for CaseAct {
    fn title(&self) -> String {
        format!("{} {}", self.title, self.subject.reference)
    }

    view!(CaseAct, "console/case_act.html");

    fn errors(&self) -> Vec<FieldError> {
        if self.denied.is_some() { Vec::new() } else { errors_of(&self.fields) }
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            subject: Subject::sample(words),
            title: "Handle as another kind".to_owned(),
            segment: "reclassify",
            intro: vec!["What was done so far stays in the log; the work begins anew.".to_owned()],
            facts: Facts {
                rows: vec![Row::new("Now", "Access, UK GDPR"), Row::new("Due", "Monday 14 December 2026")],
            },
            fields: vec![
                Field::new(FieldKind::Radios, "activity", "Handle it as").options(vec![
                    Choice::new("correction", "Correct my data")
                        .hint("UK GDPR: due on Monday 14 December 2026"),
                    Choice::new("deletion", words).hint("UK GDPR: due on Monday 14 December 2026"),
                ]),
                Field::new(FieldKind::LongText, "reason", "Reason, told to the person").max_length(5_000),
            ],
            consequences: vec![
                "The day of receipt stays, and the date is computed anew from it.".to_owned(),
                "The person is told at once.".to_owned(),
            ],
            button: "Handle it so, and tell the person".to_owned(),
            denied: None,
        };
        let mut wrong = page(sample::HOSTILE);
        wrong.fields = wrong
            .fields
            .into_iter()
            .map(|field| field.error(Some("Choose or write something".to_owned())))
            .collect();
        let denied = Self { denied: Some("The request is closed.".to_owned()), ..page("Ada Lovelace") };
        vec![page("Delete my data"), wrong, denied]
    }
}
