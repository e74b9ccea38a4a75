//! All requests: filters as chips, an exact search, sortable columns.

use super::{RequestTable, Views};
use crate::page::part::{Chip, Empty, FilterGroup, Pagination};
use crate::page::{Page, Width, sample, view};

/// The page. Searching posts `search` to `/console/requests`, since an address may not carry what is
/// searched for; filters and order travel in the address.
#[derive(Clone)]
pub struct Requests {
    /// What was searched for: an exact e-mail address, phone number or reference.
    pub search: String,
    /// The filters.
    pub filters: Vec<FilterGroup>,
    /// Whether any filter or search is on.
    pub is_narrowed: bool,
    /// The rows.
    pub table: RequestTable,
    /// Where in the list this page is.
    pub pagination: Option<Pagination>,
    /// Whether the reader may file a request for someone.
    pub can_file: bool,
    /// The views that were kept; none beside what a search found.
    pub views: Option<Views>,
}

impl Requests {
    fn empty(&self) -> Empty {
        if self.is_narrowed {
            return Empty {
                title: "No request fits".to_owned(),
                text: "The search finds exact e-mail addresses, phone numbers and references only."
                    .to_owned(),
                action: Some(("Show all".to_owned(), "/console/requests".to_owned())),
            };
        }
        Empty {
            title: "No requests yet".to_owned(),
            text: "They come from the portal, or you file one for somebody who called or wrote.".to_owned(),
            action: self
                .can_file
                .then(|| ("File a test request".to_owned(), "/console/requests/new".to_owned())),
        }
    }
}

impl Page for Requests {
    fn title(&self) -> String {
        "Requests".to_owned()
    }

    view!(Requests, "console/requests.html");

    fn width(&self) -> Width {
        Width::Full
    }

    fn samples() -> Vec<Self> {
        let chip = |label: &str, count, is_active| Chip {
            label: label.to_owned(),
            href: "?state=open".to_owned(),
            count: Some(count),
            is_active,
        };
        let group = |label: &str, chips| FilterGroup { label: label.to_owned(), chips };
        let page = |words: &str| Self {
            search: String::new(),
            filters: vec![
                group(
                    "State",
                    vec![
                        chip("Open", 42, true),
                        chip("Awaiting verification", 7, false),
                        chip("Awaiting the person", 6, false),
                        chip("Closed", 1_204, false),
                    ],
                ),
                group("Due", vec![chip("Overdue", 1, false), chip("In 7 days", 4, false)]),
                group("Owner", vec![chip("Mine", 9, false), chip("Nobody", 3, false)]),
                group(
                    "What",
                    vec![chip("Access", 28, false), chip("Deletion", 9, false), chip("Correction", 5, false)],
                ),
            ],
            is_narrowed: true,
            table: RequestTable::sample(words, true).selectable(),
            pagination: Some(Pagination {
                first: 1,
                last: 5,
                total: Some(1_246),
                previous_href: None,
                next_href: Some("?page=2".to_owned()),
            }),
            can_file: true,
            views: Some(Views::sample("requests", words)),
        };
        let empty = Self {
            filters: Vec::new(),
            is_narrowed: false,
            table: RequestTable::plain("Requests", Vec::new()),
            pagination: None,
            views: None,
            ..page("")
        };
        let nothing = Self { search: sample::hostile(), is_narrowed: true, ..empty.clone() };
        vec![page("Margaret Hamilton"), empty, nothing, page(sample::HOSTILE)]
    }
}
