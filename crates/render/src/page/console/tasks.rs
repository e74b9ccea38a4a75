//! The tasks that wait for staff: mine, those I could take, and all of them for whoever assigns work.

use super::{TaskRow, TaskTable, Views};
use crate::page::part::{Chip, Column, Direction, Empty, FilterGroup, Pagination};
use crate::page::{Page, Width, sample, view};

/// The page.
#[derive(Clone)]
pub struct Tasks {
    /// Whether the list shows the reader's own tasks and those they could take, and nothing else.
    pub is_own: bool,
    /// The filters.
    pub filters: Vec<FilterGroup>,
    /// Whether any filter is on.
    pub is_narrowed: bool,
    /// Tasks the reader has taken.
    pub mine: TaskTable,
    /// The others: free ones of the reader's roles, or of everybody.
    pub others: TaskTable,
    /// Where in the list of the others this page is.
    pub pagination: Option<Pagination>,
    /// The views that were kept.
    pub views: Views,
}

impl Tasks {
    fn none_mine() -> Empty {
        Empty {
            title: "No task is yours".to_owned(),
            text: "Take one below; it is yours until you complete or release it.".to_owned(),
            action: None,
        }
    }

    fn none(&self) -> Empty {
        let action = ("See my tasks".to_owned(), "/console/tasks".to_owned());
        Empty {
            title: "No task fits".to_owned(),
            text: "Tasks appear here when their turn comes and leave when they are done.".to_owned(),
            action: Some(action).filter(|_| self.is_narrowed),
        }
    }
}

impl Page for Tasks {
    fn title(&self) -> String {
        if self.is_own { "My tasks".to_owned() } else { "Tasks".to_owned() }
    }

    view!(Tasks, "console/tasks.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let table = |caption: &str, rows| TaskTable { columns: columns(), ..TaskTable::plain(caption, rows) };
        let chip = |label: &str, is_active| Chip {
            label: label.to_owned(),
            href: "?due=overdue".to_owned(),
            count: Some(3),
            is_active,
        };
        let page = |words: &str| Self {
            is_own: true,
            filters: vec![
                FilterGroup {
                    label: "Whose".to_owned(),
                    chips: vec![chip("Mine and free", true), chip("Everybody's", false)],
                },
                FilterGroup {
                    label: "Due".to_owned(),
                    chips: vec![chip("Overdue", false), chip("Today", false)],
                },
            ],
            is_narrowed: false,
            mine: table("My tasks", TaskRow::samples(words)),
            others: table("Free tasks", TaskRow::samples(words)),
            pagination: None,
            views: Views::sample("tasks", words),
        };
        let empty = Self {
            mine: table("My tasks", Vec::new()),
            others: table("Free tasks", Vec::new()),
            ..page("Late ones")
        };
        let nobodys = Self { is_own: false, is_narrowed: true, ..empty.clone() };
        let empty = Self { views: Views { list: "tasks".to_owned(), ..Views::default() }, ..empty };
        let everybodys = Self { is_own: false, is_narrowed: true, ..page("Call the customer back") };
        vec![page("Check the identity document"), empty, nobodys, everybodys, page(sample::HOSTILE)]
    }
}

fn columns() -> Vec<Column> {
    let column = |label| match label {
        "By" => Column::sortable(label, "?sort=-due", Some(Direction::Ascending)),
        "Request" => Column::sortable(label, "?sort=request", None),
        _ => Column::plain(label),
    };
    ["Task", "Request", "For", "State", "By"].map(column).into()
}
