//! What matters now: numbers that are links, what is due, what is mine, what fails.

use super::{RequestTable, SourceRow, TaskRow, TaskTable};
use crate::page::part::{Empty, Tone};
use crate::page::{Page, Width, view};
use crate::text::{self, Day};

/// A number that leads to its list.
#[derive(Clone)]
pub struct Tile {
    /// What is counted.
    pub label: String,
    /// How many.
    pub count: u64,
    /// The list.
    pub href: String,
    /// How it feels when it is not zero.
    pub tone: Tone,
    /// A few words more.
    pub hint: Option<String>,
}

impl Tile {
    pub(super) fn class(&self) -> &'static str {
        if self.count == 0 { "neutral" } else { self.tone.class() }
    }
}

/// The page.
#[derive(Clone)]
pub struct Today {
    /// Today's date in the entity's zone.
    pub on: Day,
    /// Numbers.
    pub tiles: Vec<Tile>,
    /// Requests due soon or overdue, the nearest first.
    pub due: RequestTable,
    /// My tasks, the nearest first.
    pub tasks: TaskTable,
    /// Sources that fail.
    pub failing: Vec<SourceRow>,
    /// First steps done and in all, while some are left.
    pub first_steps: Option<(u32, u32)>,
}

impl Today {
    fn nothing_due() -> Empty {
        Empty {
            title: "Nothing is due in the next seven days".to_owned(),
            text: "Requests appear here a week before their date.".to_owned(),
            action: Some(("See all requests".to_owned(), "/console/requests".to_owned())),
        }
    }

    fn no_tasks() -> Empty {
        Empty {
            title: "No task is yours".to_owned(),
            text: "Take one from the tasks of your roles.".to_owned(),
            action: Some(("See free tasks".to_owned(), "/console/tasks".to_owned())),
        }
    }
}

impl Page for Today {
    fn title(&self) -> String {
        "Today".to_owned()
    }

    view!(Today, "console/today.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let tile = |label: &str, count, tone, hint: Option<&str>| Tile {
            label: label.to_owned(),
            count,
            href: "/console/requests?filter=1".to_owned(),
            tone,
            hint: hint.map(str::to_owned),
        };
        let page = |words: &str, task: &str, source: &str| Self {
            on: Day(jiff::civil::date(2026, 11, 22)),
            tiles: vec![
                tile("Overdue", 1, Tone::Bad, Some("since 2 days")),
                tile("Due in 7 days", 4, Tone::Warn, None),
                tile("Mine", 9, Tone::Neutral, None),
                tile("Nobody's", 3, Tone::Warn, None),
                tile("Awaiting a person", 6, Tone::Neutral, Some("2 without answer for 5 days")),
                tile("Awaiting a source", 2, Tone::Neutral, None),
                tile("Failing sources", 1, Tone::Bad, Some("Warehouse archive")),
            ],
            due: RequestTable::sample(words, false),
            tasks: TaskTable::plain("My tasks", TaskRow::samples(task)),
            failing: SourceRow::samples(source).into_iter().filter(SourceRow::is_failing).collect(),
            first_steps: Some((4, 6)),
        };
        let empty = Self {
            tiles: vec![tile("Overdue", 0, Tone::Bad, None), tile("Due in 7 days", 0, Tone::Warn, None)],
            due: RequestTable::plain("Due", Vec::new()),
            tasks: TaskTable::plain("My tasks", Vec::new()),
            failing: Vec::new(),
            first_steps: None,
            ..page("", "", "")
        };
        let hostile = crate::page::sample::HOSTILE;
        vec![
            page("Margaret Hamilton", "Check the identity document", "Warehouse archive"),
            empty,
            page(hostile, hostile, hostile),
        ]
    }
}
