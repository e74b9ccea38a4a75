//! The editor of a flow's draft: the picture, and beside it a form for what is chosen.
//!
//! Each form saves by itself. `flow.js` adds keys and dragging; it fills in the one form that moves, which
//! every button of the panel does as well.

use super::{Panel, Picture, Problem};
use crate::page::part::FieldError;
use crate::page::{Page, Width, sample, view};
use crate::text;

/// The page; its forms post to `/console/flows/{flow}/edit` with `act` and `hash`.
#[derive(Clone)]
pub struct FlowEditor {
    /// The flow's name in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The draft's version.
    pub version: u32,
    /// How long it takes.
    pub work: String,
    /// What keeps it from being published.
    pub problems: Vec<Problem>,
    /// Its picture.
    pub picture: Picture,
    /// What is chosen.
    pub panel: Option<Panel>,
    /// The fingerprint of the text the forms are about.
    pub hash: String,
    /// Whether the last change can be taken back.
    pub can_undo: bool,
    /// Whether the reader may publish.
    pub can_publish: bool,
}

impl FlowEditor {
    fn action(&self) -> String {
        format!("/console/flows/{}/edit", self.name)
    }

    fn obstacle(&self) -> String {
        let count = u64::try_from(self.problems.len()).unwrap_or(u64::MAX);
        text::count(count, "thing keeps", "things keep")
    }
}

impl Page for FlowEditor {
    fn title(&self) -> String {
        format!("Edit {}", self.title)
    }

    view!(FlowEditor, "console/flow_editor.html");

    fn errors(&self) -> Vec<FieldError> {
        self.panel.iter().flat_map(Panel::errors).collect()
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["flow.js"]
    }

    fn width(&self) -> Width {
        Width::Full
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, error: Option<String>| Self {
            name: "access".to_owned(),
            title: words.to_owned(),
            version: 2,
            work: "76 working hours = 10 working days".to_owned(),
            problems: vec![Problem {
                place: words.to_owned(),
                text: "there is no role legal".to_owned(),
                href: "?task=review.legal#panel".to_owned(),
            }],
            picture: Picture::sample(words, true),
            panel: Some(Panel::sample(words, error)),
            hash: "00ff".to_owned(),
            can_undo: true,
            can_publish: true,
        };
        let bare = Self {
            panel: None,
            problems: Vec::new(),
            can_undo: false,
            can_publish: false,
            ..page("Access to personal data", None)
        };
        let wrong = page(sample::HOSTILE, Some("Give it a name".to_owned()));
        vec![page("Access to personal data", None), wrong, bare]
    }
}
