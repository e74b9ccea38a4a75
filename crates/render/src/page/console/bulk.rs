//! One act on many requests: what happens to which said before, and what became of each after.

use crate::page::part::{Badge, Choice, Field, FieldError, FieldKind, Hidden, Tone, errors_of};
use crate::page::{Page, Width, sample, view};

/// A request among those chosen.
#[derive(Clone)]
pub struct BulkRow {
    /// Its reference.
    pub reference: String,
    /// What was asked for; empty where there is no such request for the reader.
    pub what: String,
    /// What happens to it, or became of it.
    pub outcome: Badge,
    /// Why, or with what.
    pub note: String,
}

/// The page; posts `act`, `request` for each, the fields, and `step=do` to `/console/requests/bulk`.
#[derive(Clone)]
pub struct Bulk {
    /// What is done: "Extend".
    pub title: String,
    /// How many it is done to, in words: "It is done to 3 of 4 requests."
    pub summary: String,
    /// The requests.
    pub rows: Vec<BulkRow>,
    /// What is carried along.
    pub hidden: Vec<Hidden>,
    /// What is filled in.
    pub fields: Vec<Field>,
    /// What follows from it, a sentence each.
    pub consequences: Vec<String>,
    /// The button's words; none where it is done, or there is nothing to do.
    pub button: Option<String>,
}

impl Page for Bulk {
    fn title(&self) -> String {
        self.title.clone()
    }

    view!(Bulk, "console/bulk.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields)
    }

    fn samples() -> Vec<Self> {
        let row = |reference: &str, words: &str, outcome: Badge, note: &str| BulkRow {
            reference: reference.to_owned(),
            what: words.to_owned(),
            outcome,
            note: note.to_owned(),
        };
        let page = |words: &str| Self {
            title: "Extend 2 requests".to_owned(),
            summary: "It is done to 1 of 2 requests.".to_owned(),
            rows: vec![
                row(
                    "HB-7K3M-9QXD",
                    words,
                    Badge::new(Tone::Good, "Possible"),
                    "due 15 Feb 2027 instead of 14 Dec 2026",
                ),
                row(
                    "HB-2C4W-81TN",
                    words,
                    Badge::new(Tone::Warn, "Not possible"),
                    "The law allows no extension now",
                ),
            ],
            hidden: vec![Hidden::new("act", "extend"), Hidden::new("request", "HB-7K3M-9QXD")],
            fields: vec![
                Field::new(FieldKind::LongText, "reason", "Reason, told to each person").value(words),
            ],
            consequences: vec!["Each person is told at once.".to_owned()],
            button: Some("Extend".to_owned()),
        };
        let mut assign = page("Access");
        assign.fields = vec![
            Field::new(FieldKind::Radios, "owner", "Owner")
                .options(vec![Choice::new("u1", "Grace Hopper")])
                .error(Some("Choose somebody".to_owned())),
        ];
        let done = Self { fields: Vec::new(), consequences: Vec::new(), button: None, ..page("Access") };
        let nothing = Self { rows: Vec::new(), summary: "Nothing was chosen.".to_owned(), ..done.clone() };
        vec![page("Access"), assign, done, nothing, page(sample::HOSTILE)]
    }
}
