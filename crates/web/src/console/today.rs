//! `GET /console`: what matters now.

use axum::extract::State;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_render::page::Section;
use habeas_render::page::console::{RequestTable, SourceRow, TaskTable, Tile, Today};
use habeas_render::page::part::Tone;
use habeas_render::text::Day;
use habeas_store::Read;
use habeas_store::requests::{Counts, Filter, Owner, Paging};
use jiff::ToSpan as _;

use super::people::People;
use super::{checklist, chrome, health, requests, tasks};
use crate::error::Result;
use crate::guard::Staff;
use crate::names::Names;
use crate::visit::Visit;
use crate::{App, respond};

/// No list of the page is longer.
const LONGEST: u32 = 10;

pub(super) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let mut read = app.store.read().await?;
    let people = People::read(&mut read).await?;
    let today = chrome::today(&app);
    let sees_requests = access::may(&staff.roles, Action::SeeRequests);
    let mut page = Today {
        on: Day(today),
        tiles: Vec::new(),
        due: RequestTable::plain("Due in the next seven days, and overdue", Vec::new()),
        tasks: TaskTable::plain("My tasks", Vec::new()),
        failing: Vec::new(),
        first_steps: None,
    };
    if sees_requests {
        let mine = mine(&mut read, &staff).await?;
        let counts = read.counts(today, &staff.scope).await?;
        page.tiles = tiles(&counts, mine);
        let week = today.saturating_add(8.days());
        let filter = Filter { is_closed: Some(false), due_before: Some(week), ..Filter::default() };
        let paging = Paging { limit: LONGEST, ..Paging::default() };
        let due = read.list(&filter, paging, &staff.scope).await?;
        page.due.rows = due.rows.iter().map(|row| requests::row::of(&app, &staff, &people, row)).collect();
    }
    if access::may(&staff.roles, Action::DoTasks) {
        let work = tasks::work::read(&mut read, &staff).await?;
        page.tasks.rows = work.mine(&app, &staff, &people);
    }
    if access::may(&staff.roles, Action::SeeSources) {
        let names = Names::of(&app.catalog);
        let mut failing: Vec<SourceRow> = Vec::new();
        for found in health::failing(&mut read, &staff).await? {
            if !failing.iter().any(|row| row.id == found.source) {
                failing.push(health::failing_row(&found, &names));
            }
        }
        page.failing = failing;
    }
    if access::may(&staff.roles, Action::ManageUsers) {
        let items = checklist::items(&app, &staff, &mut read).await?;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let done = count(items.iter().filter(|item| item.is_done).count());
        page.first_steps = (done < count(items.len())).then(|| (done, count(items.len())));
    }
    let chrome = chrome::of(&app, &visit, &staff, Section::Today, &mut read).await?;
    respond::page(&chrome, &page)
}

async fn mine(read: &mut Read, staff: &Staff) -> Result<u64> {
    let filter = Filter { is_closed: Some(false), owner: Some(Owner::User(staff.id)), ..Filter::default() };
    let paging = Paging { limit: 0, ..Paging::default() };
    Ok(read.list(&filter, paging, &staff.scope).await?.total)
}

fn tiles(counts: &Counts, mine: u64) -> Vec<Tile> {
    let tile = |label: &str, count, query: &str, tone| Tile {
        label: label.to_owned(),
        count,
        href: format!("/console/requests?{query}"),
        tone,
        hint: None,
    };
    let of_status = |name: &str| {
        counts.by_status.iter().find(|(status, _)| status == name).map_or(0, |(_, count)| *count)
    };
    vec![
        tile("Overdue", counts.overdue, "due=overdue", Tone::Bad),
        tile("Due in 7 days", counts.due_soon, "due=week", Tone::Warn),
        tile("At risk", counts.at_risk, "risk=yes", Tone::Bad),
        tile("Needs a person", counts.needs_attention, "attention=yes", Tone::Bad),
        tile("Mine", mine, "owner=me", Tone::Neutral),
        tile("Nobody's", counts.unassigned, "owner=nobody", Tone::Warn),
        tile(
            "Awaiting verification",
            of_status("awaiting_verification"),
            "status=awaiting_verification",
            Tone::Neutral,
        ),
        tile("Waiting for the person", counts.on_subject, "waits=subject", Tone::Neutral),
        tile("Waiting for a source", counts.on_source, "waits=source", Tone::Warn),
        tile("Open", counts.open, "", Tone::Neutral),
    ]
}
