//! Tables of definitions: laws, calendars, activities and the rest, each row leading to its page.

use std::borrow::Borrow;

use crate::page::part::{Badge, Empty, FilterGroup, Tone};
use crate::page::{Page, Width, sample, view};

/// What stands in a table's cell.
#[derive(Clone)]
pub enum Cell {
    /// Words.
    Text(String),
    /// Words that lead somewhere.
    Link {
        /// The words.
        text: String,
        /// Where they lead.
        href: String,
        /// Smaller words under them.
        sub: Option<String>,
    },
    /// States.
    Badges(Vec<Badge>),
}

/// A table.
#[derive(Clone)]
pub struct Table {
    /// Its heading; none where the page's own is enough.
    pub heading: Option<String>,
    /// A sentence under the heading.
    pub lead: Option<String>,
    /// A link beside the heading: words and where it leads.
    pub action: Option<(String, String)>,
    /// The columns' names.
    pub columns: Vec<String>,
    /// The rows; the first cell is the row's head.
    pub rows: Vec<Vec<Cell>>,
    /// What stands in its place where it is empty.
    pub empty: Empty,
}

impl Table {
    pub(super) fn column(&self, index: impl Borrow<usize>) -> &str {
        self.columns.get(*index.borrow()).map_or("", String::as_str)
    }

    pub(super) fn caption(&self, page: &str) -> String {
        self.heading.clone().unwrap_or_else(|| page.to_owned())
    }
}

/// The page.
#[derive(Clone)]
pub struct Listing {
    /// Its heading.
    pub heading: String,
    /// What it shows, in a sentence.
    pub lead: String,
    /// What it is narrowed by.
    pub filters: Vec<FilterGroup>,
    /// Buttons: words and where they lead; the last one stands out.
    pub actions: Vec<(String, String)>,
    /// The tables.
    pub tables: Vec<Table>,
}

impl Page for Listing {
    fn title(&self) -> String {
        self.heading.clone()
    }

    view!(Listing, "console/listing.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let table = |words: &str, rows| Table {
            heading: Some(words.to_owned()),
            lead: Some(words.to_owned()),
            action: Some(("Add an activity".to_owned(), "/console/activities/new".to_owned())),
            columns: vec!["Name".to_owned(), "Right".to_owned(), "State".to_owned()],
            rows,
            empty: Empty {
                title: "Nothing yet".to_owned(),
                text: "Add the first one.".to_owned(),
                action: Some(("Add".to_owned(), "/console/activities/new".to_owned())),
            },
        };
        let row = |words: &str| {
            vec![
                Cell::Link {
                    text: words.to_owned(),
                    href: "/console/activities/access".to_owned(),
                    sub: Some(words.to_owned()),
                },
                Cell::Text(words.to_owned()),
                Cell::Badges(vec![Badge::new(Tone::Good, "Offered")]),
            ]
        };
        let page = |words: &str| Self {
            heading: "Regulations and activities".to_owned(),
            lead: words.to_owned(),
            filters: Vec::new(),
            actions: vec![("Add a regulation".to_owned(), "/console/regulations/new".to_owned())],
            tables: vec![table(words, vec![row(words)]), table("Empty", Vec::new())],
        };
        vec![page("UK GDPR"), page(sample::HOSTILE)]
    }
}
