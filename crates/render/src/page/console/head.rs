//! The head of a request: who, what, which law, how far, until when, and the tabs under it.

use super::Act;
use crate::page::part::{Badge, Due, Explained, Steps, Tab, Tabs, Tone};
use crate::page::sample;
use crate::text::Moment;

/// The person behind a request as the reader may see them.
#[derive(Clone)]
pub struct Person {
    /// Their name, masked or not.
    pub name: String,
    /// Their e-mail address, masked or not.
    pub email: String,
    /// Whether it is masked and can be revealed, which the log keeps.
    pub is_masked: bool,
}

/// Tabs of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RequestTab {
    /// Facts and timeline.
    Overview,
    /// What was found.
    Data,
    /// What is to do.
    Tasks,
    /// The conversation.
    Messages,
    /// What was decided.
    Decisions,
    /// Files.
    Documents,
    /// Every event.
    Log,
}

impl RequestTab {
    const ALL: [Self; 7] = [
        Self::Overview,
        Self::Data,
        Self::Tasks,
        Self::Messages,
        Self::Decisions,
        Self::Documents,
        Self::Log,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Data => "Data",
            Self::Tasks => "Tasks",
            Self::Messages => "Messages",
            Self::Decisions => "Decisions",
            Self::Documents => "Documents",
            Self::Log => "Log",
        }
    }

    fn segment(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Data => "/data",
            Self::Tasks => "/tasks",
            Self::Messages => "/messages",
            Self::Decisions => "/decisions",
            Self::Documents => "/documents",
            Self::Log => "/log",
        }
    }
}

/// Numbers on the tabs; zero shows nothing.
#[derive(Clone, Copy, Default)]
pub struct TabCounts {
    /// Records found.
    pub records: u64,
    /// Tasks to do.
    pub tasks: u64,
    /// Messages.
    pub messages: u64,
    /// Decisions.
    pub decisions: u64,
    /// Files.
    pub documents: u64,
}

/// The head of a request.
#[derive(Clone)]
pub struct RequestHead {
    /// Its reference.
    pub reference: String,
    /// What was asked for: "Access".
    pub title: String,
    /// Under which law: "UK GDPR".
    pub law: String,
    /// Who asks.
    pub person: Person,
    /// How it stands.
    pub state: Badge,
    /// When it is due; none once answered.
    pub due: Option<Due>,
    /// When it was closed.
    pub closed_at: Option<Moment>,
    /// How the date was computed.
    pub explained: Option<Explained>,
    /// Whose case it is.
    pub owner: Option<String>,
    /// How it came in: "Portal".
    pub channel: String,
    /// When it came in.
    pub received_at: Moment,
    /// The flow's stages.
    pub steps: Steps,
    /// The present tab.
    pub tab: RequestTab,
    /// Numbers on the tabs.
    pub counts: TabCounts,
    /// What the reader may do.
    pub acts: Vec<Act>,
}

impl RequestHead {
    /// Returns the document title of a tab.
    pub(crate) fn page_title(&self) -> String {
        match self.tab {
            RequestTab::Overview => format!("{} {}", self.reference, self.title),
            other => format!("{}: {} {}", other.label(), self.reference, self.title),
        }
    }

    /// Whether the tab needs the room that progress and dates would take.
    pub(crate) fn is_compact(&self) -> bool {
        self.tab == RequestTab::Data
    }

    pub(crate) fn usual_acts(&self) -> Vec<Act> {
        self.acts.iter().copied().filter(|act| !act.is_rare()).collect()
    }

    pub(crate) fn rare_acts(&self) -> Vec<Act> {
        self.acts.iter().copied().filter(Act::is_rare).collect()
    }

    pub(crate) fn tabs(&self) -> Tabs {
        let count = |tab| match tab {
            RequestTab::Data => self.counts.records,
            RequestTab::Tasks => self.counts.tasks,
            RequestTab::Messages => self.counts.messages,
            RequestTab::Decisions => self.counts.decisions,
            RequestTab::Documents => self.counts.documents,
            RequestTab::Overview | RequestTab::Log => 0,
        };
        let tabs = RequestTab::ALL.map(|tab| Tab {
            label: tab.label().to_owned(),
            href: format!("/console/requests/{}{}", self.reference, tab.segment()),
            count: (count(tab) > 0).then(|| count(tab)),
            is_current: tab == self.tab,
        });
        Tabs { label: "Request".to_owned(), tabs: tabs.into() }
    }

    /// Returns a head for samples with the given words as the person's.
    pub(crate) fn sample(tab: RequestTab, words: &str) -> Self {
        Self {
            reference: "HB-7K3M-9QXD".to_owned(),
            title: "Access".to_owned(),
            law: "UK GDPR".to_owned(),
            person: Person {
                name: words.to_owned(),
                email: "ada@lovelace.example".to_owned(),
                is_masked: false,
            },
            state: Badge::new(Tone::Info, "In progress"),
            due: Some(sample::due(12)),
            closed_at: None,
            explained: Some(sample::explained()),
            owner: Some("Grace Hopper".to_owned()),
            channel: "Portal".to_owned(),
            received_at: sample::at(sample::received(), 10, 30),
            steps: sample::steps(),
            tab,
            counts: TabCounts { records: 450, tasks: 2, messages: 2, decisions: 1, documents: 1 },
            acts: vec![
                Act::Assign,
                Act::Extend,
                Act::Refuse,
                Act::Close,
                Act::Reclassify,
                Act::Split,
                Act::Merge,
                Act::Spam,
                Act::Hours,
            ],
        }
    }

    /// Returns a head for samples where everything that may be missing is.
    pub(crate) fn sample_bare(tab: RequestTab) -> Self {
        Self {
            person: Person {
                name: "A… L…".to_owned(),
                email: "a…@lovelace.example".to_owned(),
                is_masked: true,
            },
            due: None,
            closed_at: None,
            explained: None,
            owner: None,
            counts: TabCounts::default(),
            acts: Vec::new(),
            ..Self::sample(tab, "")
        }
    }
}
