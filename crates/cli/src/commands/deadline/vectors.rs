//! Runs a file of cases with known dates: the usual date of each, and the strict one where the case names it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use habeas_core::calendar::Calendar;
use habeas_core::clock::{ClockError, ClockEvent, Mode, Moment, Query, compute};
use habeas_core::law::{EventKind, Obligation, Right};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::zone;
use crate::commands::{calendar, law};
use crate::exit::usage;
use crate::output::Output;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Case>,
    /// Days off of calendars that aren't known here.
    #[serde(default)]
    calendars: BTreeMap<String, Vec<Date>>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    regulation: String,
    obligation: Obligation,
    #[serde(default)]
    request_type: Option<String>,
    received: String,
    #[serde(default)]
    calendar: Option<String>,
    #[serde(default)]
    tz: Option<String>,
    #[serde(default)]
    events: Vec<Happened>,
    expected: Option<Date>,
    #[serde(default)]
    expected_conservative: Option<Date>,
}

#[derive(Deserialize)]
struct Happened {
    #[serde(rename = "type")]
    kind: EventKind,
    date: String,
    #[serde(default)]
    until: Option<Date>,
    #[serde(default)]
    unfounded: bool,
}

/// Where packs and calendars come from.
struct Sources<'a> {
    laws: &'a law::Laws,
    calendars: &'a calendar::Calendars,
    listed: BTreeMap<String, Vec<Date>>,
}

/// Runs the cases, those of the laws named if any are.
pub(super) fn run(
    file: &Path,
    only: &[String],
    laws: &law::Laws,
    calendars: &calendar::Calendars,
    json: bool,
    out: &mut Output,
) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let cases: File = serde_json::from_str(&text)
        .map_err(|problem| usage(format!("{} is not a file of cases: {problem}", file.display())))?;
    let sources = Sources { laws, calendars, listed: cases.calendars };
    let (mut passed, mut differences) = (0_usize, Vec::new());
    for case in cases.vectors.iter().filter(|case| only.is_empty() || only.contains(&case.regulation)) {
        match sources.differences(case) {
            found if found.is_empty() => passed += 1,
            found => differences.push((case, found)),
        }
    }
    let failed = differences.len();
    if json {
        let lines: Vec<_> = differences.iter().map(|(case, found)| (&case.id, found)).collect();
        out.json(&serde_json::json!({ "passed": passed, "failed": failed, "differences": lines }))?;
    } else {
        for (case, found) in &differences {
            for difference in found {
                out.line(&format!("{} ({}): {difference}", case.id, case.regulation))?;
            }
        }
        out.line(&format!("{passed} passed, {failed} failed"))?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Sources<'_> {
    /// Returns how the dates of a case differ from those it expects.
    fn differences(&self, case: &Case) -> Vec<String> {
        let strict = case.expected_conservative.map(|date| (Mode::Strict, "strict", Some(date)));
        let wanted = [(Mode::Usual, "usual", case.expected)].into_iter().chain(strict);
        wanted
            .filter_map(|(mode, name, expected)| match self.due(case, mode, expected.is_none()) {
                Ok(due) if due == expected => None,
                Ok(due) => Some(format!("expected {}, got {} in {name} mode", shown(expected), shown(due))),
                Err(problem) => Some(format!("expected {} in {name} mode, but {problem:#}", shown(expected))),
            })
            .collect()
    }

    fn due(&self, case: &Case, mode: Mode, expects_none: bool) -> anyhow::Result<Option<Date>> {
        let pack = self.laws.pack(&case.regulation)?;
        let calendar = self.calendar(case.calendar.as_deref().or(pack.calendar()))?;
        let zone: Option<TimeZone> = zone(case.tz.as_deref(), calendar.as_ref(), &pack)?;
        let right: Right = case.request_type.as_deref().unwrap_or("access").parse()?;
        let event = |happened: &Happened| {
            let on: Moment = happened.date.parse()?;
            let event = ClockEvent::new(happened.kind, on);
            anyhow::Ok(ClockEvent { until: happened.until, is_unfounded: happened.unfounded, ..event })
        };
        let query = Query {
            obligation: Some(case.obligation),
            zone,
            events: case.events.iter().map(event).collect::<anyhow::Result<_>>()?,
            mode,
            ..Query::new(right, case.received.parse::<Moment>()?)
        };
        match compute(&pack, calendar.as_ref(), &query) {
            Ok(deadline) => Ok(deadline.due),
            // A law that sets no such date gives none: that is what such a case expects.
            Err(ClockError::NoPeriod { .. }) if expects_none => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn calendar(&self, id: Option<&str>) -> anyhow::Result<Option<Calendar>> {
        let Some(id) = id else { return Ok(None) };
        if let Some(calendar) = self.calendars.lookup(id)? {
            return Ok(Some(calendar));
        }
        let listed = self.listed.get(id).and_then(|days| Calendar::from_days(id, days.iter().copied()));
        listed.map(Some).ok_or_else(|| anyhow::anyhow!("there is no calendar `{id}`"))
    }
}

fn shown(date: Option<Date>) -> String {
    date.map_or_else(|| "no date".to_owned(), |date| date.strftime("%Y-%m-%d (%a)").to_string())
}
