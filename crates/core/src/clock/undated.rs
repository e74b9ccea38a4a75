//! Duties the law sets without a number of days: there is no date, but its words and its article.

use jiff::civil::Date;

use super::compute::{ClockError, obligation_of};
use super::result::{Deadline, Query, State, Step};
use super::words;
use crate::law::{EventKind, Pack, Undated};

/// Returns what there is to say where a law sets no number of days, or why there is nothing.
pub(super) fn answer(
    pack: &Pack,
    query: &Query,
    received_on: Date,
    error: ClockError,
) -> Result<Deadline, ClockError> {
    let obligation = obligation_of(pack, query);
    match (&error, pack.undated_duty(obligation, query.right, received_on)) {
        (ClockError::NoPeriod { .. }, Some(duty)) => Ok(deadline(pack, query, received_on, duty)),
        (_, _) => Err(error),
    }
}

fn deadline(pack: &Pack, query: &Query, received_on: Date, duty: &Undated) -> Deadline {
    let happened = |kind| query.events.iter().any(|event| event.kind == kind);
    let state = if happened(EventKind::Withdrawn) {
        State::Withdrawn
    } else if happened(EventKind::Answered) {
        State::Met
    } else {
        State::Running
    };
    let step = Step {
        rule: "no_number".to_owned(),
        article: duty.article.clone(),
        date: Some(received_on),
        from: Some(received_on),
        to: None,
        n: None,
        words: words::without_number(&duty.words),
        verified: duty.verified,
    };
    let mut warnings = Vec::new();
    warnings.extend(words::bound_later(pack, received_on));
    Deadline {
        law: pack.id().to_owned(),
        law_version: pack.version(),
        right: query.right,
        obligation: obligation_of(pack, query),
        mode: query.mode,
        calendar: None,
        due: None,
        state,
        received_on,
        started_on: (state != State::Withdrawn).then_some(received_on),
        excluded_days: 0,
        is_extended: false,
        deemed_refused_from: None,
        verified: duty.verified,
        warnings,
        steps: vec![super::timeline::receipt(pack, received_on, query), step],
    }
}
