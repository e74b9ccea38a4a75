//! Mails that left or wait, and one of them as the person gets it.

use crate::page::part::{Badge, Empty, Pagination, Tone};
use crate::page::{Page, Width, sample, view};
use crate::text::Moment;

/// One mail in the list.
#[derive(Clone)]
pub struct MailRow {
    /// Its id.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// Whom it is for; masked where the reader may not see it.
    pub to: String,
    /// When it was made.
    pub at: Moment,
    /// Whether it left: "Sent", "Waiting", "Failed".
    pub state: Badge,
    /// The request it belongs to.
    pub reference: Option<String>,
}

impl MailRow {
    fn sample(words: &str, state: Badge) -> Self {
        Self {
            id: "m1".to_owned(),
            subject: "Your request HB-7K3M-9QXD is in".to_owned(),
            to: words.to_owned(),
            at: sample::at(sample::received(), 10, 30),
            state,
            reference: Some("HB-7K3M-9QXD".to_owned()),
        }
    }
}

/// The list.
#[derive(Clone)]
pub struct Outbox {
    /// The mails, newest first.
    pub rows: Vec<MailRow>,
    /// Where in the list this page is.
    pub pagination: Option<Pagination>,
    /// A remark on where mails go: "Mails are not sent but kept here, since no mail server is set up".
    pub remark: Option<String>,
}

impl Outbox {
    fn empty() -> Empty {
        Empty {
            title: "No mails yet".to_owned(),
            text: "Every mail that is made for a person or for staff is listed here.".to_owned(),
            action: None,
        }
    }
}

impl Page for Outbox {
    fn title(&self) -> String {
        "Outbox".to_owned()
    }

    view!(Outbox, "console/outbox.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            rows: vec![
                MailRow::sample(words, Badge::new(Tone::Good, "Sent")),
                MailRow { reference: None, ..MailRow::sample(words, Badge::new(Tone::Bad, "Failed")) },
            ],
            pagination: None,
            remark: Some("No mail server is set up: mails are kept here and not sent.".to_owned()),
        };
        let empty = Self { rows: Vec::new(), pagination: None, remark: None };
        vec![page("a…@lovelace.example"), empty, page(sample::HOSTILE)]
    }
}

/// One mail.
#[derive(Clone)]
pub struct OutboxMail {
    /// What the list says of it.
    pub row: MailRow,
    /// Whom it is from.
    pub from: String,
    /// Its text part, as it was sent.
    pub text: String,
    /// Its stable Message-ID.
    pub message_id: String,
    /// What went wrong.
    pub problem: Option<String>,
}

impl Page for OutboxMail {
    fn title(&self) -> String {
        format!("Mail: {}", self.row.subject)
    }

    view!(OutboxMail, "console/outbox_mail.html");

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            row: MailRow::sample(words, Badge::new(Tone::Good, "Sent")),
            from: "Northwind Trading <privacy@northwind.example>".to_owned(),
            text: format!("Hello {words},\n\nyour request is in. Its reference is HB-7K3M-9QXD."),
            message_id: "<receipt.HB-7K3M-9QXD@northwind.example>".to_owned(),
            problem: None,
        };
        let failed =
            Self { problem: Some("The mail server refused the address".to_owned()), ..page(sample::HOSTILE) };
        vec![page("Ada Lovelace"), failed]
    }
}
