//! A question to the person, and the field for their answer.

use crate::page::part::{Explained, Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};
use crate::text::Day;

/// The page; posts `number` and `text` to `/my/answer`.
#[derive(Clone)]
pub struct AnswerQuestion {
    /// The request's reference.
    pub reference: String,
    /// What was asked for.
    pub title: String,
    /// The question's number.
    pub number: u32,
    /// The question.
    pub question: String,
    /// Until when we ask for an answer.
    pub by: Day,
    /// What the question does to the time for our reply, a sentence each.
    pub effects: Vec<String>,
    /// The date as it stands; none while it waits.
    pub due: Option<Explained>,
    /// Whether it can be answered here; a fee is paid elsewhere.
    pub can_answer: bool,
    /// What stood in the field.
    pub text: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

impl AnswerQuestion {
    fn field(&self) -> Field {
        Field::new(FieldKind::LongText, "text", "Your answer")
            .hint("As much as you like to say. You need not send a copy of an identity document.")
            .max_length(5_000)
            .value(self.text.clone())
            .error(self.error.clone())
    }
}

impl Page for AnswerQuestion {
    fn title(&self) -> String {
        "Answer our question".to_owned()
    }

    view!(AnswerQuestion, "portal/answer.html");

    fn errors(&self) -> Vec<FieldError> {
        if self.can_answer { errors_of([&self.field()]) } else { Vec::new() }
    }

    fn samples() -> Vec<Self> {
        let typical = Self {
            reference: "HB-7K3M-9QXD".to_owned(),
            title: "Get a copy of my data".to_owned(),
            number: 1,
            question: "You ordered under two addresses. Which years do you want the orders of?".to_owned(),
            by: sample::due_on(),
            effects: vec![
                "The time for our reply stands still until you have answered (Art. 12A(6)).".to_owned(),
            ],
            due: None,
            can_answer: true,
            text: String::new(),
            error: None,
        };
        let fee = Self {
            can_answer: false,
            effects: vec!["The time for our reply begins when the fee is paid.".to_owned()],
            due: Some(sample::explained()),
            ..typical.clone()
        };
        let hostile = Self {
            title: sample::hostile(),
            question: sample::hostile(),
            effects: vec![sample::hostile()],
            text: sample::hostile(),
            error: Some("Write something before you send it".to_owned()),
            ..typical.clone()
        };
        vec![typical, fee, hostile]
    }
}
