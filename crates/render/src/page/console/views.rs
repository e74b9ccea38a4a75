//! The views of a list that staff keep: chips for all, and a form to keep the present one.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::page::Chrome;
use crate::page::part::{Chip, FilterGroup};
use crate::text::Html;

/// A view somebody kept.
#[derive(Clone)]
pub struct ViewLink {
    /// Its id.
    pub id: String,
    /// Its name: staff's words.
    pub name: String,
    /// The list as it shows it.
    pub href: String,
    /// Whether colleagues see it too.
    pub is_shared: bool,
    /// Whether the reader made it and may forget it.
    pub is_own: bool,
    /// Whether the list is as it shows it.
    pub is_current: bool,
}

/// The views of a list.
#[derive(Clone, Default)]
pub struct Views {
    /// The list's name, such as `requests`.
    pub list: String,
    /// The query of the list as it is now.
    pub query: String,
    /// Those the reader sees.
    pub views: Vec<ViewLink>,
}

#[derive(Template)]
#[template(path = "console/views.html")]
struct Kept<'a> {
    csrf: Html,
    list: &'a str,
    query: &'a str,
    own: Vec<&'a ViewLink>,
}

impl HtmlSafe for Kept<'_> {}

impl Views {
    /// Returns the views as chips; none where there are none.
    pub(crate) fn chips(&self) -> Option<FilterGroup> {
        let chip = |view: &ViewLink| Chip {
            label: view.name.clone(),
            href: view.href.clone(),
            count: None,
            is_active: view.is_current,
        };
        let chips: Vec<Chip> = self.views.iter().map(chip).collect();
        (!chips.is_empty()).then(|| FilterGroup { label: "Views".to_owned(), chips })
    }

    pub(crate) fn kept(&self, chrome: &Chrome) -> impl Template + HtmlSafe {
        let own = self.views.iter().filter(|view| view.is_own).collect();
        Kept { csrf: chrome.csrf_field(), list: &self.list, query: &self.query, own }
    }

    /// Returns views for samples.
    pub(crate) fn sample(list: &str, words: &str) -> Self {
        let view = |name: &str, is_own: bool, is_current: bool| ViewLink {
            id: "01900000-0000-7000-8000-000000000001".to_owned(),
            name: name.to_owned(),
            href: format!("/console/{list}?due=week"),
            is_shared: !is_own,
            is_own,
            is_current,
        };
        Self {
            list: list.to_owned(),
            query: "due=week".to_owned(),
            views: vec![view(words, true, true), view("The board's", false, false)],
        }
    }
}
