//! `GET /console/requests/{reference}/log`: every event of a request, and whether its chain holds.
//!
//! The chain is checked each time, on an export such as anybody can check without this installation.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::id::RequestId;
use habeas_core::request::Event;
use habeas_render::page::console::{Chain, LogRow, LogTable, RequestLog, RequestTab};
use habeas_store::log::{Expected, check_export};

use super::tab;
use crate::App;
use crate::console::case;
use crate::console::people::People;
use crate::console::words::Teller;
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::visit::Visit;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, &staff, &reference).await?;
    let people = People::read(&mut read).await?;
    let entries = read.lookup_entries(case.request.id).await?.ok_or(Error::NotFound)?;
    drop(read);
    let request = &case.request;
    let export = export(&app, request.id).await?;
    let hashes = hashes(&export);
    let report = check_export(&mut export.as_slice(), Expected::default())?;
    let ctx = case::context(&app, request, &staff)?;
    let teller = Teller { flow: ctx.flow, people: &people, zone: case::zone(request), is_seen: case.is_seen };
    let rows = entries.iter().rev().map(|entry| {
        let event = Event::from_record(&entry.record).map_err(|_| Error::Broken("an event can't be read"))?;
        Ok(LogRow {
            seq: entry.seq,
            at: case::moment(request, entry.at),
            actor: people.actor(entry.actor),
            what: teller.tell(&event).title,
            kind: entry.record.kind.clone(),
            reference: None,
            hash: hashes.get(&entry.seq).cloned().unwrap_or_default(),
        })
    });
    let page = RequestLog {
        head: case.head(&app, &staff, &people, RequestTab::Log)?,
        chain: Chain {
            is_whole: report.is_intact() && report.entries == request.seq,
            checked_at: Some(case::moment(request, app.now())),
            event_count: request.seq,
            checkpoint: None,
            problem: report.findings.first().map(|finding| finding.what.clone()),
        },
        table: LogTable { names_request: false, rows: rows.collect::<Result<_>>()? },
    };
    tab::show(&app, &visit, &staff, None, &page).await
}

/// Writes the request's log as it is exported. A request's log has a bound, and so has this.
async fn export(app: &App, id: RequestId) -> Result<Vec<u8>> {
    let store = app.store.clone();
    let runtime = tokio::runtime::Handle::current();
    let written = tokio::task::spawn_blocking(move || {
        let mut export = Vec::new();
        runtime.block_on(store.export_request_log(id, &mut export)).map(|_| export)
    });
    Ok(written.await.map_err(|_| Error::Broken("exporting a log failed"))??)
}

/// Returns the start of each entry's hash, by its place in the chain.
fn hashes(export: &[u8]) -> BTreeMap<u64, String> {
    let lines = export.split(|byte| *byte == b'\n');
    let entries = lines.filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok());
    entries
        .filter_map(|line| {
            let entry = line.get("entry")?;
            let hash: String = entry.get("link_hash")?.as_str()?.chars().take(12).collect();
            Some((entry.get("seq")?.as_u64()?, hash))
        })
        .collect()
}
