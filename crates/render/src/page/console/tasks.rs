//! My tasks, and those of my roles that nobody has taken.

use super::{TaskRow, TaskTable};
use crate::page::part::Empty;
use crate::page::{Page, Width, sample, view};

/// The page.
#[derive(Clone)]
pub struct Tasks {
    /// Tasks the reader has taken.
    pub mine: TaskTable,
    /// Tasks of the reader's roles that are free.
    pub free: TaskTable,
}

impl Tasks {
    fn none_mine() -> Empty {
        Empty {
            title: "No task is yours".to_owned(),
            text: "Take one below; it is yours until you complete or release it.".to_owned(),
            action: None,
        }
    }
}

impl Page for Tasks {
    fn title(&self) -> String {
        "My tasks".to_owned()
    }

    view!(Tasks, "console/tasks.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let table =
            |caption: &str, rows| TaskTable { caption: caption.to_owned(), names_request: true, rows };
        let page = |words: &str| Self {
            mine: table("My tasks", TaskRow::samples(words)),
            free: table("Free tasks", TaskRow::samples(words)),
        };
        let empty = Self { mine: table("My tasks", Vec::new()), free: table("Free tasks", Vec::new()) };
        vec![page("Check the identity document"), empty, page(sample::HOSTILE)]
    }
}
