//! The form of a request: the fields every request has and those of the activity, as data.

use crate::page::part::{FieldError, Group, Hidden, errors_of};
use crate::page::{Page, sample, view};

/// A puzzle for the browser: find `pow` such that SHA-256 of `challenge:pow` starts with `bits` zero bits.
#[derive(Clone)]
pub struct ProofOfWork {
    /// The challenge, signed or remembered by the server; letters, digits, `-`, `_`, `.` only.
    pub challenge: String,
    /// How many leading zero bits are asked for; at most 26.
    pub bits: u8,
}

/// The form. It posts to its own address with `step=review`; nothing is sent in the address.
#[derive(Clone)]
pub struct Ask {
    /// What is asked for.
    pub title: String,
    /// A sentence or two under it.
    pub intro: String,
    /// The fields; see [`crate::page::part::about_you`] for those every request has.
    pub groups: Vec<Group>,
    /// What is carried along unseen.
    pub hidden: Vec<Hidden>,
    /// The puzzle, where one is asked for.
    pub proof: Option<ProofOfWork>,
}

impl Page for Ask {
    fn title(&self) -> String {
        self.title.clone()
    }

    view!(Ask, "portal/ask.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(self.groups.iter().flat_map(|group| &group.fields))
    }

    fn samples() -> Vec<Self> {
        let typical = Self {
            title: "Get a copy of my data".to_owned(),
            intro: "We use what you enter here to find your data and to reply, and for nothing else."
                .to_owned(),
            groups: sample::groups("", false),
            hidden: Vec::new(),
            proof: Some(ProofOfWork { challenge: "c2FtcGxl.1794-ab".to_owned(), bits: 16 }),
        };
        let wrong = Self { groups: sample::groups("ada.lovelace", true), ..typical.clone() };
        let empty = Self { intro: String::new(), groups: Vec::new(), proof: None, ..typical };
        let hostile = Self {
            title: sample::hostile(),
            intro: sample::hostile(),
            groups: sample::groups(sample::HOSTILE, true),
            hidden: vec![Hidden::new("draft", sample::HOSTILE)],
            proof: None,
        };
        vec![wrong.clone(), Self { groups: sample::groups("", false), ..wrong }, empty, hostile]
    }

    fn scripts(&self) -> &'static [&'static str] {
        if self.proof.is_some() { &["pow.js"] } else { &[] }
    }
}
