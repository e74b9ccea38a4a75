//! First sign-in by a one-time link: a password and the second factor, on one page.

use crate::page::part::{Field, FieldError, FieldKind, errors_of, qr_svg};
use crate::page::{Page, Width, sample, view};
use crate::text::Html;

/// The page; posts to `/console/welcome`.
#[derive(Clone)]
pub struct Welcome {
    /// Whose account it is.
    pub name: String,
    /// Their address.
    pub email: String,
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
    fn password_fields(&self) -> [Field; 2] {
        [
            Field::new(FieldKind::NewPassword, "password", "New password")
                .hint(format!("At least {} characters. Three or four words are good; rules about digits are not needed.", self.min_length))
                .max_length(200)
                .error(self.password_error.clone()),
            Field::new(FieldKind::NewPassword, "password_again", "New password again").max_length(200),
        ]
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
        let mut fields: Vec<Field> = self.password_fields().into();
        fields.push(self.code_field());
        errors_of(&fields)
    }

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let typical = Self {
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
        vec![typical, hostile]
    }
}
