//! A request at a glance: what is to do, what the person wrote, what happened.

use super::{RequestHead, RequestTab, TaskRow, TaskTable};
use crate::page::part::{Dates, Facts, Notice, Row, Timeline, Tone};
use crate::page::{Page, Width, sample, view};

/// Another request that may be of the same person.
#[derive(Clone)]
pub struct Similar {
    /// Its reference.
    pub reference: String,
    /// What it is and why it seems the same: "Access, same e-mail address, 3 days earlier".
    pub note: String,
}

/// The overview tab.
#[derive(Clone)]
pub struct RequestOverview {
    /// The head.
    pub head: RequestHead,
    /// What needs attention: a failure, a pause, a proposal.
    pub notices: Vec<Notice>,
    /// Tasks that are open now.
    pub tasks: TaskTable,
    /// What the person answered on the form.
    pub answers: Facts,
    /// By when the organisation means to be how far.
    pub targets: Facts,
    /// All dates of the request; none once it is closed.
    pub dates: Dates,
    /// How the person's identity was proven.
    pub identity: Facts,
    /// Requests that may belong to the same person.
    pub similar: Vec<Similar>,
    /// What happened, newest first.
    pub timeline: Timeline,
}

impl Page for RequestOverview {
    fn title(&self) -> String {
        self.head.page_title()
    }

    view!(RequestOverview, "console/request_overview.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["refresh.js"]
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, task: &str| Self {
            head: RequestHead::sample(RequestTab::Overview, words),
            notices: vec![Notice::new(Tone::Bad, "Warehouse archive could not be searched").text(
                "The server refused the connection three times. A person must retry or explain the gap.",
            )],
            tasks: TaskTable::of_request("Open tasks", TaskRow::samples(task)),
            answers: Facts {
                rows: vec![
                    Row::new("Name", words),
                    Row::new("E-mail", "ada@lovelace.example"),
                    Row::new("Country", "United Kingdom"),
                    Row::new("Is", "A customer"),
                    Row::new("Wrote", "Everything from 2024 on, please.\nI also ordered by phone."),
                    Row::new("Format", "Pages, JSON and CSV, in English"),
                ],
            },
            targets: Facts {
                rows: vec![
                    Row::new("Answer ready", "by 12 Dec 2026"),
                    Row::new("Receipt", "by 13 Nov 2026; done 12 Nov 2026"),
                ],
            },
            dates: Dates::sample(words),
            identity: Facts {
                rows: vec![
                    Row::new("Way", "Code by e-mail"),
                    Row::new("Why", "Least that suffices for a copy of data"),
                    Row::new("Result", "Proven on 12 Nov 2026, 10:34"),
                ],
            },
            similar: vec![Similar {
                reference: "HB-2C4W-81TN".to_owned(),
                note: "Access, same e-mail address, 3 days earlier".to_owned(),
            }],
            timeline: sample::timeline(words),
        };
        let empty = Self {
            head: RequestHead::sample_bare(RequestTab::Overview),
            notices: Vec::new(),
            tasks: TaskTable::of_request("Open tasks", Vec::new()),
            answers: Facts { rows: Vec::new() },
            targets: Facts { rows: Vec::new() },
            dates: Dates::default(),
            identity: Facts { rows: Vec::new() },
            similar: Vec::new(),
            timeline: Timeline { entries: Vec::new() },
        };
        vec![
            page("Ada Lovelace", "Check the identity document"),
            empty,
            page(sample::HOSTILE, sample::HOSTILE),
        ]
    }
}
