//! Publishing a draft: everything that stands in the way, or what will change for whom.

use super::FlowDifference;
use crate::page::{Page, Width, sample, view};

/// Something that keeps a flow from being published.
#[derive(Clone)]
pub struct Problem {
    /// Where: "Legal review, in Review and approval".
    pub place: String,
    /// What, and what to do.
    pub text: String,
    /// Where it can be mended.
    pub href: String,
}

/// The page; posts to `/console/flows/{flow}/publish` with `hash`.
#[derive(Clone)]
pub struct FlowPublish {
    /// The flow's name in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The version it becomes.
    pub version: u32,
    /// What stands in the way.
    pub problems: Vec<Problem>,
    /// The version before, and what differs from it.
    pub since: Option<(u32, Vec<FlowDifference>)>,
    /// The activities whose requests follow it from then on.
    pub used_by: Vec<String>,
    /// The fingerprint of the text that is published.
    pub hash: String,
}

impl Page for FlowPublish {
    fn title(&self) -> String {
        format!("Publish {}", self.title)
    }

    view!(FlowPublish, "console/flow_publish.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            name: "access".to_owned(),
            title: words.to_owned(),
            version: 3,
            problems: Vec::new(),
            since: Some((2, FlowDifference::samples(words))),
            used_by: vec![words.to_owned()],
            hash: "00ff".to_owned(),
        };
        let problem = Problem {
            place: sample::hostile(),
            text: "there is no role legal".to_owned(),
            href: "/console/flows/access/edit?task=review.legal#panel".to_owned(),
        };
        vec![
            page("Access to personal data"),
            Self { problems: vec![problem], since: None, used_by: Vec::new(), ..page(sample::HOSTILE) },
        ]
    }
}
