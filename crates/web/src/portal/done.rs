//! What was done to a person's data, in their words: corrected, left, told to others.

use habeas_core::request::{NoticeState, Request};
use habeas_render::text::Day;

use super::case;
use crate::names::words;

/// Returns the facts that were corrected, each with its value now; empty before it is done.
pub(super) fn corrected(request: &Request) -> Vec<(String, String)> {
    let done = request.correction.as_ref().filter(|correction| correction.done.is_some());
    let facts = done.into_iter().flat_map(|correction| &correction.planned.plan.reveal().facts);
    facts
        .map(|right| (words(&right.fact), right.value.clone().unwrap_or_else(|| "nothing".to_owned())))
        .collect()
}

/// Returns the facts that stay as they are; empty before the person is answered.
pub(super) fn stays(request: &Request) -> Vec<String> {
    let answered = request.correction.as_ref().filter(|_| request.is_answered());
    let disputed = answered.into_iter().flat_map(|correction| &correction.planned.plan.reveal().disputed);
    disputed.map(|fact| words(fact)).collect()
}

/// Returns who is told (Art. 19 GDPR, second sentence); empty before something was done.
pub(super) fn recipients(request: &Request) -> Vec<(String, String)> {
    let told = request.notices.iter().map(|notice| {
        let on = |at| {
            let day: Day = case::moment(request, at).day();
            day.short()
        };
        let state = match &notice.noted {
            None => "to be told".to_owned(),
            Some((noted, _, at)) => match noted.state {
                NoticeState::Sent => format!("told on {}", on(*at)),
                NoticeState::Answered => format!("told, answered by {}", on(*at)),
                NoticeState::Impossible => "could not be told".to_owned(),
                NoticeState::Disproportionate => {
                    "not told: it would have taken a disproportionate effort".to_owned()
                }
            },
        };
        (notice.recipient.name.clone(), state)
    });
    told.collect()
}
