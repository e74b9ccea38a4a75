//! Messages between a person and staff, as one thread.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::text::{self, Moment};

/// Who wrote a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// The person.
    Subject,
    /// Staff.
    Staff,
    /// Staff to staff: never shown on the portal.
    Note,
}

/// A file sent with a message.
#[derive(Clone)]
pub struct MessageFile {
    /// Its name.
    pub name: String,
    /// Where it can be fetched.
    pub href: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A message.
#[derive(Clone, Template)]
#[template(path = "part/message.html")]
pub struct Message {
    /// Who wrote it.
    pub writer: Writer,
    /// The writer's name as the reader may see it: "You", "Privacy team", "Ada Lovelace".
    pub from: String,
    /// When.
    pub at: Moment,
    /// What.
    pub text: String,
    /// Files with it.
    pub files: Vec<MessageFile>,
}

impl Message {
    fn class(&self) -> &'static str {
        match self.writer {
            Writer::Subject => "subject",
            Writer::Staff => "staff",
            Writer::Note => "note",
        }
    }

    fn is_note(&self) -> bool {
        self.writer == Writer::Note
    }
}

impl HtmlSafe for Message {}
