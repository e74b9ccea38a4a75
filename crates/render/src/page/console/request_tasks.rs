//! The flow of a request: stages with their tasks.

use super::{RequestHead, RequestTab, TaskRow, TaskTable};
use crate::page::part::{Badge, Tone};
use crate::page::{Page, Width, sample, view};

/// A stage with its tasks.
#[derive(Clone)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: Badge,
    /// Its tasks.
    pub tasks: TaskTable,
}

/// The tasks tab.
#[derive(Clone)]
pub struct RequestTasks {
    /// The head.
    pub head: RequestHead,
    /// The flow and its version: "Access, version 3".
    pub flow: String,
    /// The stages in order.
    pub stages: Vec<Stage>,
}

impl Page for RequestTasks {
    fn title(&self) -> String {
        self.head.page_title()
    }

    view!(RequestTasks, "console/request_tasks.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["refresh.js"]
    }

    fn samples() -> Vec<Self> {
        let stage = |name: &str, state, rows| Stage {
            name: name.to_owned(),
            state,
            tasks: TaskTable::of_request(name, rows),
        };
        let page = |words: &str, task: &str| Self {
            head: RequestHead::sample(RequestTab::Tasks, words),
            flow: "Access, version 3".to_owned(),
            stages: vec![
                stage("Collect", Badge::new(Tone::Info, "In progress"), TaskRow::samples(task)),
                stage("Reply", Badge::new(Tone::Neutral, "To come"), Vec::new()),
            ],
        };
        let empty =
            Self { head: RequestHead::sample_bare(RequestTab::Tasks), stages: Vec::new(), ..page("", "") };
        vec![
            page("Ada Lovelace", "Check the identity document"),
            empty,
            page(sample::HOSTILE, sample::HOSTILE),
        ]
    }
}
