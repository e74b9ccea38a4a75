//! The daily digest: what a member of staff hears of, and when.
//!
//! Each thing somebody answers for has marks in time: the instant it became theirs, every fifth day without
//! movement, five days before its date, the day after it and every fifth day from then on. A digest holds what had
//! a mark since the last one, so that one that was missed is made up for and nothing is told twice. What
//! is told is how the thing stands now, whichever mark was the cause.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::id::UserId;

/// Days without movement, and between two times of being told.
pub const EVERY_DAYS: i32 = 5;

/// The first hour of the day a digest may leave at, by the clocks of the reader's organisation.
pub const OPENS_AT: i8 = 8;

/// The hour from which it waits for the next morning.
const CLOSES_AT: i8 = 20;

/// No thing is looked at for longer: marks beyond are not looked for.
const MOST_MARKS: i32 = 1_000;

/// Something somebody answers for: a request, or a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Whose it is; none: nobody's yet.
    pub owner: Option<UserId>,
    /// Since when it is theirs, or nobody's.
    pub since: Timestamp,
    /// When anything but the passing of time last happened to it.
    pub moved_at: Timestamp,
    /// Its date.
    pub due_on: Option<Date>,
    /// Whether the next move is the owner's: standing still is then worth telling.
    pub is_our_move: bool,
}

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// The member of staff.
    pub user: UserId,
    /// Whether they see to it that things have an owner and are in time.
    pub is_officer: bool,
}

/// The time a digest covers.
#[derive(Debug, Clone)]
pub struct Window {
    /// When the reader was last sent one; none: never.
    pub since: Option<Timestamp>,
    /// The present instant.
    pub now: Timestamp,
    /// The zone days are counted in.
    pub zone: TimeZone,
}

/// Why a thing is told, the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Its date is past.
    Overdue {
        /// By so many days.
        days: i32,
    },
    /// Its date is near.
    DueSoon {
        /// In so many days.
        days: i32,
    },
    /// It is nobody's.
    Unassigned {
        /// Since so many days.
        days: i32,
    },
    /// It came in or was given to the reader.
    New,
    /// Nothing happened to it.
    Idle {
        /// For so many days.
        days: i32,
    },
}

/// One thing of a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Which of the items.
    pub item: usize,
    /// Why it is told.
    pub cause: Cause,
}

/// Returns what a reader is told, the most pressing first; nothing to tell is no digest.
pub fn select(items: &[Item], reader: Reader, window: &Window) -> Vec<Line> {
    let told = items.iter().enumerate().filter_map(|(number, item)| {
        let relation = relation(item, reader)?;
        let is_marked = marks(item, relation, window).any(|at| window.holds(at));
        is_marked.then(|| Line { item: number, cause: cause(item, window) })
    });
    let mut lines: Vec<Line> = told.collect();
    lines.sort_by_key(|line| (line.cause, items.get(line.item).and_then(|item| item.due_on)));
    lines
}

/// Says whether digests leave at this instant.
pub fn is_open(now: Timestamp, zone: &TimeZone) -> bool {
    (OPENS_AT..CLOSES_AT).contains(&now.to_zoned(zone.clone()).hour())
}

/// Returns when to look again: the next full hour at which digests leave.
pub fn next_look(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let local = now.to_zoned(zone.clone());
    let next = local.hour().saturating_add(1);
    let (day, hour) = match next {
        hour if hour < OPENS_AT => (local.date(), OPENS_AT),
        hour if hour < CLOSES_AT => (local.date(), hour),
        _ => (local.date().saturating_add(1.day()), OPENS_AT),
    };
    let at = at_hour(day, hour, zone);
    // Where clocks jump, an hour may be there twice or not at all.
    at.filter(|at| *at > now).unwrap_or_else(|| now.saturating_add(1.hour()).unwrap_or(Timestamp::MAX))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Own,
    Nobodys,
    /// Somebody else's, which an officer hears of once it is late.
    Others,
}

fn relation(item: &Item, reader: Reader) -> Option<Relation> {
    match item.owner {
        Some(owner) if owner == reader.user => Some(Relation::Own),
        None if reader.is_officer => Some(Relation::Nobodys),
        Some(_) if reader.is_officer => Some(Relation::Others),
        Some(_) | None => None,
    }
}

/// Returns the instants at which a thing is worth telling, up to the present one.
fn marks(item: &Item, relation: Relation, window: &Window) -> impl Iterator<Item = Timestamp> {
    let day = |at: Timestamp| at.to_zoned(window.zone.clone()).date();
    let is_own_or_nobodys = relation != Relation::Others;
    let idle = (relation == Relation::Own && item.is_our_move).then(|| day(item.moved_at));
    let unassigned = (relation == Relation::Nobodys).then(|| day(item.since));
    let soon = item.due_on.filter(|_| is_own_or_nobodys).map(|on| on.saturating_sub(EVERY_DAYS.days()));
    let late = item.due_on.map(|on| on.saturating_add(1.day()));
    let every = |from: Option<Date>, first: i32| from.into_iter().flat_map(move |from| repeated(from, first));
    let days = every(idle, 1).chain(every(unassigned, 1)).chain(soon).chain(every(late, 0));
    let zone = window.zone.clone();
    let last = day(window.now);
    let days = days.filter(move |on| *on <= last).filter_map(move |on| at_hour(on, OPENS_AT, &zone));
    std::iter::once(item.since).filter(move |_| is_own_or_nobodys).chain(days)
}

fn repeated(from: Date, first: i32) -> impl Iterator<Item = Date> {
    (first..MOST_MARKS).map(move |number| from.saturating_add((number * EVERY_DAYS).days()))
}

impl Window {
    fn holds(&self, at: Timestamp) -> bool {
        at <= self.now && self.since.is_none_or(|since| since < at)
    }
}

/// Returns how a thing stands.
fn cause(item: &Item, window: &Window) -> Cause {
    let today = window.now.to_zoned(window.zone.clone()).date();
    let between = |from: Date, to: Date| from.until(to).map_or(0, |span| span.get_days());
    let since = |at: Timestamp| between(at.to_zoned(window.zone.clone()).date(), today);
    match item.due_on.map(|on| between(today, on)) {
        Some(left) if left < 0 => return Cause::Overdue { days: left.saturating_abs() },
        Some(left) if left <= EVERY_DAYS => return Cause::DueSoon { days: left },
        Some(_) | None => {}
    }
    if item.owner.is_none() {
        return Cause::Unassigned { days: since(item.since) };
    }
    match since(item.moved_at) {
        days if days >= EVERY_DAYS && item.is_our_move => Cause::Idle { days },
        _ => Cause::New,
    }
}

fn at_hour(day: Date, hour: i8, zone: &TimeZone) -> Option<Timestamp> {
    let time = Time::new(hour, 0, 0, 0).ok()?;
    day.to_datetime(time).to_zoned(zone.clone()).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests;
