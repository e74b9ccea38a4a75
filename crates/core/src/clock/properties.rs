//! What holds for every law, calendar, mode and course of events.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use super::tests::pack;
use super::{ClockEvent, Deadline, Mode, Query, compute};
use crate::calendar::{Calendar, lookup_builtin};
use crate::law::{EventKind, Obligation, Pack, Right, builtin};

const QUESTIONS: [(EventKind, EventKind); 4] = [
    (EventKind::IdentityRequested, EventKind::IdentityReceived),
    (EventKind::FeeRequested, EventKind::FeePaid),
    (EventKind::ClarificationRequested, EventKind::ClarificationReceived),
    (EventKind::FeeAnnounced, EventKind::FeeConfirmed),
];

/// Events a law may count; those that end a request are left out.
const COUNTED: [EventKind; 9] = [
    EventKind::IdentityRequested,
    EventKind::IdentityReceived,
    EventKind::FeeRequested,
    EventKind::FeePaid,
    EventKind::ClarificationRequested,
    EventKind::ClarificationReceived,
    EventKind::FeeAnnounced,
    EventKind::FeeConfirmed,
    EventKind::ExtensionNotified,
];

const UNRELATED: [EventKind; 3] =
    [EventKind::QuestionAboutFormat, EventKind::AnswerAboutFormat, EventKind::ForwardedToPrivacyTeam];

#[derive(Debug, Clone)]
struct Case {
    pack: Pack,
    calendar: Option<Calendar>,
    query: Query,
}

impl Case {
    fn compute(&self) -> Option<Deadline> {
        compute(&self.pack, self.calendar.as_ref(), &self.query).ok()
    }

    fn with(&self, change: impl FnOnce(&mut Query)) -> Self {
        let mut other = self.clone();
        change(&mut other.query);
        other
    }
}

/// No date is later than any date.
fn due(deadline: &Deadline) -> Date {
    deadline.due.unwrap_or(Date::MAX)
}

fn after(from: Date, days: i32) -> Date {
    from.checked_add(i64::from(days).days()).unwrap()
}

fn events(received: Date) -> impl Strategy<Value = Vec<ClockEvent>> {
    let event = (prop::sample::select(COUNTED.to_vec()), 0..120, prop::bool::weighted(0.1));
    prop::collection::vec(event, 0..8).prop_map(move |events| {
        let make = |(kind, days, is_unfounded)| ClockEvent {
            is_unfounded,
            ..ClockEvent::new(kind, after(received, days))
        };
        events.into_iter().map(make).collect()
    })
}

fn cases() -> impl Strategy<Value = Case> {
    let laws: Vec<Pack> = builtin().iter().map(|(id, _)| pack(id)).collect();
    let calendars = [Some("GB-EW"), Some("GB-SCT"), Some("DE"), Some("IE"), Some("US"), Some("NZ"), None];
    let calendars: Vec<_> = calendars.iter().map(|id| id.and_then(lookup_builtin)).collect();
    let received = (0..5000_i32).prop_map(|days| after(date(2020, 1, 1), days));
    let mode = prop::sample::select(vec![Mode::Strict, Mode::Usual]);
    let right = prop::sample::select(Right::ALL.to_vec());
    let obligation = prop::sample::select(Obligation::ALL.to_vec());
    (
        prop::sample::select(laws),
        prop::sample::select(calendars),
        received,
        mode,
        right,
        prop::option::of(obligation),
    )
        .prop_flat_map(|(pack, calendar, received, mode, right, obligation)| {
            events(received).prop_map(move |events| {
                let query = Query { obligation, events, mode, ..Query::new(right, received) };
                Case { pack: pack.clone(), calendar: calendar.clone(), query }
            })
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_question_never_brings_a_date_forward(case in cases(), question in 0..4_usize, on in 0..120, took in 0..40) {
        let (asked, answered) = QUESTIONS[question];
        // An open question has no date to bring forward; the new answer may well settle it.
        let Some(before) = case.compute().filter(|before| before.due.is_some()) else { return Ok(()) };
        let asked_on = after(before.received_on, on);
        let more = case.with(|query| {
            query.events.push(ClockEvent::new(asked, asked_on));
            query.events.push(ClockEvent::new(answered, after(asked_on, took)));
        });
        let Some(later) = more.compute() else { return Ok(()) };
        prop_assert!(due(&later) >= due(&before), "{before:?}\n{later:?}");
    }

    #[test]
    fn strict_is_never_later_than_usual(case in cases()) {
        let Some(strict) = case.with(|query| query.mode = Mode::Strict).compute() else { return Ok(()) };
        let Some(usual) = case.with(|query| query.mode = Mode::Usual).compute() else { return Ok(()) };
        prop_assert!(due(&strict) <= due(&usual), "{strict:?}\n{usual:?}");
    }

    #[test]
    fn a_rolled_date_is_never_a_day_off(case in cases()) {
        let rolls = case.pack.rolling.is_some();
        let Some(deadline) = case.with(|query| query.mode = Mode::Usual).compute() else { return Ok(()) };
        let (true, Some(due)) = (rolls && ![Obligation::RecordRetentionUntil, Obligation::NextPoll].contains(&deadline.obligation), deadline.due) else {
            return Ok(());
        };
        let names = case.pack.rolling.as_ref().unwrap().of(Mode::Usual);
        let off = names.iter().filter_map(|day| day.weekday()).collect::<Vec<Weekday>>();
        prop_assert!(!off.contains(&due.weekday()), "{deadline:?}");
        if let Some(calendar) = &case.calendar {
            prop_assert_eq!(calendar.holiday(due).unwrap(), None);
        }
    }

    #[test]
    fn an_event_the_law_does_not_count_changes_nothing(case in cases(), kind in 0..3_usize, on in 0..120) {
        let Some(before) = case.compute() else { return Ok(()) };
        let event = ClockEvent::new(UNRELATED[kind], after(before.received_on, on));
        let after = case.with(|query| query.events.push(event)).compute();
        prop_assert_eq!(Some(before), after);
    }

    #[test]
    fn a_later_receipt_never_gives_an_earlier_date(case in cases(), days in 1..40) {
        let case = case.with(|query| query.events.clear());
        let Some(first) = case.compute() else { return Ok(()) };
        let later = case.with(|query| query.received = after(first.received_on, days).into()).compute();
        let Some(later) = later else { return Ok(()) };
        prop_assert!(due(&later) >= due(&first), "{first:?}\n{later:?}");
    }

    #[test]
    fn the_order_in_which_events_are_told_does_not_matter(case in cases()) {
        // Two questions of a kind on one day are one and the same to the law, unless one is unfounded.
        let case = case.with(|query| query.events.iter_mut().for_each(|event| event.is_unfounded = false));
        let turned = case.with(|query| query.events.reverse());
        prop_assert_eq!(case.compute().map(|d| d.due), turned.compute().map(|d| d.due));
    }

    #[test]
    fn the_last_step_is_the_date(case in cases()) {
        let Some(deadline) = case.compute() else { return Ok(()) };
        if deadline.due.is_some() {
            prop_assert_eq!(deadline.steps.last().unwrap().to, deadline.due);
        }
    }
}
