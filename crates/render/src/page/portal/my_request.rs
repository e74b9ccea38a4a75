//! A person's own request: how it stands, what we need from them, messages, files, dates, ways out.

use super::Authority;
use crate::page::part::{Coverage, Dates, Explained, Facts, FieldError, Message, Notice, Row, Steps, Tone};
use crate::page::{Page, sample, view};
use crate::text::{Day, Moment};

/// What we need from the person now.
#[derive(Clone)]
pub enum Needed {
    /// To enter the code.
    Code,
    /// To answer a question, on a page of its own.
    Answer {
        /// The question.
        question: String,
        /// Until when, if there is a limit.
        by: Option<Day>,
        /// Whether the legal date waits for the answer.
        pauses: bool,
    },
    /// Nothing: the reply is there to be fetched.
    Fetch {
        /// How long it can be downloaded.
        until: Moment,
    },
}

/// Something to download.
#[derive(Clone)]
pub struct Document {
    /// What it is: "Receipt", "Our reply".
    pub title: String,
    /// Where it is.
    pub href: String,
    /// A line under it: its date, size, how long it stays.
    pub note: String,
}

/// The page.
#[derive(Clone)]
pub struct MyRequest {
    /// The request's reference.
    pub reference: String,
    /// What was asked for.
    pub title: String,
    /// How it feels.
    pub tone: Tone,
    /// How it stands, in one sentence.
    pub state: String,
    /// When it came in.
    pub received_at: Moment,
    /// What we need from the person now.
    pub needed: Option<Needed>,
    /// The steps with their dates.
    pub steps: Steps,
    /// The legal date and how it was computed; none once it is answered.
    pub due: Option<Explained>,
    /// All dates of the request; none once it is answered.
    pub dates: Dates,
    /// A pause or extension to tell of.
    pub notices: Vec<Notice>,
    /// What the flow tells the person of its tasks.
    pub told: Facts,
    /// The conversation, oldest first; notes never get here.
    pub messages: Vec<Message>,
    /// Whether something can be added; posts `text` to `/my/messages`.
    pub can_write: bool,
    /// What stood in the message field.
    pub draft: String,
    /// What is wrong with it.
    pub draft_error: Option<String>,
    /// Files for the person.
    pub documents: Vec<Document>,
    /// What was corrected: each fact with its value now.
    pub corrected: Vec<(String, String)>,
    /// What was found right and stays as it is.
    pub stays: Vec<String>,
    /// Who was given the data and is told of what was done: name and how it stands.
    pub recipients: Vec<(String, String)>,
    /// What was searched, as far as it may be told.
    pub coverage: Option<Coverage>,
    /// Whether it can be withdrawn.
    pub can_withdraw: bool,
    /// Who hears complaints about us.
    pub authority: Option<Authority>,
}

impl MyRequest {
    fn typical() -> Self {
        Self {
            reference: "HB-7K3M-9QXD".to_owned(),
            title: "Get a copy of my data".to_owned(),
            tone: Tone::Info,
            state: "We are collecting your data from our systems.".to_owned(),
            received_at: sample::at(sample::received(), 10, 30),
            needed: Some(Needed::Answer {
                question: "You wrote that you also ordered by phone. Which number did you call from?"
                    .to_owned(),
                by: Some(sample::due_on()),
                pauses: false,
            }),
            steps: sample::steps(),
            due: Some(sample::explained()),
            dates: Dates::sample("Received on Thursday 12 November 2026"),
            notices: Vec::new(),
            told: Facts { rows: vec![Row::new("What we looked at", "Orders since 2024")] },
            messages: sample::messages("I called from 0117 496 0000, in spring 2025."),
            can_write: true,
            draft: String::new(),
            draft_error: None,
            documents: vec![Document {
                title: "Receipt".to_owned(),
                href: "/my/receipt".to_owned(),
                note: "12 Nov 2026, signed text, 2.1 KB".to_owned(),
            }],
            corrected: Vec::new(),
            stays: Vec::new(),
            recipients: Vec::new(),
            coverage: Some(sample::coverage()),
            can_withdraw: true,
            authority: Some(Authority::sample()),
        }
    }
}

impl Page for MyRequest {
    fn title(&self) -> String {
        format!("Request {}", self.reference)
    }

    view!(MyRequest, "portal/my_request.html");

    fn errors(&self) -> Vec<FieldError> {
        self.draft_error
            .iter()
            .map(|text| FieldError { name: "text".to_owned(), text: text.clone() })
            .collect()
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["refresh.js"]
    }

    fn samples() -> Vec<Self> {
        let typical = Self::typical();
        let ready = Self {
            tone: Tone::Good,
            state: "Our reply is ready.".to_owned(),
            needed: Some(Needed::Fetch { until: sample::at(jiff::civil::date(2026, 12, 4), 15, 0) }),
            due: None,
            corrected: vec![("City".to_owned(), "Paris".to_owned())],
            stays: vec!["Date of birth".to_owned()],
            recipients: vec![("Brightway Couriers Ltd".to_owned(), "told on 20 Nov 2026".to_owned())],
            notices: vec![
                Notice::new(Tone::Info, "Your deadline was extended once")
                    .text("To 14 February 2027, because your data stands in many systems."),
            ],
            ..typical.clone()
        };
        let empty = Self {
            state: "We are waiting for the code from our e-mail.".to_owned(),
            needed: Some(Needed::Code),
            due: None,
            dates: Dates::default(),
            told: Facts { rows: Vec::new() },
            messages: Vec::new(),
            can_write: false,
            documents: Vec::new(),
            coverage: None,
            can_withdraw: false,
            authority: None,
            ..typical.clone()
        };
        let hostile = Self {
            title: sample::hostile(),
            state: sample::hostile(),
            corrected: vec![(sample::hostile(), sample::hostile())],
            stays: vec![sample::hostile()],
            recipients: vec![(sample::hostile(), sample::hostile())],
            needed: Some(Needed::Answer { question: sample::hostile(), by: None, pauses: true }),
            due: None,
            dates: Dates::sample(sample::HOSTILE),
            told: Facts { rows: vec![Row::new(sample::HOSTILE, sample::HOSTILE)] },
            messages: sample::messages(sample::HOSTILE),
            draft: sample::hostile(),
            draft_error: Some("Write something before you send it".to_owned()),
            ..typical.clone()
        };
        vec![typical, ready, empty, hostile]
    }
}
