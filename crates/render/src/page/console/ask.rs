//! Asking the person something, with what the question does to the legal date; and writing down the answer.

use super::Subject;
use crate::page::part::{Choice, Explained, Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};
use crate::text::Day;

/// What a question about a matter would do to the date.
#[derive(Clone)]
pub struct Effect {
    /// The matter, as in the choice: "What the request is about".
    pub about: String,
    /// What it does while it is open: "The date waits for the answer (Art. 12A(6))".
    pub while_open: String,
    /// The date if it were asked today and answered on the last day; none where there is none.
    pub answered: Option<Day>,
}

/// A question that waits for an answer.
#[derive(Clone)]
pub struct OpenQuestion {
    /// Its number.
    pub number: u32,
    /// The matter.
    pub about: String,
    /// What was asked; none where the reader may not see it.
    pub text: Option<String>,
    /// When.
    pub asked_on: Day,
    /// Until when the person is asked to answer.
    pub answer_by: Day,
    /// Whether that day passed.
    pub is_overdue: bool,
}

/// The page; posts `about`, `text` and `basis` to `…/ask`, and `number`, `answer` and `answered_on` to `…/answer`.
#[derive(Clone)]
pub struct AskPerson {
    /// The request.
    pub subject: Subject,
    /// The date as it stands; none while the clock stands.
    pub due: Option<Explained>,
    /// Questions that wait for an answer.
    pub open: Vec<OpenQuestion>,
    /// What can be asked about.
    pub matters: Vec<Choice>,
    /// What is wrong with the choice.
    pub matter_error: Option<String>,
    /// What each would do.
    pub effects: Vec<Effect>,
    /// By when the person would be asked to answer.
    pub answer_by: Day,
    /// The question.
    pub text: String,
    /// What is wrong with it.
    pub text_error: Option<String>,
    /// Why it has to be asked.
    pub basis: String,
    /// What the law demands of a question, a line for each matter that moves the date.
    pub demands: Vec<String>,
    /// The answer being written down.
    pub answer: String,
    /// What is wrong with it.
    pub answer_error: Option<String>,
    /// The day it came in.
    pub answered_on: String,
    /// Why nothing can be asked; then there is no form.
    pub denied: Option<String>,
}

impl AskPerson {
    fn fields(&self) -> [Field; 3] {
        [
            Field::new(FieldKind::Radios, "about", "What do you have to know?")
                .options(self.matters.clone())
                .error(self.matter_error.clone()),
            Field::new(FieldKind::LongText, "text", "The question, as the person reads it")
                .hint("Ask only what you need, in plain words, and say why it helps.")
                .max_length(5_000)
                .value(self.text.clone())
                .error(self.text_error.clone()),
            Field::new(FieldKind::LongText, "basis", "Why it must be asked")
                .hint("Kept in the log. Without it the question goes out, but the date doesn't wait for it.")
                .max_length(5_000)
                .value(self.basis.clone())
                .optional(),
        ]
    }

    fn answer_fields(&self) -> [Field; 2] {
        [
            Field::new(FieldKind::LongText, "answer", "What they answered")
                .max_length(5_000)
                .value(self.answer.clone())
                .error(self.answer_error.clone()),
            Field::new(FieldKind::Date, "answered_on", "On which day")
                .hint("The day it came in, by whatever channel. Empty: today.")
                .value(self.answered_on.clone())
                .optional(),
        ]
    }
}

impl Page for AskPerson {
    fn title(&self) -> String {
        format!("Ask about {}", self.subject.reference)
    }

    view!(AskPerson, "console/ask.html");

    fn errors(&self) -> Vec<FieldError> {
        let mut errors = errors_of(&self.fields());
        errors.extend(errors_of(&self.answer_fields()));
        errors
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            subject: Subject::sample(words),
            due: Some(sample::explained()),
            open: Vec::new(),
            matters: vec![
                Choice::new("clarification", "What the request is about"),
                Choice::new("format", "The form they want the data in"),
            ],
            matter_error: None,
            effects: vec![
                Effect {
                    about: "What the request is about".to_owned(),
                    while_open: "The date waits for the answer (Art. 12A(6))".to_owned(),
                    answered: Some(sample::due_on()),
                },
                Effect {
                    about: "The form they want the data in".to_owned(),
                    while_open: "The date runs on".to_owned(),
                    answered: Some(sample::due_on()),
                },
            ],
            answer_by: sample::due_on(),
            text: String::new(),
            text_error: None,
            basis: String::new(),
            demands: vec!["What the request is about: reasonably needed to find the data".to_owned()],
            answer: String::new(),
            answer_error: None,
            answered_on: String::new(),
            denied: None,
        };
        let waiting = Self {
            due: None,
            open: vec![OpenQuestion {
                number: 1,
                about: sample::hostile(),
                text: Some(sample::hostile()),
                asked_on: sample::due_on(),
                answer_by: sample::due_on(),
                is_overdue: true,
            }],
            matter_error: Some("Choose what it is about".to_owned()),
            text: sample::hostile(),
            text_error: Some("Write the question".to_owned()),
            basis: sample::hostile(),
            demands: vec![sample::hostile()],
            answer: sample::hostile(),
            answer_error: Some("Write what they answered".to_owned()),
            ..page(sample::HOSTILE)
        };
        let denied = Self { denied: Some("The request is closed.".to_owned()), ..page("Ada Lovelace") };
        vec![page("Ada Lovelace"), waiting, denied]
    }
}
