//! `POST /console/reports/{report}/{period}/export`: a report as a file. The log keeps who took it along.
//!
//! The register may be long: it is read and sent page by page, and a failure on the way ends the download
//! with an error instead of a file that looks whole.

use std::io;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use habeas_core::event::Actor;
use habeas_core::report::{self, COLUMNS, Entry, Period, Report};
use habeas_render::csv::Writer;
use habeas_render::page::console::ReportCell;
use habeas_store::requests::Scope;
use serde_json::json;
use tokio::sync::mpsc;

use super::{facts, show, tables, team};
use crate::console::people::People;
use crate::console::system;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::{App, respond};

const CSV: &str = "text/csv; charset=utf-8";

/// The form of the register's file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    staff: Staff,
    Path((name, period)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    let report = Report::lookup(&name).ok_or(Error::NotFound)?;
    let period = show::read_period(&app, report, &period)?;
    let format = if form.text("format") == "json" { Format::Json } else { Format::Csv };
    let mut tx = app.store.begin().await?;
    let body = json!({"report": report.name(), "period": period.to_string()});
    system::note(&mut tx, app.now(), Actor::Staff(staff.id), "report_exported", body).await?;
    tx.commit().await?;
    if report == Report::Register {
        return stream_register(app, staff.scope, period, format);
    }
    let content = table(&app, &staff, report, &period).await?;
    respond::file(&format!("{}-{period}.csv", report.name()), CSV, content)
}

/// Returns a report that is a table as CSV.
async fn table(app: &App, staff: &Staff, report: Report, period: &Period) -> Result<Vec<u8>> {
    let mut read = app.store.read().await?;
    let (heads, rows): (Vec<&str>, Vec<Vec<ReportCell>>) = match report {
        Report::Overview => {
            let figures = report::figures(&facts::of(app, &mut read, staff, period).await?, period);
            let row = |day: &report::Day| {
                vec![ReportCell::text(day.on.to_string()), number(day.received), number(day.closed)]
            };
            (vec!["Day", "Came in", "Closed"], figures.days.iter().map(row).collect())
        }
        Report::Metrics => {
            let counted = report::metrics(&facts::of(app, &mut read, staff, period).await?, period);
            (tables::METRICS.to_vec(), tables::metrics(app, &counted))
        }
        Report::Ccpa => {
            let facts = facts::of_year(app, &mut read, staff, period).await?;
            (tables::CCPA.to_vec(), tables::ccpa(&report::ccpa(&facts, period.from.year())))
        }
        Report::Team => {
            let people = People::read(&mut read).await?;
            (team::LOAD.to_vec(), team::load(app, &mut read, &staff.scope, &people).await?.rows)
        }
        Report::Register => return Err(Error::NotFound),
    };
    let written = || -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        let mut writer = Writer::new(&mut content);
        writer.row(heads)?;
        for row in &rows {
            writer.row(row.iter().map(|cell| cell.value.as_str()))?;
        }
        writer.finish()?;
        Ok(content)
    };
    written().map_err(|_| Error::Broken("a CSV file"))
}

/// A number as a file has it: without the spaces that people read it by.
fn number(number: u64) -> ReportCell {
    ReportCell::text(number.to_string())
}

fn stream_register(app: App, scope: Scope, period: Period, format: Format) -> Result<Response> {
    let (kind, ending) = match format {
        Format::Csv => (CSV, "csv"),
        Format::Json => ("application/json", "json"),
    };
    let name = format!("attachment; filename=\"register-{period}.{ending}\"");
    let disposition = HeaderValue::from_str(&name).map_err(|_| Error::Broken("a file name"))?;
    let (sender, receiver) = mpsc::channel(2);
    #[expect(
        clippy::disallowed_methods,
        reason = "lives as long as the answer: once nobody reads, the next part can't be handed on and it ends"
    )]
    tokio::spawn(async move {
        if let Err(error) = send(&app, &scope, &period, format, &sender).await {
            tracing::error!(%error, "the register could not be read to its end");
            // The browser may have gone; nobody is left to tell then.
            let _ = sender.send(Err(io::Error::other("the register could not be read to its end"))).await;
        }
    });
    let chunks =
        stream::unfold(receiver, async |mut receiver| receiver.recv().await.map(|chunk| (chunk, receiver)));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
        ),
    ];
    Ok((headers, Body::from_stream(chunks)).into_response())
}

async fn send(
    app: &App,
    scope: &Scope,
    period: &Period,
    format: Format,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> Result<()> {
    let span = facts::received(period);
    let mut after = None;
    let mut is_first = true;
    loop {
        let page = app.store.read().await?.list_register(span, scope, after).await?;
        let is_last = page.is_none();
        let (entries, last) = page.map_or((Vec::new(), after), |page| (page.entries, Some(page.last)));
        let entries: Vec<Entry> = entries
            .into_iter()
            .filter(|entry| entry.received_on.is_some_and(|on| period.holds(on)))
            .collect();
        let chunk = match format {
            Format::Csv => csv(&entries, is_first),
            Format::Json => json(&entries, is_first, is_last),
        };
        let chunk = chunk.map_err(|_| Error::Broken("the register"))?;
        is_first &= entries.is_empty() && format == Format::Json;
        after = last;
        if sender.send(Ok(Bytes::from(chunk))).await.is_err() || is_last {
            return Ok(());
        }
    }
}

fn csv(entries: &[Entry], has_heads: bool) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let mut writer = Writer::new(&mut content);
    if has_heads {
        writer.row(COLUMNS)?;
    }
    for entry in entries {
        writer.row(entry.fields())?;
    }
    writer.finish()?;
    Ok(content)
}

/// Returns a piece of a JSON list; the brackets come with the first piece that has lines and the last.
fn json(entries: &[Entry], is_first: bool, is_last: bool) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        content.extend_from_slice(if is_first && place == 0 { b"[\n" } else { b",\n" });
        serde_json::to_writer(&mut content, entry)?;
    }
    if is_last {
        content.extend_from_slice(if is_first { b"[]\n" } else { b"\n]\n" });
    }
    Ok(content)
}

#[cfg(test)]
mod tests;
