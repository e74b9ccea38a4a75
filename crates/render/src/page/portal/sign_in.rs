//! Back to a request: reference and e-mail address, then a code. Known and unknown read the same.

use crate::page::part::{Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};

/// The page that asks for both; posts to `/sign-in`.
#[derive(Clone, Default)]
pub struct SignIn {
    /// The reference as entered.
    pub reference: String,
    /// What is wrong with it.
    pub reference_error: Option<String>,
    /// The address as entered.
    pub email: String,
    /// What is wrong with it.
    pub email_error: Option<String>,
}

impl SignIn {
    fn fields(&self) -> [Field; 2] {
        [
            Field::new(FieldKind::Text, "reference", "Your reference")
                .hint("It stands in our e-mail and looks like HB-7K3M-9QXD.")
                .max_length(20)
                .value(self.reference.clone())
                .error(self.reference_error.clone()),
            Field::new(FieldKind::Email, "email", "Your e-mail address")
                .autocomplete("email")
                .max_length(254)
                .value(self.email.clone())
                .error(self.email_error.clone()),
        ]
    }
}

impl Page for SignIn {
    fn title(&self) -> String {
        "See your request".to_owned()
    }

    view!(SignIn, "portal/sign_in.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn samples() -> Vec<Self> {
        let hostile = Self {
            reference: sample::hostile(),
            reference_error: Some(sample::hostile()),
            email: sample::hostile(),
            email_error: Some("Enter an e-mail address like name@example.org".to_owned()),
        };
        vec![Self::default(), hostile]
    }
}
