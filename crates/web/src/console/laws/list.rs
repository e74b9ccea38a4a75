//! `GET /console/laws`: the law packs and calendars there are.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::calendar::Calendar;
use habeas_core::definition::Kind;
use habeas_core::law::{Pack, Status, Verified};
use habeas_render::page::Section;
use habeas_render::page::console::{Cell, Listing, Table};
use habeas_render::page::part::{Badge, Empty, Tone};

use habeas_store::definitions::Definition;

use super::super::chrome;
use super::super::told::Told;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let packs = super::packs(&mut read).await?;
    let calendars = super::calendars(&mut read).await?;
    let drafts = read.list_drafts(Kind::Law.as_str()).await?;
    let can_edit = access::may(&staff.roles, Action::EditDefinitions);
    let page = Listing {
        heading: "Laws and calendars".to_owned(),
        lead: "What each law grants and demands, as data with its articles. It computes dates; it is no legal advice."
            .to_owned(),
        filters: Vec::new(),
        actions: if can_edit {
            vec![("Add a pack of your own".to_owned(), "/console/laws/new".to_owned())]
        } else {
            Vec::new()
        },
        tables: [Some(laws(&packs)), drafted(&drafts).filter(|_| can_edit), Some(holidays(&calendars))]
            .into_iter()
            .flatten()
            .collect(),
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Laws, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

/// Returns the drafts of an organisation's own packs; none where there are none.
fn drafted(drafts: &[Definition]) -> Option<Table> {
    let row = |draft: &Definition| {
        let pack = Pack::parse(&draft.text).ok();
        vec![
            Cell::Link {
                text: pack.map_or_else(|| draft.name.clone(), |pack| pack.title()),
                href: format!("/console/laws/{}/edit", draft.name),
                sub: Some(draft.name.clone()),
            },
            Cell::Badges(vec![Badge::new(Tone::Info, "Draft")]),
        ]
    };
    (!drafts.is_empty()).then(|| Table {
        heading: Some("Drafts of your own packs".to_owned()),
        lead: Some("Nothing is computed from a draft before it is published.".to_owned()),
        action: None,
        columns: ["Pack", "State"].map(str::to_owned).to_vec(),
        rows: drafts.iter().map(row).collect(),
        empty: empty("There are no drafts"),
    })
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
    let own = pack.is_own().then(|| Badge::new(Tone::Info, "Your own"));
    std::iter::once(status).chain(own).chain(mark).collect()
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
