//! Files of a request: what the person sent, what we made.

use super::{RequestHead, RequestTab};
use crate::page::part::{Badge, Empty, Tone};
use crate::page::{Page, Width, sample, view};
use crate::text::{self, Moment};

/// One file.
#[derive(Clone)]
pub struct RequestDocument {
    /// Its name.
    pub name: String,
    /// What it is: "Reply", "Attachment to a message".
    pub kind: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it came or was made.
    pub at: Moment,
    /// How it stands: sealed, delivered, deleted after its time.
    pub state: Badge,
    /// Where the reader may open it.
    pub href: Option<String>,
}

/// The documents tab.
#[derive(Clone)]
pub struct RequestDocuments {
    /// The head.
    pub head: RequestHead,
    /// The files.
    pub documents: Vec<RequestDocument>,
}

impl RequestDocuments {
    fn empty() -> Empty {
        Empty {
            title: "No files".to_owned(),
            text: "The reply appears here when it is built; so does what the person sends.".to_owned(),
            action: None,
        }
    }
}

impl Page for RequestDocuments {
    fn title(&self) -> String {
        self.head.page_title()
    }

    view!(RequestDocuments, "console/request_documents.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            head: RequestHead::sample(RequestTab::Documents, words),
            documents: vec![
                RequestDocument {
                    name: "HB-7K3M-9QXD-1.zip".to_owned(),
                    kind: "Reply".to_owned(),
                    size: 14_260_000,
                    at: sample::at(jiff::civil::date(2026, 12, 2), 15, 0),
                    state: Badge::new(Tone::Good, "Delivered"),
                    href: None,
                },
                RequestDocument {
                    name: words.to_owned(),
                    kind: "Attachment to a message".to_owned(),
                    size: 182_400,
                    at: sample::at(jiff::civil::date(2026, 11, 14), 18, 2),
                    state: Badge::new(Tone::Neutral, "Sealed"),
                    href: None,
                },
            ],
        };
        let empty = Self { head: RequestHead::sample_bare(RequestTab::Documents), documents: Vec::new() };
        vec![page("bill.pdf"), empty, page(sample::HOSTILE)]
    }
}
