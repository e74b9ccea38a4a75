//! Every event of one request.

use super::{Chain, LogTable, RequestHead, RequestTab};
use crate::page::{Page, Width, sample, view};

/// The log tab.
#[derive(Clone)]
pub struct RequestLog {
    /// The head.
    pub head: RequestHead,
    /// Whether its chain holds.
    pub chain: Chain,
    /// Its events, newest first.
    pub table: LogTable,
}

impl Page for RequestLog {
    fn title(&self) -> String {
        self.head.page_title()
    }

    view!(RequestLog, "console/request_log.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| Self {
            head: RequestHead::sample(RequestTab::Log, words),
            chain: Chain { event_count: 4, ..Chain::sample() },
            table: LogTable::sample(words, false),
        };
        vec![page("Ada Lovelace"), page(sample::HOSTILE)]
    }
}
