//! Everything once more before it is sent. The answers travel in hidden fields, so nothing is kept before
//! the person has sent it, and nothing stands in an address.

use super::ProofOfWork;
use crate::page::part::{Facts, Hidden, Row};
use crate::page::{Page, sample, view};

/// Answers under one heading.
#[derive(Clone)]
pub struct ReviewGroup {
    /// The heading.
    pub title: String,
    /// The answers.
    pub facts: Facts,
}

/// The page before sending. It posts to its own address with `step=send` or `step=change`.
#[derive(Clone)]
pub struct Review {
    /// What is asked for.
    pub title: String,
    /// The answers.
    pub groups: Vec<ReviewGroup>,
    /// The same answers as they are sent.
    pub hidden: Vec<Hidden>,
    /// What sending sets going: "We send a code to this address".
    pub consequence: String,
    /// The puzzle, where one is asked for.
    pub proof: Option<ProofOfWork>,
}

impl Page for Review {
    fn title(&self) -> String {
        "Check before you send".to_owned()
    }

    view!(Review, "portal/review.html");

    fn scripts(&self) -> &'static [&'static str] {
        if self.proof.is_some() { &["pow.js"] } else { &[] }
    }

    fn samples() -> Vec<Self> {
        let group = |title: &str, rows: &[(&str, &str)]| ReviewGroup {
            title: title.to_owned(),
            facts: Facts { rows: rows.iter().map(|(label, value)| Row::new(*label, *value)).collect() },
        };
        let typical = Self {
            title: "Get a copy of my data".to_owned(),
            groups: vec![
                group(
                    "About you",
                    &[
                        ("Name", "Ada Lovelace"),
                        ("E-mail address", "ada@lovelace.example"),
                        ("Country", "United Kingdom"),
                        ("You are", "A customer or user"),
                    ],
                ),
                group(
                    "About the reply",
                    &[("Format", "To read, with files for a computer"), ("Language", "English")],
                ),
            ],
            hidden: vec![Hidden::new("given_name", "Ada"), Hidden::new("email", "ada@lovelace.example")],
            consequence: "We send a code to ada@lovelace.example to check that the address is yours."
                .to_owned(),
            proof: Some(ProofOfWork { challenge: "c2FtcGxl.1794-ab".to_owned(), bits: 16 }),
        };
        let empty = Self { groups: Vec::new(), hidden: Vec::new(), proof: None, ..typical.clone() };
        let hostile = Self {
            title: sample::hostile(),
            groups: vec![group(sample::HOSTILE, &[(sample::HOSTILE, sample::HOSTILE)])],
            hidden: vec![Hidden::new("description", sample::HOSTILE)],
            consequence: sample::hostile(),
            proof: None,
        };
        vec![typical, empty, hostile]
    }
}
