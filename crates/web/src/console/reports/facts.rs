//! What reports count, read within the reader's scope.

use habeas_core::report::{Fact, Period};
use habeas_store::Read;
use habeas_store::reports::{Counted, Span};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::App;
use crate::error::Result;
use crate::guard::Staff;

/// Returns what came in during a period or was open or closed in it. Zones differ by less than the day that is
/// read more on either side.
pub(super) async fn of(app: &App, read: &mut Read, staff: &Staff, period: &Period) -> Result<Vec<Fact>> {
    let span = Span {
        received_from: None,
        received_before: start(period.to.saturating_add(2.days())),
        open_from: start(period.from.saturating_sub(1.day())),
    };
    let counted = read.list_counted(span, &staff.scope).await?;
    Ok(counted.into_iter().map(|one| fact(app, one)).collect())
}

/// Returns the span of what came in during a period, a day more on either side.
pub(super) fn received(period: &Period) -> Span {
    Span {
        received_from: start(period.from.saturating_sub(1.day())),
        received_before: start(period.to.saturating_add(2.days())),
        open_from: None,
    }
}

/// Returns what came in during a year, whatever became of it since.
pub(super) async fn of_year(app: &App, read: &mut Read, staff: &Staff, year: &Period) -> Result<Vec<Fact>> {
    let counted = read.list_counted(received(year), &staff.scope).await?;
    Ok(counted.into_iter().map(|one| fact(app, one)).collect())
}

fn start(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

fn fact(app: &App, one: Counted) -> Fact {
    let zone = app.catalog.entity(&one.entity).map_or(TimeZone::UTC, |entity| entity.zone.clone());
    Fact {
        law: one.law,
        right: one.right,
        activity: one.activity,
        status: one.status,
        received_at: one.received_at,
        closed_at: one.closed_at,
        due_on: one.due_on,
        owner: one.owner,
        zone,
    }
}
