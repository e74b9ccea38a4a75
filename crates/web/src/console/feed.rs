//! `GET, POST /console/feed`: the secret address of one's due dates; `GET /console/feed/{token}`: the calendar
//! itself.
//!
//! Calendar programs send no cookie, so the address is the secret: it shows references, kinds and dates of the
//! owner's own requests, no person, and ends when they end it, take another, or may no longer sign in. It stands
//! in no log, since logs name routes and not addresses.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use habeas_core::access::{self, Action};
use habeas_core::event::Actor;
use habeas_core::id::Token;
use habeas_render::ics::{self, Entry};
use habeas_render::page::Section;
use habeas_render::page::console::Feed;
use habeas_render::text::Day;
use habeas_store::requests::{Filter, Owner, PAGE_LIMIT, Paging, Scope, Sight};
use serde_json::json;

use super::{case, chrome, system};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, limit, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    show(&app, &visit, &staff, None).await
}

pub(super) async fn post(State(app): State<App>, visit: Visit, staff: Staff, form: Form) -> Result<Response> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let (kind, token) = match form.text("act") {
        "open" => {
            let token = Token::new(&*app.chance);
            tx.open_feed(staff.id, &token).await?;
            ("feed_opened", Some(token))
        }
        "close" => {
            tx.close_feed(staff.id).await?;
            ("feed_closed", None)
        }
        _ => return Err(Error::NotFound),
    };
    system::note(&mut tx, now, Actor::Staff(staff.id), kind, json!({ "user": staff.id })).await?;
    tx.commit().await?;
    let address = token.map(|token| format!("{}/console/feed/{}", app.options.console_url, token.reveal()));
    match address {
        // The address is shown in the answer to the form, and nowhere again.
        Some(address) => show(&app, &visit, &staff, Some(address)).await,
        None => Ok(respond::see("/console/feed")),
    }
}

async fn show(app: &App, visit: &Visit, staff: &Staff, address: Option<String>) -> Result<Response> {
    let mut read = app.store.read().await?;
    let since = read.feed_of(staff.id).await?;
    let since = since.map(|at| Day(at.to_zoned(chrome::zone(app)).date()));
    let chrome = chrome::of(app, visit, staff, Section::Today, &mut read).await?;
    respond::page(&chrome, &Feed { since, address })
}

/// Returns the calendar to whoever knows its address.
pub(super) async fn calendar(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Response> {
    app.limit_address(limit::FEED_ADDRESS, visit.address).await?;
    let token: Token = token.trim_end_matches(".ics").parse().map_err(|_| Error::NotFound)?;
    let mut read = app.store.read().await?;
    let id = read.lookup_feed(&token).await?.ok_or(Error::NotFound)?;
    let user = read.lookup_user(id).await?.filter(|user| !user.is_disabled).ok_or(Error::NotFound)?;
    let roles = app.catalog.roles_of(&user.roles);
    if !access::may(&roles, Action::SeeRequests) {
        return Err(Error::NotFound);
    }
    let scope = Scope::Staff(Sight {
        user: user.id,
        entities: user.entities,
        activities: user.activities,
        sees_narrowed: access::may(&roles, Action::Narrow),
    });
    let filter = Filter { is_closed: Some(false), owner: Some(Owner::User(id)), ..Filter::default() };
    let rows = read.list(&filter, Paging { limit: PAGE_LIMIT, ..Paging::default() }, &scope).await?.rows;
    let entries: Vec<Entry> = rows
        .into_iter()
        .filter_map(|row| {
            Some(Entry {
                uid: format!("{}@habeas", row.id),
                on: row.due_on?,
                summary: format!("{}: {}", row.reference, case::title(&app, &row.activity)),
                url: format!("{}/console/requests/{}", app.options.console_url, row.reference),
            })
        })
        .collect();
    let text = ics::calendar("Due dates of requests", &entries, app.now());
    let headers = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok((headers, text).into_response())
}
