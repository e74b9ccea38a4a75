//! `GET /console/log`: the installation's own chain: who was let in, what was published, who looked at whom.
//!
//! Checking all chains reads all of the log, so that it happens when asked for.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::event::Entry;
use habeas_core::id::{RequestId, UserId};
use habeas_render::page::Section;
use habeas_render::page::console::{Chain, Log, LogRow, LogTable};
use habeas_render::page::part::{Chip, FilterGroup, Pagination};
use habeas_render::text::Moment;
use habeas_store::Read;
use habeas_store::log::Checkpoint;
use serde::Deserialize;
use serde_json::Value;

use super::chrome;
use super::people::People;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// What requests are called, by their ids.
type References = BTreeMap<String, String>;

/// Entries on one page.
const PER_PAGE: u32 = 50;

/// Which part is shown, and whether the chains are checked.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Part {
    before: Option<u64>,
    check: String,
}

pub(super) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(part): Query<Part>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let people = People::read(&mut read).await?;
    let total = read.count_system_entries().await?;
    let before = part.before.unwrap_or(u64::MAX).min(total.saturating_add(1));
    let entries = read.list_system_entries(Some(before), PER_PAGE).await?;
    let references = references(&mut read, &staff, &entries).await?;
    let checkpoint = read.latest_checkpoint().await?.and_then(|note| note.parse::<Checkpoint>().ok());
    drop(read);
    let is_checked = part.check == "yes";
    let problems = if is_checked { app.store.verify().await? } else { Vec::new() };
    let pagination = pagination(total, &entries);
    let rows = entries.iter().map(|entry| row(&app, (&people, &references), entry)).collect();
    let page = Log {
        chain: Chain {
            is_whole: problems.is_empty(),
            checked_at: is_checked.then(|| Moment(app.now().to_zoned(chrome::zone(&app)))),
            event_count: total,
            checkpoint: checkpoint
                .map(|checkpoint| format!("{} events, root {}…", checkpoint.size, &start(&checkpoint.root))),
            problem: problems
                .first()
                .map(|problem| format!("{} {}: {}", problem.table, problem.id, problem.what)),
        },
        filters: vec![FilterGroup {
            label: "Chains".to_owned(),
            chips: vec![Chip {
                label: "Check all of them now".to_owned(),
                href: "/console/log?check=yes".to_owned(),
                count: None,
                is_active: is_checked,
            }],
        }],
        table: LogTable { names_request: false, rows },
        pagination,
        can_export: false,
    };
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Log, &mut read).await?;
    respond::page(&chrome, &page)
}

/// Returns the way to the newer and older parts. Parts begin at an entry's number, so that what is appended
/// meanwhile moves nothing.
fn pagination(total: u64, entries: &[Entry]) -> Option<Pagination> {
    let (newest, oldest) = (entries.first()?.seq, entries.last()?.seq);
    let newer = newest.saturating_add(u64::from(PER_PAGE) + 1);
    let newer_href =
        if newer > total { "/console/log".to_owned() } else { format!("/console/log?before={newer}") };
    (total > u64::from(PER_PAGE)).then(|| Pagination {
        first: total - newest + 1,
        last: total - oldest + 1,
        total: Some(total),
        previous_href: (newest < total).then_some(newer_href),
        next_href: (oldest > 1).then(|| format!("/console/log?before={oldest}")),
    })
}

fn start(root: &[u8]) -> String {
    hex::encode(root).chars().take(12).collect()
}

fn row(app: &App, (people, references): (&People, &References), entry: &Entry) -> LogRow {
    LogRow {
        seq: entry.seq,
        at: Moment(entry.at.to_zoned(chrome::zone(app))),
        actor: people.actor(entry.actor),
        what: words(people, references, &entry.record.kind, &entry.record.body),
        kind: entry.record.kind.clone(),
        reference: None,
        hash: String::new(),
    }
}

/// Returns the references of the requests that entries name, as far as the reader sees them.
async fn references(read: &mut Read, staff: &Staff, entries: &[Entry]) -> Result<References> {
    let mut references = References::new();
    if !access::may(&staff.roles, Action::SeeRequests) {
        return Ok(references);
    }
    for id in entries.iter().filter_map(|entry| entry.record.body.get("request")?.as_str()) {
        let Ok(request) = id.parse::<RequestId>() else { continue };
        if !references.contains_key(id)
            && let Some(row) = read.lookup_row(request, &staff.scope).await?
        {
            references.insert(id.to_owned(), row.reference.to_string());
        }
    }
    Ok(references)
}

/// Returns an entry in words. Requests that the reader doesn't see are named by their ids.
fn words(people: &People, references: &References, kind: &str, body: &Value) -> String {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let user = || text("user").parse::<UserId>().map_or_else(|_| "somebody".to_owned(), |id| people.name(id));
    let request = || references.get(text("request")).map_or_else(|| text("request"), String::as_str);
    match kind {
        "definition_published"
        | "definition_retired"
        | "definition_drafted"
        | "definition_changed"
        | "definition_dropped" => {
            let version = body.get("version").and_then(Value::as_u64).unwrap_or_default();
            let done = match kind {
                "definition_published" => "published",
                "definition_retired" => "retired",
                "definition_drafted" => "begun as a draft",
                "definition_dropped" => "draft deleted",
                _ => "draft changed",
            };
            let what = super::told::capitalised(&text("kind").replace('_', " "));
            format!("{what} {}, version {version}, {done}", text("name"))
        }
        "staff_signed_in" => format!("{} signed in", user()),
        "staff_sign_in_refused" => {
            let wrong = if text("step") == "code" { "wrong code" } else { "wrong password" };
            match body.get("user").and_then(Value::as_str) {
                Some(_) => format!("A sign-in as {} was refused: {wrong}", user()),
                None => "A sign-in with an unknown address was refused".to_owned(),
            }
        }
        "staff_sign_in_slowed" => format!("Somebody keeps trying to sign in as {}: slowed down", user()),
        "user_set_up" => format!("{} set up password and second factor", user()),
        "user_added" => format!("The account of {} was made", user()),
        "user_profile_set" => format!("Name, address or language of {} were set", user()),
        "user_password_set" => format!("The password of {} was set", user()),
        "user_totp_set" => format!("The second factor of {} was set", user()),
        "user_roles_set" => format!("The roles of {} were set", user()),
        "user_activities_set" => format!("What {} sees was narrowed to some activities", user()),
        "user_absences_set" => format!("The absences of {} were set", user()),
        "user_disabled_set" if body.get("is_disabled") == Some(&Value::Bool(true)) => {
            format!("The account of {} was disabled", user())
        }
        "user_disabled_set" => format!("The account of {} was enabled", user()),
        "user_invited" => format!("{} was invited", user()),
        "user_changed" => format!("The roles of {} were changed", user()),
        "user_disabled" => format!("{} may no longer sign in", user()),
        "user_enabled" => format!("{} may sign in again", user()),
        "user_reset" => format!("{} got a new sign-in link", user()),
        "subject_revealed" => format!("Looked at who asks in request {}", request()),
        "records_read" => format!("Looked into the records of request {}", request()),
        "list_exported" => {
            let count = body.get("count").and_then(Value::as_u64).unwrap_or_default();
            format!("Exported the list of {} as a file, {count} rows", text("list"))
        }
        "report_exported" => format!("Exported the report {} of {}", text("report"), text("period")),
        "report_planned" => format!("Planned the report {} to be mailed {}", text("report"), text("cadence")),
        "report_stopped" => "Stopped a mailed report".to_owned(),
        other => super::told::capitalised(&other.replace('_', " ")),
    }
}
