//! `GET /console/calendars/{calendar}`: the holidays of a year.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use habeas_core::calendar::Calendar;
use habeas_render::page::Section;
use habeas_render::page::console::{Cell, Listing, Table};
use habeas_render::page::part::{Chip, FilterGroup};
use habeas_render::text::Day;
use serde::Deserialize;

use super::super::chrome;
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// How many years can be chosen around the present one.
const AROUND: i16 = 5;

/// Which year is looked at.
#[derive(Deserialize)]
pub(in crate::console) struct Look {
    #[serde(default)]
    year: Option<i16>,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    Query(look): Query<Look>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let calendars = super::calendars(&mut read).await?;
    let calendar = calendars.iter().find(|calendar| calendar.id() == id).ok_or(Error::NotFound)?;
    let (from, until) = calendar.coverage();
    let now = chrome::today(&app).year().clamp(from, until);
    let year = look.year.unwrap_or(now);
    let first = now.saturating_sub(AROUND).max(from);
    let last = now.saturating_add(AROUND).min(until);
    let chip = |other: i16| Chip {
        label: other.to_string(),
        href: format!("?year={other}"),
        count: None,
        is_active: other == year,
    };
    let page = Listing {
        heading: format!("Holidays of {}", calendar.name()),
        lead: format!(
            "{}, years {from} to {until}. Which weekdays are days off is for the law to say.",
            calendar.id()
        ),
        filters: vec![FilterGroup { label: "Year".to_owned(), chips: (first..=last).map(chip).collect() }],
        actions: vec![("All calendars".to_owned(), "/console/laws".to_owned())],
        tables: vec![holidays(calendar, year)],
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Laws, &mut read).await?;
    respond::page(&chrome, &page)
}

fn holidays(calendar: &Calendar, year: i16) -> Table {
    let days = calendar.year(year).unwrap_or_default();
    Table {
        heading: None,
        lead: None,
        action: None,
        columns: ["Day", "Holiday"].map(str::to_owned).to_vec(),
        rows: days
            .into_iter()
            .map(|day| vec![Cell::Text(Day(day.date).to_string()), Cell::Text(day.name)])
            .collect(),
        empty: super::list::empty("The calendar doesn't cover this year"),
    }
}
