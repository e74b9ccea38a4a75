//! Codes, and the reminder that one waits.

use super::block::Block;
use super::{About, Draft, House};
use crate::text;
use crate::text::Day;

/// What a code is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CodePurpose {
    /// To prove who asks.
    Identity,
    /// To see the request again.
    SignIn,
}

/// A code.
#[derive(Clone)]
pub struct Code {
    /// The request.
    pub about: About,
    /// The code.
    pub code: String,
    /// How long it is valid.
    pub minutes: u32,
    /// What it is for.
    pub purpose: CodePurpose,
}

impl Code {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let (subject, reason, label, path) = match self.purpose {
            CodePurpose::Identity => (
                "Your code for request",
                "You have sent us a request. This code shows that the address is yours:",
                "Enter the code",
                "/verify",
            ),
            CodePurpose::SignIn => (
                "Your sign-in code for request",
                "With this code you see your request and our messages and files in it:",
                "Enter the code",
                "/sign-in/code",
            ),
        };
        let valid = text::count(self.minutes, "minute", "minutes");
        Draft {
            subject: format!("{subject} {}", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks: vec![
                Block::text(reason),
                Block::Code(self.code.clone()),
                Block::text(format!(
                    "It is valid for {valid} and can be used once. Your reference is {}.",
                    self.about.reference
                )),
                Block::link(label, format!("{}{path}", house.portal_url)),
                Block::text(
                    "We never ask for this code by phone or mail. Was it not you? Then do nothing; without the code nobody sees anything.",
                ),
            ],
        }
    }
}

/// The code was not entered yet.
#[derive(Clone)]
pub struct CodeReminder {
    /// The request.
    pub about: About,
    /// Until when we wait before a person decides.
    pub until: Day,
}

impl CodeReminder {
    pub(super) fn draft(&self, house: &House) -> Draft {
        Draft {
            subject: format!("We wait for your code: {}", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks: vec![
                Block::text(format!(
                    "We can't begin with your request {} before we know that it is you. Please have a new code sent and enter it by {}.",
                    self.about.reference, self.until
                )),
                Block::link("Have a code sent", format!("{}/sign-in", house.portal_url)),
                Block::text(
                    "If you can't get at this mailbox or the code does not work, answer this mail; we find another way.",
                ),
            ],
        }
    }
}
