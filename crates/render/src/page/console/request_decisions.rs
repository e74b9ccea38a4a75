//! What was decided about a request, by whom and on what ground.

use super::{RequestHead, RequestTab};
use crate::page::part::Empty;
use crate::page::{Page, Width, sample, view};
use crate::text::Moment;

/// One decision.
#[derive(Clone)]
pub struct Decision {
    /// What was decided: "Extended to 14 January 2027".
    pub title: String,
    /// When.
    pub at: Moment,
    /// By whom.
    pub who: String,
    /// The rule it rests on.
    pub article: Option<String>,
    /// Why, in the decider's words.
    pub reason: String,
    /// Whether the person was told.
    pub was_told: bool,
}

/// The decisions tab.
#[derive(Clone)]
pub struct RequestDecisions {
    /// The head.
    pub head: RequestHead,
    /// The decisions, newest first.
    pub decisions: Vec<Decision>,
}

impl RequestDecisions {
    fn empty() -> Empty {
        Empty {
            title: "No decisions yet".to_owned(),
            text: "Extensions, refusals, marks on records and approvals are listed here with their reasons."
                .to_owned(),
            action: None,
        }
    }
}

impl Page for RequestDecisions {
    fn title(&self) -> String {
        self.head.page_title()
    }

    view!(RequestDecisions, "console/request_decisions.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            head: RequestHead::sample(RequestTab::Decisions, words),
            decisions: vec![
                Decision {
                    title: "3 records excluded".to_owned(),
                    at: sample::at(jiff::civil::date(2026, 11, 20), 14, 5),
                    who: words.to_owned(),
                    article: Some("Art. 15(4) UK GDPR".to_owned()),
                    reason: words.to_owned(),
                    was_told: false,
                },
                Decision {
                    title: "Backups are not searched".to_owned(),
                    at: sample::at(jiff::civil::date(2026, 11, 13), 9, 0),
                    who: "Grace Hopper".to_owned(),
                    article: None,
                    reason: "They are overwritten every 30 days and can't be searched by person.".to_owned(),
                    was_told: true,
                },
            ],
        };
        let empty = Self { head: RequestHead::sample_bare(RequestTab::Decisions), decisions: Vec::new() };
        vec![page("Records of a colleague's absence"), empty, page(sample::HOSTILE)]
    }
}
