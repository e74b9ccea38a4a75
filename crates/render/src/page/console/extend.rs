//! Taking more time, as far as the law lets us, with the reason the person is told.

use super::Subject;
use crate::page::part::{Choice, Explained, Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};
use crate::text::Day;

/// The page; posts `ground` and `explanation` to `…/extend`.
#[derive(Clone)]
pub struct Extend {
    /// The request.
    pub subject: Subject,
    /// The date as it stands.
    pub due: Explained,
    /// The date it moves to, and how it is computed.
    pub latest: Explained,
    /// The grounds the law knows: value and words with article.
    pub grounds: Vec<Choice>,
    /// What is wrong with the choice.
    pub ground_error: Option<String>,
    /// The new date as told to the person; none where the law says how much more time there is.
    pub until: Option<String>,
    /// What is wrong with it.
    pub until_error: Option<String>,
    /// The explanation to the person.
    pub explanation: String,
    /// What is wrong with it.
    pub explanation_error: Option<String>,
    /// Why it can't be extended; then there is no form.
    pub denied: Option<String>,
}

impl Extend {
    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::new(FieldKind::Radios, "ground", "Ground")
                .options(self.grounds.clone())
                .error(self.ground_error.clone()),
            Field::new(FieldKind::LongText, "explanation", "Explanation to the person")
                .hint("Why this request takes longer. The law demands a reason.")
                .max_length(5_000)
                .value(self.explanation.clone())
                .error(self.explanation_error.clone()),
        ];
        if let Some(until) = &self.until {
            let field = Field::new(FieldKind::Date, "until", "The new date")
                .hint("The law doesn't say how much more time there is: as much as you need, told to the person.")
                .value(until.clone())
                .error(self.until_error.clone());
            fields.insert(1, field);
        }
        fields
    }

    fn new_day(&self) -> Day {
        self.latest.on
    }
}

impl Page for Extend {
    fn title(&self) -> String {
        format!("Extend {}", self.subject.reference)
    }

    view!(Extend, "console/extend.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            subject: Subject::sample(words),
            due: sample::explained(),
            latest: Explained { on: Day(jiff::civil::date(2027, 2, 15)), ..sample::explained() },
            grounds: vec![
                Choice::new("complex", "The request is complex (Art. 12(3) UK GDPR)"),
                Choice::new("many", "The person made many requests (Art. 12(3) UK GDPR)"),
            ],
            ground_error: None,
            until: None,
            until_error: None,
            explanation: String::new(),
            explanation_error: None,
            denied: None,
        };
        let wrong = Self {
            ground_error: Some("Choose a ground".to_owned()),
            until: Some(sample::hostile()),
            until_error: Some("Say until when".to_owned()),
            explanation: sample::hostile(),
            ..page(sample::HOSTILE)
        };
        let denied =
            Self { denied: Some("It was extended once already.".to_owned()), ..page("Ada Lovelace") };
        vec![page("Ada Lovelace"), wrong, denied]
    }
}
