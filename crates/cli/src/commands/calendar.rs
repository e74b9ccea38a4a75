//! `habeas calendar`: shows the public holidays of a nation or region; and finds calendars for other commands.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use habeas_core::calendar::{Calendar, builtin, lookup_builtin};

use super::law::{own_file, own_ids, told};
use crate::exit::usage;
use crate::output::{Output, Table};

/// Show public holidays
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  habeas calendar list\n  habeas calendar show GB-SCT --year 2026\n  habeas calendar show US --year 2027 --json"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the calendars and the years they cover
    List {
        #[command(flatten)]
        folder: Calendars,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the holidays of a year, each on the day it is observed
    Show {
        /// The calendar, such as GB-EW
        #[arg(value_name = "ID")]
        id: String,
        /// The year
        #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1..=9999))]
        year: i16,
        #[command(flatten)]
        folder: Calendars,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Where calendars come from beside the built-in ones.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Calendars {
    /// A folder of calendars (ID.toml), which go before the built-in ones
    #[arg(long, value_name = "DIR")]
    calendars: Option<PathBuf>,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut out = Output::stdout();
    match args.command {
        Command::List { folder, json } => list(&folder, json, &mut out)?,
        Command::Show { id, year, folder, json } => show(&folder.calendar(&id)?, year, json, &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Calendars {
    /// Returns the calendar of that name, if there is one.
    pub(crate) fn lookup(&self, id: &str) -> anyhow::Result<Option<Calendar>> {
        match own_file(self.calendars.as_deref(), id)? {
            Some(text) => Calendar::parse(&text).map(Some).map_err(|problems| {
                told(&format!("the calendar `{id}` can't be used"), &format!("{id}.toml"), &problems)
            }),
            None => Ok(lookup_builtin(id)),
        }
    }

    /// Returns the calendar of that name.
    pub(crate) fn calendar(&self, id: &str) -> anyhow::Result<Calendar> {
        match self.lookup(id)? {
            Some(calendar) => Ok(calendar),
            None => Err(usage(format!("there is no calendar `{id}`; there are: {}", self.ids()?.join(", ")))),
        }
    }

    fn ids(&self) -> anyhow::Result<Vec<String>> {
        let mut ids: Vec<String> = builtin().iter().map(|(id, _)| (*id).to_owned()).collect();
        ids.extend(own_ids(self.calendars.as_deref())?);
        ids.sort();
        ids.dedup();
        Ok(ids)
    }
}

fn list(folder: &Calendars, json: bool, out: &mut Output) -> anyhow::Result<()> {
    let calendars = folder.ids()?.iter().map(|id| folder.calendar(id)).collect::<anyhow::Result<Vec<_>>>()?;
    if json {
        let summary = |calendar: &Calendar| {
            let (from, until) = calendar.coverage();
            serde_json::json!({
                "id": calendar.id(), "name": calendar.name(), "zone": calendar.zone(), "from": from, "until": until,
            })
        };
        return out
            .json(&serde_json::json!({ "calendars": calendars.iter().map(summary).collect::<Vec<_>>() }));
    }
    let mut table = Table::new(["calendar", "name", "time zone", "years"]);
    for calendar in &calendars {
        let (from, until) = calendar.coverage();
        table.row([
            calendar.id(),
            calendar.name(),
            calendar.zone().unwrap_or("several"),
            &format!("{from}-{until}"),
        ]);
    }
    out.table(&table)
}

fn show(calendar: &Calendar, year: i16, json: bool, out: &mut Output) -> anyhow::Result<()> {
    let days = calendar.year(year)?;
    if json {
        return out.json(&serde_json::json!({ "calendar": calendar.id(), "year": year, "days": days }));
    }
    let mut table = Table::new(["date", "weekday", calendar.name()]);
    for day in &days {
        let date = day.date.to_string();
        table.row([date.as_str(), &day.date.strftime("%A").to_string(), &day.name]);
    }
    out.table(&table)
}
