//! A complaint to the organisation, beside the way to the authority.

use crate::page::part::{Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};

/// A supervisory authority as people can reach it.
#[derive(Clone)]
pub struct Authority {
    /// Its name.
    pub name: String,
    /// Its web site, starting with `https://`.
    pub url: String,
    /// Its phone number.
    pub phone: Option<String>,
}

impl Authority {
    /// Returns the authority of the samples.
    pub(crate) fn sample() -> Self {
        Self {
            name: "Information Commissioner's Office".to_owned(),
            url: "https://ico.org.uk/make-a-complaint/".to_owned(),
            phone: Some("0303 123 1113".to_owned()),
        }
    }
}

/// The page; posts `text` to `/my/complain`.
#[derive(Clone)]
pub struct Complain {
    /// The request's reference.
    pub reference: String,
    /// What stood in the field.
    pub text: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// By when a complaint is answered: "within 30 days".
    pub answered: String,
    /// Who else hears complaints.
    pub authority: Option<Authority>,
}

impl Complain {
    fn field(&self) -> Field {
        Field::new(FieldKind::LongText, "text", "What went wrong?")
            .hint("And what would put it right, if you know.")
            .max_length(5_000)
            .value(self.text.clone())
            .error(self.error.clone())
    }
}

impl Page for Complain {
    fn title(&self) -> String {
        "Complain to us".to_owned()
    }

    view!(Complain, "portal/complain.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of([&self.field()])
    }

    fn samples() -> Vec<Self> {
        let typical = Self {
            reference: "HB-7K3M-9QXD".to_owned(),
            text: String::new(),
            error: None,
            answered: "within 30 days".to_owned(),
            authority: Some(Authority::sample()),
        };
        let hostile = Self {
            text: sample::hostile(),
            error: Some(sample::hostile()),
            answered: sample::hostile(),
            authority: Some(Authority { name: sample::hostile(), ..Authority::sample() }),
            ..typical.clone()
        };
        vec![typical, hostile]
    }
}
