//! `GET /console/reports`, `GET /console/reports/{report}/{period}`: a report on a page.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use habeas_core::report::{self, Period, Report};
use habeas_render::page::Section;
use habeas_render::page::console::{Export, PeriodChoice, ReportTable, Reports};
use habeas_render::page::part::{Chip, Empty, FilterGroup};
use habeas_store::Read;
use jiff::civil::Date;
use serde::Deserialize;

use super::{facts, lead, overview, tables, tabs, team};
use crate::console::chrome;
use crate::console::people::People;
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// What the form that chooses a period sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Chosen {
    report: String,
    from: String,
    to: String,
}

/// Shows what came of the last thirty days, or sends on to the period chosen in the form.
pub(in crate::console) async fn get_index(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(chosen): Query<Chosen>,
) -> Result<Response> {
    let report = Report::lookup(&chosen.report).unwrap_or(Report::Overview);
    let usual = report.usual(chrome::today(&app));
    if chosen.from.is_empty() && chosen.to.is_empty() {
        return show(&app, &visit, &staff, report, usual, None).await;
    }
    let day = |text: &str| text.parse::<Date>().ok();
    match day(&chosen.from).zip(day(&chosen.to)).map(|(from, to)| Period::new(from, to)) {
        Some(Ok(period)) => Ok(respond::see(&report.path(&period))),
        Some(Err(_)) => {
            let error =
                "The last day must not be before the first, nor more than ten years after it".to_owned();
            show(&app, &visit, &staff, report, usual, Some(error)).await
        }
        None => {
            let error = "Give two dates, such as 2026-10-01".to_owned();
            show(&app, &visit, &staff, report, usual, Some(error)).await
        }
    }
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path((report, period)): Path<(String, String)>,
) -> Result<Response> {
    let report = Report::lookup(&report).ok_or(Error::NotFound)?;
    let period = read_period(&app, report, &period)?;
    show(&app, &visit, &staff, report, period, None).await
}

/// Reads the period in an address; what is counted now has none.
pub(super) fn read_period(app: &App, report: Report, text: &str) -> Result<Period> {
    match report {
        Report::Team if text == "now" => Ok(report.usual(chrome::today(app))),
        Report::Team => Err(Error::NotFound),
        Report::Ccpa => {
            let period: Period = text.parse().map_err(|_| Error::NotFound)?;
            Ok(Period::year(period.from))
        }
        Report::Overview | Report::Metrics | Report::Register => text.parse().map_err(|_| Error::NotFound),
    }
}

async fn show(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    report: Report,
    period: Period,
    error: Option<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let today = chrome::today(app);
    let page = Reports {
        tabs: tabs(Some(report), today),
        heading: heading(report, &period),
        lead: lead(report).to_owned(),
        period: (report != Report::Team).then(|| choice(report, &period, today, error)),
        figures: Vec::new(),
        tiles: Vec::new(),
        charts: Vec::new(),
        tables: Vec::new(),
        exports: exports(report, &period),
        empty: None,
    };
    let page = fill(app, &mut read, staff, report, &period, page).await?;
    let chrome = chrome::of(app, visit, staff, Section::Reports, &mut read).await?;
    respond::page(&chrome, &page)
}

async fn fill(
    app: &App,
    read: &mut Read,
    staff: &Staff,
    report: Report,
    period: &Period,
    page: Reports,
) -> Result<Reports> {
    Ok(match report {
        Report::Overview => {
            let figures = report::figures(&facts::of(app, read, staff, period).await?, period);
            let is_present = period.to >= chrome::today(app);
            let is_empty = figures.open == 0 && figures.received == 0 && figures.closed == 0;
            Reports {
                tiles: overview::tiles(&figures, period, is_present),
                figures: overview::figures(&figures, is_present),
                charts: if is_empty {
                    Vec::new()
                } else {
                    overview::charts(app, &figures, period, is_present)
                },
                empty: is_empty.then(nothing),
                ..page
            }
        }
        Report::Metrics => {
            let counted = report::metrics(&facts::of(app, read, staff, period).await?, period);
            let rows = tables::metrics(app, &counted);
            let numbers = tables::METRICS.get(3..).unwrap_or_default();
            Reports { tables: vec![tables::table("Counts", &tables::METRICS, numbers, rows)], ..page }
        }
        Report::Ccpa => {
            let facts = facts::of_year(app, read, staff, period).await?;
            let rows = tables::ccpa(&report::ccpa(&facts, period.from.year()));
            let numbers = tables::CCPA.get(1..).unwrap_or_default();
            Reports { tables: vec![tables::table("Requests", &tables::CCPA, numbers, rows)], ..page }
        }
        Report::Register => Reports { tables: vec![register(app, read, staff, period).await?], ..page },
        Report::Team => {
            let people = People::read(read).await?;
            let load = team::load(app, read, &staff.scope, &people).await?;
            let [by_team, late] = team::teams(app, read, staff, &people).await?;
            Reports { tables: vec![load, by_team, late], ..page }
        }
    })
}

/// Returns the first lines of the register.
async fn register(app: &App, read: &mut Read, staff: &Staff, period: &Period) -> Result<ReportTable> {
    let page = read.list_register(facts::received(period), &staff.scope, None).await?;
    let entries = page.map(|page| page.entries).unwrap_or_default();
    let entries: Vec<_> =
        entries.into_iter().filter(|entry| entry.received_on.is_some_and(|on| period.holds(on))).collect();
    let heading =
        if entries.len() > tables::SHOWN { "The first 50; the file has all" } else { "All of them" };
    Ok(tables::table(heading, &tables::REGISTER, &[], tables::register(app, &entries)))
}

fn heading(report: Report, period: &Period) -> String {
    match report {
        Report::Team => report.title().to_owned(),
        Report::Ccpa => format!("{}: {}", report.title(), period.from.year()),
        _ => format!("{}: {}", report.title(), words(period)),
    }
}

/// Returns a period as people say it.
fn words(period: &Period) -> String {
    let month = |day: Date| day.strftime("%B %Y").to_string();
    if *period == Period::year(period.from) {
        period.from.year().to_string()
    } else if *period == Period::month(period.from) {
        month(period.from)
    } else {
        format!("{} to {}", period.from.strftime("%-d %B %Y"), period.to.strftime("%-d %B %Y"))
    }
}

fn choice(report: Report, period: &Period, today: Date, error: Option<String>) -> PeriodChoice {
    let last_year = Period::year(today.first_of_year().yesterday().unwrap_or(today));
    let all = [
        ("Last 30 days".to_owned(), Period::last_days(today, 30)),
        (words(&Period::month(today)), Period::month(today)),
        (words(&Period::last_month(today)), Period::last_month(today)),
        (words(&Period::year(today)), Period::year(today)),
        (words(&last_year), last_year),
    ];
    let is_of_years = |usual: &Period| report != Report::Ccpa || *usual == Period::year(usual.from);
    let chips = all.into_iter().filter(|(_, usual)| is_of_years(usual)).map(|(label, usual)| Chip {
        label,
        href: report.path(&usual),
        count: None,
        is_active: usual == *period,
    });
    PeriodChoice {
        report: report.name().to_owned(),
        usual: FilterGroup { label: "Period".to_owned(), chips: chips.collect() },
        from: period.from.to_string(),
        to: period.to.to_string(),
        error,
    }
}

fn exports(report: Report, period: &Period) -> Vec<Export> {
    let export = |label: &str, format: &str| Export {
        label: format!("Export as {label}"),
        action: format!("{}/export", report.path(period)),
        format: format.to_owned(),
    };
    match report {
        Report::Register => vec![export("CSV", "csv"), export("JSON", "json")],
        _ => vec![export("CSV", "csv")],
    }
}

fn nothing() -> Empty {
    Empty {
        title: "Nothing happened in this period".to_owned(),
        text: "No request was open, came in or was closed. Choose another period.".to_owned(),
        action: Some(("See all requests".to_owned(), "/console/requests?closed=all".to_owned())),
    }
}
