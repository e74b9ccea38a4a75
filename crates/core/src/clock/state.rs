//! How a duty stands, given its date and the present day.

use jiff::civil::Date;

use super::compute::Plan;
use super::result::State;
use super::timeline::Timeline;
use crate::law::{Effect, Obligation};

/// Returns the state of a duty.
pub(super) fn of(plan: &Plan<'_>, timeline: &Timeline, due: Option<Date>) -> State {
    if timeline.is_withdrawn() {
        return State::Withdrawn;
    }
    let is_late = |on: Date| due.is_some_and(|due| on > due);
    if let Some(answered_on) = timeline.answered_on {
        return if is_late(answered_on) { missed(plan) } else { State::Met };
    }
    match timeline.waiting() {
        Some((Effect::StartsClock | Effect::StartsAfterReflection, _)) => State::NotStarted,
        Some((Effect::None | Effect::ExcludesDaysBetween | Effect::ExcludesBothDays, _)) => State::Paused,
        None if plan.query.today.is_some_and(is_late) => missed(plan),
        None => State::Running,
    }
}

fn missed(plan: &Plan<'_>) -> State {
    match (plan.obligation, &plan.period.deemed_refused) {
        // A record kept to its date was kept long enough.
        (Obligation::RecordRetentionUntil, _) => State::Met,
        (_, Some(_)) => State::DeemedRefused,
        (_, None) => State::Missed,
    }
}
