//! Every dated case of `cases.json`: months' ends, holidays, questions, extensions, for each law and duty.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::tests::pack;
use super::{ClockError, ClockEvent, Mode, Moment, Query, compute};
use crate::calendar::{Calendar, lookup_builtin};
use crate::law::{EventKind, Obligation, Right, builtin};

#[derive(Deserialize)]
struct File {
    vectors: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    regulation: String,
    case: String,
    obligation: Obligation,
    request_type: Option<String>,
    received: String,
    calendar: Option<String>,
    tz: Option<String>,
    events: Vec<Happened>,
    expected: Option<Date>,
    /// The strict date where it differs; a text, so that `null` parts from what isn't there.
    #[serde(default = "same")]
    expected_conservative: serde_json::Value,
    state: Option<String>,
}

#[derive(Deserialize)]
struct Happened {
    #[serde(rename = "type")]
    kind: EventKind,
    date: String,
    until: Option<Date>,
    #[serde(default)]
    unfounded: bool,
}

fn same() -> serde_json::Value {
    serde_json::Value::String("same".to_owned())
}

fn file() -> File {
    serde_json::from_str(include_str!("cases.json")).unwrap()
}

/// Returns date and state; no date where the law sets none.
fn answer(case: &Case, mode: Mode) -> (Option<Date>, Option<String>) {
    let pack = pack(&case.regulation);
    let name = case.calendar.as_deref().or(pack.calendar());
    let calendar = name.map(|name| lookup_builtin(name).unwrap_or_else(|| panic!("{name}")));
    let zone = case.tz.as_deref().or(calendar.as_ref().and_then(Calendar::zone)).or(pack.zone());
    let events = case.events.iter().map(|happened| ClockEvent {
        until: happened.until,
        is_unfounded: happened.unfounded,
        ..ClockEvent::new(happened.kind, happened.date.parse::<Moment>().unwrap())
    });
    let right: Right = case.request_type.as_deref().unwrap_or("access").parse().unwrap();
    let query = Query {
        obligation: Some(case.obligation),
        zone: zone.map(|zone| TimeZone::get(zone).unwrap()),
        events: events.collect(),
        mode,
        ..Query::new(right, case.received.parse::<Moment>().unwrap())
    };
    match compute(&pack, calendar.as_ref(), &query) {
        Ok(deadline) => (deadline.due, Some(deadline.state.as_str().to_owned())),
        Err(ClockError::NoPeriod { .. }) => (None, None),
        Err(error) => panic!("{}: {error}", case.id),
    }
}

#[test]
fn every_case_has_its_date_in_both_modes() {
    let shown =
        |date: Option<Date>| date.map_or_else(|| "-".to_owned(), |date| date.strftime("%a %F").to_string());
    let mut wrong = Vec::new();
    for case in file().vectors {
        let strict = match case.expected_conservative.as_str() {
            Some("same") => case.expected,
            Some(date) => Some(date.parse().unwrap()),
            None => None,
        };
        for (mode, expected) in [(Mode::Usual, case.expected), (Mode::Strict, strict)] {
            let (due, state) = answer(&case, mode);
            if due != expected {
                let (due, expected) = (shown(due), shown(expected));
                wrong.push(format!("{} {} {mode:?}: expected {expected}, got {due}", case.id, case.case));
            }
            if mode == Mode::Usual && case.state.is_some() && state != case.state {
                wrong.push(format!("{} {}: the state is {state:?}", case.id, case.case));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_cases_cover_every_law_and_every_duty_a_law_sets() {
    let cases = file().vectors;
    for (law, _) in builtin() {
        let pack = pack(law);
        let set = pack.periods().iter().flat_map(|period| period.obligations.iter().copied());
        for obligation in set {
            let right = |right: Right| pack.main_obligation(right) == obligation;
            let is_there = cases.iter().any(|case| {
                let asked = case.request_type.as_deref().unwrap_or("access").parse().unwrap();
                case.regulation == *law
                    && (case.obligation == obligation
                        || (case.obligation == Obligation::Response && right(asked))
                        || (obligation == Obligation::RefusalNotice
                            && case.obligation == Obligation::Response))
            });
            assert!(is_there, "{law}: no case for {obligation}");
        }
    }
}
