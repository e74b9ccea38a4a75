//! All flows.

use crate::page::part::{Badge, Empty, Tone};
use crate::page::{Page, Width, sample, view};

/// One flow.
#[derive(Clone)]
pub struct FlowRow {
    /// Its name in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// "Version 3 of 4".
    pub versions: String,
    /// "Published", "Draft", "Retired".
    pub states: Vec<Badge>,
    /// How long it takes: "76 working hours = 10 working days".
    pub work: String,
    /// The activities that use it: name and where they are.
    pub used_by: Vec<(String, String)>,
}

/// The page.
#[derive(Clone)]
pub struct Flows {
    /// The flows, by name.
    pub rows: Vec<FlowRow>,
    /// Whether the reader may write drafts.
    pub can_edit: bool,
}

impl Flows {
    fn empty() -> Empty {
        Empty {
            title: "No flows yet".to_owned(),
            text: "A flow says who does what, and in which order, once a person has asked for something."
                .to_owned(),
            action: Some(("Build the first one".to_owned(), "/console/flows/new".to_owned())),
        }
    }
}

impl Page for Flows {
    fn title(&self) -> String {
        "Flows".to_owned()
    }

    view!(Flows, "console/flows.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let row = |words: &str| FlowRow {
            name: "access".to_owned(),
            title: words.to_owned(),
            versions: "2 versions".to_owned(),
            states: vec![Badge::new(Tone::Good, "Published"), Badge::new(Tone::Warn, "Draft")],
            work: "76 working hours = 10 working days".to_owned(),
            used_by: vec![(words.to_owned(), "/console/activities/access".to_owned())],
        };
        let unused = FlowRow { used_by: Vec::new(), ..row("Erasure") };
        vec![
            Self { rows: vec![row("Access to personal data"), unused], can_edit: true },
            Self { rows: vec![row(sample::HOSTILE)], can_edit: false },
            Self { rows: Vec::new(), can_edit: true },
        ]
    }
}
