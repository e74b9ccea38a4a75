//! `habeas flow simulate`: a request's life under a flow, with sample answers and a clock that jumps.

use std::path::PathBuf;

use anyhow::Context as _;
use habeas_core::clock::Mode;
use habeas_core::definition::Targets;
use habeas_core::law::Right;
use habeas_core::request::{Settings, Terms};
use habeas_core::simulate::{Dice, Life, Line, Script, Setting, live, violations};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::find;
use crate::commands::{calendar, law};
use crate::exit::usage;
use crate::output::{Output, Table, Tone};

/// Try a flow out with sample answers: the timeline, the mails and the dates
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Sample answers are a YAML or JSON file; what it leaves out is done within a day:\n  \
    country: GB\n  form: { Why do you ask?: curious }\n  proves_after: 1 hour\n  tasks:\n    \
    review.data: { after: 30 hours }\n    review.approval: { reject: The invoices are missing }\n\nExamples:\n  \
    habeas flow simulate access --law uk-gdpr --received 2027-01-31T10:00:00Z --answers late.yml\n  \
    habeas flow simulate ./mine.yml --law us-ca --right erasure --received 2027-03-01T09:00:00Z --json"
)]
pub(crate) struct Args {
    /// A built-in flow or a file
    #[arg(value_name = "FLOW")]
    flow: String,
    /// The law that computes the dates
    #[arg(long, value_name = "LAW", default_value = "eu-gdpr")]
    law: String,
    /// The right asked for
    #[arg(long, value_name = "RIGHT", default_value = "access")]
    right: String,
    /// When the request comes in
    #[arg(long, value_name = "INSTANT")]
    received: Timestamp,
    /// The organisation's time zone
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    zone: String,
    /// The calendar of public holidays; the law's own if it has one
    #[arg(long, value_name = "ID")]
    calendar: Option<String>,
    /// What people do
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    laws: law::Laws,
    #[command(flatten)]
    calendars: calendar::Calendars,
}

/// How many days are looked at.
const DAYS: u16 = 400;

pub(super) fn run(args: &Args, out: &mut Output) -> anyhow::Result<()> {
    let flow = find(&args.flow)?;
    let law = args.laws.pack(&args.law)?;
    let calendar = args.calendar.as_deref().or(law.calendar());
    let calendar = calendar.map(|id| args.calendars.calendar(id)).transpose()?;
    let right: Right = args.right.parse::<Right>().map_err(|error| usage(error.to_string()))?;
    let zone =
        TimeZone::get(&args.zone).map_err(|_| usage(format!("there is no time zone {}", args.zone)))?;
    let mut script = match &args.answers {
        None => Script::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("failed to read {}", path.display()))?;
            Script::parse(&path.display().to_string(), &text).map_err(usage)?
        }
    };
    let setting = Setting {
        flow: &flow,
        law: &law,
        calendar: calendar.as_ref(),
        zone: zone.clone(),
        settings: Settings::default(),
        terms: Terms {
            entity: "trial".to_owned(),
            activity: "trial".to_owned(),
            right,
            law: args.law.clone(),
            law_hash: String::new(),
            calendar: calendar.as_ref().map(|calendar| calendar.id().to_owned()),
            zone: args.zone.clone(),
            flow: flow.name.clone(),
            flow_version: 1,
            language: "en".to_owned(),
            reading: Mode::Strict,
            also: Vec::new(),
            targets: Targets::default(),
        },
        subject: script.subject(),
        received_at: args.received,
        days: DAYS,
    };
    let life = live(&setting, &mut script, &Dice::new(1))
        .map_err(|denied| anyhow::anyhow!("the request can't be taken in: {denied}"))?;
    let lines = life.timeline(&flow, &zone);
    let problems = violations(&life, &setting);
    if args.json { print_json(&life, &lines, &problems, out) } else { print(&life, &lines, &problems, out) }
}

fn print(life: &Life, lines: &[Line], problems: &[String], out: &mut Output) -> anyhow::Result<()> {
    let mut table = Table::new(["when", "who", "what"]);
    for line in lines {
        let when = line.at.strftime("%Y-%m-%d %H:%M").to_string();
        let tone = if line.is_mail { Tone::Quiet } else { Tone::Plain };
        table.toned_row([(Tone::Plain, when.as_str()), (Tone::Plain, line.who), (tone, line.what.as_str())]);
    }
    out.table(&table)?;
    out.line("")?;
    out.toned(Tone::Strong, &life.ending())?;
    for problem in problems {
        out.toned(Tone::Bad, problem)?;
    }
    Ok(())
}

fn print_json(life: &Life, lines: &[Line], problems: &[String], out: &mut Output) -> anyhow::Result<()> {
    let one = |line: &Line| {
        serde_json::json!({
            "at": line.at.timestamp(),
            "local": line.at.strftime("%Y-%m-%dT%H:%M").to_string(),
            "who": line.who,
            "what": line.what,
            "mail": line.is_mail,
            "task": line.task,
        })
    };
    let request = &life.request;
    out.json(&serde_json::json!({
        "timeline": lines.iter().map(one).collect::<Vec<_>>(),
        "status": request.status.as_str(),
        "ending": life.ending(),
        "due_on": request.due.as_ref().and_then(|due| due.on),
        "target_on": request.target_on(),
        "closed_at": request.closed_at,
        "problems": problems,
    }))
}
