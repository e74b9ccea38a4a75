//! Giving a task to somebody of its team.

use super::Subject;
use crate::page::part::{Choice, Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};

/// The page; posts `to` to `/console/tasks/{task}/hand-over`.
#[derive(Clone)]
pub struct HandOver {
    /// The request.
    pub subject: Subject,
    /// The task's id.
    pub task: String,
    /// Its name.
    pub name: String,
    /// Who can do it, and its whole team.
    pub people: Vec<Choice>,
    /// What is wrong with the choice.
    pub error: Option<String>,
}

impl HandOver {
    fn field(&self) -> Field {
        Field::new(FieldKind::Radios, "to", "Who does it")
            .options(self.people.clone())
            .error(self.error.clone())
    }
}

impl Page for HandOver {
    fn title(&self) -> String {
        format!("Give {} to somebody", self.name)
    }

    view!(HandOver, "console/hand_over.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of([&self.field()])
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, error: Option<&str>| Self {
            subject: Subject::sample(words),
            task: "HB-7K3M-9QXD.review.data".to_owned(),
            name: words.to_owned(),
            people: vec![
                Choice::new("u1", words).hint("Has it now").selected(true),
                Choice::new("u2", "Barbara Liskov").hint("Away until Friday 4 December 2026"),
                Choice::new("team", "Nobody: back to the whole team"),
            ],
            error: error.map(str::to_owned),
        };
        vec![page("Look through what was found", None), page(sample::HOSTILE, Some("Choose somebody"))]
    }
}
