//! The start: what can be asked for, how long it takes, that it is free.

use crate::page::{Page, sample, view};

/// Something a person can ask for.
#[derive(Clone)]
pub struct Offer {
    /// Its name in addresses: `/ask/{slug}`.
    pub slug: String,
    /// What the person asks for, in their words: "Get a copy of my data".
    pub title: String,
    /// What they will get.
    pub summary: String,
    /// When they can expect a reply and what it takes: "Within one month. We send a code to your e-mail".
    pub note: String,
}

/// The start page.
#[derive(Clone)]
pub struct Start {
    /// Who answers, as a sentence knows it: "Northwind Trading".
    pub organisation: String,
    /// What can be asked for, most asked first.
    pub offers: Vec<Offer>,
    /// The span of a reply: "one month".
    pub reply_within: String,
    /// The laws these rights come from: "UK GDPR".
    pub laws: Vec<String>,
}

impl Start {
    fn law_sentence(&self) -> Option<String> {
        (!self.laws.is_empty()).then(|| self.laws.join(", "))
    }
}

impl Page for Start {
    fn title(&self) -> String {
        "Your personal data".to_owned()
    }

    view!(Start, "portal/start.html");

    fn samples() -> Vec<Self> {
        let offer = |slug: &str, title: &str, summary: &str, note: &str| Offer {
            slug: slug.to_owned(),
            title: title.to_owned(),
            summary: summary.to_owned(),
            note: note.to_owned(),
        };
        let typical = Self {
            organisation: "Northwind Trading".to_owned(),
            offers: vec![
                offer(
                    "access",
                    "Get a copy of my data",
                    "What we hold about you, where it came from, why we use it and who has seen it.",
                    "Reply within one month. We check your identity with a code by e-mail.",
                ),
                offer(
                    "correction",
                    "Correct my data",
                    "Something is wrong or incomplete: say what, and we put it right everywhere.",
                    "Reply within one month.",
                ),
                offer(
                    "deletion",
                    "Delete my data",
                    "We delete what we have no duty to keep, and tell you what stays and why.",
                    "Reply within one month. We check your identity with a code by e-mail.",
                ),
                offer(
                    "objection",
                    "Stop using my data for marketing",
                    "We stop at once. Nothing to prove.",
                    "Takes effect within two days.",
                ),
            ],
            reply_within: "one month".to_owned(),
            laws: vec!["UK GDPR".to_owned(), "Data Protection Act 2018".to_owned()],
        };
        let empty = Self { offers: Vec::new(), laws: Vec::new(), ..typical.clone() };
        let hostile = Self {
            organisation: sample::hostile(),
            offers: vec![offer("x", sample::HOSTILE, sample::HOSTILE, sample::HOSTILE)],
            reply_within: sample::hostile(),
            laws: vec![sample::hostile()],
        };
        vec![typical, empty, hostile]
    }
}
