//! How a legal date was computed, step by step, folded away under one line.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::text::Day;

/// One step of a computation.
#[derive(Clone)]
pub struct ExplainStep {
    /// What was done: "One month from receipt".
    pub text: String,
    /// The rule that says so: "Art. 12(3) GDPR".
    pub rule: Option<String>,
    /// The date reached.
    pub on: Option<Day>,
}

/// A computed date with its steps.
#[derive(Clone, Template)]
#[template(path = "part/explained.html")]
pub struct Explained {
    /// The date.
    pub on: Day,
    /// The steps from receipt to it.
    pub steps: Vec<ExplainStep>,
}

impl HtmlSafe for Explained {}

/// A duty with its date and how that came about.
#[derive(Clone)]
pub struct DateRow {
    /// The duty: "Answer", "Answer under California CCPA/CPRA".
    pub name: String,
    /// Its last day; none while there is none.
    pub on: Option<Day>,
    /// What else to know: "stands still until the answer".
    pub note: Option<String>,
    /// The steps that lead to it.
    pub steps: Vec<ExplainStep>,
}

/// All dates of a request, the same for the person and for staff.
#[derive(Clone, Default, Template)]
#[template(path = "part/dates.html")]
pub struct Dates {
    /// The duties, the answer first.
    pub rows: Vec<DateRow>,
}

impl Dates {
    /// Returns dates for samples.
    pub(crate) fn sample(words: &str) -> Self {
        let step = ExplainStep { text: words.to_owned(), rule: Some(words.to_owned()), on: None };
        let row = |name: &str, on: Option<Day>, note: Option<&str>| DateRow {
            name: name.to_owned(),
            on,
            note: note.map(str::to_owned),
            steps: vec![step.clone()],
        };
        let due = crate::page::sample::due_on();
        Self {
            rows: vec![
                row("Answer", None, Some("The clock stands until the question is answered")),
                row("Telling of an extension", Some(due), None),
                row(words, Some(due), Some(words)),
            ],
        }
    }
}

impl HtmlSafe for Dates {}
