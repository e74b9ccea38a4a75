//! `GET /console/laws/{law}`: what a law says, and a date to try it with.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::calendar::Calendar;
use habeas_core::clock::{self, Mode, compute};
use habeas_core::law::{Pack, Right};
use habeas_render::page::Section;
use habeas_render::page::console::{Law, TriedDate};
use habeas_render::page::part::{Choice, Facts, Field, FieldKind, Row};
use habeas_render::text::Day;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::super::{case, chrome, told};
use super::{list, tables};
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// The date that is tried.
#[derive(Deserialize, Default)]
pub(in crate::console) struct Try {
    #[serde(default)]
    received: String,
    #[serde(default)]
    right: String,
    #[serde(default)]
    calendar: String,
    #[serde(default)]
    mode: String,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(id): Path<String>,
    Query(tried): Query<Try>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let packs = super::packs(&mut read).await?;
    let pack = packs.iter().find(|pack| pack.id() == id).ok_or(Error::NotFound)?;
    let calendars = super::calendars(&mut read).await?;
    let (answer, error) = answer(pack, &calendars, &tried);
    let today = chrome::today(&app);
    let page = Law {
        id: pack.id().to_owned(),
        name: pack.name().to_owned(),
        badges: list::badges(pack),
        facts: facts(pack),
        fields: fields(pack, &calendars, &tried, today, error),
        tried: answer,
        tables: tables::of(pack, today),
        edit_href: (pack.is_own() && access::may(&staff.roles, Action::EditDefinitions))
            .then(|| format!("/console/laws/{}/edit", pack.id())),
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Laws, &mut read).await?;
    respond::page(&chrome, &page)
}

fn facts(pack: &Pack) -> Facts {
    let own = "The organisation's own rules: whether they stand before a court, nobody has checked";
    let mut rows: Vec<Row> = pack.is_own().then(|| Row::new("Whose", own)).into_iter().collect();
    rows.extend([
        Row::new("Where", pack.region()),
        Row::new("Version", format!("{}, written on {}", pack.version(), Day(pack.dated()).short())),
    ]);
    rows.extend(pack.effective_from().map(|from| Row::new("Binds from", Day(from).to_string())));
    rows.extend(pack.requests_from().map(|from| Row::new("For requests from", Day(from).to_string())));
    rows.extend(pack.zone().map(|zone| Row::new("Zone", zone)));
    rows.extend(pack.calendar().map(|calendar| Row::new("Calendar", calendar)));
    rows.push(Row::new("Read in", pack.sources().join("\n")));
    Facts { rows }
}

fn fields(
    pack: &Pack,
    calendars: &[Calendar],
    tried: &Try,
    today: Date,
    error: Option<String>,
) -> Vec<Field> {
    let mut granted: Vec<Right> = Vec::new();
    for rule in pack.rights() {
        if !granted.contains(&rule.right) {
            granted.push(rule.right);
        }
    }
    let rights = granted.iter().map(|right| Choice::new(right.as_str(), super::right(*right))).collect();
    let days = calendars.iter().map(|calendar| Choice::new(calendar.id(), calendar.name())).collect();
    let or = |given: &str, otherwise: &str| {
        if given.is_empty() { otherwise.to_owned() } else { given.to_owned() }
    };
    let first = granted.first().map_or("", |right| right.as_str());
    let calendar = or(&tried.calendar, pack.calendar().unwrap_or_default());
    vec![
        Field::new(FieldKind::Date, "received", "Received on")
            .value(or(&tried.received, &today.to_string()))
            .error(error),
        Field::new(FieldKind::Select, "right", "Right").options(rights).value(or(&tried.right, first)),
        Field::new(FieldKind::Select, "calendar", "Holidays").options(days).optional().value(calendar),
        Field::new(FieldKind::Select, "mode", "Where the law leaves it open")
            .options(vec![
                Choice::new("strict", "the earlier date"),
                Choice::new("usual", "as guidance and practice"),
            ])
            .value(or(&tried.mode, "strict")),
    ]
}

fn answer(pack: &Pack, calendars: &[Calendar], tried: &Try) -> (Option<TriedDate>, Option<String>) {
    if tried.received.is_empty() {
        return (None, None);
    }
    let Ok(received) = tried.received.parse::<Date>() else {
        return (None, Some("Enter a date such as 2027-01-31".to_owned()));
    };
    let right = tried.right.parse().unwrap_or(Right::Access);
    let calendar = calendars.iter().find(|calendar| calendar.id() == tried.calendar);
    let zone = calendar.and_then(Calendar::zone).or(pack.zone()).and_then(|zone| TimeZone::get(zone).ok());
    let mode = if tried.mode == "usual" { Mode::Usual } else { Mode::Strict };
    let query = clock::Query { zone, mode, ..clock::Query::new(right, received) };
    let tried = match compute(pack, calendar, &query) {
        Ok(deadline) => {
            let mut said: Vec<String> =
                deadline.warnings.iter().map(|said| told::capitalised(said)).collect();
            if deadline.due.is_none() {
                said.push("The law sets no number of days for this".to_owned());
            }
            TriedDate { explained: case::explained(deadline), said }
        }
        Err(problem) => TriedDate { explained: None, said: vec![told::capitalised(&problem.to_string())] },
    };
    (Some(tried), None)
}
