//! Closing a request: proposed where identity was never proven, or done by a person for another reason.

use super::Subject;
use crate::page::part::{Choice, Field, FieldError, FieldKind, Timeline, errors_of};
use crate::page::{Page, sample, view};

/// Why closing is on the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CloseCause {
    /// The code was never entered, reminders included: proposed by the flow, decided by a person.
    VerificationExpired,
    /// A person wants to close it.
    ByHand,
}

/// The page; posts `ground` and `explanation` to `…/close`.
#[derive(Clone)]
pub struct Close {
    /// The request.
    pub subject: Subject,
    /// Why.
    pub cause: CloseCause,
    /// What was tried: codes sent, reminders.
    pub tried: Timeline,
    /// The grounds: value and words.
    pub grounds: Vec<Choice>,
    /// What is wrong with the choice.
    pub ground_error: Option<String>,
    /// The explanation to the person.
    pub explanation: String,
    /// What is wrong with it.
    pub explanation_error: Option<String>,
    /// What the person is told they can do.
    pub remedies: Vec<String>,
}

impl Close {
    fn fields(&self) -> [Field; 2] {
        [
            Field::new(FieldKind::Radios, "ground", "Ground")
                .options(self.grounds.clone())
                .error(self.ground_error.clone()),
            Field::new(FieldKind::LongText, "explanation", "Explanation to the person")
                .max_length(5_000)
                .value(self.explanation.clone())
                .error(self.explanation_error.clone()),
        ]
    }

    fn is_proposal(&self) -> bool {
        self.cause == CloseCause::VerificationExpired
    }
}

impl Page for Close {
    fn title(&self) -> String {
        format!("Close {}", self.subject.reference)
    }

    view!(Close, "console/close.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            subject: Subject::sample(words),
            cause: CloseCause::VerificationExpired,
            tried: sample::timeline(words),
            grounds: vec![
                Choice::new("unverified", "Identity not proven (Art. 12(6) UK GDPR)")
                    .hint("There are reasonable doubts, and the person was asked in time."),
                Choice::new("unidentified", "The person can't be identified (Art. 11(2) UK GDPR)"),
            ],
            ground_error: None,
            explanation: String::new(),
            explanation_error: None,
            remedies: vec![
                "The person can ask again at any time.".to_owned(),
                "They can complain to us or to the authority.".to_owned(),
            ],
        };
        let by_hand = Self {
            cause: CloseCause::ByHand,
            tried: Timeline { entries: Vec::new() },
            explanation: sample::hostile(),
            explanation_error: Some("Explain it in a sentence or two".to_owned()),
            ..page(sample::HOSTILE)
        };
        vec![page("Ada Lovelace"), by_hand]
    }
}
