//! Lists: facts, tabs, filters, sortable columns, pages and what stands in an empty list.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::text;

/// One fact of a list of facts.
#[derive(Clone)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// What it says; may be a person's words.
    pub value: String,
    /// Where it can be changed.
    pub change_href: Option<String>,
}

impl Row {
    /// Returns a fact.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), change_href: None }
    }
}

/// Facts, label beside value.
#[derive(Clone, Template)]
#[template(path = "part/facts.html")]
pub struct Facts {
    /// The facts.
    pub rows: Vec<Row>,
}

impl HtmlSafe for Facts {}

/// One tab: a link to a page of its own.
#[derive(Clone)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// How many things are behind it.
    pub count: Option<u64>,
    /// Whether it is the present one.
    pub is_current: bool,
}

/// Tabs of one thing.
#[derive(Clone, Template)]
#[template(path = "part/tabs.html")]
pub struct Tabs {
    /// What they are the tabs of, for screen readers.
    pub label: String,
    /// The tabs.
    pub tabs: Vec<Tab>,
}

impl HtmlSafe for Tabs {}

/// One value to filter by.
#[derive(Clone)]
pub struct Chip {
    /// Its name.
    pub label: String,
    /// Where it leads: the list with it switched on or off.
    pub href: String,
    /// How many it would leave.
    pub count: Option<u64>,
    /// Whether it is on.
    pub is_active: bool,
}

/// Values of one property to filter by.
#[derive(Clone, Template)]
#[template(path = "part/filter.html")]
pub struct FilterGroup {
    /// The property.
    pub label: String,
    /// Its values.
    pub chips: Vec<Chip>,
}

impl HtmlSafe for FilterGroup {}

/// Which way a column is sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A column's head; a link where the list can be sorted by it.
#[derive(Clone, Template)]
#[template(path = "part/column.html")]
pub struct Column {
    /// Its name.
    pub label: String,
    /// The list sorted by it, the other way if it is already.
    pub sort_href: Option<String>,
    /// How the list is sorted by it now.
    pub sorted: Option<Direction>,
    /// Whether it holds numbers.
    pub is_number: bool,
}

impl Column {
    /// Returns a column by which the list can't be sorted.
    pub fn plain(label: impl Into<String>) -> Self {
        Self { label: label.into(), sort_href: None, sorted: None, is_number: false }
    }

    /// Returns a column by which the list can be sorted.
    pub fn sortable(label: impl Into<String>, href: impl Into<String>, sorted: Option<Direction>) -> Self {
        Self { label: label.into(), sort_href: Some(href.into()), sorted, is_number: false }
    }

    fn aria_sort(&self) -> Option<&'static str> {
        self.sorted.map(|direction| match direction {
            Direction::Ascending => "ascending",
            Direction::Descending => "descending",
        })
    }

    fn arrow(&self) -> &'static str {
        match self.sorted {
            Some(Direction::Ascending) => "↑",
            Some(Direction::Descending) => "↓",
            None => "",
        }
    }
}

impl HtmlSafe for Column {}

/// Where in a long list this page is.
#[derive(Clone, Template)]
#[template(path = "part/pagination.html")]
pub struct Pagination {
    /// The number of the first entry shown, from 1.
    pub first: u64,
    /// The number of the last entry shown.
    pub last: u64,
    /// How many there are; none where counting would be slow.
    pub total: Option<u64>,
    /// The page before.
    pub previous_href: Option<String>,
    /// The page after.
    pub next_href: Option<String>,
}

impl HtmlSafe for Pagination {}

/// What an empty list says: why it is empty and what to do first.
#[derive(Clone, Template)]
#[template(path = "part/empty.html")]
pub struct Empty {
    /// What is missing.
    pub title: String,
    /// Why, and what would fill it.
    pub text: String,
    /// The first thing to do: label and link.
    pub action: Option<(String, String)>,
}

impl HtmlSafe for Empty {}
