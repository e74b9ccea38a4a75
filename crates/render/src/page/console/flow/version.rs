//! One flow: its versions, and the picture of one of them.

use super::{Panel, PanelAct, Picture};
use crate::page::part::{Badge, Tone};
use crate::page::{Page, Width, sample, view};
use crate::text::Moment;

/// One version.
#[derive(Clone)]
pub struct VersionRow {
    /// Its number.
    pub version: u32,
    /// "Published", "Draft", "Retired".
    pub state: Badge,
    /// Who changed it last.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Whether its picture is shown now.
    pub is_current: bool,
    /// Where it differs from the one before.
    pub compare_href: Option<String>,
    /// What can be done with it; the acts are sent with its number as `version`.
    pub acts: Vec<PanelAct>,
}

/// The page; its acts post to `/console/flows/{flow}`.
#[derive(Clone)]
pub struct FlowVersion {
    /// The flow's name in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The version shown.
    pub version: u32,
    /// How far that is.
    pub state: Badge,
    /// How long it takes.
    pub work: String,
    /// Its picture.
    pub picture: Picture,
    /// The properties of a task.
    pub panel: Option<Panel>,
    /// All versions, newest first.
    pub versions: Vec<VersionRow>,
    /// The activities that use the flow: name and where they are.
    pub used_by: Vec<(String, String)>,
    /// Whether the version shown is the draft.
    pub is_draft: bool,
    /// Whether there is a draft.
    pub has_draft: bool,
    /// Whether the reader may write drafts.
    pub can_edit: bool,
}

impl Page for FlowVersion {
    fn title(&self) -> String {
        format!("Flow {}", self.title)
    }

    view!(FlowVersion, "console/flow_version.html");

    fn width(&self) -> Width {
        Width::Full
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| {
            let row = |version, state: Badge, acts| VersionRow {
                version,
                state,
                by: words.to_owned(),
                at: sample::at(jiff::civil::date(2026, 11, 22), 8, 0),
                is_current: version == 2,
                compare_href: Some("/console/flows/access/compare?from=1&to=2".to_owned()),
                acts,
            };
            Self {
                name: "access".to_owned(),
                title: words.to_owned(),
                description: words.to_owned(),
                version: 2,
                state: Badge::new(Tone::Good, "Published"),
                work: "76 working hours = 10 working days".to_owned(),
                picture: Picture::sample(words, false),
                panel: Some(Panel::sample_facts(words)),
                versions: vec![
                    row(3, Badge::new(Tone::Warn, "Draft"), vec![PanelAct::new("drop", "Delete", Tone::Bad)]),
                    row(2, Badge::new(Tone::Good, "Published"), Vec::new()),
                ],
                used_by: vec![(words.to_owned(), "/console/activities/access".to_owned())],
                is_draft: false,
                has_draft: true,
                can_edit: true,
            }
        };
        let bare = Self {
            panel: None,
            used_by: Vec::new(),
            has_draft: false,
            can_edit: false,
            ..page("Access to personal data")
        };
        vec![page("Access to personal data"), page(sample::HOSTILE), bare]
    }
}
