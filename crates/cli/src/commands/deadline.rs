//! `habeas deadline`: a legal date and how it comes about, without a server.

mod show;
mod vectors;

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::ValueEnum;
use habeas_core::calendar::Calendar;
use habeas_core::clock::{ClockError, ClockEvent, Deadline, Mode, Moment, Query, compute};
use habeas_core::law::{EventKind, Obligation, Pack, Right};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{calendar, law};
use crate::exit::usage;
use crate::output::{Output, Tone};

/// Compute a legal date and show how it comes about
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  \
    habeas deadline --law uk-gdpr --right access --received 2024-11-25 --calendar GB-EW\n  \
    habeas deadline --law uk-gdpr --right access --received 2026-03-02 --calendar GB-EW --explain \\\n    \
    --event clarification_requested=2026-03-12 --event clarification_received=2026-03-19\n  \
    habeas deadline --law eu-gdpr --law us-ca --right erasure --received 2026-03-31T22:30:00Z --zone Europe/Berlin --calendar DE\n  \
    habeas deadline --law us-ca --right opt_out --received 2026-06-02 --mode usual --json\n\n\
    Events: identity_requested, identity_received, fee_requested, fee_paid, fee_announced, fee_confirmed,\n\
    clarification_requested, clarification_received, extension_notified, question_about_format,\n\
    answer_about_format, forwarded_to_privacy_team, answered, withdrawn. A question asked without what the\n\
    law demands of it is written identity_requested=2026-03-04,unfounded; an extension whose length the law\n\
    leaves to the notice extension_notified=2026-03-04,until=2026-05-01."
)]
pub(crate) struct Args {
    /// The law; several give each date and the earliest
    #[arg(long, value_name = "ID", required_unless_present = "vectors")]
    law: Vec<String>,

    /// What was asked for: access, erasure, rectification, portability, opt_out and so on
    #[arg(long, value_name = "RIGHT", default_value = "access")]
    right: Right,

    /// When the request was received: a date, or an instant such as 2026-03-31T22:30:00Z
    #[arg(long, value_name = "DATE", required_unless_present = "vectors")]
    received: Option<Moment>,

    /// The calendar of public holidays; the law's own if it has one
    #[arg(long, value_name = "ID")]
    calendar: Option<String>,

    /// The organisation's time zone; the calendar's if it has one
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,

    /// Something that happened since; may be repeated
    #[arg(long = "event", value_name = "EVENT=DATE")]
    events: Vec<EventArg>,

    /// The duty whose date is wanted; what answers the right if not given
    #[arg(long, value_name = "DUTY")]
    obligation: Option<Obligation>,

    /// How to read what the law leaves open
    #[arg(long, value_enum, default_value = "strict")]
    mode: ModeArg,

    /// The day to judge by whether the date is past; without it nothing is missed
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,

    /// Show how the date comes about, line by line
    #[arg(long)]
    explain: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Check a file of cases with known dates instead; with --law only those of the laws named
    #[arg(long, value_name = "FILE", conflicts_with_all = ["received", "events", "obligation", "calendar", "zone"])]
    vectors: Option<PathBuf>,

    #[command(flatten)]
    laws: law::Laws,

    #[command(flatten)]
    calendars: calendar::Calendars,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ModeArg {
    /// The earlier date, which nobody can object to
    Strict,
    /// The date that guidance and practice give
    Usual,
}

/// `identity_requested=2026-03-04`, with `,unfounded` or `,until=DATE` after it.
#[derive(Debug, Clone)]
struct EventArg(ClockEvent);

impl FromStr for EventArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, rest) =
            text.split_once('=').ok_or("write it as EVENT=DATE, such as fee_paid=2026-03-04")?;
        let kind: EventKind = kind.parse().map_err(|problem| format!("{problem}"))?;
        let mut parts = rest.split(',');
        let on: Moment = parts.next().unwrap_or_default().parse().map_err(|problem| format!("{problem}"))?;
        let mut event = ClockEvent::new(kind, on);
        for part in parts {
            match part.split_once('=') {
                None if part == "unfounded" => event.is_unfounded = true,
                Some(("until", date)) => {
                    event.until =
                        Some(date.parse().map_err(|_| "write until=DATE, such as until=2026-05-01")?);
                }
                _ => {
                    return Err(format!("`{part}` isn't known here; there are `unfounded` and `until=DATE`"));
                }
            }
        }
        Ok(Self(event))
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut out = Output::stdout();
    if let Some(file) = &args.vectors {
        return vectors::run(file, &args.law, &args.laws, &args.calendars, args.json, &mut out);
    }
    let Some(received) = args.received else {
        return Err(usage("say when the request was received: --received 2026-03-04"));
    };
    let (mut answers, mut left_out) = (Vec::new(), Vec::new());
    for id in &args.law {
        let pack = args.laws.pack(id)?;
        // With several laws the calendar named is for those that have none of their own.
        let named = args.calendar.as_deref();
        let id = if args.law.len() > 1 { pack.calendar().or(named) } else { named.or(pack.calendar()) };
        let calendar = id.map(|id| args.calendars.calendar(id)).transpose()?;
        let zone = zone(args.zone.as_deref(), calendar.as_ref(), &pack)?;
        let query = Query {
            right: args.right,
            obligation: args.obligation,
            received,
            zone: zone.clone(),
            events: args.events.iter().map(|event| event.0.clone()).collect(),
            mode: mode(args.mode),
            today: args.today,
        };
        let deadline: Deadline = match compute(&pack, calendar.as_ref(), &query) {
            // Of several laws those that set no such date have no say.
            Err(problem @ ClockError::NoPeriod { .. }) if args.law.len() > 1 => {
                left_out.push(problem.to_string());
                continue;
            }
            Err(problem @ ClockError::NoPeriod { .. }) => {
                return Err(usage(format!("{problem}; name one with --obligation")));
            }
            other => other?,
        };
        answers
            .push(show::Answer { deadline, zone: zone.and_then(|zone| zone.iana_name().map(str::to_owned)) });
    }
    if answers.is_empty() {
        return Err(usage(left_out.join("; ")));
    }
    if args.json {
        show::json(&answers, &left_out, &mut out)?;
    } else {
        show::plain(&answers, args.explain, &mut out)?;
        for told in &left_out {
            out.toned(Tone::Quiet, told)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn mode(mode: ModeArg) -> Mode {
    match mode {
        ModeArg::Strict => Mode::Strict,
        ModeArg::Usual => Mode::Usual,
    }
}

/// Returns the zone dates are in: the one named, else the calendar's, else the law's.
fn zone(named: Option<&str>, calendar: Option<&Calendar>, pack: &Pack) -> anyhow::Result<Option<TimeZone>> {
    let Some(name) = named.or(calendar.and_then(Calendar::zone)).or(pack.zone()) else { return Ok(None) };
    let zone = TimeZone::get(name);
    zone.map(Some).map_err(|_| usage(format!("there is no time zone `{name}`; write it as Europe/London")))
}
