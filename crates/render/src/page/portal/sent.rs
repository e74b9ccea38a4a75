//! The request is in: reference, date, what happens next. Says the same whether or not the person is known.

use crate::page::part::Explained;
use crate::page::{Page, sample, view};
use crate::text::Moment;

/// The page after sending.
#[derive(Clone)]
pub struct Sent {
    /// The request's reference.
    pub reference: String,
    /// What was asked for.
    pub title: String,
    /// When it came in.
    pub received_at: Moment,
    /// The last day for a reply and how it was computed; none where no law sets one.
    pub due: Option<Explained>,
    /// Where the code went, masked; none where nothing has to be proven.
    pub code_sent_to: Option<String>,
    /// What happens next, in order.
    pub next: Vec<String>,
    /// A signed receipt to keep.
    pub receipt_href: Option<String>,
}

impl Page for Sent {
    fn title(&self) -> String {
        "Your request is in".to_owned()
    }

    view!(Sent, "portal/sent.html");

    fn samples() -> Vec<Self> {
        let typical = Self {
            reference: "HB-7K3M-9QXD".to_owned(),
            title: "Get a copy of my data".to_owned(),
            received_at: sample::at(sample::received(), 10, 30),
            due: Some(sample::explained()),
            code_sent_to: Some("a…@lovelace.example".to_owned()),
            next: vec![
                "We search our systems. That takes a day or two.".to_owned(),
                "A person looks over what was found.".to_owned(),
                "You get an e-mail as soon as the reply is here to read and download.".to_owned(),
            ],
            receipt_href: Some("/my/receipt".to_owned()),
        };
        let empty =
            Self { due: None, code_sent_to: None, next: Vec::new(), receipt_href: None, ..typical.clone() };
        let hostile = Self {
            title: sample::hostile(),
            code_sent_to: Some(sample::hostile()),
            next: vec![sample::hostile()],
            ..typical.clone()
        };
        vec![typical, empty, hostile]
    }
}
