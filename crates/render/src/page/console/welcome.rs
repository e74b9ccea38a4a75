//! First sign-in by a one-time link: a password and the second factor, on one page.

use crate::page::part::{Field, FieldError, FieldKind, Hidden, errors_of, qr_svg};
use crate::page::{Page, Width, sample, view};
use crate::text::Html;

/// The page; posts to `/console/welcome`.
#[derive(Clone)]
pub struct Welcome {
    /// The one-time token of the link, sent back with the form.
    pub token: String,
    /// Whether it is the first account, whose name and address are asked for.
    pub is_first: bool,
    /// Whose account it is, or what stood in the field.
    pub name: String,
    /// What is wrong with it.
    pub name_error: Option<String>,
    /// Their address, or what stood in the field.
    pub email: String,
    /// What is wrong with it.
    pub email_error: Option<String>,
    /// The `otpauth://` address for the QR code.
    pub otpauth_url: String,
    /// The same key for typing, in groups of four.
    pub key: String,
    /// The shortest password accepted.
    pub min_length: u32,
    /// What is wrong with the password.
    pub password_error: Option<String>,
    /// What is wrong with the code.
    pub code_error: Option<String>,
}

impl Welcome {
    fn who_fields(&self) -> Vec<Field> {
        if !self.is_first {
            return Vec::new();
        }
        vec![
            Field::new(FieldKind::Text, "name", "Your name")
                .autocomplete("name")
                .max_length(100)
                .value(self.name.clone())
                .error(self.name_error.clone()),
            Field::new(FieldKind::Email, "email", "Your e-mail address")
                .autocomplete("username")
                .max_length(254)
                .value(self.email.clone())
                .error(self.email_error.clone()),
        ]
    }

    fn password_fields(&self) -> [Field; 2] {
        [
            Field::new(FieldKind::NewPassword, "password", "New password")
                .hint(format!("At least {} characters. Three or four words are good; rules about digits are not needed.", self.min_length))
                .max_length(200)
                .error(self.password_error.clone()),
            Field::new(FieldKind::NewPassword, "password_again", "New password again").max_length(200),
        ]
    }

    fn token_field(&self) -> Hidden {
        Hidden::new("token", self.token.clone())
    }

    fn code_field(&self) -> Field {
        Field::new(FieldKind::Code, "code", "Code the app shows now")
            .max_length(12)
            .error(self.code_error.clone())
    }

    fn qr(&self) -> Html {
        qr_svg(&self.otpauth_url, "QR code for your authenticator app")
    }
}

impl Page for Welcome {
    fn title(&self) -> String {
        "Set up your access".to_owned()
    }

    view!(Welcome, "console/welcome.html");

    fn errors(&self) -> Vec<FieldError> {
        let mut fields = self.who_fields();
        fields.extend(self.password_fields());
        fields.push(self.code_field());
        errors_of(&fields)
    }

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let typical = Self {
            token: "0".repeat(64),
            is_first: false,
            name_error: None,
            email_error: None,
            name: "Grace Hopper".to_owned(),
            email: "grace@northwind.example".to_owned(),
            otpauth_url: "otpauth://totp/Northwind:grace@northwind.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Northwind".to_owned(),
            key: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP".to_owned(),
            min_length: 12,
            password_error: None,
            code_error: None,
        };
        let hostile = Self {
            name: sample::hostile(),
            email: sample::hostile(),
            otpauth_url: sample::hostile(),
            password_error: Some("The two passwords differ".to_owned()),
            code_error: Some("That code is not right".to_owned()),
            ..typical.clone()
        };
        let first = Self {
            is_first: true,
            name: String::new(),
            name_error: Some("Enter your name".to_owned()),
            email: sample::hostile(),
            email_error: Some("Enter an e-mail address like name@example.org".to_owned()),
            ..typical.clone()
        };
        vec![typical, first, hostile]
    }
}
