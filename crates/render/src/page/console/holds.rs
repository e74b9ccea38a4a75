//! Legal holds: the list of them, placing one, and lifting one by two people.

use crate::page::part::{
    Badge, Choice, Empty, Facts, Field, FieldError, FieldKind, Row, Timeline, Tone, errors_of,
};
use crate::page::{Page, Width, sample, view};
use crate::text::Day;

/// A hold in the list.
#[derive(Clone)]
pub struct HoldRow {
    /// Its id.
    pub id: String,
    /// What it freezes: a person's identity, or a collection.
    pub what: String,
    /// Whose data: the entity's name.
    pub entity: String,
    /// Why; empty where the reader may not see it.
    pub ground: String,
    /// When it is to be looked at again.
    pub review_on: Day,
    /// How it stands.
    pub state: Badge,
}

/// The list.
#[derive(Clone)]
pub struct Holds {
    /// The holds, those in force first.
    pub rows: Vec<HoldRow>,
    /// Whether the reader may place one.
    pub can_place: bool,
}

impl Holds {
    fn empty(&self) -> Empty {
        Empty {
            title: "Nothing is on hold".to_owned(),
            text: "A hold keeps the data of a person or of a collection from being erased or scrubbed, as long as \
                   it may be needed as evidence."
                .to_owned(),
            action: self.can_place.then(|| ("Place a hold".to_owned(), "/console/holds/new".to_owned())),
        }
    }
}

impl Page for Holds {
    fn title(&self) -> String {
        "Legal holds".to_owned()
    }

    view!(Holds, "console/holds.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let row = |what: &str, ground: &str, state: Badge| HoldRow {
            id: "01900000-0000-7000-8000-000000000000".to_owned(),
            what: what.to_owned(),
            entity: "Northwind Trading".to_owned(),
            ground: ground.to_owned(),
            review_on: sample::due_on(),
            state,
        };
        let page = |words: &str| Self {
            rows: vec![
                row(words, "A claim at the county court", Badge::new(Tone::Info, "In force")),
                row(
                    "All of invoices in billing",
                    words,
                    Badge::new(Tone::Warn, "To be lifted: a second person must agree"),
                ),
                row("grace@example.org", "Settled", Badge::new(Tone::Neutral, "Lifted")),
            ],
            can_place: true,
        };
        vec![page("ada@example.org"), Self { rows: Vec::new(), ..page("") }, page(sample::HOSTILE)]
    }
}

/// Placing a hold; posts to `/console/holds/new`.
#[derive(Clone)]
pub struct HoldNew {
    /// The fields: `entity`, `scope`, `identity`, `place`, `ground`, `review_on`.
    pub fields: Vec<Field>,
}

impl Page for HoldNew {
    fn title(&self) -> String {
        "Place a hold".to_owned()
    }

    view!(HoldNew, "console/hold_new.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields)
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, error: Option<&str>| Self {
            fields: vec![
                Field::new(FieldKind::Radios, "scope", "What is frozen").options(vec![
                    Choice::new("subject", "All that is held about a person"),
                    Choice::new("collection", "A collection of a data source"),
                ]),
                Field::new(FieldKind::LongText, "ground", "Ground")
                    .value(words)
                    .error(error.map(str::to_owned)),
            ],
        };
        vec![page("", None), page(sample::HOSTILE, Some("Give a ground"))]
    }
}

/// One hold; posts `act` and `reason` or `review_on` to its own address.
#[derive(Clone)]
pub struct HoldPage {
    /// Its id.
    pub id: String,
    /// What it freezes.
    pub what: String,
    /// How it stands.
    pub state: Badge,
    /// What is known of it.
    pub facts: Facts,
    /// What happened to it.
    pub timeline: Timeline,
    /// Whether the reader may ask to lift it.
    pub can_ask: bool,
    /// Whether the reader may agree to lift it.
    pub can_lift: bool,
    /// Why the reader may not agree, where only that stands against it.
    pub cannot_lift: Option<String>,
    /// Whether the reader may let it stand after all, or move its review.
    pub can_keep: bool,
    /// The reason typed.
    pub reason: String,
    /// What is wrong with it.
    pub reason_error: Option<String>,
    /// The day of review typed.
    pub review_on: String,
    /// What is wrong with it.
    pub review_error: Option<String>,
}

impl HoldPage {
    fn reason_field(&self) -> Field {
        Field::new(FieldKind::LongText, "reason", "Reason")
            .max_length(2_000)
            .value(self.reason.clone())
            .error(self.reason_error.clone())
    }

    fn review_field(&self) -> Field {
        Field::new(FieldKind::Date, "review_on", "Look at it again on")
            .value(self.review_on.clone())
            .error(self.review_error.clone())
    }
}

impl Page for HoldPage {
    fn title(&self) -> String {
        format!("Hold on {}", self.what)
    }

    view!(HoldPage, "console/hold.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of([&self.reason_field(), &self.review_field()])
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            id: "01900000-0000-7000-8000-000000000000".to_owned(),
            what: words.to_owned(),
            state: Badge::new(Tone::Info, "In force"),
            facts: Facts {
                rows: vec![Row::new("Ground", words), Row::new("Review", "Monday 14 December 2026")],
            },
            timeline: sample::timeline(words),
            can_ask: true,
            can_lift: false,
            cannot_lift: None,
            can_keep: true,
            reason: String::new(),
            reason_error: None,
            review_on: "2026-12-14".to_owned(),
            review_error: None,
        };
        let asked = Self {
            can_ask: false,
            can_lift: true,
            state: Badge::new(Tone::Warn, "To be lifted: a second person must agree"),
            ..page("grace@example.org")
        };
        let own = Self {
            can_lift: false,
            cannot_lift: Some("You asked for it yourself: a second person must agree.".to_owned()),
            ..asked.clone()
        };
        let wrong = Self {
            reason: sample::hostile(),
            reason_error: Some("Give a reason".to_owned()),
            review_error: Some("Choose a day to come".to_owned()),
            ..page(sample::HOSTILE)
        };
        vec![page("ada@example.org"), asked, own, wrong]
    }
}
