//! Proving who asks: the reference and the code from the mail. Wrong, late and unknown read the same.

use crate::page::part::{Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};

/// Why a code is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum VerifyPurpose {
    /// To begin with the request; posts to `/verify`.
    Identity,
    /// To see the request again; posts to `/sign-in/code`.
    SignIn,
}

/// Whether a new code can be had.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Resend {
    /// Now.
    Now,
    /// After a pause of so many seconds.
    After(u32),
    /// No more codes for this request for now.
    NoMore,
}

/// The page for the code.
#[derive(Clone)]
pub struct Verify {
    /// Why it is asked for.
    pub purpose: VerifyPurpose,
    /// Why this way was chosen: "Your data could harm you in other hands".
    pub why: String,
    /// Where the code went, masked.
    pub sent_to: Option<String>,
    /// The reference if it is known already; asked for otherwise.
    pub reference: Option<String>,
    /// What is wrong with the reference.
    pub reference_error: Option<String>,
    /// What is wrong with the code.
    pub code_error: Option<String>,
    /// Whether a new code can be had.
    pub resend: Resend,
    /// What to do who has no access to that mailbox.
    pub other_way: Option<String>,
}

impl Verify {
    fn reference_field(&self) -> Field {
        Field::new(FieldKind::Text, "reference", "Your reference")
            .hint("It stands in our e-mail and looks like HB-7K3M-9QXD.")
            .max_length(20)
            .error(self.reference_error.clone())
    }

    fn code_field(&self) -> Field {
        Field::new(FieldKind::Code, "code", "Code from the e-mail")
            .hint("Eight digits. You can paste it.")
            .max_length(12)
            .error(self.code_error.clone())
    }

    fn heading(&self) -> String {
        self.title()
    }

    fn action(&self) -> &'static str {
        match self.purpose {
            VerifyPurpose::Identity => "/verify",
            VerifyPurpose::SignIn => "/sign-in/code",
        }
    }

    fn resend_action(&self) -> &'static str {
        match self.purpose {
            VerifyPurpose::Identity => "/verify/resend",
            VerifyPurpose::SignIn => "/sign-in/resend",
        }
    }
}

impl Page for Verify {
    fn title(&self) -> String {
        match self.purpose {
            VerifyPurpose::Identity => "Show that it is you",
            VerifyPurpose::SignIn => "Enter the code",
        }
        .to_owned()
    }

    view!(Verify, "portal/verify.html");

    fn errors(&self) -> Vec<FieldError> {
        let mut fields = Vec::new();
        if self.reference.is_none() {
            fields.push(self.reference_field());
        }
        fields.push(self.code_field());
        errors_of(&fields)
    }

    fn samples() -> Vec<Self> {
        let typical = Self {
            purpose: VerifyPurpose::Identity,
            why: "A copy of your data must reach nobody but you. A code to the address we know is the least we can ask.".to_owned(),
            sent_to: Some("a…@lovelace.example".to_owned()),
            reference: Some("HB-7K3M-9QXD".to_owned()),
            reference_error: None,
            code_error: None,
            resend: Resend::After(60),
            other_way: Some("No access to that mailbox? Write to us or call us with your reference; we find another way.".to_owned()),
        };
        let wrong = Self {
            purpose: VerifyPurpose::SignIn,
            reference: None,
            code_error: Some(
                "That code is not right, or no longer valid. Check it, or have a new one sent".to_owned(),
            ),
            resend: Resend::Now,
            ..typical.clone()
        };
        let empty = Self {
            why: String::new(),
            sent_to: None,
            reference: None,
            resend: Resend::NoMore,
            other_way: None,
            ..typical.clone()
        };
        let hostile = Self {
            why: sample::hostile(),
            sent_to: Some(sample::hostile()),
            reference: Some(sample::hostile()),
            code_error: Some(sample::hostile()),
            other_way: Some(sample::hostile()),
            ..typical.clone()
        };
        vec![typical, wrong, empty, hostile]
    }
}
