//! How a holiday's dates follow from a year, and where it is observed when it falls on a weekend.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};
use serde::Deserialize;

/// When a holiday is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum When {
    /// The same day each year; 29 February only where there is one.
    Fixed { month: i8, day: i8 },
    /// The nth weekday of a month; from the end if negative.
    Nth { month: i8, weekday: Weekday, nth: i8 },
    /// The last such weekday before a day.
    Before { month: i8, day: i8, weekday: Weekday },
    /// Days after Easter Sunday of the western churches, or before it.
    Easter { offset: i16 },
    /// These days and no others.
    On(Vec<Date>),
}

/// Where a holiday is observed that falls on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Observed {
    /// Where it falls.
    AsItFalls,
    /// From Saturday or Sunday on the next weekday that isn't a holiday.
    NextFreeWeekday,
    /// From Saturday on Friday, from Sunday on Monday.
    NearestWeekday,
    /// From Sunday on the next day that isn't a holiday.
    SundayToNextFreeDay,
}

/// A holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) when: When,
    pub(super) observed: Observed,
    pub(super) from: i16,
    pub(super) until: i16,
    pub(super) except: Vec<i64>,
}

/// Returns the days of the years, those observed in them included whose own year is another.
pub(super) fn days(rules: &[Rule], from: i16, until: i16) -> BTreeMap<Date, String> {
    let mut falling: Vec<(Date, &Rule)> = Vec::new();
    for year in from - 1..=until + 1 {
        for rule in rules {
            falling.extend(rule.dates(year).into_iter().map(|date| (date, rule)));
        }
    }
    falling.sort_by_key(|(date, _)| *date);
    let mut taken: BTreeSet<Date> =
        falling.iter().filter(|(date, rule)| !rule.moves(*date)).map(|(date, _)| *date).collect();
    let mut days: BTreeMap<Date, String> = BTreeMap::new();
    for (date, rule) in falling {
        let (date, name) = if rule.moves(date) {
            let observed = rule.observed_on(date, &taken);
            (observed, format!("{} (substitute day)", rule.name))
        } else {
            (date, rule.name.clone())
        };
        taken.insert(date);
        if !(from..=until).contains(&date.year()) {
            continue;
        }
        days.entry(date).and_modify(|names| *names = format!("{names} / {name}")).or_insert(name);
    }
    days
}

impl Rule {
    fn dates(&self, year: i16) -> Vec<Date> {
        if !(self.from..=self.until).contains(&year) || self.except.contains(&i64::from(year)) {
            return Vec::new();
        }
        let day = |month, day| Date::new(year, month, day).ok();
        let one = match &self.when {
            When::Fixed { month, day: d } => day(*month, *d),
            When::Nth { month, weekday, nth } => {
                day(*month, 1).and_then(|first| first.nth_weekday_of_month(*nth, *weekday).ok())
            }
            When::Before { month, day: d, weekday } => {
                day(*month, *d).and_then(|date| date.nth_weekday(-1, *weekday).ok())
            }
            When::Easter { offset } => {
                easter(year).and_then(|date| date.checked_add(days_span(*offset)).ok())
            }
            When::On(dates) => return dates.iter().copied().filter(|date| date.year() == year).collect(),
        };
        one.into_iter().collect()
    }

    fn moves(&self, date: Date) -> bool {
        match self.observed {
            Observed::AsItFalls => false,
            Observed::NextFreeWeekday | Observed::NearestWeekday => is_weekend(date),
            Observed::SundayToNextFreeDay => date.weekday() == Weekday::Sunday,
        }
    }

    fn observed_on(&self, date: Date, taken: &BTreeSet<Date>) -> Date {
        let next = |is_free: &dyn Fn(Date) -> bool| {
            // Two weeks without a free day would be a mistake in the file; the day stays where it falls.
            (1..=14)
                .filter_map(|n| date.checked_add(days_span(n)).ok())
                .find(|day| is_free(*day))
                .unwrap_or(date)
        };
        match self.observed {
            Observed::AsItFalls => date,
            Observed::NextFreeWeekday => next(&|day| !is_weekend(day) && !taken.contains(&day)),
            Observed::NearestWeekday if date.weekday() == Weekday::Saturday => {
                date.yesterday().unwrap_or(date)
            }
            Observed::NearestWeekday => date.tomorrow().unwrap_or(date),
            Observed::SundayToNextFreeDay => next(&|day| !taken.contains(&day)),
        }
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn days_span(n: i16) -> Span {
    i64::from(n).days()
}

/// Returns Easter Sunday of the western churches, by the anonymous Gregorian computus.
pub(super) fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (golden, century, of_century) = (y % 19, y / 100, y % 100);
    let correction = (century + 8) / 25;
    let moon = (19 * golden + century - century / 4 - (century - correction + 1) / 3 + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let days = moon + sunday - 7 * late + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}
