//! Lists that choices on forms come from.

use crate::page::part::{Badge, Empty, Tone};
use crate::page::{Page, Width, sample, view};
use crate::text;

/// One list.
#[derive(Clone)]
pub struct ListRow {
    /// Its name in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// How many things can be chosen now.
    pub active_count: u64,
    /// The flows that use it.
    pub used_by: Vec<String>,
    /// "In force", "Draft", "Draft beside it".
    pub state: Badge,
}

/// The page.
#[derive(Clone)]
pub struct Lists {
    /// The lists.
    pub rows: Vec<ListRow>,
}

impl Lists {
    fn empty() -> Empty {
        Empty {
            title: "No lists yet".to_owned(),
            text: "A list holds what people choose from on a form, such as departments or shops. Make one, then \
                   name it in a flow as the list of a choice."
                .to_owned(),
            action: Some(("Add a list".to_owned(), "/console/lists/new".to_owned())),
        }
    }
}

impl Page for Lists {
    fn title(&self) -> String {
        "Lists".to_owned()
    }

    view!(Lists, "console/lists.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            rows: vec![
                ListRow {
                    name: "departments".to_owned(),
                    title: words.to_owned(),
                    active_count: 12,
                    used_by: vec!["Access to personal data".to_owned(), words.to_owned()],
                    state: Badge::new(Tone::Good, "In force"),
                },
                ListRow {
                    name: "shops".to_owned(),
                    title: "Shops".to_owned(),
                    active_count: 1,
                    used_by: Vec::new(),
                    state: Badge::new(Tone::Info, "Draft"),
                },
            ],
        };
        vec![page("Departments"), page(sample::HOSTILE), Self { rows: Vec::new() }]
    }
}
