//! Refusing a request; a part of one is refused in the data review: a ground of the law, an explanation, and what the person can do about it.

use super::Subject;
use crate::page::part::{Choice, Field, FieldError, FieldKind, errors_of};
use crate::page::portal::Authority;
use crate::page::{Page, Width, sample, view};

/// The page; posts `ground` and `explanation` to `…/refuse`.
#[derive(Clone)]
pub struct Refuse {
    /// The request.
    pub subject: Subject,
    /// The grounds, each with its article.
    pub grounds: Vec<Choice>,
    /// What is wrong with the choice.
    pub ground_error: Option<String>,
    /// The explanation to the person.
    pub explanation: String,
    /// What is wrong with it.
    pub explanation_error: Option<String>,
    /// What the letter will say the person can do, a sentence each.
    pub remedies: Vec<String>,
    /// The authority the letter names.
    pub authority: Option<Authority>,
    /// What sending it sets going.
    pub consequence: String,
}

impl Refuse {
    fn fields(&self) -> [Field; 2] {
        [
            Field::new(FieldKind::Radios, "ground", "Ground")
                .options(self.grounds.clone())
                .error(self.ground_error.clone()),
            Field::new(FieldKind::LongText, "explanation", "Explanation to the person")
                .hint("In plain words, about this request. The letter adds the article and what they can do.")
                .max_length(5_000)
                .value(self.explanation.clone())
                .error(self.explanation_error.clone()),
        ]
    }
}

impl Page for Refuse {
    fn title(&self) -> String {
        format!("Refuse {}", self.subject.reference)
    }

    view!(Refuse, "console/refuse.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn samples() -> Vec<Self> {
        let ground = |id: &str, words: &str| Choice::new(id, words).selected(id == "excessive");
        let page = |words: &str| Self {
            subject: Subject::sample(words),
            grounds: vec![
                ground("excessive", "The request is manifestly unfounded or excessive (Art. 12(5))")
                    .hint("Say in the explanation: what shows it."),
                ground(
                    "third_parties",
                    "The data are also about another person who hasn't agreed (DPA 2018 Sch. 2 para. 16)",
                ),
                ground("privilege", "The data are subject to legal privilege (DPA 2018 Sch. 2 para. 19)"),
            ],
            ground_error: None,
            explanation: String::new(),
            explanation_error: None,
            remedies: vec![
                "You can complain to us.".to_owned(),
                "You can complain to the authority.".to_owned(),
                "You can go to court.".to_owned(),
            ],
            authority: Some(Authority::sample()),
            consequence: "The letter is sent now, in your name, and the request is closed as refused."
                .to_owned(),
        };
        let wrong = Self {
            ground_error: Some("Choose a ground".to_owned()),
            explanation: sample::hostile(),
            explanation_error: Some("Explain it in a few sentences".to_owned()),
            ..page(sample::HOSTILE)
        };
        vec![page("Ada Lovelace"), wrong]
    }
}
