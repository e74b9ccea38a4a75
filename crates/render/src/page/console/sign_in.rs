//! The console's door: e-mail address and password, then the code of the second factor.

use crate::page::part::{Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};

/// Address and password; posts to `/console/sign-in`. Unknown, wrong and locked read the same.
#[derive(Clone, Default)]
pub struct SignIn {
    /// The address as entered.
    pub email: String,
    /// What went wrong.
    pub error: Option<String>,
}

impl SignIn {
    fn fields(&self) -> [Field; 2] {
        [
            Field::new(FieldKind::Email, "email", "E-mail address")
                .autocomplete("username")
                .max_length(254)
                .value(self.email.clone())
                .error(self.error.clone()),
            Field::new(FieldKind::Password, "password", "Password").max_length(200),
        ]
    }
}

impl Page for SignIn {
    fn title(&self) -> String {
        "Sign in".to_owned()
    }

    view!(SignIn, "console/sign_in.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn samples() -> Vec<Self> {
        let wrong = Self {
            email: "grace@northwind.example".to_owned(),
            error: Some("Address or password is not right, or there were too many attempts".to_owned()),
        };
        vec![Self::default(), wrong, Self { email: sample::hostile(), error: Some(sample::hostile()) }]
    }
}

/// The second factor; posts to `/console/sign-in/code`.
#[derive(Clone, Default)]
pub struct SignInCode {
    /// What went wrong.
    pub error: Option<String>,
}

impl SignInCode {
    fn field(&self) -> Field {
        Field::new(FieldKind::Code, "code", "Code from your authenticator app")
            .hint("Six digits that change every 30 seconds.")
            .max_length(12)
            .error(self.error.clone())
    }
}

impl Page for SignInCode {
    fn title(&self) -> String {
        "Enter the code".to_owned()
    }

    view!(SignInCode, "console/sign_in_code.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of([&self.field()])
    }

    fn samples() -> Vec<Self> {
        vec![Self::default(), Self { error: Some("That code is not right, or was used already".to_owned()) }]
    }
}
