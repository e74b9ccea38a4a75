//! `GET /console/laws`: the law packs and calendars there are.

use axum::extract::State;
use axum::response::Response;
use habeas_core::calendar::Calendar;
use habeas_core::law::{Pack, Status, Verified};
use habeas_render::page::Section;
use habeas_render::page::console::{Cell, Listing, Table};
use habeas_render::page::part::{Badge, Empty, Tone};

use super::super::chrome;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let mut read = app.store.read().await?;
    let packs = super::packs(&mut read).await?;
    let calendars = super::calendars(&mut read).await?;
    let page = Listing {
        heading: "Laws and calendars".to_owned(),
        lead: "What each law grants and demands, as data with its articles. It computes dates; it is no legal advice."
            .to_owned(),
        filters: Vec::new(),
        actions: Vec::new(),
        tables: vec![laws(&packs), holidays(&calendars)],
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Laws, &mut read).await?;
    respond::page(&chrome, &page)
}

fn laws(packs: &[Pack]) -> Table {
    let row = |pack: &Pack| {
        let count = u32::try_from(pack.rights().len()).unwrap_or(u32::MAX);
        vec![
            Cell::Link {
                text: pack.name().to_owned(),
                href: format!("/console/laws/{}", pack.id()),
                sub: Some(pack.id().to_owned()),
            },
            Cell::Text(pack.region().to_owned()),
            Cell::Text(habeas_render::text::count(count, "right", "rights")),
            Cell::Badges(badges(pack)),
        ]
    };
    Table {
        heading: Some("Laws".to_owned()),
        lead: None,
        action: None,
        columns: ["Law", "Where", "Grants", "State"].map(str::to_owned).to_vec(),
        rows: packs.iter().map(row).collect(),
        empty: empty("No law packs are published"),
    }
}

/// Returns whether a law binds, and whether its words want counsel's eyes.
pub(super) fn badges(pack: &Pack) -> Vec<Badge> {
    let status = match pack.status() {
        Status::InForce => Badge::new(Tone::Good, "In force"),
        Status::Future => Badge::new(Tone::Neutral, "To come"),
    };
    let has_recalled = pack.verified() == Verified::Recalled
        || pack.rights().iter().any(|rule| rule.verified == Verified::Recalled)
        || pack.periods().iter().any(|period| period.verified == Verified::Recalled)
        || pack.refusal_grounds().iter().any(|ground| ground.verified == Verified::Recalled)
        || pack.all_remedies().iter().any(|remedy| remedy.verified == Verified::Recalled);
    let mark = if pack.verified() == Verified::Recalled {
        super::mark(Verified::Recalled)
    } else {
        has_recalled.then(|| Badge::new(Tone::Warn, "Parts to be checked by counsel"))
    };
    std::iter::once(status).chain(mark).collect()
}

fn holidays(calendars: &[Calendar]) -> Table {
    let row = |calendar: &Calendar| {
        let (from, until) = calendar.coverage();
        vec![
            Cell::Link {
                text: calendar.name().to_owned(),
                href: format!("/console/calendars/{}", calendar.id()),
                sub: Some(calendar.id().to_owned()),
            },
            Cell::Text(format!("{from} to {until}")),
            Cell::Text(calendar.zone().unwrap_or("several zones").to_owned()),
        ]
    };
    Table {
        heading: Some("Calendars".to_owned()),
        lead: Some(
            "Public holidays by rule. Outside its years a calendar gives no answer rather than a guess."
                .to_owned(),
        ),
        action: None,
        columns: ["Calendar", "Years", "Zone"].map(str::to_owned).to_vec(),
        rows: calendars.iter().map(row).collect(),
        empty: empty("No calendars are published"),
    }
}

pub(super) fn empty(title: &str) -> Empty {
    Empty {
        title: title.to_owned(),
        text: "They come with Habeas and are taken in when it starts.".to_owned(),
        action: None,
    }
}
