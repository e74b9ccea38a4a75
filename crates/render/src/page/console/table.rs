//! The two lists that recur: requests and tasks.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Person;
use crate::page::part::{Badge, Column, Direction, Due, Tone};
use crate::page::sample;
use crate::text::Moment;

/// One request in a list.
#[derive(Clone)]
pub struct RequestRow {
    /// Its reference.
    pub reference: String,
    /// Who asks.
    pub person: Person,
    /// What was asked for.
    pub kind: String,
    /// Under which law.
    pub law: String,
    /// The stage it is in.
    pub stage: String,
    /// How it stands.
    pub state: Badge,
    /// When it is due.
    pub due: Option<Due>,
    /// Whose case it is.
    pub owner: Option<String>,
    /// What endangers it: "Warehouse archive fails".
    pub risk: Option<String>,
}

/// Requests as a table.
#[derive(Clone, Template)]
#[template(path = "console/request_table.html")]
pub struct RequestTable {
    /// What the table shows, for screen readers.
    pub caption: String,
    /// The heads of: request, person, what, stage, due, owner; links where the list can be sorted.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<RequestRow>,
    /// Whether rows can be ticked for an act on many: they belong to the form `bulk`.
    pub is_selectable: bool,
}

impl RequestTable {
    /// Lets rows be ticked.
    #[must_use]
    pub fn selectable(self) -> Self {
        Self { is_selectable: true, ..self }
    }

    /// Returns a table that can't be sorted.
    pub fn plain(caption: &str, rows: Vec<RequestRow>) -> Self {
        let columns = ["Request", "Person", "What", "Stage", "Due", "Owner"].map(Column::plain).into();
        Self { caption: caption.to_owned(), columns, rows, is_selectable: false }
    }

    /// Returns a table for samples.
    pub(crate) fn sample(words: &str, can_sort: bool) -> Self {
        let row =
            |reference: &str, name: &str, kind: &str, stage: &str, state: Badge, left: i64| RequestRow {
                reference: reference.to_owned(),
                person: Person {
                    name: name.to_owned(),
                    email: format!("{}@example.org", name.len()),
                    is_masked: false,
                },
                kind: kind.to_owned(),
                law: "UK GDPR".to_owned(),
                stage: stage.to_owned(),
                state,
                due: Some(sample::due(left)),
                owner: Some("Grace Hopper".to_owned()),
                risk: None,
            };
        let rows = vec![
            RequestRow {
                risk: Some("Warehouse archive fails".to_owned()),
                ..row("HB-2C4W-81TN", words, "Access", "Collect", Badge::new(Tone::Bad, "Stuck"), -2)
            },
            row("HB-7K3M-9QXD", "Ada Lovelace", "Access", "Review", Badge::new(Tone::Info, "In progress"), 4),
            RequestRow {
                owner: None,
                person: Person {
                    name: "M… P…".to_owned(),
                    email: "m…@example.org".to_owned(),
                    is_masked: true,
                },
                ..row(
                    "HB-5D8Z-Q0RS",
                    "",
                    "Deletion",
                    "Received",
                    Badge::new(Tone::Warn, "Awaiting verification"),
                    21,
                )
            },
            row(
                "HB-9V1H-KE6B",
                "Radia Perlman",
                "Correction",
                "Reply",
                Badge::new(Tone::Warn, "Awaiting the person"),
                26,
            ),
            RequestRow {
                due: None,
                ..row(
                    "HB-3MX7-0FYA",
                    "Barbara Liskov",
                    "Objection",
                    "Done",
                    Badge::new(Tone::Good, "Completed"),
                    0,
                )
            },
        ];
        if can_sort {
            Self { columns: sorted_columns(), ..Self::plain("Requests", rows) }
        } else {
            Self::plain("Requests", rows)
        }
    }
}

/// Returns the heads of a list sorted by its due date.
fn sorted_columns() -> Vec<Column> {
    let column = |label| match label {
        "Person" => Column::plain(label),
        "Due" => Column::sortable(label, "?sort=-due", Some(Direction::Ascending)),
        _ => Column::sortable(label, "?sort=what", None),
    };
    ["Request", "Person", "What", "Stage", "Due", "Owner"].map(column).into()
}

impl HtmlSafe for RequestTable {}

/// One task in a list.
#[derive(Clone)]
pub struct TaskRow {
    /// Its page.
    pub href: String,
    /// What is to do.
    pub name: String,
    /// The request it belongs to.
    pub reference: String,
    /// What was asked for there.
    pub request_title: String,
    /// Which role does it; "Habeas" for automatic ones.
    pub role: String,
    /// How it stands.
    pub state: Badge,
    /// Its own deadline.
    pub due_at: Option<Moment>,
    /// Whether that is past.
    pub is_overdue: bool,
    /// Who has taken it.
    pub taken_by: Option<String>,
}

impl TaskRow {
    /// Returns rows for samples.
    pub(crate) fn samples(words: &str) -> Vec<Self> {
        let row = |id: &str, name: &str, state: Badge, taken_by: Option<&str>, is_overdue| Self {
            href: format!("/console/tasks/{id}"),
            name: name.to_owned(),
            reference: "HB-7K3M-9QXD".to_owned(),
            request_title: "Access".to_owned(),
            role: "Legal".to_owned(),
            state,
            due_at: Some(sample::at(jiff::civil::date(2026, 11, 24), 17, 0)),
            is_overdue,
            taken_by: taken_by.map(str::to_owned),
        };
        vec![
            row(
                "t1",
                "Review what was found",
                Badge::new(Tone::Info, "In progress"),
                Some("Grace Hopper"),
                false,
            ),
            row("t2", words, Badge::new(Tone::Neutral, "Not taken"), None, true),
            TaskRow {
                role: "Habeas".to_owned(),
                due_at: None,
                ..row("t3", "Collect from Warehouse archive", Badge::new(Tone::Bad, "Failed"), None, false)
            },
        ]
    }
}

/// Tasks as a table.
#[derive(Clone, Template)]
#[template(path = "console/task_table.html")]
pub struct TaskTable {
    /// What the table shows, for screen readers.
    pub caption: String,
    /// Whether the request is named in each row.
    pub names_request: bool,
    /// The heads of: task, request where it is named, whom it waits for, state, by when; links where the list
    /// can be sorted.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<TaskRow>,
}

impl TaskTable {
    /// Returns a table over several requests that can't be sorted.
    pub fn plain(caption: &str, rows: Vec<TaskRow>) -> Self {
        let columns = ["Task", "Request", "For", "State", "By"].map(Column::plain).into();
        Self { caption: caption.to_owned(), names_request: true, columns, rows }
    }

    /// Returns a table of one request's tasks.
    pub fn of_request(caption: &str, rows: Vec<TaskRow>) -> Self {
        let columns = ["Task", "For", "State", "By"].map(Column::plain).into();
        Self { caption: caption.to_owned(), names_request: false, columns, rows }
    }
}

impl HtmlSafe for TaskTable {}
