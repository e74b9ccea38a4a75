//! Giving a request to somebody.

use super::Subject;
use crate::page::part::{Choice, Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};

/// The page; posts `owner` to `…/assign`.
#[derive(Clone)]
pub struct Assign {
    /// The request.
    pub subject: Subject,
    /// Who can own it; with how many requests each has, as a hint.
    pub people: Vec<Choice>,
    /// What is wrong with the choice.
    pub error: Option<String>,
}

impl Assign {
    fn field(&self) -> Field {
        Field::new(FieldKind::Radios, "owner", "Owner").options(self.people.clone()).error(self.error.clone())
    }
}

impl Page for Assign {
    fn title(&self) -> String {
        format!("Assign {}", self.subject.reference)
    }

    view!(Assign, "console/assign.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of([&self.field()])
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, error: Option<&str>| Self {
            subject: Subject::sample(words),
            people: vec![
                Choice::new("u1", "Grace Hopper").hint("9 open requests").selected(true),
                Choice::new("u2", "Barbara Liskov").hint("4 open requests"),
            ],
            error: error.map(str::to_owned),
        };
        vec![page("Ada Lovelace", None), page(sample::HOSTILE, Some("Choose somebody"))]
    }
}
