//! First steps of a new installation.

use crate::page::{Page, view};

/// One step.
#[derive(Clone)]
pub struct CheckItem {
    /// What to do.
    pub title: String,
    /// Why, and what it takes.
    pub text: String,
    /// Whether it is done.
    pub is_done: bool,
    /// Where to do it: label and link.
    pub action: Option<(String, String)>,
}

/// The page.
#[derive(Clone)]
pub struct Checklist {
    /// The steps in order.
    pub items: Vec<CheckItem>,
}

impl Checklist {
    fn done(&self) -> usize {
        self.items.iter().filter(|item| item.is_done).count()
    }
}

impl Page for Checklist {
    fn title(&self) -> String {
        "First steps".to_owned()
    }

    view!(Checklist, "console/checklist.html");

    fn samples() -> Vec<Self> {
        let item = |title: &str, text: &str, is_done, action: Option<(&str, &str)>| CheckItem {
            title: title.to_owned(),
            text: text.to_owned(),
            is_done,
            action: action.map(|(label, href)| (label.to_owned(), href.to_owned())),
        };
        let typical = Self {
            items: vec![
                item("First user", "You are here.", true, None),
                item("Organisation and law", "Northwind Trading, United Kingdom: UK GDPR.", true, None),
                item(
                    "Mail",
                    "Without a mail server, mails are kept in the outbox and not sent.",
                    false,
                    Some(("See the outbox", "/console/outbox")),
                ),
                item(
                    "First source",
                    "A system that holds people's data.",
                    true,
                    Some(("Data sources", "/console/sources")),
                ),
                item(
                    "First test request",
                    "Ask as a made-up person and follow it through.",
                    false,
                    Some(("File a request", "/console/requests/new")),
                ),
            ],
        };
        vec![typical, Self { items: Vec::new() }]
    }
}
