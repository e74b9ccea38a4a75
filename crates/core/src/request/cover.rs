//! What was searched, with what the owners of sources answered by hand.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::owner::{OwnerAnswer, OwnerAsk};
use super::state::Request;
use crate::record::{Coverage, Outcome};

/// What stands for all that a source holds.
const EVERYTHING: &str = "everything";

/// What stands for what an owner adds to a search.
const BESIDE: &str = "looked through by hand";

impl Request {
    /// Returns the coverage of a search with one entry more, or another one, for each source whose owner was asked.
    pub fn cover(&self, searched: &[Coverage]) -> Vec<Coverage> {
        let mut covered = searched.to_vec();
        for ask in self.owner_asks.values() {
            let is_its = |one: &Coverage| ask.datasets.iter().any(|key| **key == *one.dataset);
            let own: Vec<&Coverage> = searched.iter().filter(|one| is_its(one)).collect();
            let collection = match (ask.confirms, own.as_slice()) {
                (true, _) => Arc::from(BESIDE),
                (false, [one]) => Arc::clone(&one.collection),
                (false, _) => Arc::from(EVERYTHING),
            };
            if !ask.confirms {
                covered.retain(|one| !is_its(one));
            }
            covered.push(self.by_hand(ask, collection));
        }
        covered
    }

    fn by_hand(&self, ask: &OwnerAsk, collection: Arc<str>) -> Coverage {
        let excuse = self.excuses.iter().rev().find(|excuse| excuse.source == ask.source);
        let file_count = u32::try_from(ask.files.len()).unwrap_or(u32::MAX);
        let outcome = match (&ask.answer, excuse) {
            (Some(answer), _) => Outcome::ByHand { at: answer.at, file_count },
            (None, Some(excuse)) => {
                Outcome::Skipped { reason: format!("left out of the search: {}", excuse.reason.reveal()) }
            }
            (None, None) => Outcome::Unreached {
                reason: "whoever looks after it was asked and has not answered".to_owned(),
            },
        };
        Coverage {
            subject: 0,
            dataset: Arc::from(ask.datasets.first().unwrap_or(&ask.source).as_str()),
            collection,
            rows: ask.answer.as_ref().map_or(0, |_| u64::from(file_count)),
            as_of: ask.answer.as_ref().and_then(|answer| as_of(answer, &self.terms.zone)),
            reached_by: Vec::new(),
            outcome,
        }
    }
}

/// Returns the last instant of the day whose state an answer shows, and none after it was given.
fn as_of(answer: &OwnerAnswer, zone: &str) -> Option<Timestamp> {
    let zone = TimeZone::get(zone).ok()?;
    let end = answer.as_of.at(23, 59, 59, 0).to_zoned(zone).ok()?.timestamp();
    Some(end.min(answer.at))
}
