//! What differs between two versions of a flow.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::page::part::{Choice, Field, FieldKind};
use crate::page::{Page, Width, sample, view};

/// One difference.
#[derive(Clone, Template)]
#[template(path = "console/flow_difference.html")]
pub struct FlowDifference {
    /// Where.
    pub place: String,
    /// "added", "removed", or the property that changed.
    pub what: String,
    /// What it said; none for what was added or removed.
    pub change: Option<(String, String)>,
}

impl HtmlSafe for FlowDifference {}

impl FlowDifference {
    pub(super) fn samples(words: &str) -> Vec<Self> {
        vec![
            Self { place: "Task Legal review".to_owned(), what: "added".to_owned(), change: None },
            Self {
                place: words.to_owned(),
                what: "Description".to_owned(),
                change: Some((String::new(), words.to_owned())),
            },
        ]
    }
}

/// The page.
#[derive(Clone)]
pub struct FlowCompare {
    /// The flow's name in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The versions there are: number and words, newest first.
    pub versions: Vec<(u32, String)>,
    /// The older one.
    pub from: u32,
    /// The newer one.
    pub to: u32,
    /// What differs.
    pub differences: Vec<FlowDifference>,
}

impl FlowCompare {
    fn fields(&self) -> [Field; 2] {
        let options = || self.versions.iter().map(|(n, words)| Choice::new(n.to_string(), words)).collect();
        let field = |name: &str, label: &str, value: u32| {
            Field::new(FieldKind::Select, name, label).options(options()).value(value.to_string())
        };
        [field("from", "From", self.from), field("to", "To", self.to)]
    }
}

impl Page for FlowCompare {
    fn title(&self) -> String {
        format!("Versions of {}", self.title)
    }

    view!(FlowCompare, "console/flow_compare.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            name: "access".to_owned(),
            title: words.to_owned(),
            versions: vec![(2, "Version 2 (draft)".to_owned()), (1, "Version 1".to_owned())],
            from: 1,
            to: 2,
            differences: FlowDifference::samples(words),
        };
        let same = Self { differences: Vec::new(), ..page("Access to personal data") };
        vec![page("Access to personal data"), page(sample::HOSTILE), same]
    }
}
